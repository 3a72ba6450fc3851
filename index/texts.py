"""The text store of a snapshot: documents, passages and sentences by row and by id, read-only."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from corpus.dates import first_day, last_day
from corpus.documents import Heading, Metadata
from index.vectors import Rows

VARIABLES_PER_STATEMENT = 500
"""SQLite takes a limited number of variables in one statement."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A document whose text is that of a stored one."""

    document_id: str
    path: str
    part: str
    title: str | None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its text, which is fetched when it is needed."""

    row: int
    document_id: str
    path: str
    part: str
    source_sha256: str
    sha256: str
    metadata: Metadata
    passages: range  # rows
    characters: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the rows of its document and of its sentences."""

    row: int
    passage_id: str
    document_row: int
    start: int
    end: int
    text: str
    section: str
    sentences: range  # rows


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents may answer; an empty field does not restrict.

    A source is a path, a folder of it, a path pattern with `*`, `?` and `[...]`, or a publisher; one of several is
    enough. Dates are ISO, of any precision; a document of unknown date passes no date filter.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    document_ids: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == DocumentFilter()


_DOCUMENT_COLUMNS = """row, document_id, path, part, source_sha256, sha256, title, authors, published, publisher, url,
    language, first_passage, passage_count, length(text)"""
_PASSAGE_COLUMNS = 'row, passage_id, document_row, start, "end", text, section, first_sentence, sentence_count'
_SOURCE_CONDITION = """(path = :{0} OR substr(path, 1, length(:{0}) + 1) = :{0} || '/' OR path GLOB :{0}
    OR publisher = :{0} COLLATE NOCASE)"""


