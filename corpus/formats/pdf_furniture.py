"""Running heads, running feet and page numbers: what stands at the edges of page after page.

A line is taken away only when it is among the outermost of its page, lies in the margin zone, comes back in the same
place on other pages, and is set off from the body or plainly none of it. A figure in it may differ if it counts the
pages. What reads like part of a sentence stays, however often it comes back: letters made from one template open with
the same sentence. The number that ends a page may stand anywhere, as under a page half empty.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pdf_layout import Row

FEWEST_PAGES = 3
"""On which a line must come back; in a file of two pages both are enough."""
MARGIN = 0.12
"""Share of the page's height, at the top and at the bottom, in which running lines stand."""
OUTERMOST = 4
"""Lines at each edge that are looked at."""
SAME_PLACE = 6.0
"""Points by which its height may differ from page to page."""
COMMON = 0.5
"""Share of the pages; a line on fewer of them must be set off from the body, as the head of a table is not."""
WHITE = 0.7
"""Between a line and the body it is set off from, in font sizes."""
MORE_WHITE = 1.5
"""Between a line and the body it is set off from, in what is usual between the lines of a paragraph."""
WORDS_OF_PROSE = 5
"""A line that has more words than this is taken for one of a paragraph when white is measured."""
WORDS_OF_LABEL = 8
"""At most, in a line that is plainly no prose."""
LETTERS_OF_SMALL_WORDS = 3
"""At most, in the words that titles, too, write small: of, and, for."""
LONGEST = 200
"""Characters of a line that holds the number of its page."""

_Key = tuple[str, int]

