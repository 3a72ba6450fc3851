"""Blocks of text from the regions of pages: paragraphs, list items, rows of tables, headings.

Lines become a paragraph again when their distance, size and fullness say that they were one; a paragraph goes on in
the next column or on the next page when its sentence does.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus.formats.markup import CELL_SEPARATOR
from corpus.formats.pdf_hyphens import Hyphens, ends_with_hyphen, shown
from corpus.formats.pdf_layout import Row
from corpus.formats.pdf_text import Span
from corpus.works import PAGE_BREAK, Block, BlockKind

LARGER = 1.15
"""Font size of a heading, in sizes of the body text."""
HEADING_CHARACTERS = 150
HEADING_LINES = 4
WORDS_OF_PROSE = 5
"""A line without cells that has more words than this is taken for one of a paragraph."""
BOLD_HEADING_WORDS = 16
DEEPEST_HEADING = 6
WIDE_GAP = 1.8
"""Between two spans alone on a line, in font sizes, that makes them cells; less can be a stretched space."""
USUAL_LEADING = 1.2
"""Distance of baselines in font sizes, where a document has no prose to measure it by."""
PARAGRAPH_LEADING = 1.3
"""From this multiple of the leading on, two lines belong to two paragraphs."""
TABLE_LEADING = 2.2
"""Up to this multiple of the leading, a line without cells can belong to the table around it."""
ROOM = 1.5
"""Beside the next word, in font sizes: less than this at the end of a page's last line says that it is full."""
MOST_FOOTNOTES = 4
"""Between the two parts of a paragraph."""
WORDS_OF_SENTENCES = 12
"""In each of two paragraphs that are taken for one though the last line of the first is short."""
SAME_SIZE = 0.08
"""Difference of font sizes within a paragraph."""

_BULLET = re.compile(r"[•▪◦‣●○■□➢✓\uf0b7\uf0a7\uf0d8*–—-]|o")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|(?:\d{1,2}|[a-zA-Z])\.|\d{1,2}(?:\.\d{1,2}){1,3}\.?")
_OPENING = re.compile(r"(\S+)\s+\S")
_QUOTES = r"[\"'”’»)\]]*"
_SENTENCE_END = re.compile(
    rf"[.!?:;…]{_QUOTES}$|(?<=[^\W\d])[.!?…]{_QUOTES}(?:\d{{1,2}}|\(\d{{1,2}}\))$"
)  # a note's number
_OPEN_END = re.compile(r" (?:an?|and|as|at|by|for|from|into|of|or|that|the|their|to|with)$")
_CURRENCY = re.compile(r"\(?[$€£¥]\s?\(?|[A-Z]{2,3}\$|US\$")
_CURRENCY_AFTER = re.compile(r"(?<=[\d)—-]) ([$€£¥])$")
_CLOSING = re.compile(r"[)%*†‡\]]+")


@dataclass(slots=True)
class _Line:
    """A line of a region: its cells, and where it stands."""

    cells: list[Span]
    page: int
    left: float = field(init=False)
    right: float = field(init=False)
    bottom: float = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)

    def __post_init__(self) -> None:
        main = max(self.cells, key=lambda cell: len(cell.text))
        self.left = self.cells[0].left
        self.right = self.cells[-1].right
        self.bottom, self.size = main.bottom, main.size
        self.bold = all(cell.bold for cell in self.cells)

    @property
    def text(self) -> str:
        return " ".join([cell.text for cell in self.cells])


