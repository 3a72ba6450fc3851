"""The title at the top of a page: short lines that stand alone above its first table or paragraph.

Statements and schedules are titled so, in the size of the text: the company, what is shown, for which period. Without
such a title, a table would stand under whatever heading came last on the pages before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import MONTH_NAME
from corpus.formats.pdf_lines import (
    SAME_SIZE,
    WORDS_OF_PROSE,
    Line,
    Style,
    begins_small,
    ends_clause,
    has_bullet,
    has_enumerator,
    is_full,
    is_item,
)

SIMILAR_SIZE = 0.12
"""Difference of the font sizes of a title's lines, as a share of the size; heads of columns are often smaller."""
MOST_LINES = 4
"""Besides those in brackets: (In millions), (Unaudited)."""
LONGEST = 130
"""Characters of a line."""
FEWEST_LETTERS = 0.6
"""Share of letters in a line; the rows of tables hold figures."""
LETTERS_OF_SMALL_WORDS = 3
"""At most, in the words that titles, too, write small: of, and, for."""
CAPITALISED = 0.75
"""Share of the other words of a title that begin with a capital."""
LINES_OF_COLUMN_HEADS = 5
"""Lines without cells, at most, between the title and the first row of its table."""
OFF_CENTRE = 3
"""Between the white on the left and on the right of a centred line, in font sizes."""
WORDS_BESIDE = 3
"""At least, in each of the two parts of a title of which one stands at the left and one at the right of the page."""

_STOPS = (".", ";", ",", ":")
_PERIOD = re.compile(
    rf"(?:for )?(?:the )?(?:[\w-]+ ){{0,2}}(?:year|quarter|month|week|period)s? end(?:ed|ing)\b.*"
    rf"|(?:as )?(?:of|at) {MONTH_NAME}\b.*",
    re.IGNORECASE,
)
"""Says of what is shown only when: "Years ended December 31", "At January 2"."""
_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[($€£¥ -]*\d[\d.,]*[)% ]*")
"""A number that is no year."""


@dataclass(frozen=True, slots=True)
class PageTop:
    """The lines of a page in reading order, and which of them are rows of tables."""

    lines: Sequence[Line]
    in_table: Sequence[bool]

    @property
    def left(self) -> float:
        return min(line.left for line in self.lines)

    @property
    def right(self) -> float:
        return max(line.right for line in self.lines)


def title_length(page: PageTop, style: Style, after_table: bool) -> int:
    """How many lines at the top of the page are its title; 0 where that is not plain.

    `after_table` says whether the page before ends with a table, which this one may go on with.
    """
    lines, first = page.lines, page.lines[0]
    if not _opens_title(first):
        return 0
    length = 0
    while length < len(lines) and _is_title(page, length, style):
        if length >= MOST_LINES and not _is_bracketed(lines[length]):
            break
        length += 1
    if not 0 < length < len(lines) or first.size < (1 - SAME_SIZE) * lines[length].size:
        return 0
    last, following = lines[length - 1], lines[length]
    if any(line.bottom <= last.bottom for line in lines[length:]):
        return 0  # it stands beside other text
    if any(page.in_table[length : length + LINES_OF_COLUMN_HEADS + 1]):
        return 0 if after_table and _holds_figures(following) else length
    if not _is_prose(following) or _goes_on(last, following, page.right):
        return 0
    # Capitals within a line alone can be those of names.
    return length if length == 1 or _is_set_off(page, first, style) else 0


def _opens_title(line: Line) -> bool:
    """Whether the line can be the first of a title: it names something, and is no item of a list."""
    return not (line.text.startswith("(") or _PERIOD.fullmatch(line.text) or (has_enumerator(line) and not line.bold))


def _is_title(page: PageTop, position: int, style: Style) -> bool:
    """Whether the line looks like one of a title."""
    line, first = page.lines[position], page.lines[0]
    text = line.text
    letters = sum(map(str.isalpha, text))
    if len(text) > LONGEST or letters < max(3, FEWEST_LETTERS * len(text.replace(" ", ""))):
        return False
    if begins_small(text) or has_bullet(line) or (text.endswith(_STOPS) and not text.isupper()):
        return False
    if page.in_table[position]:
        return position == 0 and _has_two_sides(page, line) and _is_set_off(page, line, style)
    if position and _is_bracketed(line):
        return True
    if abs(line.size - first.size) > SIMILAR_SIZE * first.size or not _is_in_place(page, position):
        return False
    if line.bold != first.bold:
        return text.isupper() or _is_centred(page, line)
    says_period = position > 0 and _PERIOD.fullmatch(text) is not None
    return says_period or _is_set_off(page, line, style) or _has_title_case(text)


def _is_bracketed(line: Line) -> bool:
    return line.text.startswith("(") and line.text.endswith(")")


def _has_two_sides(page: PageTop, line: Line) -> bool:
    """Whether the line is a title from one margin to the other: what is shown at the left, for whom at the right."""
    return (
        len(line.cells) == 2
        and min(cell.words for cell in line.cells) >= WORDS_BESIDE
        and line.left - page.left < line.size
        and page.right - line.right < line.size
    )


def _is_in_place(page: PageTop, position: int) -> bool:
    """Whether the line stands where a title does, and not over one of the columns of a table."""
    line = page.lines[position]
    prose = [below.left for below in page.lines[position + 1 : position + 2] if _is_prose(below)]
    at_margin = any(abs(line.left - margin) < line.size for margin in (page.left, *prose))
    return at_margin or _is_in_the_middle(page, line)


def _is_set_off(page: PageTop, line: Line, style: Style) -> bool:
    """Whether the line looks unlike prose: bold, in capitals or centred."""
    return (line.bold and not style.bold) or line.text.isupper() or _is_centred(page, line)


def _is_centred(page: PageTop, line: Line) -> bool:
    """Whether the line stands in the middle and, unlike a full one of prose, well inside."""
    inset = min(line.left - page.left, page.right - line.right)
    return inset > OFF_CENTRE * line.size and _is_in_the_middle(page, line)


def _is_in_the_middle(page: PageTop, line: Line) -> bool:
    return abs((line.left - page.left) - (page.right - line.right)) < OFF_CENTRE * line.size


def _has_title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > LETTERS_OF_SMALL_WORDS]
    return bool(words) and sum(word[0].isupper() for word in words) >= CAPITALISED * len(words)


def _is_prose(line: Line) -> bool:
    return line.cells[0].words > WORDS_OF_PROSE or ends_clause(line.text) or is_item(line)


def _holds_figures(line: Line) -> bool:
    """Whether the row holds values, and is no head of a table, which has years at most."""
    return any(_FIGURE.fullmatch(cell.text) for cell in line.cells[1:])


def _goes_on(line: Line, following: Line, right: float) -> bool:
    """Whether the paragraph below is the rest of a sentence that begins with the line."""
    if line.bold != following.bold:
        return False
    return begins_small(following.text) or is_full(line, following, right)
