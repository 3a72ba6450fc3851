"""Sentence boundaries, by sentencex (Wikimedia's rule-based segmenter, offsets in code points)."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from corpus.documents import Sentence

_LINE = re.compile(r"[^\n]+")

RUN_IN_WORDS = 2
"""A sentence this short ("February 2022.", "TTP.", "No.") says nothing alone: it is a label run into the next one."""


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


def _boundaries(line: str, language: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a line, without surrounding whitespace."""
    for boundary in get_sentence_boundaries(language, line):
        piece = line[boundary["start_index"] : boundary["end_index"]]
        stripped = piece.strip()
        if stripped:
            first = boundary["start_index"] + piece.index(stripped)
            yield first, first + len(stripped)


def _is_run_in(text: str, start: int, end: int) -> bool:
    return text[end - 1] == "." and len(text[start:end].split()) <= RUN_IN_WORDS  # not 。, where words have no spaces
