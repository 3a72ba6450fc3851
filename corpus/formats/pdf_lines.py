"""The lines of a page's regions, what is usual for those of a document, and how their texts begin and end."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus.formats.pdf_layout import Row
from corpus.formats.pdf_text import Span

LARGER = 1.15
"""Font size of a heading, in sizes of the body text."""
WORDS_OF_PROSE = 5
"""A line without cells that has more words than this is taken for one of a paragraph."""
USUAL_LEADING = 1.2
"""Distance of baselines in font sizes, where a document has no prose to measure it by."""
PARAGRAPH_LEADING = 1.3
"""From this multiple of the leading on, two lines belong to two paragraphs."""
SAME_SIZE = 0.08
"""Difference of font sizes within a paragraph, as a share of the size."""

_BULLET = re.compile(r"[•▪◦‣●○■□➢✓\uf0b7\uf0a7\uf0d8*–—-]|o")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|(?:\d{1,2}|[a-zA-Z])\.|\d{1,2}(?:\.\d{1,2}){1,3}\.?")
_OPENING = re.compile(r"(\S+)\s+\S")
_QUOTES = r"[\"'”’»)\]]*"
_CLAUSE_END = re.compile(
    rf"[.!?:;…]{_QUOTES}$|(?<=[^\W\d])[.!?…]{_QUOTES}(?:\d{{1,2}}|\(\d{{1,2}}\))$"
)  # a note's number
_CURRENCY = re.compile(r"\(?[$€£¥]\s?\(?|[A-Z]{2,3}\$|US\$")
_CURRENCY_AFTER = re.compile(r"(?<=[\d)—-]) ([$€£¥])$")
_CLOSING = re.compile(r"[)%*†‡\]]+")


@dataclass(slots=True)
class Line:
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
class Style:
    """What is usual in a document: the font size of prose, by page, whether it is bold, its leading in font sizes."""

    size: float
    size_on_page: Mapping[int, float]
    bold: bool
    leading: float
    larger_sizes: tuple[int, ...]  # rounded; those headings can have, the largest first


def line_of(row: Row, page: int) -> Line:
    """The line that a row of the page makes."""
    return Line(_cells(row), page)


def style_of(regions: Sequence[Sequence[Line]]) -> Style:
    """The style of the document with these regions, by its lines of prose, or by all lines where it has none."""
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
        if 0.8 < (leading := pitch(line, following)) < 3
    ]
    return Style(
        size=size,
        size_on_page={page: found.most_common(1)[0][0] for page, found in on_page.items()},
        bold=bold > 0,
        leading=median(leadings) if leadings else USUAL_LEADING,
        larger_sizes=tuple(sorted({round(line.size) for line in lines if line.size >= LARGER * size}, reverse=True)),
    )


def pitch(line: Line, following: Line) -> float:
    """Distance of the baselines in font sizes."""
    return (following.bottom - line.bottom) / max(line.size, following.size)


def are_close(line: Line, following: Line, style: Style) -> bool:
    """Whether the lines are as near each other as those of one paragraph."""
    return pitch(line, following) <= PARAGRAPH_LEADING * style.leading


def is_full(line: Line, following: Line, right: float) -> bool:
    """Whether the first word of the next line would not have fit on this one."""
    return line.right + following.cells[0].first_width + 0.3 * line.size > right - 0.5 * line.size


def begins_small(text: str) -> bool:
    """Whether the text begins as no sentence and no label does: with a small letter, in brackets or not."""
    if text[:1] == "(":
        return text[1:2].islower() and not _ENUMERATOR.fullmatch(text.partition(" ")[0])
    return text[:1].islower()


def opens_item(text: str) -> bool:
    """Whether the text is nothing but the bullet or the number of an item."""
    return bool(_BULLET.fullmatch(text) or _ENUMERATOR.fullmatch(text))


def has_bullet(line: Line) -> bool:
    """Whether the line begins with a bullet."""
    opening = _OPENING.match(line.text)
    return bool(opening and _BULLET.fullmatch(opening[1]))


def has_enumerator(line: Line) -> bool:
    """Whether the line begins with the number or letter of an item or a section."""
    opening = _OPENING.match(line.text)
    return bool(opening and _ENUMERATOR.fullmatch(opening[1]))


def is_item(line: Line) -> bool:
    """Whether the line begins as an item of a list does."""
    return has_bullet(line) or has_enumerator(line)


def ends_clause(text: str) -> bool:
    """Whether the text ends like a sentence or a part of one, with the number of a note after it or not."""
    return bool(_CLAUSE_END.search(text[-12:]))


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