class TextStore:
    """Reads `texts.sqlite`; safe to share between threads, as SQLite serialises them."""

    def __init__(self, path: Path) -> None:
        # immutable: a published file never changes, so SQLite needs no locks and no write permission
        self._connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def document_count(self) -> int:
        """Number of documents, copies not counted."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def document(self, document_id: str) -> StoredDocument | None:
        """The document of that id; a copy's id gives the document that holds its text."""
        found = self._connection.execute(
            f"""SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE document_id = :id
                OR row = (SELECT document_row FROM copies WHERE document_id = :id)""",
            {"id": document_id},
        ).fetchone()
        return _stored_document(found) if found else None

    def documents(self, offset: int = 0, limit: int = -1) -> list[StoredDocument]:
        """Documents in order of their rows, which is that of their paths; a limit of -1 gives all."""
        found = self._connection.execute(
            f"SELECT {_DOCUMENT_COLUMNS} FROM documents ORDER BY row LIMIT ? OFFSET ?", (limit, offset)
        )
        return [_stored_document(columns) for columns in found]

    def documents_by_row(self, rows: Sequence[int]) -> dict[int, StoredDocument]:
        """The documents in `rows`."""
        found = self._select(f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE row IN ({{}})", rows)
        return {document.row: document for document in map(_stored_document, found)}

    def text(self, row: int) -> str:
        """The whole text of a document."""
        return str(self._connection.execute("SELECT text FROM documents WHERE row = ?", (row,)).fetchone()[0])

    def headings(self, row: int) -> list[Heading]:
        """The headings of a document in order."""
        (headings,) = self._connection.execute("SELECT headings FROM documents WHERE row = ?", (row,)).fetchone()
        return [Heading(*columns) for columns in json.loads(headings)]

    def copies(self, rows: Sequence[int]) -> dict[int, list[Copy]]:
        """Copies of the documents in `rows`, in order of their paths; documents without copies are left out."""
        found = self._select(
            "SELECT document_row, document_id, path, part, title FROM copies WHERE document_row IN ({}) "
            "ORDER BY path, part",
            rows,
        )
        copies: dict[int, list[Copy]] = {}
        for row, *columns in found:
            copies.setdefault(row, []).append(Copy(*columns))
        return copies

    def passage(self, passage_id: str) -> StoredPassage | None:
        """The passage of that id."""
        found = self._connection.execute(
            f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE passage_id = ?", (passage_id,)
        ).fetchone()
        return _stored_passage(found) if found else None

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages in `rows`, in that order."""
        found = self._select(f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE row IN ({{}})", rows)
        by_row = {passage.row: passage for passage in map(_stored_passage, found)}
        return [by_row[row] for row in rows]

    def sentence_spans(self, rows: range) -> list[tuple[int, int]]:
        """Start and end of the sentences in `rows`, in code points of their passage's text."""
        return self._connection.execute(
            'SELECT start, "end" FROM sentences WHERE row >= ? AND row < ? ORDER BY row', (rows.start, rows.stop)
        ).fetchall()

    def embedding_inputs(self) -> Iterator[tuple[str, str, list[str]]]:
        """Of each passage in order of its row: context, text, and the texts of its sentences."""
        spans = self._connection.execute('SELECT start, "end" FROM sentences ORDER BY row')
        passages = self._connection.execute("SELECT context, text, sentence_count FROM passages ORDER BY row")
        for context, text, count in passages:
            yield context, text, [text[start:end] for start, end in spans.fetchmany(count)]

    def lexical_inputs(self) -> Iterator[tuple[int, int, str | None, str, str]]:
        """Of each passage in order of its row: row, row of its document, title, section, text."""
        yield from self._connection.execute(
            """SELECT passages.row, document_row, title, section, passages.text
               FROM passages JOIN documents ON documents.row = document_row ORDER BY passages.row"""
        )

    def misquoted_passages(self) -> Iterator[str]:
        """Ids of passages whose text is not the one at their span of the document."""
        text, text_row = "", -1
        for passage_id, row, start, end, quoted in self._connection.execute(
            'SELECT passage_id, document_row, start, "end", text FROM passages ORDER BY row'
        ):
            if row != text_row:
                text, text_row = self.text(row), row
            if text[start:end] != quoted:
                yield passage_id

    def folders(self) -> list[str]:
        """The sources and the folders directly in them, in order: what a reader may want to search on its own."""
        paths = [path for (path,) in self._connection.execute("SELECT path FROM documents")]
        parents = (path.split("/")[:-1][:2] for path in paths)
        return sorted({"/".join(parts[:depth]) for parts in parents for depth in range(1, len(parts) + 1)})

    def publishers(self) -> list[str]:
        """The publishers of documents, in order."""
        found = self._connection.execute(
            "SELECT DISTINCT publisher FROM documents WHERE publisher IS NOT NULL ORDER BY publisher COLLATE NOCASE"
        )
        return [publisher for (publisher,) in found]

    def select(self, filter_: DocumentFilter) -> list[StoredDocument]:
        """The documents that pass `filter_`, in order of their rows."""
        conditions = ["1"]
        values: dict[str, str] = {}
        if filter_.sources:
            names = {f"source{number}": source for number, source in enumerate(filter_.sources)}
            conditions.append("(" + " OR ".join(map(_SOURCE_CONDITION.format, names)) + ")")
            values |= names
        if filter_.document_ids:
            names = {f"document{number}": given for number, given in enumerate(filter_.document_ids)}
            conditions.append("document_id IN (" + ", ".join(f":{name}" for name in names) + ")")
            values |= names
        if filter_.since:
            conditions.append("published_last >= :since")
            values["since"] = first_day(filter_.since)
        if filter_.until:
            conditions.append("published_first <= :until")
            values["until"] = last_day(filter_.until)
        found = self._connection.execute(
            f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE {' AND '.join(conditions)} ORDER BY row", values
        )
        return [_stored_document(columns) for columns in found]

    def _select(self, statement: str, rows: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(rows), VARIABLES_PER_STATEMENT):
            some = [int(row) for row in rows[start : start + VARIABLES_PER_STATEMENT]]
            yield from self._connection.execute(statement.format(", ".join("?" * len(some))), some)


def passage_rows(documents: Sequence[StoredDocument]) -> Rows:
    """Rows of all passages of `documents`."""
    ranges = [np.arange(document.passages.start, document.passages.stop) for document in documents]
    return np.concatenate([np.empty(0, dtype=np.int64), *ranges])


def _stored_document(columns: tuple[Any, ...]) -> StoredDocument:
    (row, document_id, path, part, source_sha256, sha256, title, authors, published, publisher, url, language,
     first_passage, passage_count, characters) = columns  # fmt: skip
    metadata = Metadata(title, tuple(json.loads(authors)), published, publisher, url, language)
    passages = range(first_passage, first_passage + passage_count)
    return StoredDocument(row, document_id, path, part, source_sha256, sha256, metadata, passages, characters)


def _stored_passage(columns: tuple[Any, ...]) -> StoredPassage:
    row, passage_id, document_row, start, end, text, section, first_sentence, sentence_count = columns
    sentences = range(first_sentence, first_sentence + sentence_count)
    return StoredPassage(row, passage_id, document_row, start, end, text, section, sentences)
