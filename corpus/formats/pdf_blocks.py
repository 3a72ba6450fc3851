"""Blocks of text from the regions of pages: paragraphs, list items, rows of tables, headings.

Lines become a paragraph again when their distance, size and fullness say that they were one; a paragraph goes on in
the next column or on the next page when its sentence does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.formats.markup import CELL_SEPARATOR
from corpus.formats.pdf_hyphens import Hyphens, ends_with_hyphen, shown
from corpus.formats.pdf_layout import Row
from corpus.formats.pdf_lines import (
    LARGER,
    SAME_SIZE,
    Line,
    Style,
    are_close,
    begins_small,
    ends_clause,
    has_bullet,
    has_enumerator,
    is_full,
    is_item,
    line_of,
    style_of,
)
from corpus.formats.pdf_tables import table_lines, table_rows
from corpus.formats.pdf_titles import PageTop, title_length
from corpus.works import PAGE_BREAK, Block, BlockKind

HEADING_CHARACTERS = 150
HEADING_LINES = 4
BOLD_HEADING_WORDS = 16
DEEPEST_HEADING = 6
ROOM = 1.5
"""Beside the next word, in font sizes: less than this at the end of a page's last line says that it is full."""
MOST_FOOTNOTES = 4
"""Between the two parts of a paragraph."""
WORDS_OF_SENTENCES = 12
"""In each of two paragraphs that are taken for one though the last line of the first is short."""

_OPEN_END = re.compile(r" (?:an?|and|as|at|by|for|from|into|of|or|that|the|their|to|with)$")


@dataclass(frozen=True, slots=True)
class PageRegions:
    """The regions of a page in reading order; `sizes_count` says whether font sizes are known rather than estimated."""

    number: int
    regions: list[list[Row]]
    aside: tuple[str, ...] = ()
    sizes_count: bool = True


@dataclass(frozen=True, slots=True)
class _Region:
    """The lines of a region, where the longest ends, and which of them are rows of tables."""

    lines: Sequence[Line]
    right: float
    in_table: Sequence[bool]


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
    lines = [[[line_of(row, page.number) for row in region] for region in page.regions] for page in pages]
    style = style_of([region for regions in lines for region in regions])
    hyphens = Hyphens(span for page in pages for region in page.regions for row in region for span in row)
    pieces: list[_Piece] = []
    for page, page_lines in zip(pages, lines, strict=True):
        regions = [_region(region_lines, style) for region_lines in page_lines]
        title = _title_length(pieces, regions, style, hyphens) if page.sizes_count else 0
        for region in regions:
            for number, piece in enumerate(_pieces(region, style, hyphens, page.sizes_count, title)):
                if number == 0 and _continue(pieces, piece, hyphens):
                    continue
                pieces.append(piece)
            title = 0
        pieces += [_Piece(BlockKind.PARAGRAPH, [text], page.number, 0.0) for text in page.aside]
    return [_block(piece) for piece in pieces]


def _region(lines: Sequence[Line], style: Style) -> _Region:
    right = max((line.right for line in lines), default=0.0)
    return _Region(lines, right, table_lines(lines, style, right))


def _pieces(region: _Region, style: Style, hyphens: Hyphens, sizes_count: bool, title: int) -> Iterator[_Piece]:
    """The blocks of a region, the first `title` lines of which are that of the page."""
    lines, in_table, right = region.lines, region.in_table, region.right
    position = title
    if title:
        yield _paragraph(lines[:title], _bold_level(style), right, hyphens)
    while position < len(lines):
        end = position + 1
        if in_table[position]:
            while end < len(lines) and in_table[end]:
                end += 1
            for line, cells in table_rows(lines[position:end], style, hyphens):
                yield _Piece(BlockKind.ROW, cells, line.page, line.size)
        else:
            level = _heading_level(lines, in_table, position, style) if sizes_count else 0
            while end < len(lines) and not in_table[end] and _goes_on(lines, position, end, style, right, level):
                end += 1
            yield _paragraph(lines[position:end], level, right, hyphens)
        position = end


def _title_length(pieces: Sequence[_Piece], regions: Sequence[_Region], style: Style, hyphens: Hyphens) -> int:
    """How many lines of the first region are the title of the page; 0 where that, or the next line, is a heading."""
    if not regions:
        return 0
    lines, in_table = regions[0].lines, regions[0].in_table
    page = PageTop(
        [line for region in regions for line in region.lines],
        [is_row for region in regions for is_row in region.in_table],
    )
    length = title_length(page, style, after_table=bool(pieces) and pieces[-1].kind is BlockKind.ROW)
    if not 0 < length <= len(lines):
        return 0
    around = [position for position in (0, length) if position < len(lines) and not in_table[position]]
    if any(_heading_level(lines, in_table, position, style) for position in around):
        return 0
    opening = _paragraph(lines[:1], 0, regions[0].right, hyphens)
    return length if _open_position(pieces, opening) is None else 0


def _is_open(text: str) -> bool:
    """Whether the text ends as no sentence and no heading does: within a word, or with an article or a preposition."""
    return ends_with_hyphen(text) or bool(_OPEN_END.search(text[-8:]))


