"""Passage vectors in FAISS, sentence vectors in an array; both mapped into memory. Scores are cosines."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.mapped import ArrayWriter, MappedArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
HalfVectors = NDArray[np.float16]
"""Embeddings, one a row, in 16-bit floats."""

LENGTH_TOLERANCE = 2e-3
"""Of a vector's length from 1: what an encoder may be off by, and 16-bit floats (0.0005) added."""
TIE_MARGIN = 16
"""FAISS orders equal scores as it likes; this many more are fetched so that the cut falls by row number."""

FEW = 20_000
"""Allowed rows that are all compared with a question, whatever the index: some 7 ms."""
_LISTS = b"IwSq"
"""What FAISS begins the file of an IndexIVFScalarQuantizer with. Each of its flags for mapping fits some kinds only."""
_LARGEST = 127
"""Of a sentence's vector in 8 bits."""

faiss.omp_set_num_threads(1)  # one query at a time is slower with two threads (docs/architecture.md)


def best(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The `k` highest scores with their rows, equal ones by row number; missing rows (-1) dropped."""
    found = rows >= 0
    rows, scores = rows[found], scores[found]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


class PassageVectors:
    """Search over the vectors of all passages, exact or by lists (`index.vector_building`); row i is passage row i.

    The file is mapped, so that several processes share it.
    """

    def __init__(self, index: Any) -> None:
        self._index = index  # of FAISS
        self._lists = isinstance(index, faiss.IndexIVF)

    @classmethod
    def open(cls, path: Path) -> "PassageVectors":
        """The index written to `path`, which must have been verified: FAISS does not notice damage."""
        with path.open("rb") as stream:
            lists = stream.read(len(_LISTS)) == _LISTS
        index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP if lists else faiss.IO_FLAG_MMAP_IFC)
        if lists:  # no threads that fetch the lists ahead: starting them takes longer than most searches
            mapped: Any = faiss.downcast_InvertedLists(index.invlists)
            mapped.prefetch_nthread = 0
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """That of the vectors."""
        return int(self._index.d)

    def search(self, query: NDArray[np.float32], k: int, allowed: Rows | None = None) -> tuple[Rows, Scores]:
        """The `k` passages nearest to `query`, shape (dimension,), among `allowed` rows; best first.

        As many come back as there are, up to `k`: where the lists that are probed hold fewer, all are.
        """
        most = len(self) if allowed is None else len(allowed)
        depth = min(k + TIE_MARGIN, most)
        if depth < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        selector = None if allowed is None else _selector(allowed, len(self))
        rows, scores = self._search(query, depth, selector, self._probes(most))
        if self._lists and (rows < 0).any():
            rows, scores = self._search(query, depth, selector, self._index.nlist)
        return best(rows, scores, k)

    def _probes(self, allowed: int) -> int:
        """Lists to probe for so many allowed rows: all where these are few, else as many as hold as many as usual."""
        if not self._lists:
            return 0
        lists, usual = int(self._index.nlist), int(self._index.nprobe)
        return lists if allowed <= FEW else min(lists, -(-usual * len(self) // allowed))

    def _search(
        self, query: NDArray[np.float32], depth: int, selector: faiss.IDSelector | None, probes: int
    ) -> tuple[Rows, Scores]:
        parameters = probing(probes) if self._lists else faiss.SearchParameters()
        if selector is not None:
            parameters.sel = selector
        scores, rows = self._index.search(query[np.newaxis], depth, params=parameters)
        return rows[0], scores[0]

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of `rows`, shape (len(rows), dimension)."""
        vectors: Vectors = self._index.reconstruct_batch(rows)
        return vectors

    def unsound(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of `rows` are no vectors of length 1."""
        lengths = np.linalg.norm(self.vectors(rows), axis=1)
        sound: NDArray[np.bool_] = np.abs(lengths - 1) <= LENGTH_TOLERANCE
        return ~sound  # of a vector that is not finite too

    def scores(self, query: NDArray[np.float32], rows: Rows) -> Scores:
        """Cosine of `query` with each of `rows`."""
        return self.vectors(rows) @ query


class SentenceVectors:
    """Vectors of all sentences, memory-mapped: only those of candidates are ever read.

    Each dimension is an 8-bit whole number, the largest of a row being 127; a row's length is not kept, as all are 1.
    A cosine is off by 0.003 at most, and by 0.0003 on average (measured on 40,000 sentences).
    """

    def __init__(self, mapped: MappedArray) -> None:
        self._mapped = mapped
        self._matrix: NDArray[np.int8] = mapped.array

    @staticmethod
    def write(path: Path, dimension: int, vectors: Iterable[HalfVectors]) -> None:
        """Write an array of shape (sentences, dimension), whose rows come in slices; it is never whole in memory."""
        with ArrayWriter(path, np.int8, (dimension,)) as writer:
            for some in vectors:
                writer.append(_in_8_bits(some))

    @classmethod
    def open(cls, path: Path) -> "SentenceVectors":
        """The array written to `path`, which must have been verified."""
        return cls(MappedArray(path))

    def __len__(self) -> int:
        return len(self._matrix)

    @property
    def dimension(self) -> int:
        """That of the vectors."""
        return int(self._matrix.shape[1])

    def unsound(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of `rows` no vector can have given."""
        largest = np.abs(self._read(rows).astype(np.int16)).max(axis=1)
        unsound: NDArray[np.bool_] = largest != _LARGEST
        return unsound

    def scores(self, query: NDArray[np.float32], rows: Rows) -> Scores:
        """Cosine of `query` with the sentence in each of `rows`."""
        codes = self._read(rows).astype(np.float32)
        scores: Scores = (codes @ query) / np.sqrt(np.einsum("ij,ij->i", codes, codes))
        return scores

    def _read(self, rows: Rows) -> NDArray[np.int8]:
        """Those `rows`, shape (len(rows), dimension)."""
        codes: NDArray[np.int8] = self._matrix.take(rows, axis=0)  # in half the time that indexing takes
        self._mapped.give_back()
        return codes


def _in_8_bits(vectors: HalfVectors) -> NDArray[np.int8]:
    """Each row by itself, so that a sentence has the same bytes whatever stands beside it.

    One that is 0 or not finite gives zeros, which verification tells.
    """
    exact = vectors.astype(np.float32)
    largest = np.abs(exact).max(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        codes = np.rint(exact / largest * _LARGEST)
    whole: NDArray[np.int8] = np.nan_to_num(codes, copy=False).astype(np.int8)
    return whole


def probing(lists: int) -> faiss.SearchParametersIVF:
    """A search of the nearest `lists`."""
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = lists
    return parameters


def _selector(allowed: Rows, count: int) -> faiss.IDSelector:
    """Membership of each of `count` rows, by one bit."""
    members = np.zeros(count, dtype=bool)
    members[allowed] = True
    bits = np.packbits(members, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # FAISS wraps it to take an array
