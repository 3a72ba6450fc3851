"""JSON Lines: each row is a document. BEIR's `corpus.jsonl` is one (https://github.com/beir-cellar/beir/wiki)."""

import json

from corpus.decoding import decode
from corpus.errors import DocumentError
from corpus.formats import text as plain_text
from corpus.formats.fields import metadata_from_fields
from corpus.works import Work


def read(content: bytes) -> list[Work]:
    """One work a row: `text`, and the fields of `corpus.formats.fields`. The part is `_id` or `id`, else the line.

    Raises DocumentError `json`, naming the line, for one that is not an object with a `text` string or repeats an id.
    """
    works: dict[str, Work] = {}
    for number, line in enumerate(decode(content).split("\n"), start=1):
        if not line.strip():
            continue
        row = _row(line, number)
        part = _part(row, number)
        if part in works:
            raise DocumentError("json", f"line {number} repeats the id {part!r}; each document needs its own")
        works[part] = Work(metadata_from_fields(row), tuple(plain_text.blocks(str(row["text"]))), part)
    return list(works.values())


def _part(row: dict[str, object], number: int) -> str:
    part = str(next((row[name] for name in ("_id", "id") if row.get(name) is not None), number))
    try:
        part.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError("json", f"the id in line {number} is not valid Unicode") from error
    return part


def _row(line: str, number: int) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DocumentError(
            "json", f"line {number} is not JSON, so none of the file was read; mend that line"
        ) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise DocumentError("json", f'line {number} is not an object with a "text" string, as each document needs')
    return row
