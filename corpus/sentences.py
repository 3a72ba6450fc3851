"""Sentence boundaries, by sentencex (Wikimedia's rule-based segmenter, offsets in code points)."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from corpus.documents import Sentence

_LINE = re.compile(r"[^\n]+")


def segment(text: str, language: str, start: int = 0, end: int | None = None) -> Iterator[Sentence]:
    """The sentences of `text[start:end]` in order; they leave out nothing but whitespace.

    A newline always ends a sentence. `language` is an ISO 639-1 code; sentencex falls back for those it lacks.
    """
    for line in _LINE.finditer(text, start, len(text) if end is None else end):
        for boundary in get_sentence_boundaries(language, line.group()):
            piece = text[line.start() + boundary["start_index"] : line.start() + boundary["end_index"]]
            stripped = piece.strip()
            if stripped:
                first = line.start() + boundary["start_index"] + piece.index(stripped)
                yield Sentence(first, first + len(stripped))
