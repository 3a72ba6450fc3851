"""Tables of a page: which lines are rows, and the cells of each."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.formats.pdf_hyphens import Hyphens
from corpus.formats.pdf_lines import Line, Style, are_close, begins_small, ends_clause, opens_item, pitch

WIDE_GAP = 1.8
"""Between two spans alone on a line, in font sizes, that makes them cells; less can be a stretched space."""
TABLE_LEADING = 2.2
"""Up to this multiple of the leading, a line without cells can belong to the table around it."""


def table_lines(lines: Sequence[Line], style: Style, right: float) -> list[bool]:
    """Which lines are rows of tables: those with cells, and those without that stand between them."""
    in_table = [_has_cells(lines, position) for position in range(len(lines))]
    for position in range(1, len(lines)):
        if in_table[position - 1] and not in_table[position]:
            in_table[position] = _cell_goes_on(lines[position - 1], lines[position], style)
    narrow = 0.75 * (right - min((line.left for line in lines), default=0.0))
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and not in_table[end]:
            end += 1
        between = lines[start:end]
        if (
            0 < start < end < len(lines)
            and len(between) <= 3
            and all(
                line.right - line.left < narrow or begins_small(following.text)
                for line, following in pairwise(lines[start : end + 1])
            )
            and all(
                pitch(line, following) < TABLE_LEADING * style.leading
                for line, following in pairwise(lines[start - 1 : end + 1])
            )
        ):
            in_table[start:end] = [True] * (end - start)
        start = end + 1
    return in_table


def table_rows(lines: Sequence[Line], style: Style, hyphens: Hyphens) -> Iterator[tuple[Line, list[str]]]:
    """The rows of a table, each as its last line and the texts of its cells; a label of two lines is one cell."""
    columns = _columns(lines)
    row: list[str] = []
    before: Line | None = None
    for line in lines:
        cells = _in_columns(line, columns)
        if before and len(cells) == 1 < len(row) and _cell_goes_on(before, line, style):
            row = [*row[:-1], hyphens.join(row[-1], cells[0])]
        elif before and _label_goes_on(before, line, len(row), style):
            row = [hyphens.join(row[0], cells[0]), *row[1:], *cells[1:]]
        else:
            if before:
                yield before, row
            row = cells
        before = line
    if before:
        yield before, row


def _cell_goes_on(before: Line, line: Line, style: Style) -> bool:
    """Whether the line is nothing but more text of the last cell of the row before it."""
    cell, more = before.cells[-1], line.cells[0]
    return (
        abs(cell.left - more.left) < 0.3 * more.size
        and more.text[:1].isalpha()
        and are_close(before, line, style)
        and not ends_clause(cell.text)
    )


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The left and right edges of a table's columns, by its fullest rows; none where they do not agree."""
    most = max(len(line.cells) for line in lines)
    full = [line.cells for line in lines if len(line.cells) == most]
    columns = [
        (min(cell.left for cell in cells), max(cell.right for cell in cells)) for cells in zip(*full, strict=True)
    ]
    agree = all(right <= left for (_, right), (left, _) in pairwise(columns))
    return columns if agree and len(full) > 1 else []


def _in_columns(line: Line, columns: Sequence[tuple[float, float]]) -> list[str]:
    """The cells of a row, with empty ones for the columns it leaves out, where it is clear which those are."""
    texts = [cell.text for cell in line.cells]
    if not 1 < len(texts) < len(columns):
        return texts
    below = [
        [number for number, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
        for cell in line.cells
    ]
    if any(len(numbers) != 1 for numbers in below) or len({number for (number,) in below}) < len(texts):
        return texts
    by_column = {number: text for (number,), text in zip(below, texts, strict=True)}
    if 0 not in by_column:  # the head of the table: nothing is gained by a row that begins with a gap
        return texts
    return [by_column.get(number, "") for number in range(max(by_column) + 1)]


def _label_goes_on(before: Line, line: Line, cells: int, style: Style) -> bool:
    if not are_close(before, line, style) or not begins_small(line.cells[0].text):
        return False
    if len(before.cells) > 1 and line.left > before.cells[1].left - 0.3 * line.size:
        return False
    return (cells == 1 or len(line.cells) == 1) and line.left >= before.left - 0.5 * line.size


def _has_cells(lines: Sequence[Line], position: int) -> bool:
    line = lines[position]
    if len(line.cells) == 1:
        return False
    if len(line.cells) == 2:
        if opens_item(line.cells[0].text):
            return False
        gap = line.cells[1].left - line.cells[0].right
        if gap < WIDE_GAP * line.size:
            around = (*lines[max(position - 1, 0) : position], *lines[position + 1 : position + 2])
            return any(_share_gap(line, other) for other in around)
    return True


def _share_gap(line: Line, other: Line) -> bool:
    """Whether a gap of `line` lies over one of `other`."""
    middle = (line.cells[0].right + line.cells[1].left) / 2
    return any(left.right < middle < right.left for left, right in pairwise(other.cells))
