"""Candidates: the passages either index finds for a question, each with both indexes' scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from index.texts import EVERY_DOCUMENT, DocumentFilter
from index.vectors import Rows, Scores

DEPTH = 100
"""Passages taken from each index."""


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question as both indexes see it: its embedding, and its distinct terms with their idf."""

    embedding: NDArray[np.float32]
    idf: dict[str, float]

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


def find_candidates(snapshot: Snapshot, question: EncodedQuestion, filter_: DocumentFilter, depth: int) -> Candidates:
    """The best `depth` passages of each index among the documents that pass `filter_`.

    The filter is applied inside both indexes, and every candidate gets its score from both, so neither a filter nor
    the other index's choice can leave a good passage out or unscored.
    """
    text_rows, passage_rows = None, None
    if filter_ != EVERY_DOCUMENT:
        text_rows, passage_rows = snapshot.texts.passages_passing(filter_)
    dense_rows, _ = snapshot.passages.search(question.embedding, depth, passage_rows)
    lexical_rows, _ = snapshot.lexical.search(question.terms, depth, text_rows)
    rows = np.union1d(dense_rows, lexical_rows)
    return Candidates(
        rows=rows,
        dense=snapshot.passages.scores(question.embedding, rows),
        lexical=snapshot.lexical.scores(question.terms, rows),
    )


def idf_of_terms(snapshot: Snapshot, terms: Sequence[str]) -> dict[str, float]:
    """Each distinct term with its idf, in order of first use."""
    return {term: snapshot.lexical.idf(term) for term in terms}
