"""Passage vectors in FAISS, sentence vectors in a memory-mapped array. Scores are cosines."""

from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
HalfVectors = NDArray[np.float16]
"""Embeddings, one a row, in 16-bit floats."""

TIE_MARGIN = 16
"""FAISS orders equal scores as it likes; this many more are fetched so that the cut falls by row number."""

faiss.omp_set_num_threads(1)  # one query at a time is slower with two threads (docs/architecture.md)


def best(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The `k` highest scores with their rows, equal ones by row number; missing rows (-1) dropped."""
    found = rows >= 0
    rows, scores = rows[found], scores[found]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


class PassageVectors:
    """Exact inner-product search over the vectors of all passages; row i belongs to passage row i."""

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index
        self._matrix: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(
            index.ntotal, index.d
        )

    @staticmethod
    def write(path: Path, dimension: int, vectors: Iterable[Vectors]) -> None:
        """Write the passages' vectors, which come in slices of shape (some, dimension), as a FAISS index."""
        index = faiss.IndexFlatIP(dimension)
        for some in vectors:
            index.add(some)
        faiss.write_index(index, str(path))

    @classmethod
    def open(cls, path: Path) -> "PassageVectors":
        """The index written to `path`, which must have been verified: FAISS does not notice damage."""
        index = faiss.read_index(str(path))
        assert isinstance(index, faiss.IndexFlatIP)  # as `write` made it, and the checksum was right
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: NDArray[np.float32], k: int, allowed: Rows | None = None) -> tuple[Rows, Scores]:
        """The `k` passages nearest to `query`, shape (dimension,), among `allowed` rows; best first."""
        parameters = faiss.SearchParameters()
        if allowed is not None:
            selector = faiss.IDSelectorBatch(allowed)  # FAISS keeps no reference to it
            parameters.sel = selector
        depth = min(k + TIE_MARGIN, len(self))
        scores, rows = self._index.search(query[np.newaxis], depth, params=parameters)
        return best(rows[0], scores[0], k)

    def scores(self, query: NDArray[np.float32], rows: Rows) -> Scores:
        """Cosine of `query` with each of `rows`."""
        return self._matrix[rows] @ query


class SentenceVectors:
    """Vectors of all sentences as 16-bit floats, memory-mapped: only those of candidates are ever read."""

    def __init__(self, matrix: NDArray[np.float16]) -> None:
        self._matrix = matrix

    @staticmethod
    def write(path: Path, shape: tuple[int, int], vectors: Iterable[HalfVectors]) -> None:
        """Write an array of `shape` (sentences, dimension), whose rows come in slices; it is never whole in memory.

        It is not mapped while it is written: on a full disk writing to a mapped file ends the process.
        """
        rows = 0
        with path.open("wb") as stream:
            header = {
                "descr": np.lib.format.dtype_to_descr(np.dtype(np.float16)),
                "fortran_order": False,
                "shape": shape,
            }
            np.lib.format.write_array_header_1_0(stream, header)
            for some in vectors:
                stream.write(np.ascontiguousarray(some, dtype=np.float16).tobytes())
                rows += len(some)
        assert rows == shape[0]

    @classmethod
    def open(cls, path: Path) -> "SentenceVectors":
        """The array written to `path`."""
        return cls(np.load(path, mmap_mode="r"))

    def __len__(self) -> int:
        return len(self._matrix)

    def scores(self, query: NDArray[np.float32], rows: Rows) -> Scores:
        """Cosine of `query` with the sentence in each of `rows`."""
        return self._matrix[rows].astype(np.float32) @ query
