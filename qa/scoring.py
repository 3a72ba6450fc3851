"""Scores candidates: signals of each passage, of its sentences, and of the document around it.

All of it comes from the forward index and the vectors; the text of a passage is read when it is shown (`qa.evidence`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.forward import ForwardPassages, Hashes, term_hashes
from index.snapshot import Snapshot
from index.vectors import Scores
from qa.candidates import Candidates, EncodedQuestion
from qa.matches import Matches, find_matches
from qa.ranking import (
    DocumentSignals,
    Signals,
    Weights,
    coverage,
    lexical_share,
    own_score,
    passages_that_count,
    proximity,
    score,
    sentence_bm25,
    sentence_scores,
)

Columns = NDArray[np.float64]
"""Of each of P passages a number, shape (P,), or several, shape (n, P)."""


@dataclass(slots=True)  # not frozen, as are its signals: a hundred are made for a question, six times as fast
class RankedPassage:
    """A candidate with its score (higher is better, see `qa.ranking`) and signals; `qa.evidence` reads its text.

    `page` is that on which it begins, None for a text without pages; `group_row` is the same for near-duplicate texts.
    `reranker` is None without a reranker, and for a passage that it did not get to read.
    """

    row: int
    text_row: int
    group_row: int
    page: int | None
    score: float
    signals: Signals
    document: DocumentSignals
    sentences: range  # rows
    sentence_scores: tuple[float, ...]
    reranker: float | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """The documents around P candidates: of each its signals, in order of `DocumentSignals`, and its text's group."""

    signals: Columns  # shape (3, P)
    group_rows: NDArray[np.int64]  # shape (P,)


def rank_candidates(
    snapshot: Snapshot, question: EncodedQuestion, candidates: Candidates, k: int | None = None
) -> list[RankedPassage]:
    """The `k` best candidates, or all, with their scores, best first; equal scores in order of the index."""
    if not len(candidates.rows):
        return []
    weights = np.array(list(question.idf.values()))
    terms = term_hashes(question.idf)
    passages = snapshot.forward.passages(candidates.rows)
    matches = find_matches(passages, terms)
    held = matches.held
    of_sentences = _sentence_scores(snapshot, question, passages, matches, weights)
    first_of_each = np.cumsum(passages.sentence_counts) - passages.sentence_counts
    dense = candidates.dense.astype(np.float64)
    best_sentence = np.maximum.reduceat(of_sentences, first_of_each).astype(np.float64)
    covered = coverage(held, weights)
    near = matches.by_passage(np.maximum, proximity(matches, weights))
    own = own_score(dense, best_sentence, covered, near)
    around = _documents(snapshot, terms, passages, held, own, weights)
    scores = score(own, *around.signals)
    signals = np.array([dense, candidates.lexical, best_sentence, covered, near])
    best = np.argsort(-scores, kind="stable")[:k]  # equal ones stay in order of the index
    whole = np.array(
        [
            *(candidates.rows, passages.text_rows, around.group_rows, passages.pages),
            *(passages.first_sentences, passages.sentence_counts, first_of_each),
        ]
    )
    columns = (array[..., best].T.tolist() for array in (whole, scores, signals, around.signals))
    every_sentence = of_sentences.tolist()
    return [
        RankedPassage(
            row,
            text_row,
            group_row,
            page or None,
            of_passage,
            Signals(*own_signals),
            DocumentSignals(*document_signals),
            range(sentence, sentence + count),
            tuple(every_sentence[first : first + count]),
        )
        for whole_numbers, of_passage, own_signals, document_signals in zip(*columns, strict=True)
        for row, text_row, group_row, page, sentence, count, first in [whole_numbers]
    ]


def _sentence_scores(
    snapshot: Snapshot, question: EncodedQuestion, passages: ForwardPassages, matches: Matches, weights: Weights
) -> Scores:
    """The scores of all sentences of the passages in reading order."""
    cosines = snapshot.sentences.scores(question.embedding, passages.sentences)
    bm25 = sentence_bm25(matches, weights)[matches.sentences]
    return sentence_scores(cosines, lexical_share(bm25, question.idf))


def _documents(
    snapshot: Snapshot,
    terms: Hashes,
    passages: ForwardPassages,
    held: NDArray[np.bool_],
    own: Columns,
    weights: Weights,
) -> _Around:
    """The documents around the passages, of which there must be one; those of a text stand together."""
    rows, starts, at = np.unique(passages.text_rows, return_index=True, return_inverse=True)
    texts = snapshot.forward.texts(rows)
    text_of_name = np.repeat(np.arange(len(rows)), texts.name_lengths)
    named = np.zeros((len(terms), len(rows)), dtype=np.bool_)
    for term, hashed in enumerate(terms):
        named[term, text_of_name[texts.names == hashed]] = True
    naming = weights * named.any(axis=1)  # terms that name none of these documents do not count
    covered = coverage(np.logical_or.reduceat(held, starts, axis=1), weights)
    counts = passages_that_count(texts.passages)
    by_text = np.lexsort((-own, at))  # the best of each text first
    counted = np.arange(len(own)) - starts[at] < counts[at]
    best = np.add.reduceat(np.where(counted, own[by_text], 0.0), starts) / counts
    signals = np.array([best, coverage(named, naming), covered])
    return _Around(signals[:, at], texts.group_rows[at])
