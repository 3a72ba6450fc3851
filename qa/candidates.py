"""Candidates: the passages either index finds for a question, each with both indexes' scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from index.vectors import Rows, Scores
from qa.operators import Demands
from qa.question_terms import Correction
from qa.scope import Scope
from qa.trace import stage

DEPTH = 100
"""Passages taken from each index."""


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question as both indexes see it: its embedding, its distinct terms with their idf, and what it demands."""

    text: str  # without operators, misspelt words put right
    embedding: NDArray[np.float32]
    idf: dict[str, float]
    words: dict[str, tuple[str, ...]]  # as typed, with their terms
    corrections: tuple[Correction, ...]
    unknown: tuple[str, ...]  # of `words`, those that no passage contains
    demands: Demands

    @property
    def terms(self) -> list[str]:
        """The distinct terms in order of their first use."""
        return list(self.idf)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passage rows in ascending order, and per row the cosine (`dense`) and the BM25 (`lexical`) with the question."""

    rows: Rows
    dense: Scores
    lexical: Scores


def find_candidates(snapshot: Snapshot, question: EncodedQuestion, scope: Scope, depth: int) -> Candidates:
    """The best `depth` passages of each index within `scope`.

    The scope is applied inside both indexes, and every candidate gets its score from both, so neither a filter nor
    the other index's choice can leave a good passage out or unscored.
    """
    with stage("dense"):
        dense_rows, _ = snapshot.passages.search(question.embedding, depth, scope.passages)
    with stage("lexical"):
        lexical_rows, bm25 = snapshot.lexical.search(question.terms, depth, passages=scope.passages, texts=scope.texts)
    rows = np.union1d(dense_rows, lexical_rows)
    with stage("dense"):
        dense = snapshot.passages.scores(question.embedding, rows)
    with stage("lexical"):
        lexical = np.zeros(len(rows), np.float32)
        lexical[np.searchsorted(rows, lexical_rows)] = bm25
        if len(lexical_rows) == depth:  # else it found all that hold a term
            others = ~np.isin(rows, lexical_rows)
            lexical[others] = snapshot.lexical.scores(question.terms, rows[others])
    return Candidates(rows, dense, lexical)


def score_candidates(snapshot: Snapshot, question: EncodedQuestion, rows: Rows) -> Candidates:
    """The passages in `rows`, ascending, with both indexes' scores."""
    with stage("dense"):
        dense = snapshot.passages.scores(question.embedding, rows)
    with stage("lexical"):
        lexical = snapshot.lexical.scores(question.terms, rows)
    return Candidates(rows, dense, lexical)


def idf_of_terms(snapshot: Snapshot, terms: Sequence[str]) -> dict[str, float]:
    """Each distinct term with its idf, in order of first use."""
    return {term: snapshot.lexical.idf(term) for term in terms}
