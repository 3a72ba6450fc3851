"""Running heads, running feet and page numbers: what stands at the edges of page after page.

A line is taken away only when it is among the outermost of its page, lies in the margin zone, and comes back, figures
aside, in the same place on other pages. The number that ends a page may stand anywhere, as under a page half empty.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.formats.pdf_layout import Row

FEWEST_PAGES = 3
"""On which a line must come back; in a file of two pages both are enough, if it is set off from the body."""
MARGIN = 0.12
"""Share of the page's height, at the top and at the bottom, in which running lines stand."""
OUTERMOST = 4
"""Lines at each edge that are looked at."""
SAME_PLACE = 6.0
"""Points by which its height may differ from page to page."""
COMMON = 0.2
"""Share of the pages; a line on fewer of them must be set off from the body, as the head of a table is not."""
WHITE = 0.7
"""Between a line and the body it is set off from, in font sizes."""

_Key = tuple[str, int]

_FIGURES = re.compile(r"\d+")
_ROMAN = r"[ivxlcdm]{1,7}"
_PAGE_NUMBER = re.compile(
    rf"(?:page |p\. ?)?(?:[-–—] ?)?(?:[a-z]{{1,2}}-)?(\d{{1,5}}|{_ROMAN})(?: ?[-–—])?(?: (?:of|/) \d+)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of a page, with its number (from 1), its label and its height."""

    number: int
    label: str | None
    height: float
    rows: list[Row]


def without_furniture(pages: Sequence[PageRows]) -> list[list[Row]]:
    """The rows of each page that are no running heads, running feet or page numbers."""
    repeated = _repeated(pages)
    remaining = []
    for page in pages:
        furniture = {position for edge in _edges(page) for position in _furniture(page, edge, repeated, len(pages))}
        remaining.append([row for position, row in enumerate(page.rows) if position not in furniture])
    return remaining


def _repeated(pages: Sequence[PageRows]) -> Counter[_Key]:
    """On how many pages each key stands; in its place, give or take one step."""
    seen: Counter[_Key] = Counter()
    for page in pages:
        keys = {_key(page, position) for edge in _edges(page) for position in edge}
        seen.update({(text, place + step) for text, place in keys for step in (-1, 0, 1)})
    return seen


def _edges(page: PageRows) -> Iterator[list[int]]:
    """Positions of the rows in the margin zones, the outermost first; the last row of all may be a page number."""
    rows, last = page.rows, len(page.rows) - 1
    yield [position for position in range(min(OUTERMOST, last + 1)) if rows[position][0].bottom <= MARGIN * page.height]
    yield [
        position
        for position in range(last, max(last - OUTERMOST, -1), -1)
        if rows[position][0].top >= (1 - MARGIN) * page.height
        or (position == last and _PAGE_NUMBER.fullmatch(_text(rows[position])))
    ]


def _furniture(page: PageRows, edge: list[int], repeated: Counter[_Key], pages: int) -> list[int]:
    """Those of `edge` that come back, up to the last that is set off from the body or stands on every few pages."""
    last = 0
    for count, position in enumerate(edge, start=1):
        found = repeated[_key(page, position)]
        if _is_own_number(page, position):
            last = count
        elif found < _fewest(page, position, pages):
            break
        elif FEWEST_PAGES <= pages <= found / COMMON or _is_set_off(page, edge, position):
            last = count
    return edge[:last]


def _fewest(page: PageRows, position: int, pages: int) -> int:
    """On how many pages the row must come back; what ends like a sentence may be one that two pages share."""
    ends_like_sentence = _text(page.rows[position]).endswith((".", "!", "?"))
    return FEWEST_PAGES if pages != 2 or ends_like_sentence else 2


def _is_set_off(page: PageRows, edge: list[int], position: int) -> bool:
    """Whether there is more white between the row and the body than between the lines of a paragraph."""
    inwards = position + 1 if edge[0] == 0 else position - 1
    if not 0 <= inwards < len(page.rows):
        return True
    row, body = page.rows[position][0], page.rows[inwards][0]
    return max(row.top, body.top) - min(row.bottom, body.bottom) > WHITE * max(row.size, body.size)


def _key(page: PageRows, position: int) -> _Key:
    """What must come back: a page number at its distance from the page's count, other text but for its figures."""
    row = page.rows[position]
    text = _text(row)
    number = _PAGE_NUMBER.fullmatch(text)
    if number:
        return (f"page {int(number[1]) - page.number}", 0) if number[1].isdecimal() else ("page", 0)
    if any(map(str.isalpha, text)):  # figures alone could be those of a table
        text = _FIGURES.sub("#", text)
    return text, round(row[0].bottom / SAME_PLACE)


def _text(row: Row) -> str:
    return " ".join([span.text for span in row]).lower()


def _is_own_number(page: PageRows, position: int) -> bool:
    """Whether the row is nothing but the number or the label of its page."""
    number = _PAGE_NUMBER.fullmatch(_text(page.rows[position]))
    return number is not None and number[1] in (str(page.number), (page.label or "").lower())
