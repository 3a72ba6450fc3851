"""Where the terms of a question stand in its candidates, found in all of them at once: word by word Python is slow."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.forward import ForwardPassages, Hashes

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Occurrences of T terms in L lines of terms. A passage has a line for its context and one for each sentence."""

    counts: Numbers  # of each term in each line, shape (T, L)
    lengths: Numbers  # of the lines in terms, shape (L,)
    begins: Numbers  # first line of each passage, that of its context, shape (passages,)
    lines: tuple[Numbers, ...]  # of each term the lines of its occurrences, in order
    places: tuple[Numbers, ...]  # of each term the numbers of the terms that it is, all lines counted through

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether each passage, with its context, holds each term, shape (T, passages)."""
        return self.by_passage(np.logical_or, self.counts > 0)

    @property
    def sentences(self) -> NDArray[np.bool_]:
        """Which lines are sentences, shape (L,)."""
        are = np.ones(len(self.lengths), dtype=np.bool_)
        are[self.begins] = False
        return are

    def by_passage(self, reduce: np.ufunc, of_lines: NDArray[Any]) -> NDArray[Any]:
        """What `reduce` makes of the lines of each passage, on the last axis."""
        reduced: NDArray[Any] = reduce.reduceat(of_lines, self.begins, axis=-1)
        return reduced


def find_matches(passages: ForwardPassages, terms: Hashes) -> Matches:
    """The occurrences of `terms` in `passages`."""
    line_count = len(passages.line_lengths)
    line_of_term = np.repeat(np.arange(line_count), passages.line_lengths)
    places = tuple(np.flatnonzero(passages.terms == term) for term in terms)
    lines = tuple(line_of_term[found] for found in places)
    counts = [np.bincount(found, minlength=line_count) for found in lines]
    line_counts = passages.sentence_counts + 1
    return Matches(
        counts=np.array(counts, dtype=np.int64).reshape(len(terms), line_count),
        lengths=passages.line_lengths,
        begins=np.cumsum(line_counts) - line_counts,
        lines=lines,
        places=places,
    )
