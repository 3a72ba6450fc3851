"""Ranking: weighted sums of signals, each of which means the same for every question and every corpus.

Of the passage itself:
- dense: cosine of question and passage (with its context);
- sentence: the passage's best sentence, by its own cosine and its own BM25 share;
- coverage: which share of the question's terms, by weight, the passage holds (with its context);
- proximity: how near neighbouring terms of the question stand to each other in one of its sentences.

Of the document around it, since a page of a long report seldom repeats whose report it is:
- passages: the mean of its best passages, the more of them the longer it is;
- name: which of the question's terms that name any candidate's document name this one;
- coverage: as above, of the document's candidates together.

BM25 of whole passages draws candidates; beside these it adds nothing to their order. No signal of a passage itself is
normalised over the candidates, so one threshold can tell whether a corpus answers at all (`qa.verdict`). Figures for
the alternatives: docs/ranking.md.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.lexical import K1, B
from index.vectors import Scores
from qa.matches import Matches

Weights = NDArray[np.float64]
"""Of the terms of a question in order: their idf."""

Sum = TypeVar("Sum", float, NDArray[np.float64])
"""Of one passage, or of each of many."""

DENSE_WEIGHT, SENTENCE_WEIGHT, COVERAGE_WEIGHT, PROXIMITY_WEIGHT = 0.35, 0.35, 0.2, 0.1
"""Of the passage's own signals; they sum to 1. Chosen on SQuAD dev and FinanceBench together (docs/ranking.md)."""

OWN_WEIGHT, PASSAGES_WEIGHT, NAME_WEIGHT, DOCUMENT_COVERAGE_WEIGHT = 0.46, 0.46, 0.04, 0.04
"""Of the passage's own sum and of its document's signals; they sum to 1. From the same place."""

ONE_COUNTS_OF, MOST_THAT_COUNT = 10, 10
"""A document is judged by one of every so many passages it has, its best, and by so many at most."""

FARTHEST = 5
"""Terms of a sentence that two of the question's may stand apart and still count as near."""

SENTENCE_TERMS = 16.3
"""Mean number of terms in a sentence of SQuAD's paragraphs; BM25 of sentences takes length relative to it."""


@dataclass(slots=True)  # not frozen: see qa.scoring.RankedPassage
class Signals:
    """The signals of one passage. `lexical` is its raw BM25; coverage and proximity lie between 0 and 1."""

    dense: float
    lexical: float
    sentence: float
    coverage: float
    proximity: float


@dataclass(slots=True)
class DocumentSignals:
    """The signals of the document around a passage, near 0 to 1 as they are of its passages; see above."""

    passages: float
    name: float
    coverage: float


def lexical_share(bm25: Scores, idf: dict[str, float]) -> Scores:
    """BM25 scores as shares, between 0 and 1, of what a passage made of the question's terms alone would near.

    A term contributes at most its idf times k1 + 1 (Robertson and Zaragoza, The Probabilistic Relevance Framework,
    2009, section 3.4); the sum over the terms is the bound. Without terms all shares are 0.
    """
    bound = (K1 + 1) * sum(idf.values())
    return bm25 / np.float32(bound) if bound else np.zeros_like(bm25)


def sentence_bm25(matches: Matches, weights: Weights) -> Scores:
    """BM25 of each line for terms that weigh their idf, shape (lines,), in the form tantivy gives passages."""
    damping = K1 * (1 - B + B * matches.lengths / SENTENCE_TERMS)
    counts = matches.counts
    scores: Scores = (weights @ ((K1 + 1) * counts / (counts + damping))).astype(np.float32)
    return scores


def coverage(held: NDArray[np.bool_], weights: Weights) -> Weights:
    """The share of the question's terms, each weighing its idf, that are `held`, shape (terms, n); 0 without any."""
    total = weights.sum()
    shares: Weights = weights @ held / (total or 1)
    return shares


def proximity(matches: Matches, weights: Weights) -> Weights:
    """How near neighbouring terms of the question stand to each other in each sentence, shape (lines,); 0 for contexts.

    A pair weighs the lesser idf of its two, divided by their distance, as a share of what all pairs weigh. Sequential
    dependence (Metzler and Croft, A Markov Random Field Model for Term Dependencies, 2005) without its order.
    """
    near = np.zeros(len(matches.lengths))
    pairs = np.minimum(weights[:-1], weights[1:])
    total = pairs.sum()
    if not total:
        return near
    # Words of different lines are set farther apart than counts as near.
    places = [place + line * (FARTHEST + 1) for place, line in zip(matches.places, matches.lines, strict=True)]
    for weight, first, second, lines in zip(pairs, places, places[1:], matches.lines, strict=False):
        if len(first) and len(second):
            after = np.searchsorted(second, first)
            distances = np.minimum(
                np.abs(first - second[np.maximum(after - 1, 0)]),
                np.abs(first - second[np.minimum(after, len(second) - 1)]),
            )
            close = distances <= FARTHEST
            of_pair = np.zeros(len(near))
            np.maximum.at(of_pair, lines[close], weight / distances[close])
            near += of_pair
    shares: Weights = near * matches.sentences / total
    return shares


def sentence_scores(cosines: Scores, shares: Scores) -> Scores:
    """How well each sentence answers: the mean of its cosine and its BM25 share."""
    return (cosines + shares) / np.float32(2)


def own_score(dense: Sum, sentence: Sum, coverage: Sum, proximity: Sum) -> Sum:
    """A passage's own signals as one number: near 1 for one that repeats the question, near 0 for one unlike it."""
    return DENSE_WEIGHT * dense + SENTENCE_WEIGHT * sentence + COVERAGE_WEIGHT * coverage + PROXIMITY_WEIGHT * proximity


def weigh(signals: Signals) -> float:
    """The own score of a passage with these signals."""
    return own_score(signals.dense, signals.sentence, signals.coverage, signals.proximity)


def passages_that_count(passages: NDArray[np.int64]) -> NDArray[np.int64]:
    """By how many of its passages a document of so many is judged: chance alone gives a long one a few good ones."""
    return np.clip(passages // ONE_COUNTS_OF, 1, MOST_THAT_COUNT)


def score(own: Sum, passages: Sum, name: Sum, coverage: Sum) -> Sum:
    """The score passages are ordered by, from their own and the signals of their document."""
    return OWN_WEIGHT * own + PASSAGES_WEIGHT * passages + NAME_WEIGHT * name + DOCUMENT_COVERAGE_WEIGHT * coverage
