"""The forward index: of each passage what ranking compares, so that only texts that are shown are read.

Terms are kept as 64-bit hashes, since all that is asked of them is whether two are the same: that among a million
distinct terms any two share one has a probability of 3 in 100 million.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.mapped import ArrayWriter, MappedArray
from index.vectors import Rows

Hashes = NDArray[np.uint64]
"""Of terms, shape (n,)."""

_PASSAGES, _LINES, _TERMS, _TEXTS, _NAMES = "passages.npy", "lines.npy", "terms.npy", "texts.npy", "names.npy"
"""Files: of each passage (row of its text, page, row of its first sentence); where each line begins among the terms;
the hashes of terms; of each text (passages, row of its group, where its name begins); the hashes of names. Passages,
lines and texts have one row more, which tells where the last one ends."""
_NO_PAGE = 0


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """What is kept of a passage: `lines` are the terms of its context and of each of its sentences, in order.

    `page` is that on which it begins, by the pages of the first document with its text; None where it has none.
    """

    page: int | None
    lines: tuple[list[str], ...]


@dataclass(frozen=True, slots=True)
class TextEntry:
    """What is kept of a text: its group of near-duplicates, the terms its document is named by, and its passages."""

    group_row: int
    name: list[str]
    passages: tuple[PassageEntry, ...]


@dataclass(frozen=True, slots=True)
class ForwardPassages:
    """P passages, and the L lines of their terms: of each passage one for its context and one for each sentence."""

    text_rows: Rows  # shape (P,), as are the next three
    pages: Rows  # 0 for a passage without a page
    first_sentences: Rows  # rows
    sentence_counts: Rows
    line_lengths: Rows  # in terms, shape (L,)
    terms: Hashes  # of all lines, in order

    @property
    def sentences(self) -> Rows:
        """Rows of all sentences, in order."""
        return _ranges(self.first_sentences, self.sentence_counts)


@dataclass(frozen=True, slots=True)
class ForwardTexts:
    """T texts, and the terms of the names of their documents."""

    passages: Rows  # how many a text has, shape (T,), as are the next two
    group_rows: Rows
    name_lengths: Rows  # in terms
    names: Hashes  # of all names, in order


def term_hashes(terms: Iterable[str]) -> Hashes:
    """The hash of each term."""
    return np.array([_hash(term) for term in terms], dtype=np.uint64)


@lru_cache(1 << 16)
def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class ForwardIndex:
    """The forward index of all passages and texts, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Opens what was written to `folder`, which must have been verified."""
        self._passages, self._lines, self._terms, self._texts, self._names = (
            MappedArray(folder / name) for name in (_PASSAGES, _LINES, _TERMS, _TEXTS, _NAMES)
        )

    @staticmethod
    def write(folder: Path, texts: Iterable[TextEntry]) -> None:
        """Write the forward index of `texts`, in order of their rows, to `folder`, which must exist and be empty."""
        with ExitStack() as stack:
            passages = stack.enter_context(ArrayWriter(folder / _PASSAGES, np.int64, (3,)))
            lines = stack.enter_context(ArrayWriter(folder / _LINES, np.int64))
            terms = stack.enter_context(ArrayWriter(folder / _TERMS, np.uint64))
            of_texts = stack.enter_context(ArrayWriter(folder / _TEXTS, np.int64, (3,)))
            names = stack.enter_context(ArrayWriter(folder / _NAMES, np.uint64))
            sentences = 0
            for row, text in enumerate(texts):
                of_texts.append(np.array([(len(text.passages), text.group_row, names.rows)]))
                names.append(term_hashes(text.name))
                for passage in text.passages:
                    passages.append(np.array([(row, passage.page or _NO_PAGE, sentences)]))
                    sentences += len(passage.lines) - 1
                    for line in passage.lines:
                        lines.append(np.array([terms.rows]))
                        terms.append(term_hashes(line))
            # Where what belongs to the last one ends.
            of_texts.append(np.array([(0, 0, names.rows)]))
            passages.append(np.array([(0, 0, sentences)]))
            lines.append(np.array([terms.rows]))

    def __len__(self) -> int:
        """Number of passages."""
        return len(self._passages.array) - 1

    @property
    def sentences(self) -> int:
        """Number of sentences."""
        return int(self._passages.array[-1, 2])

    def passages(self, rows: Rows) -> ForwardPassages:
        """The passages in `rows`, of which there must be one, in that order."""
        text_rows, pages, firsts = self._passages.array[rows].T
        counts = self._passages.array[rows + 1, 2] - firsts
        first_lines = rows + firsts  # every passage before it has one more line than it has sentences
        lines = _ranges(first_lines, counts + 1)
        lengths = self._lines.array.take(lines + 1) - self._lines.array.take(lines)
        first_terms = self._lines.array[first_lines]
        terms = self._terms.array.take(_ranges(first_terms, self._lines.array[first_lines + counts + 1] - first_terms))
        for mapped in (self._passages, self._lines, self._terms):
            mapped.give_back()
        return ForwardPassages(text_rows, pages, firsts, counts, lengths, terms)

    def texts(self, rows: Rows) -> ForwardTexts:
        """The texts in `rows`, in that order."""
        counts, groups, begins = self._texts.array[rows].T
        lengths = self._texts.array[rows + 1, 2] - begins
        names = self._names.array[_ranges(begins, lengths)]
        for mapped in (self._texts, self._names):
            mapped.give_back()
        return ForwardTexts(counts, groups, lengths, names)


def _ranges(starts: Rows, counts: Rows) -> Rows:
    """The numbers from each start on, as many as it counts, one range after the other."""
    before = np.cumsum(counts) - counts
    numbers: Rows = np.repeat(starts - before, counts) + np.arange(counts.sum())
    return numbers
