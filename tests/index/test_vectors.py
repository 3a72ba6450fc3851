import os
import re
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import mapped as index_mapped
from index.vector_building import build_passage_vectors
from index.vectors import PassageVectors, SentenceVectors, best

DIMENSION = 16


def unit_rows(seed: int, rows: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)  # as they are kept


def written(folder: Path, vectors: NDArray[np.float32]) -> PassageVectors:
    build_passage_vectors(folder / "passages.faiss", DIMENSION, np.array_split(vectors, 3))
    return PassageVectors.open(folder / "passages.faiss")


def rows_of(*rows: int) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors")


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 300), k=st.integers(1, 320))
@settings(max_examples=40, deadline=None)
def test_search_equals_the_product_with_every_row(folder: Path, seed: int, size: int, k: int) -> None:
    vectors = unit_rows(seed, size)
    query = unit_rows(seed + 1, 1)[0]
    rows, scores = written(folder, vectors).search(query, k)
    products = vectors @ query
    assert rows.tolist() == np.argsort(-products, kind="stable")[:k].tolist()
    np.testing.assert_allclose(scores, products[rows], atol=1e-6)


@given(seed=st.integers(0, 2**32 - 1), allowed=st.sets(st.integers(0, 99)), k=st.integers(1, 120))
@settings(max_examples=40, deadline=None)
def test_search_among_allowed_rows_equals_the_product_with_those(
    folder: Path, seed: int, allowed: set[int], k: int
) -> None:
    vectors = unit_rows(seed, 100)
    query = unit_rows(seed + 1, 1)[0]
    rows, _ = written(folder, vectors).search(query, k, rows_of(*allowed))
    products = vectors @ query
    assert rows.tolist() == sorted(allowed, key=lambda row: -products[row])[:k]


@pytest.mark.parametrize("k", [1, 5, 200])
def test_equal_scores_come_by_row_number(folder: Path, k: int) -> None:
    vectors = np.repeat(unit_rows(1, 1), 300, axis=0)
    passages = written(folder, vectors)
    assert passages.search(vectors[0], k)[0].tolist() == list(range(k))
    assert passages.search(vectors[0], k, np.arange(50, 300))[0].tolist() == list(range(50, 50 + k))


def test_fewer_rows_than_asked_for_are_all(folder: Path) -> None:
    vectors = unit_rows(1, 3)
    rows, scores = written(folder, vectors).search(vectors[1], 10)
    assert sorted(rows.tolist()) == [0, 1, 2]
    assert (rows[0], len(scores)) == (1, 3)


def test_nothing_allowed_gives_nothing(folder: Path) -> None:
    rows, scores = written(folder, unit_rows(1, 3)).search(unit_rows(2, 1)[0], 10, rows_of())
    assert (len(rows), len(scores)) == (0, 0)


def test_scores_are_the_cosines_of_the_rows_asked_for(folder: Path) -> None:
    vectors, query = unit_rows(1, 20), unit_rows(2, 1)[0]
    scores = written(folder, vectors).scores(query, rows_of(7, 0, 19, 7))
    np.testing.assert_allclose(scores, (vectors @ query)[[7, 0, 19, 7]], atol=1e-6)


def test_the_length_is_the_number_of_passages(folder: Path) -> None:
    assert len(written(folder, unit_rows(1, 20))) == 20


def test_cosines_of_sentences_are_right_within_8_bits(folder: Path) -> None:
    vectors, query = unit_rows(1, 50), unit_rows(2, 1)[0]
    SentenceVectors.write(folder / "sentences.npy", DIMENSION, np.array_split(vectors, 3))
    sentences = SentenceVectors.open(folder / "sentences.npy")
    assert (len(sentences), sentences.dimension) == (50, DIMENSION)
    np.testing.assert_allclose(sentences.scores(query, np.arange(50)), vectors @ query, atol=1e-2)


@given(rows=st.lists(st.integers(0, 49) | st.sampled_from([range(3, 9), range(40, 50)]), max_size=20))
@settings(max_examples=60, deadline=None)
def test_rows_of_sentences_come_as_asked_for_in_any_order_and_in_runs(folder: Path, rows: list[int | range]) -> None:
    vectors, query = unit_rows(1, 50), unit_rows(2, 1)[0]
    SentenceVectors.write(folder / "sentences.npy", DIMENSION, [vectors])
    asked = rows_of(*chain.from_iterable([row] if isinstance(row, int) else row for row in rows))
    scores = SentenceVectors.open(folder / "sentences.npy").scores(query, asked)
    np.testing.assert_allclose(scores, (vectors @ query)[asked], atol=1e-2)


def test_a_file_of_sentences_that_ends_early_is_not_opened(folder: Path) -> None:
    SentenceVectors.write(folder / "cut.npy", DIMENSION, [unit_rows(1, 9)])
    os.truncate(folder / "cut.npy", (folder / "cut.npy").stat().st_size - DIMENSION)
    with pytest.raises(TypeError, match="too small"):
        SentenceVectors.open(folder / "cut.npy")


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="resident pages are read from Linux's /proc")
def test_sentences_of_a_large_file_are_not_kept_in_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_mapped, "_KEPT_BYTES", 0)
    vectors = unit_rows(1, 50)
    SentenceVectors.write(folder / "large.npy", DIMENSION, [vectors])
    sentences = SentenceVectors.open(folder / "large.npy")
    for _ in range(2):
        np.testing.assert_allclose(sentences.scores(vectors[0], np.arange(50)), vectors @ vectors[0], atol=1e-2)
    mappings = Path("/proc/self/smaps").read_text().partition(str(folder / "large.npy"))[2]
    assert re.search(r"^Rss: +(\d+) kB$", mappings, re.MULTILINE)[1] == "0"


def test_a_sentence_has_the_same_bytes_whatever_stands_beside_it(folder: Path) -> None:
    vectors = unit_rows(1, 9).astype(np.float16)
    SentenceVectors.write(folder / "all.npy", DIMENSION, [vectors])
    SentenceVectors.write(folder / "some.npy", DIMENSION, [vectors[4:5], vectors[8:]])
    assert np.array_equal(np.load(folder / "all.npy")[[4, 8]], np.load(folder / "some.npy"))


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_sentence_without_a_vector_of_length_1_is_told(folder: Path, value: float) -> None:
    vectors = unit_rows(1, 4).astype(np.float16)
    vectors[2] = value
    SentenceVectors.write(folder / "sentences.npy", DIMENSION, [vectors])
    assert SentenceVectors.open(folder / "sentences.npy").unsound(np.arange(4)).tolist() == [False, False, True, False]


def test_the_best_are_the_highest_scores_first() -> None:
    rows, scores = best(rows_of(4, 2, 9), np.array([0.1, 0.3, 0.2], dtype=np.float32), 2)
    assert rows.tolist() == [2, 9]
    np.testing.assert_allclose(scores, [0.3, 0.2])


def test_the_best_of_equal_scores_are_the_lowest_rows() -> None:
    assert best(rows_of(4, 2, 9), np.ones(3, dtype=np.float32), 2)[0].tolist() == [2, 4]


def test_the_best_leave_out_missing_rows() -> None:
    rows, scores = best(rows_of(-1, 5, -1), np.array([9, 1, 9], dtype=np.float32), 3)
    assert (rows.tolist(), scores.tolist()) == ([5], [1.0])
