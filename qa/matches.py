"""Where the terms of a question stand in its candidates, found in all of them at once: word by word Python is slow."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SPACE, _NEWLINE = ord(" "), ord("\n")

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Occurrences of T terms in L lines of words. A passage has a line for its context and one for each sentence."""

    counts: Numbers  # of each term in each line, shape (T, L)
    lengths: Numbers  # of the lines in words, shape (L,)
    begins: Numbers  # first line of each passage, that of its context, shape (passages,)
    lines: tuple[Numbers, ...]  # of each term the lines of its occurrences, in order
    places: tuple[Numbers, ...]  # of each term the numbers of the words that it stands at, all lines counted through

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


def find_matches(passages: Sequence[str], terms: Sequence[str]) -> Matches:
    """The occurrences of `terms` in at least one passage, each as its lines of words (`index.texts.StoredPassage`)."""
    spaced = " ".join(["", "\n".join(passages).replace("\n", " \n "), ""]).encode("utf-8")
    characters = np.frombuffer(spaced, dtype=np.uint8)
    words = np.flatnonzero((characters[:-1] == _SPACE) & (characters[1:] > _SPACE))  # the space before each
    ends = np.flatnonzero(characters == _NEWLINE)
    line_of_word = np.searchsorted(ends, words)
    line_count = len(ends) + 1
    places = tuple(np.searchsorted(words, _occurrences(spaced, term)) for term in terms)
    lines = tuple(line_of_word[found] for found in places)
    counts = [np.bincount(found, minlength=line_count) for found in lines]
    line_counts = [passage.count("\n") + 1 for passage in passages]
    return Matches(
        counts=np.array(counts, dtype=np.int64).reshape(len(terms), line_count),
        lengths=np.bincount(line_of_word, minlength=line_count),
        begins=np.array([0, *accumulate(line_counts[:-1])], dtype=np.int64),
        lines=lines,
        places=places,
    )


def _occurrences(spaced: bytes, term: str) -> Numbers:
    """Where the space before each occurrence of the word stands."""
    word = f" {term} ".encode("utf-8", "surrogatepass")
    found = []
    at = spaced.find(word)
    while at >= 0:
        found.append(at)
        at = spaced.find(word, at + len(word) - 1)  # the space behind it may be before the next
    return np.array(found, dtype=np.int64)
