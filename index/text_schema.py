"""Tables of `texts.sqlite`. A row number is a position: passage row i has passage vector i, and so for sentences."""

SCHEMA = """
CREATE TABLE documents (
    row INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    part TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,       -- of the text; equal texts are stored once, the others are copies
    text TEXT NOT NULL,
    headings TEXT NOT NULL,            -- JSON: [[level, start, end], ...]
    title TEXT,
    authors TEXT NOT NULL,             -- JSON: [name, ...]
    published TEXT,                    -- ISO date at the precision that is known
    published_first TEXT,              -- first and last day that `published` can mean
    published_last TEXT,
    publisher TEXT,
    url TEXT,
    language TEXT,
    first_passage INTEGER NOT NULL,    -- row; passages of a document follow each other
    passage_count INTEGER NOT NULL
) STRICT;
CREATE TABLE copies (
    document_row INTEGER NOT NULL REFERENCES documents,
    document_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    part TEXT NOT NULL,
    title TEXT
) STRICT;
CREATE INDEX copies_of_document ON copies (document_row);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    passage_id TEXT NOT NULL UNIQUE,
    document_row INTEGER NOT NULL REFERENCES documents,
    start INTEGER NOT NULL,            -- code points in the document's text
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    section TEXT NOT NULL,
    context TEXT NOT NULL,
    first_sentence INTEGER NOT NULL,   -- row; sentences of a passage follow each other
    sentence_count INTEGER NOT NULL
) STRICT;
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY,
    start INTEGER NOT NULL,            -- code points in the passage's text
    "end" INTEGER NOT NULL
) STRICT;
"""