@dataclass(frozen=True, slots=True)
class PageRegions:
    """The regions of a page in reading order; `sizes_count` says whether font sizes are known rather than estimated."""

    number: int
    regions: list[list[Row]]
    aside: tuple[str, ...] = ()
    sizes_count: bool = True


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in a document: the font size of prose, by page, whether it is bold, its leading in font sizes."""

    size: float
    size_on_page: Mapping[int, float]
    bold: bool
    leading: float
    larger_sizes: tuple[int, ...]  # rounded; those headings can have, the largest first


@dataclass(slots=True)
class _Piece:
    """A block in the making: its text (cells, for a row), and how its first line begins and its last one ends."""

    kind: BlockKind
    lines: list[str]
    page: int
    size: float
    level: int = 0
    first_width: float = 0.0
    left: float = 0.0
    last_left: float = 0.0
    room: float = 0.0


def blocks_of(pages: Sequence[PageRegions]) -> list[Block]:
    """The blocks of a document, in the order of its pages."""
    regions = [[_Line(_cells(row), page.number) for row in region] for page in pages for region in page.regions]
    style = _style(regions)
    hyphens = Hyphens(span for page in pages for region in page.regions for row in region for span in row)
    pieces: list[_Piece] = []
    position = 0
    for page in pages:
        for _ in page.regions:
            for number, piece in enumerate(_pieces(regions[position], style, hyphens, page.sizes_count)):
                if number == 0 and _continue(pieces, piece, hyphens):
                    continue
                pieces.append(piece)
            position += 1
        pieces += [_Piece(BlockKind.PARAGRAPH, [text], page.number, 0.0) for text in page.aside]
    return [_block(piece) for piece in pieces]


def _cells(row: Row) -> list[Span]:
    """The spans of a row, with currency signs joined to the figure after them, and closing signs to that before."""
    cells: list[Span] = []
    for span in row:
        before = cells[-1] if cells else None
        if before and _CURRENCY.fullmatch(before.text):
            cells[-1] = span._replace(
                text=f"{before.text} {span.text}", left=before.left, first_width=before.first_width
            )
        elif before and _CLOSING.fullmatch(span.text):
            cells[-1] = before._replace(text=before.text + span.text, right=span.right)
        else:
            sign = _CURRENCY_AFTER.search(before.text) if before else None
            if before and sign:
                cells[-1] = before._replace(text=before.text[: sign.start()])
                span = span._replace(text=f"{sign[1]} {span.text}")
            cells.append(span)
    return cells


def _style(regions: Sequence[Sequence[_Line]]) -> _Style:
    lines = [line for region in regions for line in region]
    prose = [line for line in lines if len(line.cells) == 1 and line.cells[0].words > WORDS_OF_PROSE] or lines
    on_page: dict[int, Counter[float]] = {}
    bold = 0
    for line in prose:
        on_page.setdefault(line.page, Counter())[line.size] += len(line.text)
        bold += len(line.text) if line.bold else -len(line.text)
    sizes = sum(on_page.values(), Counter[float]())
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    leadings = [
        leading
        for region in regions
        for line, following in pairwise(region)
        if len(line.cells) == len(following.cells) == 1 and line.cells[0].words > WORDS_OF_PROSE
        if 0.8 < (leading := _pitch(line, following)) < 3
    ]
    return _Style(
        size=size,
        size_on_page={page: found.most_common(1)[0][0] for page, found in on_page.items()},
        bold=bold > 0,
        leading=median(leadings) if leadings else USUAL_LEADING,
        larger_sizes=tuple(sorted({round(line.size) for line in lines if line.size >= LARGER * size}, reverse=True)),
    )


def _pieces(lines: Sequence[_Line], style: _Style, hyphens: Hyphens, sizes_count: bool) -> Iterator[_Piece]:
    """The blocks of a region."""
    right = max((line.right for line in lines), default=0.0)
    in_table = _table_lines(lines, style, right)
    position = 0
    while position < len(lines):
        end = position + 1
        if in_table[position]:
            while end < len(lines) and in_table[end]:
                end += 1
            yield from _rows(lines[position:end], style, hyphens)
        else:
            level = _heading_level(lines, in_table, position, style) if sizes_count else 0
            while end < len(lines) and not in_table[end] and _goes_on(lines, position, end, style, right, level):
                end += 1
            yield _paragraph(lines[position:end], level, right, hyphens)
        position = end


def _table_lines(lines: Sequence[_Line], style: _Style, right: float) -> list[bool]:
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
                line.right - line.left < narrow or _begins_small(following.text)
                for line, following in pairwise(lines[start : end + 1])
            )
            and all(
                _pitch(line, following) < TABLE_LEADING * style.leading
                for line, following in pairwise(lines[start - 1 : end + 1])
            )
        ):
            in_table[start:end] = [True] * (end - start)
        start = end + 1
    return in_table


def _cell_goes_on(before: _Line, line: _Line, style: _Style) -> bool:
    """Whether the line is nothing but more text of the last cell of the row before it."""
    cell, more = before.cells[-1], line.cells[0]
    return (
        abs(cell.left - more.left) < 0.3 * more.size
        and more.text[:1].isalpha()
        and _pitch(before, line) <= PARAGRAPH_LEADING * style.leading
        and not _ends_sentence(cell.text)
    )


def _begins_small(text: str) -> bool:
    """Whether the text begins as no sentence and no label does: with a small letter, in brackets or not."""
    if text[:1] == "(":
        return text[1:2].islower() and not _ENUMERATOR.fullmatch(text.partition(" ")[0])
    return text[:1].islower()


def _has_cells(lines: Sequence[_Line], position: int) -> bool:
    line = lines[position]
    if len(line.cells) == 1:
        return False
    if len(line.cells) == 2:
        if _opens_item(line.cells[0].text):
            return False
        gap = line.cells[1].left - line.cells[0].right
        if gap < WIDE_GAP * line.size:
            around = (*lines[max(position - 1, 0) : position], *lines[position + 1 : position + 2])
            return any(_share_gap(line, other) for other in around)
    return True


def _share_gap(line: _Line, other: _Line) -> bool:
    """Whether a gap of `line` lies over one of `other`."""
    middle = (line.cells[0].right + line.cells[1].left) / 2
    return any(left.right < middle < right.left for left, right in pairwise(other.cells))


def _opens_item(text: str) -> bool:
    return bool(_BULLET.fullmatch(text) or _ENUMERATOR.fullmatch(text))


def _pitch(line: _Line, following: _Line) -> float:
    """Distance of the baselines in font sizes."""
    return (following.bottom - line.bottom) / max(line.size, following.size)


def _rows(lines: Sequence[_Line], style: _Style, hyphens: Hyphens) -> Iterator[_Piece]:
    """The rows of a table; a label of two lines is one cell."""
    columns = _columns(lines)
    row: list[str] = []
    before: _Line | None = None
    for line in lines:
        cells = _in_columns(line, columns)
        if before and len(cells) == 1 < len(row) and _cell_goes_on(before, line, style):
            row = [*row[:-1], hyphens.join(row[-1], cells[0])]
        elif before and _label_goes_on(before, line, len(row), style):
            row = [hyphens.join(row[0], cells[0]), *row[1:], *cells[1:]]
        else:
            if before:
                yield _Piece(BlockKind.ROW, row, before.page, before.size)
            row = cells
        before = line
    if before:
        yield _Piece(BlockKind.ROW, row, before.page, before.size)


def _columns(lines: Sequence[_Line]) -> list[tuple[float, float]]:
    """The left and right edges of a table's columns, by its fullest rows; none where they do not agree."""
    most = max(len(line.cells) for line in lines)
    full = [line.cells for line in lines if len(line.cells) == most]
    columns = [
        (min(cell.left for cell in cells), max(cell.right for cell in cells)) for cells in zip(*full, strict=True)
    ]
    agree = all(right <= left for (_, right), (left, _) in pairwise(columns))
    return columns if agree and len(full) > 1 else []


