"""Whether the documents answer the question at all."""

import math
from dataclasses import dataclass

STEEPNESS, MIDPOINT = 40.66, 0.2808
"""Logistic regression of "the corpus covers the question" on the best hit's score (docs/ranking.md)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`confidence` is the probability that the documents answer; `answered` says whether it is more likely than not."""

    answered: bool
    confidence: float


def judge(best_score: float | None) -> Verdict:
    """The verdict by the score of the first hit; None where nothing was found."""
    if best_score is None:
        return Verdict(answered=False, confidence=0.0)
    confidence = 1 / (1 + math.exp(-STEEPNESS * (best_score - MIDPOINT)))
    return Verdict(answered=confidence >= 0.5, confidence=confidence)