def _goes_on(lines: Sequence[Line], start: int, position: int, style: Style, right: float, level: int) -> bool:
    """Whether the line at `position` goes on with the block that began at `start`."""
    line, before = lines[position], lines[position - 1]
    if abs(line.size - before.size) > SAME_SIZE * before.size or not are_close(before, line, style):
        return False
    if level:
        return _look_alike(before, line, style)
    text = line.text
    ended = ends_clause(before.text)
    if has_bullet(line) or (has_enumerator(line) and (ended or (position - start == 1 and is_item(lines[start])))):
        return False
    if not ended and (begins_small(text) or _is_open(before.text)):
        return True
    if line.bold != before.bold and not is_full(before, line, right):
        return False
    if position - start >= 2 and line.left > before.left + 0.9 * line.size and not is_item(lines[start]):
        return False  # an indented first line
    return is_full(before, line, right)


def _heading_level(lines: Sequence[Line], in_table: Sequence[bool], position: int, style: Style) -> int:
    """The level of the heading that begins at `position`; 0 for what is none. A wrong heading is worse than none."""
    line = lines[position]
    end = position + 1
    while end < len(lines) and not in_table[end] and _look_alike(line, lines[end], style):
        end += 1
    text = " ".join(line.text for line in lines[position:end])
    letters = sum(map(str.isalpha, text))
    if len(text) > HEADING_CHARACTERS or letters < 3 or letters < 0.5 * len(text) or text[0].islower():
        return 0
    if has_bullet(line) or text.endswith((",", ";")):
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
    return _bold_level(style)


def _bold_level(style: Style) -> int:
    """The level of headings that are not larger than the text."""
    return min(len(style.larger_sizes) + 1, DEEPEST_HEADING)


def _look_alike(line: Line, following: Line, style: Style) -> bool:
    """Whether the next line can belong to the same heading."""
    return (
        abs(line.size - following.size) <= SAME_SIZE * line.size
        and line.bold == following.bold
        and are_close(line, following, style)
    )


def _paragraph(lines: Sequence[Line], level: int, right: float, hyphens: Hyphens) -> _Piece:
    text = lines[0].text
    for line in lines[1:]:
        text = hyphens.join(text, line.text)
    kind = BlockKind.HEADING if level else BlockKind.ITEM if is_item(lines[0]) else BlockKind.PARAGRAPH
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
    position = _open_position(pieces, piece)
    if position is None:
        return False
    open_piece = pieces.pop(position)
    pieces.append(open_piece)
    text = open_piece.lines[0]
    last_page = open_piece.page + text.count(PAGE_BREAK)
    if last_page == piece.page:
        joined = hyphens.join(text, piece.lines[0])
    else:
        joined = _join_pages(text, piece.lines[0], hyphens)
    open_piece.lines = [joined]
    open_piece.room, open_piece.last_left = piece.room, piece.last_left
    return True


def _open_position(pieces: Sequence[_Piece], piece: _Piece) -> int | None:
    """Where the paragraph stands that `piece`, the first of its region, goes on with, if there is one."""
    if piece.kind is not BlockKind.PARAGRAPH:
        return None
    position = len(pieces) - 1
    while position >= 0 and pieces[position].size < (1 - SAME_SIZE) * piece.size:
        position -= 1
    if position < 0 or position < len(pieces) - 1 - MOST_FOOTNOTES:
        return None
    open_piece = pieces[position]
    if any(footnote.page != open_piece.page for footnote in pieces[position + 1 :]):
        return None
    text = open_piece.lines[0]
    if open_piece.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or open_piece.page < piece.page - 1:
        return None
    if abs(open_piece.size - piece.size) > SAME_SIZE * piece.size or ends_clause(text):
        return None
    if not _sentence_goes_on(open_piece, piece):
        return None
    return position


def _sentence_goes_on(piece: _Piece, following: _Piece) -> bool:
    """Whether the sentence that `piece` does not end is ended by `following`."""
    text, more = piece.lines[0], following.lines[0]
    if begins_small(more) or _is_open(text):
        return True
    if piece.room < following.first_width + ROOM * following.size:
        return True
    # Where a printed web page is cut, the last line can be short.
    if piece.kind is BlockKind.ITEM and piece.last_left <= piece.left:
        return False
    return (
        abs(following.left - piece.last_left) < 0.5 * piece.size
        and min(len(text.split()), len(more.split())) >= WORDS_OF_SENTENCES
        and ends_clause(more)
    )


def _join_pages(text: str, following: str, hyphens: Hyphens) -> str:
    """Both with a page break between them; a word that is divided by it stays whole, on the page it begins on."""
    if not ends_with_hyphen(text):
        return f"{text}{PAGE_BREAK}{following}"
    first, _, rest = following.partition(" ")
    return f"{hyphens.join(text, first)}{PAGE_BREAK}{rest}"


def _block(piece: _Piece) -> Block:
    return Block(piece.kind, shown(CELL_SEPARATOR.join(piece.lines)).replace("\uf0b7", "•"), piece.level, piece.page)
