"""Scores candidates: signals of each passage, of the document around it, and the sentences that answer.

All of it comes from the forward index and the vectors; the text of a passage is read when it is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.forward import ForwardPassages, term_hashes
from index.snapshot import Snapshot
from index.texts import StoredPassage
from index.vectors import Scores
from qa.candidates import Candidates, EncodedQuestion
from qa.evidence import Evidence, choose_sentences, evidence
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


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A candidate with its score (higher is better, see `qa.ranking`) and signals; `read_passages` gives its text.

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
class ReadPassage:
    """A passage that was read, and its sentences that answer, best first."""

    passage: StoredPassage
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """The documents around P candidates: of each candidate its document's signals, and its text's group."""

    passages: Weights  # shape (P,), as are all
    name: Weights
    coverage: Weights
    group_rows: NDArray[np.int64]


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
    ends = np.cumsum(passages.sentence_counts)
    signals = np.array(
        [
            candidates.dense,
            candidates.lexical,
            np.maximum.reduceat(of_sentences, ends - passages.sentence_counts),
            coverage(held, weights),
            matches.by_passage(np.maximum, proximity(matches, weights)),
        ],
        dtype=np.float64,
    )
    dense, _, sentence, covered, near = signals
    own = own_score(dense, sentence, covered, near)
    around = _documents(snapshot, terms, passages, held, own, weights)
    scores = score(own, around.passages, around.name, around.coverage)
    best = np.argsort(-scores, kind="stable")[:k]  # equal ones stay in order of the index
    documents = np.array([around.passages, around.name, around.coverage])
    columns = np.array([candidates.rows, passages.text_rows, around.group_rows, passages.pages])
    sentences = np.array([passages.first_sentences, passages.sentence_counts, ends])
    all_scores = of_sentences.tolist()
    return [
        RankedPassage(
            row,
            text_row,
            group_row,
            page or None,
            scored,
            Signals(*of_passage),
            DocumentSignals(*of_document),
            range(first, first + count),
            tuple(all_scores[end - count : end]),
        )
        for (row, text_row, group_row, page), scored, of_passage, of_document, (first, count, end) in zip(
            columns[:, best].T.tolist(),
            scores[best].tolist(),
            signals[:, best].T.tolist(),
            documents[:, best].T.tolist(),
            sentences[:, best].T.tolist(),
            strict=True,
        )
    ]


def read_passages(snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> list[ReadPassage]:
    """Each of the passages with its text and evidence."""
    passages = snapshot.texts.passages([found.row for found in ranked])
    chosen = [choose_sentences(found.sentence_scores) for found in ranked]
    pairs = list(zip(ranked, chosen, strict=True))
    spans = snapshot.texts.spans([found.sentences[place] for found, places in pairs for place in places])
    return [
        ReadPassage(
            passage,
            tuple(
                evidence(passage.text, spans[found.sentences[place]], found.sentence_scores[place]) for place in places
            ),
        )
        for passage, (found, places) in zip(passages, pairs, strict=True)
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
    terms: NDArray[np.uint64],
    passages: ForwardPassages,
    held: NDArray[np.bool_],
    own: Weights,
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
    return _Around(best[at], coverage(named, naming)[at], covered[at], texts.group_rows[at])
