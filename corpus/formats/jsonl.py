"""JSON Lines: each row is a document. BEIR's `corpus.jsonl` is one (https://github.com/beir-cellar/beir/wiki)."""

import json
from collections.abc import Iterator

from corpus.decoding import decode
from corpus.formats.content import SourceContent
from corpus.formats.rows import Row, works_of_rows
from corpus.works import Work


def read(content: SourceContent) -> list[Work]:
    """One work a row: its text, and the fields of `corpus.formats.fields`. The part is `_id` or `id`, else the line.

    Raises DocumentError `field` when no row has a field that the options name, `json` when no row can be read.
    """
    return works_of_rows(_rows(decode(content.data)), content.options.rows, unit="line", code="json")


def _rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _row(line, number)


def _row(line: str, number: int) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return Row(number, {}, "is not JSON")
    if not isinstance(row, dict):
        return Row(number, {}, "is not an object")
    return Row(number, row)
