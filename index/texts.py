"""The text store of a snapshot: documents, passages and sentences by row and by id, read-only."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from corpus.dates import first_day, last_day
from corpus.documents import Document, Heading, Metadata, Page
from index.vectors import Rows

VARIABLES_PER_STATEMENT = 500
"""SQLite takes a limited number of variables in one statement."""

_PAGED_DOCUMENTS_KEPT = 256
"""Of how many documents the pages stay decoded: a question looks up those of what it shows."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its text, which is fetched when it is needed. Documents of equal text share a text row."""

    document_id: str
    text_row: int
    path: str
    part: str
    source_sha256: str
    sha256: str
    metadata: Metadata
    passages: range  # rows
    characters: int
    group_row: int  # the same for documents whose texts are near-duplicates


@dataclass(frozen=True, slots=True)
class DocumentName:
    """What a document is known by, how many passages its text has, and the group of near-duplicates this is in."""

    title: str | None
    path: str
    part: str
    language: str | None
    passages: int
    group_row: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the rows of its text and of its sentences."""

    row: int
    passage_id: str
    text_row: int
    start: int
    end: int
    text: str
    section: str
    sentences: range  # rows
    context: str = ""  # title, section and head of the table, as they were embedded with it
    terms: str = ""  # of the context and of each sentence in order, a line each, separated by spaces

    @property
    def context_terms(self) -> list[str]:
        """The terms of the context in order."""
        return self.terms.split("\n", 1)[0].split()

    @property
    def sentence_terms(self) -> list[list[str]]:
        """The terms of each sentence in order."""
        return [line.split() for line in self.terms.split("\n")[1:]]


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents may answer; an empty field does not restrict.

    A source is a path, a folder of it, a path pattern with `*`, `?` and `[...]`, or a publisher; one of several is
    enough. Dates are ISO, of any precision; a document of unknown date passes no date filter. Languages are ISO 639-1.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    document_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


EVERY_DOCUMENT = DocumentFilter()


_DOCUMENTS = """SELECT document_id, text_row, path, part, source_sha256, sha256, title, authors, published, publisher,
    url, language, origins, first_passage, passage_count, characters, group_row
    FROM documents JOIN texts ON texts.row = text_row"""
_PASSAGES = """SELECT row, passage_id, text_row, start, "end", text, section, first_sentence, sentence_count,
    context, terms FROM passages"""
_SOURCE_CONDITION = """(path = :{0} OR substr(path, 1, length(:{0}) + 1) = :{0} || '/' OR path GLOB :{0}
    OR publisher = :{0} COLLATE NOCASE)"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that reads the text store at `path`, for any thread to use."""
    # immutable: a published file never changes, so SQLite needs no locks and no write permission
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False)