_FIGURES = re.compile(r"\d+")
_ROMAN = r"[ivxlcdm]{1,7}"
_PAGE_NUMBER = re.compile(
    rf"(?:page |p\. ?)?(?:[-–—] ?)?(?:[a-z]{{1,2}}-)?(\d{{1,5}}|{_ROMAN})(?: ?[-–—])?(?: (?:of|/) \d+)?", re.ASCII
)
_STOP = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
_PAUSE = re.compile(r"[,;:،、]$")
_STOP_WITHIN = re.compile(r"\b(?=[^\W\d_])(\w{3,})[.!?][\"'”’»)\]]* [^\W\d_]")


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of a page, with its number (from 1), its label and its height."""

    number: int
    label: str | None
    height: float
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _Usual:
    """What the pages of a file have in common: how often each key stands on one, and the white between lines."""

    pages: int
    repeated: Counter[_Key]
    white: float  # in font sizes


def without_furniture(pages: Sequence[PageRows]) -> list[list[Row]]:
    """The rows of each page that are no running heads, running feet or page numbers."""
    usual = _Usual(len(pages), _repeated(pages), _white_within_paragraphs(pages))
    remaining = []
    for page in pages:
        furniture = {position for edge in _edges(page) for position in _furniture(page, edge, usual)}
        remaining.append([row for position, row in enumerate(page.rows) if position not in furniture])
    return remaining


def _repeated(pages: Sequence[PageRows]) -> Counter[_Key]:
    """On how many pages each key stands; in its place, give or take one step."""
    seen: Counter[_Key] = Counter()
    for page in pages:
        keys = {key for edge in _edges(page) for position in edge for key in _keys(page, position)}
        seen.update({(text, place + step) for text, place in keys for step in (-1, 0, 1)})
    return seen


def _white_within_paragraphs(pages: Sequence[PageRows]) -> float:
    """Usual white between two lines of prose, in font sizes; none where there is no prose."""
    whites = [
        _white(row, following) / max(row[0].size, following[0].size)
        for page in pages
        for row, following in pairwise(page.rows)
        if len(row) == len(following) == 1 and min(row[0].words, following[0].words) > WORDS_OF_PROSE
    ]
    return median(whites) if whites else 0.0


def _edges(page: PageRows) -> Iterator[list[int]]:
    """Positions of the rows in the margin zones, the outermost first; the last row of all may be a page number."""
    rows, last = page.rows, len(page.rows) - 1
    yield [position for position in range(min(OUTERMOST, last + 1)) if rows[position][0].bottom <= MARGIN * page.height]
    yield [
        position
        for position in range(last, max(last - OUTERMOST, -1), -1)
        if rows[position][0].top >= (1 - MARGIN) * page.height
        or (position == last and _PAGE_NUMBER.fullmatch(_text(rows[position]).lower()))
    ]


def _furniture(page: PageRows, edge: list[int], usual: _Usual) -> list[int]:
    """Those of `edge` that come back, up to the last that is set off from the body or plainly none of it."""
    fewest = FEWEST_PAGES if usual.pages != 2 else 2
    last = 0
    for count, position in enumerate(edge, start=1):
        if _is_own_number(page, position):
            last = count
            continue
        found = max(usual.repeated[key] for key in _keys(page, position))
        body = _inwards(page, edge, position)
        is_set_off = body is None or _is_set_off(page.rows[position], body, usual.white)
        if found < fewest or _reads_like_prose(page.rows[position], None if is_set_off else body):
            break
        is_common = FEWEST_PAGES <= usual.pages <= found / COMMON
        if body is None or is_set_off or (is_common and _is_label(page.rows[position], body)):
            last = count
    return edge[:last]


def _inwards(page: PageRows, edge: list[int], position: int) -> Row | None:
    """The next row towards the middle of the page."""
    inwards = position + 1 if edge[0] == 0 else position - 1
    return page.rows[inwards] if 0 <= inwards < len(page.rows) else None


def _is_set_off(row: Row, body: Row, usual_white: float) -> bool:
    """Whether there is more white between the row and the body than between the lines of a paragraph."""
    return _white(row, body) > max(WHITE, MORE_WHITE * usual_white) * max(row[0].size, body[0].size)


def _white(row: Row, other: Row) -> float:
    return max(row[0].top, other[0].top) - min(row[0].bottom, other[0].bottom)


def _reads_like_prose(row: Row, neighbour: Row | None) -> bool:
    """Whether the row can be part of a sentence; `neighbour` is the next row, if no white parts the two."""
    text = _text(row)
    if _PAUSE.search(text):
        return True
    if _STOP.search(text) and (_small_words(text) or not _has_case(text)):  # else a name, such as Adobe Inc.
        return True
    within = _STOP_WITHIN.search(text)
    if within and within[1][0].islower():  # else an abbreviation in a name
        return True
    if neighbour is None:
        return False
    if len(text.split()) > WORDS_OF_LABEL and _small_words(text):
        return True
    upper, lower = (row, neighbour) if row[0].top < neighbour[0].top else (neighbour, row)
    return _text(lower)[:1].islower() and not _STOP.search(_text(upper))


def _is_label(row: Row, body: Row) -> bool:
    """Whether the row, though it touches the body, is plainly none of it: a few capitalised words that look unlike."""
    spans = [span for span in row if not _PAGE_NUMBER.fullmatch(span.text.lower())]
    text = _text(spans)
    look, look_of_body = ((line[0].size, line[0].bold, round(line[0].left)) for line in (row, body))
    return (
        len(spans) == 1
        and spans[0].words <= WORDS_OF_LABEL
        and look != look_of_body
        and _has_case(text)
        and not text[0].islower()
        and not _small_words(text)
        and not _STOP.search(text)
    )


def _small_words(text: str) -> bool:
    """Whether words are written small that a title would capitalise."""
    return any(word[0].islower() and len(word) > LETTERS_OF_SMALL_WORDS for word in text.split())


def _has_case(text: str) -> bool:
    return text.lower() != text.upper()


def _keys(page: PageRows, position: int) -> list[_Key]:
    """What must come back, any one of these: the text, or the text with one of its figures as distance to the page."""
    row = page.rows[position]
    text = _text(row).lower()
    number = _PAGE_NUMBER.fullmatch(text)
    if number:
        return [(f"page {int(number[1]) - page.number}", 0) if number[1].isdecimal() else ("page", 0)]
    place = round(row[0].bottom / SAME_PLACE)
    keys = [(text, place)]
    # Figures alone could be those of a table; a long line is none that names a page.
    if any(map(str.isalpha, text)) and len(text) <= LONGEST:
        for figure in _FIGURES.finditer(text):
            distance = int(figure[0][-9:]) - page.number
            keys.append((f"{text[: figure.start()]}#{distance}{text[figure.end() :]}", place))
    return keys


def _text(row: Row) -> str:
    return " ".join([span.text for span in row])


def _is_own_number(page: PageRows, position: int) -> bool:
    """Whether the row is nothing but the number or the label of its page."""
    number = _PAGE_NUMBER.fullmatch(_text(page.rows[position]).lower())
    return number is not None and number[1] in (str(page.number), (page.label or "").lower())
