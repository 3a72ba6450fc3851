"""Evidence: passages that are shown are read, and their sentences that answer the question picked out."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.texts import StoredPassage, TextStore
from qa.scoring import RankedPassage

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


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage with its text, and its sentences that answer, best first."""

    passage: StoredPassage
    evidence: tuple[Evidence, ...]


def read_passages(texts: TextStore, ranked: Sequence[RankedPassage]) -> list[ReadPassage]:
    """Each of the passages, in the order they are ranked in, with its text and evidence."""
    if not ranked:
        return []
    passages = texts.passages([found.row for found in ranked])
    chosen = [choose_sentences(found.sentence_scores) for found in ranked]
    pairs = list(zip(ranked, chosen, strict=True))
    spans = texts.spans([found.sentences[place] for found, places in pairs for place in places])
    return [
        ReadPassage(
            passage,
            tuple(
                evidence(passage.text, spans[found.sentences[place]], found.sentence_scores[place]) for place in places
            ),
        )
        for passage, (found, places) in zip(passages, pairs, strict=True)
    ]


def choose_sentences(scores: Sequence[float]) -> list[int]:
    """Positions of the best of a passage's sentences and of those near it, best first; equal ones in reading order."""
    best = max(scores)
    near = [position for position, score in enumerate(scores) if score == best or score >= NEAR_BEST * best]
    return sorted(near, key=lambda position: -scores[position])[:MOST_SENTENCES]


def evidence(text: str, span: tuple[int, int], score: float) -> Evidence:
    """The sentence at `span` of the passage `text`."""
    return Evidence(*span, text[slice(*span)], score)
