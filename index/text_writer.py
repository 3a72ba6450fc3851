"""Writes the text store of a snapshot, document by document."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.dates import first_day, last_day
from corpus.documents import Document, Passage
from index.text_schema import SCHEMA


class TextWriter:
    """A text store being written; complete when the `with` block is left without an error."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(SCHEMA)
        self._rows_by_text: dict[str, int] = {}
        self.documents = 0
        self.passages = 0
        self.sentences = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()

    def add_copy(self, document: Document) -> str | None:
        """Record `document` as a copy if its text is stored already, and tell the path of the one stored."""
        row = self._rows_by_text.get(document.sha256)
        if row is None:
            return None
        self._connection.execute(
            "INSERT INTO copies VALUES (?, ?, ?, ?, ?)",
            (row, document.document_id, document.path, document.part, document.metadata.title),
        )
        (path,) = self._connection.execute("SELECT path FROM documents WHERE row = ?", (row,)).fetchone()
        return str(path)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document whose text is not stored yet, with its passages."""
        metadata = document.metadata
        published = metadata.published
        self._connection.execute(
            f"INSERT INTO documents VALUES ({', '.join('?' * 18)})",
            (
                self.documents,
                document.document_id,
                document.path,
                document.part,
                document.source_sha256,
                document.sha256,
                document.text,
                json.dumps([[heading.level, heading.start, heading.end] for heading in document.headings]),
                metadata.title,
                json.dumps(metadata.authors, ensure_ascii=False),
                published,
                first_day(published) if published else None,
                last_day(published) if published else None,
                metadata.publisher,
                metadata.url,
                metadata.language,
                self.passages,
                len(passages),
            ),
        )
        for passage in passages:
            self._add_passage(passage)
        self._rows_by_text[document.sha256] = self.documents
        self.documents += 1

    def _add_passage(self, passage: Passage) -> None:
        self._connection.execute(
            f"INSERT INTO passages VALUES ({', '.join('?' * 10)})",
            (
                self.passages,
                passage.passage_id,
                self.documents,
                passage.start,
                passage.end,
                passage.text,
                passage.section,
                passage.context,
                self.sentences,
                len(passage.sentences),
            ),
        )
        spans = [
            (self.sentences + position, sentence.start - passage.start, sentence.end - passage.start)
            for position, sentence in enumerate(passage.sentences)
        ]
        self._connection.executemany("INSERT INTO sentences VALUES (?, ?, ?)", spans)
        self.passages += 1
        self.sentences += len(spans)
