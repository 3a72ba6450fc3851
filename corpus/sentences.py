"""Sentence boundaries, by sentencex (Wikimedia's rule-based segmenter, offsets in code points), and sentence ends."""

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.documents import Sentence

_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"[.!?…][\"'”’»)\]]*$")

LONGEST_RUN = 10_000
"""Characters given to sentencex at a time: quotation marks that nothing closes cost it time by their square."""

RUN_IN_WORDS = 2
"""A sentence this short ("February 2022.", "TTP.", "No.") says nothing alone: it is a label run into the next one."""

PROSE_CHARACTERS = 90
"""Above this length a line that ends like a sentence is prose."""


def segment(text: str, language: str, start: int = 0, end: int | None = None) -> Iterator[Sentence]:
    """The sentences of `text[start:end]` in order; they leave out nothing but whitespace.

    A newline always ends a sentence. `language` is an ISO 639-1 code; sentencex falls back for those it lacks.
    """
    for line in _LINE.finditer(text, start, len(text) if end is None else end):
        opening: int | None = None
        for first, last in _boundaries(line.group(), language):
            begin = line.start() + first if opening is None else opening
            if last < len(line.group().rstrip()) and _is_run_in(text, begin, line.start() + last):
                opening = begin
                continue
            yield Sentence(begin, line.start() + last)
            opening = None


def ends_sentence(text: str) -> bool:
    """Whether `text` ends like a sentence: with its mark, or with quotation marks and brackets closed after that."""
    return bool(_END.search(text))


def is_prose(line: str) -> bool:
    """Whether `line` is at least a sentence."""
    return len(line) > PROSE_CHARACTERS and ends_sentence(line)


def _boundaries(line: str, language: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a line, without surrounding whitespace."""
    for start, end in pairwise([*_starts(line, language), len(line)]):
        stripped = line[start:end].strip()
        if stripped:
            first = line.index(stripped, start)
            yield first, first + len(stripped)


def _starts(line: str, language: str) -> Iterator[int]:
    start = 0
    yield start
    while start < len(line):
        window = line[start : start + LONGEST_RUN]
        later = [start + boundary["start_index"] for boundary in get_sentence_boundaries(language, window)[1:]]
        yield from later
        # What the window cuts short is looked at again, from where its sentence starts.
        start = later[-1] if later and start + len(window) < len(line) else start + len(window)


def _is_run_in(text: str, start: int, end: int) -> bool:
    return text[end - 1] == "." and len(text[start:end].split()) <= RUN_IN_WORDS  # not 。, where words have no spaces
