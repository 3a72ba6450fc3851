"""Writes the text store of a snapshot, document by document."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.dates import first_day, last_day
from corpus.documents import Document, Passage
from index.analysis import Analyzer, analyzer
from index.text_schema import SCHEMA


class TextWriter:
    """A text store being written; complete when the `with` block is left without an error."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(SCHEMA)
        self._texts: dict[str, tuple[int, str]] = {}  # hash of a text to its row and the path it was first found at
        self.documents = 0
        self.passages = 0
        self.sentences = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()

    def path_of_text(self, document: Document) -> str | None:
        """Where the text of `document` was found before, or None."""
        known = self._texts.get(document.sha256)
        return known[1] if known else None

    def set_groups(self, group_rows: Sequence[int]) -> None:
        """Link each text to the first of its near-duplicates."""
        changed = ((group_row, row) for row, group_row in enumerate(group_rows) if group_row != row)
        self._connection.executemany("UPDATE texts SET group_row = ? WHERE row = ?", changed)

    def texts(self) -> Iterator[str]:
        """The texts so far, in order of their rows."""
        return (text for (text,) in self._connection.execute("SELECT text FROM texts ORDER BY row"))

    @property
    def text_count(self) -> int:
        """How many texts there are so far."""
        return len(self._texts)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document; its passages only if its text is new."""
        if document.sha256 not in self._texts:
            self._add_text(document, passages)
        text_row, _ = self._texts[document.sha256]
        metadata = document.metadata
        published = metadata.published
        self._insert(
            "documents",
            self.documents,
            document.document_id,
            text_row,
            document.path,
            document.part,
            document.source_sha256,
            metadata.title,
            json.dumps(metadata.authors, ensure_ascii=False),
            published,
            first_day(published) if published else None,
            last_day(published) if published else None,
            metadata.publisher,
            metadata.url,
            metadata.language,
            json.dumps(metadata.origins, ensure_ascii=False),
            json.dumps([[page.start, page.label] for page in document.pages], ensure_ascii=False),
        )
        self.documents += 1

    def _add_text(self, document: Document, passages: Sequence[Passage]) -> None:
        row = len(self._texts)
        headings = json.dumps([[heading.level, heading.start, heading.end] for heading in document.headings])
        text = document.text
        self._insert("texts", row, document.sha256, self.passages, len(passages), row, len(text), headings, text)
        for passage in passages:
            self._add_passage(row, passage, analyzer(document.metadata.language))
        self._texts[document.sha256] = (row, document.path)

    def _add_passage(self, text_row: int, passage: Passage, analyzer: Analyzer) -> None:
        sentences = (passage.text[each.start - passage.start : each.end - passage.start] for each in passage.sentences)
        terms = (analyzer.terms(text) for text in (passage.context, *sentences))
        self._insert(
            "passages",
            self.passages,
            passage.passage_id,
            text_row,
            passage.start,
            passage.end,
            passage.text,
            passage.section,
            passage.context,
            "\n".join(map(" ".join, terms)),
            self.sentences,
            len(passage.sentences),
        )
        for sentence in passage.sentences:
            self._insert("sentences", self.sentences, sentence.start - passage.start, sentence.end - passage.start)
            self.sentences += 1
        self.passages += 1

    def _insert(self, table: str, *values: object) -> None:
        self._connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
