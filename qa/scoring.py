"""Scores candidates: signals of each passage, of the document around it, and the sentences that answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from index.analysis import analyzer
from index.snapshot import Snapshot
from index.texts import DocumentName, StoredPassage
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
    passages_that_count,
    proximity,
    score,
    sentence_bm25,
    sentence_scores,
    weigh,
)

_UNDERSCORES = re.compile(r"[_.]+")
_NAMES_KEPT = 16_384
"""Of how many documents the terms of their names stay known: to analyse them again costs most of a question."""


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A candidate with its score (higher is better, see `qa.ranking`), signals and evidence.

    `reranker` is None without a reranker, and for a passage that it did not get to read.
    """

    passage: StoredPassage
    score: float
    signals: Signals
    document: DocumentSignals
    evidence: tuple[Evidence, ...]
    reranker: float | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """Candidates before the documents around them are looked at, in order of their rows: those of a text together.

    `held` is which of the question's terms each holds, shape (terms, passages).
    """

    passages: list[StoredPassage]
    signals: list[Signals]
    own: list[float]
    held: NDArray[np.bool_]
    sentence_scores: list[list[float]]


def rank_candidates(
    snapshot: Snapshot, question: EncodedQuestion, candidates: Candidates, k: int | None = None
) -> list[RankedPassage]:
    """The `k` best candidates, or all, with their scores, best first; equal scores in order of the index."""
    if not len(candidates.rows):
        return []
    weights = np.array(list(question.idf.values()))
    read = _read(snapshot, question, candidates, weights)
    around = _documents(snapshot, question, read, weights)
    scores = [score(own, around[passage.text_row]) for own, passage in zip(read.own, read.passages, strict=True)]
    best = sorted(range(len(scores)), key=lambda at: -scores[at])[:k]  # stable: equal ones stay in order of the index
    evidence_of = _evidence(snapshot, read, best)
    return [
        RankedPassage(
            read.passages[at],
            scores[at],
            read.signals[at],
            around[read.passages[at].text_row],
            evidence_of[at],
        )
        for at in best
    ]


def _read(snapshot: Snapshot, question: EncodedQuestion, candidates: Candidates, weights: Weights) -> _Read:
    """The candidates, of which there must be one, with their own signals."""
    passages = snapshot.texts.passages(candidates.rows.tolist())
    matches = find_matches([passage.terms for passage in passages], list(question.idf))
    ends = list(accumulate(len(passage.sentences) for passage in passages))
    starts = [0, *ends[:-1]]
    of_sentences = _sentence_scores(snapshot, question, passages, matches, weights)
    held = matches.held
    signals = [
        Signals(*values)
        for values in zip(
            candidates.dense.tolist(),
            candidates.lexical.tolist(),
            np.maximum.reduceat(of_sentences, starts).tolist(),
            coverage(held, weights).tolist(),
            matches.by_passage(np.maximum, proximity(matches, weights)).tolist(),
            strict=True,
        )
    ]
    scores = of_sentences.tolist()
    return _Read(
        passages=passages,
        signals=signals,
        own=[weigh(one) for one in signals],
        held=held,
        sentence_scores=[scores[start:end] for start, end in zip(starts, ends, strict=True)],
    )


def _sentence_scores(
    snapshot: Snapshot,
    question: EncodedQuestion,
    passages: Sequence[StoredPassage],
    matches: Matches,
    weights: Weights,
) -> Scores:
    """The scores of all sentences of the passages in reading order."""
    rows = np.concatenate([np.arange(passage.sentences.start, passage.sentences.stop) for passage in passages])
    cosines = snapshot.sentences.scores(question.embedding, rows)
    bm25 = sentence_bm25(matches, weights)[matches.sentences]
    return sentence_scores(cosines, lexical_share(bm25, question.idf))


def _evidence(snapshot: Snapshot, read: _Read, chosen: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
    """The sentences that answer, of each candidate in `chosen`, by its place among the candidates."""
    sentences = {at: choose_sentences(read.sentence_scores[at]) for at in chosen}
    rows = {at: read.passages[at].sentences for at in chosen}
    spans = snapshot.texts.spans([rows[at][place] for at, places in sentences.items() for place in places])
    return {
        at: tuple(
            evidence(read.passages[at].text, spans[rows[at][place]], read.sentence_scores[at][place])
            for place in places
        )
        for at, places in sentences.items()
    }


def _documents(
    snapshot: Snapshot, question: EncodedQuestion, read: _Read, weights: Weights
) -> dict[int, DocumentSignals]:
    """The signals of the documents around the candidates, by the row of their text."""
    rows, starts = np.unique([passage.text_row for passage in read.passages], return_index=True)
    documents = snapshot.texts.names_of_texts(rows.tolist())
    names = [_name_terms(documents[row]) for row in rows.tolist()]
    named = np.array([[term in name for name in names] for term in question.idf], dtype=np.bool_)
    named = named.reshape(len(weights), len(rows))
    naming = weights * named.any(axis=1)  # terms that name none of these documents do not count
    of_names = coverage(named, naming).tolist()
    covered = coverage(np.logical_or.reduceat(read.held, starts, axis=1), weights).tolist()
    signals = {}
    for at, (row, start, end) in enumerate(zip(rows.tolist(), starts, [*starts[1:], len(read.own)], strict=True)):
        count = passages_that_count(documents[row].passages)
        best = sorted(read.own[start:end], reverse=True)[:count]
        signals[row] = DocumentSignals(passages=sum(best) / count, name=of_names[at], coverage=covered[at])
    return signals


@lru_cache(_NAMES_KEPT)
def _name_terms(document: DocumentName) -> frozenset[str]:
    """The terms of a document's title and, where the file is the document, of its path."""
    path = "" if document.part else _UNDERSCORES.sub(" ", str(PurePosixPath(document.path).with_suffix("")))
    return frozenset(analyzer(document.language).terms(f"{document.title or ''} {path}"))
