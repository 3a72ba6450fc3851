"""The invariants of `texts.sqlite`, checked row by row: what a rebuild promises and every answer relies on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import make_document_id, make_passage_id, text_sha256
from index.texts import connect


@dataclass(frozen=True, slots=True)
class TextCounts:
    """Rows of the tables."""

    texts: int
    documents: int
    passages: int
    sentences: int


def count_rows(path: Path) -> TextCounts:
    """How many rows the tables of the text store at `path` have."""
    with closing(connect(path)) as connection:
        tables = ("texts", "documents", "passages", "sentences")
        return TextCounts(*(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables))


def find_text_problems(path: Path) -> Iterator[str]:
    """What is wrong in the text store at `path`, in words that name the row."""
    with closing(connect(path)) as connection:
        yield from _text_problems(connection)
        yield from _document_problems(connection)
        yield from _passage_problems(connection)


def _text_problems(connection: sqlite3.Connection) -> Iterator[str]:
    first_free = 0
    groups: list[int] = []
    rows = connection.execute(
        "SELECT row, sha256, text, characters, first_passage, passage_count, group_row FROM texts ORDER BY row"
    )
    for expected, (row, sha256, text, characters, first_passage, passage_count, group_row) in enumerate(rows):
        if row != expected:
            yield f"text row {row} stands where row {expected} belongs"
            return
        if text_sha256(text) != sha256:
            yield f"text row {row} does not have the SHA-256 it states, {sha256}"
        if len(text) != characters:
            yield f"text row {row} has {len(text)} characters, and states {characters}"
        if first_passage != first_free or passage_count < 0:
            yield f"the passages of text row {row} begin at row {first_passage}, and those before end at {first_free}"
        first_free = first_passage + passage_count
        groups.append(group_row)
        if not 0 <= group_row <= row or groups[group_row] != group_row:
            yield f"text row {row} is linked to row {group_row}, which is not the first of its near-duplicates"
    (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    if first_free != passages:
        yield f"the texts have {first_free} passages, and there are {passages}"


def _document_problems(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        """SELECT documents.row, document_id, path, part, texts.row
        FROM documents LEFT JOIN texts ON texts.row = text_row ORDER BY documents.row"""
    )
    for expected, (row, document_id, path, part, text_row) in enumerate(rows):
        if row != expected:
            yield f"document row {row} stands where row {expected} belongs"
            return
        if document_id != make_document_id(path, part):
            yield f"document row {row} ({path}) has the id {document_id}, which does not follow from its path"
        if text_row is None:
            yield f"document row {row} ({path}) has no text"
    for (row,) in connection.execute("SELECT row FROM texts WHERE row NOT IN (SELECT text_row FROM documents)"):
        yield f"text row {row} belongs to no document"


def _passage_problems(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        """SELECT row, passage_id, text_row, start, "end", text, terms, first_sentence, sentence_count
        FROM passages ORDER BY row"""
    )
    sentences = connection.execute('SELECT row, start, "end" FROM sentences ORDER BY row')
    texts = _Texts(connection)
    first_free = 0
    for expected, (row, passage_id, text_row, start, end, quoted, terms, first_sentence, count) in enumerate(rows):
        named = f"passage row {row} ({passage_id})"
        if row != expected:
            yield f"{named} stands where row {expected} belongs"
            return
        text = texts.of(text_row)
        if text is None or row not in text.passages:
            yield f"{named} is not among the passages of its text, row {text_row}"
            continue
        if not 0 <= start < end <= len(text.text) or text.text[start:end] != quoted:
            yield f"{named} is not the text at its place"
        if passage_id != make_passage_id(text.sha256, start, end):
            yield f"{named} has an id that does not follow from its text and its place"
        if first_sentence != first_free or count < 1:
            yield f"{named} begins with sentence row {first_sentence}, and those before end at {first_free}"
        if terms.count("\n") != count:
            yield f"{named} does not have the terms of its context and each of its {count} sentences"
        spans = sentences.fetchmany(max(count, 0))
        if [found for found, _, _ in spans] != list(range(first_free, first_free + count)):
            yield f"{named} lacks sentences of the rows {first_free} to {first_free + count - 1}"
            return
        yield from (f"sentence row {wrong} of {named} {how}" for wrong, how in _misplaced(spans, len(quoted)))
        first_free += count
    if left := sentences.fetchone():
        yield f"sentence row {left[0]} and those behind it belong to no passage"


def _misplaced(spans: list[tuple[int, int, int]], length: int) -> Iterator[tuple[int, str]]:
    """Rows of the sentences that do not lie in their passage of so many characters, or not in order; and how."""
    reached = 0
    for row, start, end in spans:
        if not 0 <= start < end <= length:
            yield row, "does not lie inside it"
        elif start < reached:
            yield row, "overlaps the one before"
        reached = max(reached, end)


@dataclass(frozen=True, slots=True)
class _Text:
    sha256: str
    text: str
    passages: range


class _Texts:
    """Texts by row; of several asked for in order each is read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._row = -1
        self._text: _Text | None = None

    def of(self, row: int) -> _Text | None:
        """The text in `row`, or None."""
        if row != self._row:
            found = self._connection.execute(
                "SELECT text, first_passage, passage_count FROM texts WHERE row = ?", (row,)
            ).fetchone()
            self._row, self._text = row, None
            if found:
                text, first, count = found
                self._text = _Text(text_sha256(text), text, range(first, first + count))
        return self._text
