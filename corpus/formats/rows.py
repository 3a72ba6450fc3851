"""Rows of a table as documents: which field holds the text, and what is told of the rows that cannot be read.

Shared by JSON Lines, CSV and Excel. Where no field holds running text the table stays one document of rows.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import text as plain_text
from corpus.formats.content import RowFields
from corpus.formats.fields import field_name, metadata_from_fields
from corpus.formats.markup import CELL_SEPARATOR
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Block, BlockKind, Work

_TEXT_NAMES = (
    "text", "full text", "fulltext", "body", "body text", "main text", "article text", "article body", "content",
    "contents", "article", "story", "passage", "transcript",
)  # fmt: skip
"""Names of the field that holds the text, as `field_name` gives them, the most telling first."""
_SUMMARY_NAMES = ("abstract", "summary", "description")
"""Where there is no text these stand for it; in a table of data they are often only a few words."""

LEAST_PROSE = 80
"""Characters that the cells of a column of running text have on average; names, figures and labels have fewer."""
CLEARLY_LONGEST = 2.0
"""How many times longer than any other column it must be."""
LONGEST_COLUMN_NAME = 60
EXAMPLES = 3
"""Rows that a note names."""
MOST_NAMES = 20
"""Columns that an error names."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file; `flaw` says why there are no fields."""

    number: int
    fields: Mapping[str, object]
    flaw: str = ""


def works_of_rows(rows: Iterable[Row], options: RowFields, unit: str, code: str, part_prefix: str = "") -> list[Work]:
    """One work a row; its part is `_id` or `id`, else its number. Two rows can have the same part.

    Rows without text and ids that repeat are told in the first one's notes. `unit` is what people call a row of this
    format ("line").

    Raises DocumentError `field` when no row has a field that `options` name, `code` when no row can be read.
    """
    works: list[Work] = []
    flaws: list[str] = []
    names: dict[str, None] = {}
    ids: set[str] = set()
    repeated: list[str] = []
    for row in rows:
        names.update(dict.fromkeys(row.fields))
        try:
            if row.flaw:
                raise _FlawError(row.flaw)
            stated_id = _id(row)
            blocks = tuple(plain_text.blocks(_text(row, options.text)))
            part = f"{part_prefix}{row.number if stated_id is None else stated_id}"
            works.append(Work((Claim(Origin.ROW, _metadata(row, options)),), blocks, part))
        except _FlawError as flaw:
            flaws.append(f"{unit} {row.number} {flaw}")
            continue
        if stated_id is not None:
            if stated_id in ids:
                repeated.append(f"{unit} {row.number} has the id {stated_id!r}")
            ids.add(stated_id)
    if names:
        require_fields(tuple(names), options)
    if not works:
        raise DocumentError(code, f"no row can be read as a document: {_told(flaws) or 'there is none'}")
    notes: list[str] = []
    if flaws:
        notes.append(f"{len(flaws):,} of {len(flaws) + len(works):,} rows were left out: {_told(flaws)}")
    if repeated:
        notes.append(f"the ids of {len(repeated):,} rows repeat, which were read all the same: {_told(repeated)}")
    works[0] = replace(works[0], notes=tuple(notes))
    return works


def table_blocks(rows: Sequence[Sequence[str]]) -> Iterable[Block]:
    """The rows of a table of data; an empty cell keeps its place, unless all of its column or after it are empty."""
    used = sorted({column for row in rows for column, cell in enumerate(row) if cell.strip()})
    for row in rows:
        filled = max((column for column, cell in enumerate(row) if cell.strip()), default=-1)
        cells = (row[column].strip() for column in used[: bisect_right(used, filled)])
        yield Block(BlockKind.ROW, CELL_SEPARATOR.join(cells))


