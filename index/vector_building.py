"""Builds the FAISS index of passage vectors that the table gives for their number, and measures what it finds.

Vectors arrive in slices and go to a temporary file as 16-bit floats first: the centroids are trained on a sample of
all, and what is never whole in memory is not limited by it. Training starts from a fixed seed, and the same vectors
give the same bytes.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.manifest import VectorsRecord
from index.vector_table import choose_lists
from index.vectors import probing

SEED = 7
ROWS_AT_ONCE = 16_384
TRAINED_PER_LIST = 64
"""Rows sampled for each centroid; FAISS asks for 39 at least, and more than 256 gain nothing."""
TRAINING_ROUNDS = 10
QUERIES, RECALL_AT = 500, 10
LEAST_RECALL = 0.995
"""Of the nearest `RECALL_AT` rows, the share to find on average, two standard errors allowed for.

Somewhat more than the 0.99 that questions are to find, for some of these are harder: on 47,000 vectors in 1,024 lists
(SQuAD and FinanceBench) it takes 128 probes, at which SQuAD's own questions find 0.990.
"""
PROBES = tuple(round(2 ** (step / 2)) for step in range(4, 26))
"""Numbers of lists to probe that are tried: 4, 6, 8, 11, 16 ..."""
OWN_SHARE, OTHERS, NOISE = 0.5, 3, 0.8
"""Of a query that recall is measured with. Its nearest passage is as far off as a question's (cosine 0.5 to 0.67)."""


def build_passage_vectors(path: Path, dimension: int, vectors: Iterable[Vectors]) -> VectorsRecord:
    """Write the index of all passages' vectors to `path`, and say what it is.

    They have length 1 and come in slices of shape (some, dimension), in order of their rows.
    """
    with tempfile.TemporaryFile(dir=path.parent) as spool:
        rows = _spooled(spool, dimension, vectors)
        lists = choose_lists(len(rows))
        index, record = _exact(rows) if lists is None else _inverted(rows, lists)
        faiss.write_index(index, str(path))
    return record


@contextmanager
def _all_cores() -> Iterator[None]:
    """FAISS on all cores; questions, one at a time, have one."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _spooled(spool: IO[bytes], dimension: int, vectors: Iterable[Vectors]) -> NDArray[np.float16]:
    """The vectors as 16-bit floats in a file, mapped.

    It is not mapped while it is written: on a full disk writing to a mapped file ends the process.
    """
    rows = 0
    for some in vectors:
        spool.write(np.ascontiguousarray(some, dtype=np.float16).tobytes())
        rows += len(some)
    spool.flush()
    shape = (rows, dimension)
    return np.memmap(spool, np.float16, "r", shape=shape) if rows else np.empty(shape, np.float16)


def _slices(rows: NDArray[np.float16]) -> Iterator[Vectors]:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[first : first + ROWS_AT_ONCE].astype(np.float32)


def _exact(rows: NDArray[np.float16]) -> tuple[faiss.Index, VectorsRecord]:
    index = faiss.IndexScalarQuantizer(rows.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for some in _slices(rows):
        index.add(some)
    return index, VectorsRecord(kind="exact")


def _inverted(rows: NDArray[np.float16], lists: int) -> tuple[faiss.Index, VectorsRecord]:
    """An inverted file of so many lists, set to the fewest probes that reach `LEAST_RECALL`."""
    dimension = rows.shape[1]
    centroids = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centroids, dimension, lists, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False
    )
    index.cp.seed, index.cp.niter, index.cp.max_points_per_centroid = SEED, TRAINING_ROUNDS, TRAINED_PER_LIST
    chosen = np.random.default_rng(SEED)
    sample = np.sort(chosen.choice(len(rows), min(len(rows), TRAINED_PER_LIST * lists), replace=False))
    index.train(rows[sample].astype(np.float32))  # on one core: on several, sums are rounded as their number has it
    with _all_cores():
        for some in _slices(rows):
            index.add(some)
        index.make_direct_map()  # from a row to its place, for scores of given rows
        index.nprobe, recall = _fewest_probes(index, questionlike(rows, QUERIES))
    return index, VectorsRecord(kind="ivf", lists=lists, probes=index.nprobe, recall_at_10=round(recall, 4))


def questionlike(rows: NDArray[np.float16], count: int) -> Vectors:
    """Unit vectors to measure recall with, shape (count, dimension): a passage with parts of others, and noise.

    The rows themselves, and sentences of theirs, would be found too easily: the list of a row is the one its own
    vector is nearest to. A question lies further off, often between passages, where neighbours are spread over more
    lists.
    """
    drawn = np.random.default_rng(SEED)
    own, *others = rows[drawn.integers(len(rows), size=(1 + OTHERS, count))].astype(np.float32)
    noise = drawn.standard_normal(own.shape, dtype=np.float32) * (NOISE / np.sqrt(own.shape[1]))
    queries = OWN_SHARE * own + (1 - OWN_SHARE) * sum(others) / np.sqrt(OTHERS) + noise
    unit: Vectors = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _fewest_probes(index: faiss.IndexIVF, queries: Vectors) -> tuple[int, float]:
    """The fewest lists to probe that reach `LEAST_RECALL`, and the recall they give; at worst all lists, which is 1."""
    nearest = index.search(queries, RECALL_AT, params=probing(index.nlist))[1]
    for probes in PROBES:
        if probes >= index.nlist:
            break
        found = index.search(queries, RECALL_AT, params=probing(probes))[1]
        recalls = recall_of_each(found, nearest)
        if recalls.mean() - 2 * recalls.std() / np.sqrt(len(recalls)) >= LEAST_RECALL:
            return probes, float(recalls.mean())
    return int(index.nlist), 1.0


def recall_of_each(found: NDArray[np.int64], nearest: NDArray[np.int64]) -> NDArray[np.float64]:
    """Per query, the share of the rows `nearest` that are among those `found`; both of shape (queries, k)."""
    pairs = zip(found, nearest, strict=True)
    return np.array([np.isin(exact, some).mean() for some, exact in pairs])
