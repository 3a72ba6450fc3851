"""Excel workbooks by openpyxl: a sheet whose rows hold texts gives a document a row, all others one document."""

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape

from corpus.errors import DocumentError
from corpus.formats.content import RowFields, SourceContent
from corpus.formats.packages import core_properties, damaged, open_package
from corpus.formats.rows import Row, table_blocks, text_column, works_of_rows
from corpus.works import Block, BlockKind, Work

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_PERCENTAGE = re.compile(r"0(?:\.(0+))?%")
EXACT_DIGITS = 15
"""Decimal digits that a number of a spreadsheet holds; what follows is noise of its binary form."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rows that hold something, by their numbers; the first is the header, if there is one."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read(content: SourceContent) -> list[Work]:
    """A work of the sheets that are tables of data, and one of each row of the sheets with a column of texts.

    Raises DocumentError `field` when the options name a column that is in no sheet.
    """
    package = open_package(content.data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, of features that have no text
        try:
            workbook = load_workbook(io.BytesIO(content.data), read_only=True, data_only=True)
            sheets = tuple(_sheets(workbook))
            notes = (*_hidden(workbook), *_uncalculated(package))
        except (KeyError, ValueError, OSError) as error:
            raise DocumentError("package", "is no Excel workbook; save it as one (.xlsx)") from error
        except SyntaxError as error:  # what the parsers of XML raise
            raise damaged(error) from error
    columns = _text_columns(sheets, content.options.rows)
    tables = [sheet for sheet, column in zip(sheets, columns, strict=True) if column is None]
    works: list[Work] = []
    if tables:
        works.append(Work(tuple(core_properties(package)), tuple(_table_blocks(tables))))
    for sheet, column in zip(sheets, columns, strict=True):
        if column is not None:
            options = replace(content.options.rows, text=column)
            works += works_of_rows(_rows(sheet), options, f"{sheet.name}, row", "rows", f"{sheet.name}!")
    if not works:
        raise DocumentError("rows", "has no sheet with anything in it, hidden ones aside")
    return [replace(works[0], notes=(*notes, *works[0].notes)), *works[1:]]


def _sheets(workbook: Workbook) -> Iterator[_Sheet]:
    """The visible sheets that hold something."""
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # many programs state a wrong size, and openpyxl would read no further
            numbered = enumerate(sheet.iter_rows(), start=1)
            rows = [(number, tuple(_shown(cell.value, cell.number_format) for cell in row)) for number, row in numbered]
            rows = [(number, cells) for number, cells in rows if any(map(str.strip, cells))]
            if rows:
                yield _Sheet(sheet.title, tuple(rows))


def _hidden(workbook: Workbook) -> tuple[str, ...]:
    names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    return (f"hidden sheets were left out: {', '.join(names)}",) if names else ()


def _uncalculated(package: zipfile.ZipFile) -> tuple[str, ...]:
    """A note on formulas that a program wrote without calculating them; openpyxl gives them as empty cells."""
    count = 0
    for name in package.namelist():
        if _SHEET_PART.fullmatch(name):
            with package.open(name) as part:
                for _, row in etree.iterparse(part, tag="{*}row", resolve_entities=False, no_network=True):
                    count += sum(_is_uncalculated(cell) for cell in row.iterchildren("{*}c"))
                    row.clear()
    if not count:
        return ()
    cells = "1 cell holds a formula" if count == 1 else f"{count:,} cells hold formulas"
    return (f"{cells} without a result; open the file in a spreadsheet program and save it",)


def _is_uncalculated(cell: etree._Element) -> bool:
    # An empty result is one where it is said to be a text.
    return cell.find("{*}f") is not None and not cell.findtext("{*}v") and cell.get("t") != "str"


def _text_columns(sheets: Sequence[_Sheet], options: RowFields) -> list[str | None]:
    """The column of texts of each sheet. That the options name another is told when it is so of all sheets."""
    columns: list[str | None] = []
    missing: list[DocumentError] = []
    for sheet in sheets:
        header, *rows = (cells for _, cells in sheet.rows)
        try:
            columns.append(text_column(header, rows, options))
        except DocumentError as error:
            columns.append(None)
            missing.append(error)
    if missing and len(missing) == len(sheets):
        raise missing[0]
    return columns


def _table_blocks(sheets: Iterable[_Sheet]) -> Iterator[Block]:
    for sheet in sheets:
        yield Block(BlockKind.HEADING, sheet.name, level=1)
        yield from table_blocks([cells for _, cells in sheet.rows])


def _rows(sheet: _Sheet) -> Iterator[Row]:
    header = sheet.rows[0][1]
    for number, cells in sheet.rows[1:]:
        yield Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _shown(value: object, number_format: str) -> str:
    """The value as the sheet shows it, but for the rounding and the order of dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        percentage = _PERCENTAGE.fullmatch(number_format)
        if percentage:
            return f"{value:.{len(percentage[1] or '')}%}"
        return str(value) if isinstance(value, int) else f"{value:.{EXACT_DIGITS}g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(unescape(str(value)))