def text_column(header: Sequence[str], rows: Sequence[Sequence[str]], options: RowFields) -> str | None:
    """The column whose cells are documents, or None for a table of data.

    It is the one that `options` name, one whose name says so, or the one column of running text.

    Raises DocumentError `field` when `options` name a column that is not there.
    """
    require_fields(header, options)
    if options.text:
        return _named(header, options.text)
    if not _is_header(header):
        return None
    lengths = {name: _mean_length(rows, position) for position, name in enumerate(header)}
    for wanted in _TEXT_NAMES:
        for name, length in lengths.items():
            if field_name(name) == wanted and length:
                return name
    prose = {name: length for name, length in lengths.items() if length > LEAST_PROSE}
    for wanted in _SUMMARY_NAMES:
        for name in prose:
            if field_name(name) == wanted:
                return name
    for name, length in prose.items():
        others = [other_length for other, other_length in lengths.items() if other != name]
        # Of a single column the first line may as well be text.
        if others and length >= CLEARLY_LONGEST * max(others):
            return name
    return None


def require_fields(names: Sequence[str], options: RowFields) -> None:
    """Raises DocumentError `field`, naming those there are, when `options` name a field that is not among `names`."""
    for wanted in (options.text, options.title, options.date, options.url):
        if wanted and _named(names, wanted) is None:
            found = ", ".join(name for name in names[:MOST_NAMES] if name) or "none"
            more = ", …" if len(names) > MOST_NAMES else ""
            raise DocumentError("field", f'has no field "{wanted}"; found are: {found}{more}')


class _FlawError(Exception):
    """Why a row is left out, to follow its name."""


def _told(flaws: Sequence[str]) -> str:
    more = f"; and {len(flaws) - EXAMPLES:,} more" if len(flaws) > EXAMPLES else ""
    return "; ".join(flaws[:EXAMPLES]) + more


def _named(names: Iterable[str], wanted: str) -> str | None:
    """The name that is `wanted`, exactly if possible, else but for case, spaces and underscores."""
    names = list(names)
    if wanted in names:
        return wanted
    return next((name for name in names if field_name(name) == field_name(wanted)), None)


def _value(row: Row, wanted: str | None) -> object:
    name = _named(row.fields, wanted) if wanted else None
    return row.fields[name] if name is not None else None


def _id(row: Row) -> str | None:
    for name in ("_id", "id", *(name for name in row.fields if field_name(name) == "id")):
        value = row.fields.get(name)
        if value is not None and value != "":
            stated = str(value)
            break
    else:
        return None
    try:
        stated.encode("utf-8")
    except UnicodeEncodeError:
        raise _FlawError("has an id that is not valid Unicode") from None
    return stated


def _text(row: Row, chosen: str | None) -> str:
    if chosen:
        values = [_value(row, chosen)]
    else:
        by_name = {field_name(name): value for name, value in row.fields.items()}
        values = [by_name.get(name) for name in _TEXT_NAMES + _SUMMARY_NAMES]
    for value in values:
        if isinstance(value, str) and value.strip():
            return value
    if any(value is not None and not isinstance(value, str) for value in values):
        raise _FlawError("has a text that is no string")
    raise _FlawError("has no text")


def _metadata(row: Row, options: RowFields) -> Metadata:
    stated = metadata_from_fields(row.fields)
    chosen = metadata_from_fields({name: _value(row, getattr(options, name)) for name in ("title", "date", "url")})
    return replace(
        stated,
        title=chosen.title if options.title else stated.title,
        published=chosen.published if options.date else stated.published,
        url=chosen.url if options.url else stated.url,
    )


def _is_header(row: Sequence[str]) -> bool:
    """Whether the first row names the columns: short names, no two alike, no numbers."""
    names = [name for name in row if name.strip()]
    return (
        bool(names)
        and len(set(map(field_name, names))) == len(names)
        and all(len(name) <= LONGEST_COLUMN_NAME and not _is_number(name) for name in names)
    )


def _is_number(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell))


def _mean_length(rows: Iterable[Sequence[str]], position: int) -> float:
    lengths = [len(row[position]) for row in rows if position < len(row) and row[position].strip()]
    return fmean(lengths) if lengths else 0.0
