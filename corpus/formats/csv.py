"""CSV, with the delimiter found: each row is a document where a column holds running text, else the table is one.

`csv.Sniffer` is not used: it gives up on a table of one column of prose.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from corpus.decoding import decode
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.rows import Row, table_blocks, text_column, works_of_rows
from corpus.works import Work

_DELIMITERS = ",;\t|"
_NONE = "\x1f"  # for a table of one column: occurs in no text
SAMPLED_ROWS = 50
"""Rows that tell the delimiter."""


def read(content: SourceContent) -> list[Work]:
    """One work a row, by the column that holds its text; or one work, when none does: a table of data.

    Raises DocumentError `rows` for a file without rows, `field` when the options name a column that is not there.
    """
    text = decode(content.data)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    delimiter = _delimiter(text)
    records = list(_records(text, delimiter))
    header = next((number for number, cells in enumerate(records) if any(map(str.strip, cells))), None)
    if header is None:
        raise DocumentError("rows", "holds no rows")
    table = records[header:]
    notes = _quoting_notes(text, delimiter)
    column = text_column(table[0], table[1:], content.options.rows)
    if column is None:
        return [Work((), tuple(table_blocks(table)), notes=notes)]
    options = replace(content.options.rows, text=column)
    works = works_of_rows(_rows(table, first=header + 1), options, unit="row", code="rows")
    return [replace(works[0], notes=works[0].notes + notes), *works[1:]]


def _delimiter(text: str) -> str:
    """That which divides the most of the first rows into equally many cells, and into the most of them."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in islice(_records(text, delimiter), SAMPLED_ROWS) if row)
        (width, rows), *_ = widths.most_common(1) or [(0, 0)]
        return (rows / widths.total() if width > 1 else 0.0), width

    best = max(_DELIMITERS, key=fit)
    return best if fit(best)[0] else _NONE


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _rows(table: Sequence[Sequence[str]], first: int) -> Iterator[Row]:
    """The rows below the header, which is row `first`, numbered as a spreadsheet numbers them."""
    header = table[0]
    for number, cells in enumerate(table[1:], start=first + 1):
        if len(cells) > len(header) and any(map(str.strip, cells[len(header) :])):
            yield Row(number, {}, f"has {len(cells)} cells where the first row names {len(header)}")
        elif any(map(str.strip, cells)):
            yield Row(number, dict(zip(header, cells, strict=False)))


def _quoting_notes(text: str, delimiter: str) -> tuple[str, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        return (f"the quotation marks in line {reader.line_num:,} do not pair: rows there may have run together",)
    return ()