def _in_columns(line: _Line, columns: Sequence[tuple[float, float]]) -> list[str]:
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


def _label_goes_on(before: _Line, line: _Line, cells: int, style: _Style) -> bool:
    if _pitch(before, line) > PARAGRAPH_LEADING * style.leading or not _begins_small(line.cells[0].text):
        return False
    if len(before.cells) > 1 and line.left > before.cells[1].left - 0.3 * line.size:
        return False
    return (cells == 1 or len(line.cells) == 1) and line.left >= before.left - 0.5 * line.size


def _ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text[-12:]))


def _is_open(text: str) -> bool:
    """Whether the text ends as no sentence and no heading does: within a word, or with an article or a preposition."""
    return ends_with_hyphen(text) or bool(_OPEN_END.search(text[-8:]))


def _goes_on(lines: Sequence[_Line], start: int, position: int, style: _Style, right: float, level: int) -> bool:
    """Whether the line at `position` goes on with the block that began at `start`."""
    line, before = lines[position], lines[position - 1]
    if abs(line.size - before.size) > SAME_SIZE * before.size or _pitch(before, line) > (
        PARAGRAPH_LEADING * style.leading
    ):
        return False
    if level:
        return _look_alike(before, line, style)
    text = line.text
    ended = _ends_sentence(before.text)
    if _is_bullet(line) or (
        _opens_with_enumerator(line) and (ended or (position - start == 1 and _is_item(lines[start])))
    ):
        return False
    if not ended and (_begins_small(text) or _is_open(before.text)):
        return True
    if line.bold != before.bold and not _is_full(before, line, right):
        return False
    if position - start >= 2 and line.left > before.left + 0.9 * line.size and not _is_item(lines[start]):
        return False  # an indented first line
    return _is_full(before, line, right)


def _is_full(line: _Line, following: _Line, right: float) -> bool:
    """Whether the first word of the next line would not have fit on this one."""
    return line.right + following.cells[0].first_width + 0.3 * line.size > right - 0.5 * line.size


def _is_bullet(line: _Line) -> bool:
    opening = _OPENING.match(line.text)
    return bool(opening and _BULLET.fullmatch(opening[1]))


def _opens_with_enumerator(line: _Line) -> bool:
    opening = _OPENING.match(line.text)
    return bool(opening and _ENUMERATOR.fullmatch(opening[1]))


def _is_item(line: _Line) -> bool:
    return _is_bullet(line) or _opens_with_enumerator(line)


