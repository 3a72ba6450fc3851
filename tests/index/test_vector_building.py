"""An index of lists, as large ones have: what it finds, and that it is the same each time."""

from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index import vector_building, vectors
from index.manifest import VectorsRecord
from index.vector_building import build_passage_vectors, recall_of_each
from index.vector_table import EXACT_UP_TO, choose_lists
from index.vectors import PassageVectors

DIMENSION, ROWS, LISTS = 16, 3_000, 32


def drawn(seed: int, count: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)


MATRIX, QUERIES = drawn(1, ROWS), drawn(2, 50)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VectorsRecord:
    """Of an index of lists in `tmp_path`."""
    monkeypatch.setattr(vector_building, "choose_lists", lambda _: LISTS)
    monkeypatch.setattr(vectors, "FEW", 100)
    return build_passage_vectors(tmp_path / "passages.faiss", DIMENSION, np.array_split(MATRIX, 7))


@pytest.fixture
def passages(tmp_path: Path, record: VectorsRecord) -> PassageVectors:
    return PassageVectors.open(tmp_path / "passages.faiss")


def nearest(query: NDArray[np.float32], among: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    return among[np.argsort(-(MATRIX[among] @ query), kind="stable")[:k]]


def test_the_table_gives_exact_search_until_lists_are_faster() -> None:
    assert choose_lists(EXACT_UP_TO) is None
    assert choose_lists(EXACT_UP_TO + 1) == 4_096
    assert choose_lists(100 * EXACT_UP_TO) == 4_096


def test_few_passages_are_searched_exactly(tmp_path: Path) -> None:
    assert build_passage_vectors(tmp_path / "passages.faiss", DIMENSION, [MATRIX]) == VectorsRecord("exact")


def test_the_recall_that_was_aimed_at_is_reached_and_recorded(record: VectorsRecord, passages: PassageVectors) -> None:
    assert (record.kind, record.lists) == ("ivf", LISTS)
    assert record.recall_at_10 is not None and record.recall_at_10 >= 0.99
    assert record.probes is not None and 1 < record.probes <= LISTS
    found = np.array([passages.search(query, 10)[0] for query in QUERIES])
    exact = np.array([nearest(query, np.arange(ROWS), 10) for query in QUERIES])
    assert recall_of_each(found, exact).mean() >= 0.98


def test_where_no_fewer_probes_do_all_lists_are_probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_building, "choose_lists", lambda _: LISTS)
    monkeypatch.setattr(vector_building, "LEAST_RECALL", 1.1)
    record = build_passage_vectors(tmp_path / "passages.faiss", DIMENSION, [MATRIX])
    assert record == VectorsRecord("ivf", LISTS, LISTS, 1.0)


@pytest.mark.parametrize("cores", [1, 2])
def test_the_same_vectors_give_the_same_bytes(
    tmp_path: Path, record: VectorsRecord, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert build_passage_vectors(tmp_path / "again.faiss", DIMENSION, [MATRIX]) == record
    assert (tmp_path / "again.faiss").read_bytes() == (tmp_path / "passages.faiss").read_bytes()


def test_building_leaves_nothing_behind(tmp_path: Path, record: VectorsRecord) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["passages.faiss"]
    assert faiss.omp_get_max_threads() == 1


@pytest.mark.parametrize("size", [1, 20, 100])
def test_few_allowed_rows_are_compared_one_by_one(passages: PassageVectors, size: int) -> None:
    allowed = np.sort(np.random.default_rng(size).choice(ROWS, size, replace=False))
    for query in QUERIES:
        assert passages.search(query, 10, allowed)[0].tolist() == nearest(query, allowed, 10).tolist()


def test_as_many_rows_come_back_as_are_allowed_wherever_they_lie(passages: PassageVectors) -> None:
    farthest = np.sort(np.argsort(MATRIX @ QUERIES[0])[:400])
    rows, scores = passages.search(QUERIES[0], 390, farthest)
    assert rows.tolist() == nearest(QUERIES[0], farthest, 390).tolist()
    assert len(passages.search(QUERIES[0], ROWS)[0]) == ROWS
    np.testing.assert_allclose(scores, MATRIX[rows] @ QUERIES[0], atol=1e-6)


def test_scores_are_those_of_the_rows_asked_for(passages: PassageVectors) -> None:
    rows = np.array([2_999, 0, 7, 0])
    np.testing.assert_allclose(passages.scores(QUERIES[0], rows), MATRIX[rows] @ QUERIES[0], atol=1e-6)
    assert len(passages) == ROWS


def test_a_row_that_is_no_vector_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_building, "choose_lists", lambda _: LISTS)
    matrix = MATRIX.copy()
    matrix[5] *= 3
    build_passage_vectors(tmp_path / "passages.faiss", DIMENSION, [matrix])
    unsound = PassageVectors.open(tmp_path / "passages.faiss").unsound(np.arange(ROWS))
    assert np.flatnonzero(unsound).tolist() == [5]
