"""Hyphens at the ends of lines: hyphenation is undone, the hyphen of a compound stays."""

import re
from collections.abc import Iterable

from corpus.formats.pdf_text import LINE_HYPHEN, Span

RARE = 0.01
"""Share of lines that end with a hyphen, up to which a document is taken not to hyphenate: its hyphens are real."""
FEWEST_LINES = 100
"""From which on that share says something."""

_ENDS_WITH_HYPHEN = re.compile(r"[^\W\d_][-\u2010\ufffe]$")
_LAST_PART = re.compile(r"[\w-]+$")
_FIRST_PART = re.compile(r"[\w-]+")
_WORD = re.compile(r"[^\W\d_]{2,}(?:[-\u2010][^\W\d_]+)*")
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "et", "ou", "y", "o"})
"""What stands after a hyphen that stands for the rest of a word: short- and long-term."""


def ends_with_hyphen(line: str) -> bool:
    """Whether the last word of `line` can go on on the next."""
    return bool(_ENDS_WITH_HYPHEN.search(line[-2:]))


class Hyphens:
    """Joins lines by what the rest of the document, its `spans`, shows of its words."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._words: set[str] = set()
        lines = hyphenated = 0
        for span in spans:
            self._words.update(_WORD.findall(span.text.lower()))
            if span.words > 1:
                lines += 1
                hyphenated += ends_with_hyphen(span.text)
        self._hyphenates = lines < FEWEST_LINES or hyphenated > RARE * lines

    def join(self, line: str, following: str) -> str:
        """The two lines as one string."""
        if not ends_with_hyphen(line):
            return f"{line} {following}"
        first = _LAST_PART.search(line[:-1].rpartition(" ")[2])
        second = _FIRST_PART.match(following)
        if second is None or second[0] in _SUSPENDED:
            return f"{line[:-1]}- {following}"
        if first is None or self._is_compound(first[0].lower(), second[0]):
            return f"{line[:-1]}-{following}"
        return f"{line[:-1]}{following}"

    def _is_compound(self, first: str, second: str) -> bool:
        if not second[0].islower():
            return True
        if f"{first}-{second}" in self._words:
            return True
        if f"{first}{second}" in self._words:
            return False
        return "-" in first or not self._hyphenates


def shown(text: str) -> str:
    """`text` with an ordinary hyphen for each that PDFium marked."""
    return text.replace(LINE_HYPHEN, "-")
