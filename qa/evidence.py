"""Evidence: the sentences of a passage that answer the question, picked out for the reader."""

from dataclasses import dataclass

import numpy as np

from index.vectors import Scores

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


def choose_evidence(text: str, spans: list[tuple[int, int]], scores: Scores) -> tuple[Evidence, ...]:
    """The best sentence of the passage `text` and those near it, best first; equal ones in reading order."""
    order = np.argsort(-scores, kind="stable")[:MOST_SENTENCES]
    threshold = NEAR_BEST * scores[order[0]]
    chosen = [int(position) for position in order if position == order[0] or scores[position] >= threshold]
    return tuple(Evidence(*spans[at], text[slice(*spans[at])], float(scores[at])) for at in chosen)