def _heading_level(lines: Sequence[_Line], in_table: Sequence[bool], position: int, style: _Style) -> int:
    """The level of the heading that begins at `position`; 0 for what is none. A wrong heading is worse than none."""
    line = lines[position]
    end = position + 1
    while end < len(lines) and not in_table[end] and _look_alike(line, lines[end], style):
        end += 1
    text = " ".join(line.text for line in lines[position:end])
    letters = sum(map(str.isalpha, text))
    if len(text) > HEADING_CHARACTERS or letters < 3 or letters < 0.5 * len(text) or text[0].islower():
        return 0
    if _is_bullet(line) or text.endswith((",", ";")):
        return 0
    size = style.size_on_page.get(line.page, style.size)
    if line.size >= LARGER * max(size, style.size):
        if end - position > HEADING_LINES or (text.endswith(".") and len(text.split()) > BOLD_HEADING_WORDS // 2):
            return 0
        return min(style.larger_sizes.index(round(line.size)) + 1, DEEPEST_HEADING)
    if style.bold or not line.bold or line.size < size * (1 - SAME_SIZE):
        return 0
    # Bold lines are headings only above text that is not: they can as well be labels, or the head of a table.
    if text.endswith((".", ":")) or len(text.split()) > BOLD_HEADING_WORDS or end - position > HEADING_LINES // 2:
        return 0
    if end == len(lines) or in_table[end] or lines[end].bold:
        return 0
    if position and (in_table[position - 1] or lines[position - 1].bold):
        return 0
    return min(len(style.larger_sizes) + 1, DEEPEST_HEADING)


def _look_alike(line: _Line, following: _Line, style: _Style) -> bool:
    """Whether the next line can belong to the same heading."""
    return (
        abs(line.size - following.size) <= SAME_SIZE * line.size
        and line.bold == following.bold
        and _pitch(line, following) <= PARAGRAPH_LEADING * style.leading
    )


def _paragraph(lines: Sequence[_Line], level: int, right: float, hyphens: Hyphens) -> _Piece:
    text = lines[0].text
    for line in lines[1:]:
        text = hyphens.join(text, line.text)
    kind = BlockKind.HEADING if level else BlockKind.ITEM if _is_item(lines[0]) else BlockKind.PARAGRAPH
    size = max(lines, key=lambda line: len(line.text)).size
    if len(lines) > 1:  # a paragraph can be narrower than its region
        right = max(line.right for line in lines)
    return _Piece(
        kind,
        [text],
        lines[0].page,
        size,
        level,
        first_width=lines[0].cells[0].first_width,
        left=lines[0].left,
        last_left=lines[-1].left,
        room=right - lines[-1].right,
    )


def _continue(pieces: list[_Piece], piece: _Piece, hyphens: Hyphens) -> bool:
    """Joins `piece`, the first of its region, to the paragraph that it goes on with, if there is one.

    Footnotes between the two move before that paragraph: every page then still begins after the one before it.
    """
    if piece.kind is not BlockKind.PARAGRAPH:
        return False
    position = len(pieces) - 1
    while position >= 0 and pieces[position].size < (1 - SAME_SIZE) * piece.size:
        position -= 1
    if position < 0 or position < len(pieces) - 1 - MOST_FOOTNOTES:
        return False
    open_piece = pieces[position]
    if any(footnote.page != open_piece.page for footnote in pieces[position + 1 :]):
        return False
    text = open_piece.lines[0]
    if open_piece.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or open_piece.page < piece.page - 1:
        return False
    if abs(open_piece.size - piece.size) > SAME_SIZE * piece.size or _ends_sentence(text):
        return False
    if not _sentence_goes_on(open_piece, piece):
        return False
    del pieces[position]
    pieces.append(open_piece)
    last_page = open_piece.page + text.count(PAGE_BREAK)
    if last_page == piece.page:
        joined = hyphens.join(text, piece.lines[0])
    else:
        joined = _join_pages(text, piece.lines[0], hyphens)
    open_piece.lines = [joined]
    open_piece.room, open_piece.last_left = piece.room, piece.last_left
    return True


def _sentence_goes_on(piece: _Piece, following: _Piece) -> bool:
    """Whether the sentence that `piece` does not end is ended by `following`."""
    text, more = piece.lines[0], following.lines[0]
    if _begins_small(more) or _is_open(text):
        return True
    if piece.room < following.first_width + ROOM * following.size:
        return True
    # Where a printed web page is cut, the last line can be short.
    if piece.kind is BlockKind.ITEM and piece.last_left <= piece.left:
        return False
    return (
        abs(following.left - piece.last_left) < 0.5 * piece.size
        and min(len(text.split()), len(more.split())) >= WORDS_OF_SENTENCES
        and _ends_sentence(more)
    )


def _join_pages(text: str, following: str, hyphens: Hyphens) -> str:
    """Both with a page break between them; a word that is divided by it stays whole, on the page it begins on."""
    if not ends_with_hyphen(text):
        return f"{text}{PAGE_BREAK}{following}"
    first, _, rest = following.partition(" ")
    return f"{hyphens.join(text, first)}{PAGE_BREAK}{rest}"


def _block(piece: _Piece) -> Block:
    return Block(piece.kind, shown(CELL_SEPARATOR.join(piece.lines)).replace("\uf0b7", "•"), piece.level, piece.page)
