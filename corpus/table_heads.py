"""What the head of a table says, for the passages that hold only rows further down."""

import re
import textwrap
from collections.abc import Iterable, Iterator

from corpus.formats.markup import CELL_SEPARATOR

MOST_LINES = 3
LONGEST = 100
"""Characters of a head; what is beyond is cut off at a word."""

_DIGIT = re.compile(r"\d")
_BLANK_LINE = "\n\n"


def table_heads(text: str, starts: Iterable[int]) -> Iterator[str]:
    """For each of the places in `text`, in ascending order, the head of the table whose rows it stands in.

    Empty where there is no table, and on its first line. A table is a run of lines without a blank one; its head ends
    with the first line that holds a digit, as years or units stand there, or else figures of the first row.
    """
    searched = 0
    head, first_end = _opening(text, 0)
    for start in starts:
        blank = text.rfind(_BLANK_LINE, searched, start)
        if blank >= 0:
            head, first_end = _opening(text, blank + len(_BLANK_LINE))
        searched = start
        yield head if start > first_end else ""


def _opening(text: str, start: int) -> tuple[str, int]:
    """The head of the run of lines that begins at `start`, empty if it is no table's, and where its first line ends."""
    end = text.find(_BLANK_LINE, start)
    end = len(text) if end < 0 else end
    lines: list[str] = []
    position = start
    while position < end and len(lines) < MOST_LINES:
        line_end = text.find("\n", position, end)
        line_end = end if line_end < 0 else line_end
        lines.append(text[position:line_end])
        position = line_end + 1
        if _DIGIT.search(lines[-1]):
            break
    head = " ".join(lines) if any(CELL_SEPARATOR in line for line in lines) else ""
    first_end = start + len(lines[0]) if lines else end
    return textwrap.shorten(head.replace(CELL_SEPARATOR, " "), LONGEST, placeholder=""), first_end