class TextStore:
    """Reads `texts.sqlite`; safe to share between threads, as SQLite serialises them."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def document_count(self) -> int:
        """Number of documents."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def document(self, document_id: str) -> StoredDocument | None:
        """The document of that id."""
        found = self._connection.execute(f"{_DOCUMENTS} WHERE document_id = ?", (document_id,)).fetchone()
        return _stored_document(found) if found else None

    def documents(self, offset: int = 0, limit: int = -1) -> list[StoredDocument]:
        """Documents in order of their paths; a limit of -1 gives all."""
        found = self._connection.execute(f"{_DOCUMENTS} ORDER BY documents.row LIMIT ? OFFSET ?", (limit, offset))
        return [_stored_document(columns) for columns in found]

    def documents_of_texts(
        self, text_rows: Sequence[int], filter_: DocumentFilter = EVERY_DOCUMENT
    ) -> dict[int, list[StoredDocument]]:
        """For each text in `text_rows`, its documents that pass `filter_`, in order of their paths."""
        documents: dict[int, list[StoredDocument]] = {row: [] for row in text_rows}
        for document in self._select_documents(filter_, list(documents)):
            documents[document.text_row].append(document)
        return documents

    def near_duplicates(self, document: StoredDocument) -> list[StoredDocument]:
        """The documents whose text is nearly that of `document` but not the same, in order of their paths."""
        found = self._connection.execute(
            f"{_DOCUMENTS} WHERE group_row = ? AND text_row != ? ORDER BY documents.row",
            (document.group_row, document.text_row),
        )
        return [_stored_document(columns) for columns in found]

    def text(self, text_row: int) -> str:
        """The whole text."""
        return str(self._connection.execute("SELECT text FROM texts WHERE row = ?", (text_row,)).fetchone()[0])

    def headings(self, text_row: int) -> list[Heading]:
        """The headings of a text in order."""
        (headings,) = self._connection.execute("SELECT headings FROM texts WHERE row = ?", (text_row,)).fetchone()
        return [Heading(*columns) for columns in json.loads(headings)]

    def pages(self, document_id: str) -> list[Page]:
        """The pages of a document in order; none where its format has none."""
        (pages,) = self._connection.execute(
            "SELECT pages FROM documents WHERE document_id = ?", (document_id,)
        ).fetchone()
        return list(_pages(pages))

    def documents_at(self, path: str) -> Iterator[Document]:
        """The documents of the source file at `path`, whole, in order."""
        for stored in map(
            _stored_document,
            self._connection.execute(f"{_DOCUMENTS} WHERE path = ? ORDER BY documents.row", (path,)).fetchall(),
        ):
            yield Document(
                document_id=stored.document_id,
                path=stored.path,
                part=stored.part,
                source_sha256=stored.source_sha256,
                text=self.text(stored.text_row),
                metadata=stored.metadata,
                headings=tuple(self.headings(stored.text_row)),
                pages=tuple(self.pages(stored.document_id)),
            )

    def passage(self, passage_id: str) -> StoredPassage | None:
        """The passage of that id."""
        found = self._connection.execute(f"{_PASSAGES} WHERE passage_id = ?", (passage_id,)).fetchone()
        return _stored_passage(found) if found else None

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages in `rows`, in that order."""
        found = self._connection.execute(
            f"{_PASSAGES} WHERE row IN (SELECT value FROM json_each(?))", (_json_rows(rows),)
        )
        by_row = {passage.row: passage for passage in map(_stored_passage, found)}
        return [by_row[row] for row in rows]

    def sentence_spans(self, rows: range) -> list[tuple[int, int]]:
        """Start and end of the sentences in `rows`, in code points of their passage's text."""
        return self._connection.execute(
            'SELECT start, "end" FROM sentences WHERE row >= ? AND row < ? ORDER BY row', (rows.start, rows.stop)
        ).fetchall()

    def spans(self, rows: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Start and end of each sentence in `rows`, by row, in code points of its passage's text."""
        found = self._connection.execute(
            'SELECT row, start, "end" FROM json_each(?) JOIN sentences ON row = value', (_json_rows(rows),)
        )
        return {row: (start, end) for row, start, end in found}

    def embedding_inputs(self) -> Iterator[tuple[str, str, list[str]]]:
        """Of each passage in order of its row: context, text, and the texts of its sentences."""
        spans = self._connection.execute('SELECT start, "end" FROM sentences ORDER BY row')
        passages = self._connection.execute("SELECT context, text, sentence_count FROM passages ORDER BY row")
        for context, text, count in passages:
            yield context, text, [text[start:end] for start, end in spans.fetchmany(count)]

    def forward_inputs(self) -> Iterator[tuple[DocumentName, tuple[Page, ...], list[tuple[int, str]]]]:
        """Of each text in order: its first document's name and pages, and the start and terms of each passage."""
        passages = self._connection.execute("SELECT start, terms FROM passages ORDER BY row")
        texts = self._connection.execute(
            """SELECT title, path, part, language, passage_count, group_row, pages, min(documents.row)
            FROM texts JOIN documents ON text_row = texts.row GROUP BY texts.row ORDER BY texts.row"""
        )  # beside a lone min() SQLite gives the other columns of the row that has it
        for *columns, pages, _ in texts:
            name = DocumentName(*columns)
            yield name, _pages(pages), passages.fetchmany(name.passages)

    def lexical_inputs(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Of each passage in order of its row: row, row of its text, terms of context and text, context, text."""
        yield from self._connection.execute("SELECT row, text_row, terms, context, text FROM passages ORDER BY row")

    def folders(self) -> list[str]:
        """The sources and the folders directly in them, in order: what a reader may want to search on its own."""
        paths = [path for (path,) in self._connection.execute("SELECT path FROM documents")]
        parents = (path.split("/")[:-1][:2] for path in paths)
        return sorted({"/".join(parts[:depth]) for parts in parents for depth in range(1, len(parts) + 1)})

    @cached_property
    def languages(self) -> list[str | None]:
        """The languages of documents in order, ISO 639-1; None for documents that do not tell theirs comes first."""
        found = self._connection.execute("SELECT DISTINCT language FROM documents ORDER BY language")
        return [language for (language,) in found]

    def publishers(self) -> list[str]:
        """The publishers of documents, in order."""
        found = self._connection.execute(
            "SELECT DISTINCT publisher FROM documents WHERE publisher IS NOT NULL ORDER BY publisher COLLATE NOCASE"
        )
        return [publisher for (publisher,) in found]

    def passages_passing(self, filter_: DocumentFilter) -> tuple[Rows, Rows]:
        """Rows of the texts of which a document passes `filter_`, and rows of all their passages; both ascending."""
        passages = {document.text_row: document.passages for document in self._select_documents(filter_)}
        ranges = [np.arange(passages[row].start, passages[row].stop) for row in sorted(passages)]
        return np.array(sorted(passages), dtype=np.int64), np.concatenate([np.empty(0, dtype=np.int64), *ranges])

    def _select_documents(
        self, filter_: DocumentFilter, text_rows: Sequence[int] | None = None
    ) -> Iterator[StoredDocument]:
        """The documents that pass `filter_`, of all texts or of those in `text_rows`, in order of their paths."""
        conditions = ["1"]
        values: dict[str, str] = {}
        if text_rows is not None:
            conditions.append("text_row IN (SELECT value FROM json_each(:text_rows))")
            values["text_rows"] = _json_rows(text_rows)
        if filter_.sources:
            names = {f"source{number}": source for number, source in enumerate(filter_.sources)}
            conditions.append("(" + " OR ".join(map(_SOURCE_CONDITION.format, names)) + ")")
            values |= names
        if filter_.document_ids:
            names = {f"document{number}": given for number, given in enumerate(filter_.document_ids)}
            conditions.append("document_id IN (" + ", ".join(f":{name}" for name in names) + ")")
            values |= names
        if filter_.languages:
            names = {f"language{number}": given for number, given in enumerate(filter_.languages)}
            conditions.append("language IN (" + ", ".join(f":{name}" for name in names) + ")")
            values |= names
        if filter_.since:
            conditions.append("published_last >= :since")
            values["since"] = first_day(filter_.since)
        if filter_.until:
            conditions.append("published_first <= :until")
            values["until"] = last_day(filter_.until)
        found = self._connection.execute(
            f"{_DOCUMENTS} WHERE {' AND '.join(conditions)} ORDER BY documents.row", values
        )
        return map(_stored_document, found)


def _json_rows(rows: Sequence[int]) -> str:
    """Rows as one variable of a statement, which so is the same for any number of them."""
    return json.dumps([int(row) for row in rows])


@lru_cache(_PAGED_DOCUMENTS_KEPT)
def _pages(stored: str) -> tuple[Page, ...]:
    return tuple(Page(number, start, label) for number, (start, label) in enumerate(json.loads(stored), start=1))


def _stored_document(columns: tuple[Any, ...]) -> StoredDocument:
    (document_id, text_row, path, part, source_sha256, sha256, title, authors, published, publisher, url, language,
     origins, first_passage, passage_count, characters, group_row) = columns  # fmt: skip
    metadata = Metadata(title, tuple(json.loads(authors)), published, publisher, url, language, json.loads(origins))
    passages = range(first_passage, first_passage + passage_count)
    return StoredDocument(
        document_id, text_row, path, part, source_sha256, sha256, metadata, passages, characters, group_row
    )


def _stored_passage(columns: tuple[Any, ...]) -> StoredPassage:
    row, passage_id, text_row, start, end, text, section, first_sentence, sentence_count, context, terms = columns
    sentences = range(first_sentence, first_sentence + sentence_count)
    return StoredPassage(row, passage_id, text_row, start, end, text, section, sentences, context, terms)
