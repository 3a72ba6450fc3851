"""Evidence: the sentences of a passage that answer the question, picked out for the reader."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_SENTENCES = 3
NEAR_BEST = 0.92
"""A further sentence is shown as evidence when it scores at least this share of the best one's score.

Set by reading answers of the sample corpus, not fitted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A highlighted sentence: `passage.text[start:end] == text`."""

    start: int
    end: int
    text: str
    score: float


def choose_sentences(scores: Sequence[float]) -> list[int]:
    """Positions of the best of a passage's sentences and of those near it, best first; equal ones in reading order."""
    best = max(scores)
    near = [position for position, score in enumerate(scores) if score == best or score >= NEAR_BEST * best]
    return sorted(near, key=lambda position: -scores[position])[:MOST_SENTENCES]


def evidence(text: str, span: tuple[int, int], score: float) -> Evidence:
    """The sentence at `span` of the passage `text`."""
    return Evidence(*span, text[slice(*span)], score)
