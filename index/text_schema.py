"""Tables of `texts.sqlite`. A row number is a position: passage row i has passage vector i, and so for sentences."""

SCHEMA = """
CREATE TABLE texts (                   -- equal texts are stored, embedded and ranked once
    row INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    first_passage INTEGER NOT NULL,    -- row; passages of a text follow each other
    passage_count INTEGER NOT NULL,
    group_row INTEGER NOT NULL,        -- lowest row of the texts that it is a near-duplicate of, itself included
    characters INTEGER NOT NULL,       -- length of the text in code points
    headings TEXT NOT NULL,            -- JSON: [[level, start, end], ...]
    text TEXT NOT NULL                 -- last: who wants another column need not read through it
) STRICT;
CREATE INDEX texts_of_group ON texts (group_row);
CREATE TABLE documents (               -- in order of path and place in the file
    row INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    text_row INTEGER NOT NULL REFERENCES texts,
    path TEXT NOT NULL,
    part TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    title TEXT,
    authors TEXT NOT NULL,             -- JSON: [name, ...]
    published TEXT,                    -- ISO date at the precision that is known
    published_first TEXT,              -- first and last day that `published` can mean
    published_last TEXT,
    publisher TEXT,
    url TEXT,
    language TEXT,
    origins TEXT NOT NULL,             -- JSON: {field: where its value was found}
    pages TEXT NOT NULL                -- JSON: [[start, label], ...]; empty for a document without pages
) STRICT;
CREATE INDEX documents_of_text ON documents (text_row);
CREATE INDEX documents_at_path ON documents (path);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    passage_id TEXT NOT NULL UNIQUE,
    text_row INTEGER NOT NULL REFERENCES texts,
    start INTEGER NOT NULL,            -- code points in the text
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    section TEXT NOT NULL,
    context TEXT NOT NULL,
    terms TEXT NOT NULL,               -- of the context and of each sentence, a line each, separated by spaces
    first_sentence INTEGER NOT NULL,   -- row; sentences of a passage follow each other
    sentence_count INTEGER NOT NULL
) STRICT;
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY,
    start INTEGER NOT NULL,            -- code points in the passage's text
    "end" INTEGER NOT NULL
) STRICT;
"""
