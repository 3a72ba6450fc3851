from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding_cache import EmbeddingCache, text_key
from tests.hashing_encoder import HashingEncoder


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[EmbeddingCache]:
    with closing(EmbeddingCache(tmp_path / "cache", HashingEncoder())) as cache:
        yield cache


vectors = st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4).map(lambda row: np.array(row, dtype=np.float32))


@given(embeddings=st.dictionaries(st.text(), vectors, max_size=20))
@settings(max_examples=30, deadline=None)
def test_embeddings_come_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, embeddings: dict[str, np.ndarray]
) -> None:
    keys = [text_key(text) for text in embeddings]
    halves = [vector.astype(np.float16) for vector in embeddings.values()]
    folder = tmp_path_factory.mktemp("cache")
    with closing(EmbeddingCache(folder, HashingEncoder())) as cache:
        cache.add_passages(keys[::2], list(embeddings.values())[::2])
        cache.add_sentences(keys[1::2], halves[1::2])
    with closing(EmbeddingCache(folder, HashingEncoder())) as cache:
        assert len(cache) == len(keys)
        passages, sentences = cache.passages(keys), cache.sentences(keys)
    assert list(passages) == sorted(keys[::2])
    for key, vector, half in zip(keys, embeddings.values(), halves, strict=True):
        assert sentences[key].dtype == np.float16
        assert sentences[key].tobytes() == half.tobytes()
        if key in passages:
            assert passages[key].tobytes() == vector.tobytes()


def test_more_texts_than_a_statement_takes_are_found(cache: EmbeddingCache) -> None:
    keys = [text_key(str(number)) for number in range(3000)]
    cache.add_passages(keys, np.arange(3000, dtype=np.float32).reshape(-1, 1))
    found = cache.passages(keys)
    assert [found[key][0] for key in keys] == list(range(3000))


def test_an_embedding_of_another_encoder_is_not_found(tmp_path: Path) -> None:
    key = text_key("Oil.")
    with closing(EmbeddingCache(tmp_path, HashingEncoder(60))) as cache:
        cache.add_passages([key], np.ones((1, 4), dtype=np.float32))
    with closing(EmbeddingCache(tmp_path, HashingEncoder(50))) as cache:
        assert cache.passages([key]) == {}
    with closing(EmbeddingCache(tmp_path, HashingEncoder(60))) as cache:
        assert list(cache.passages([key])) == [key]


def test_what_was_not_looked_for_is_forgotten(tmp_path: Path) -> None:
    used, sentence, unused = map(text_key, ("used", "sentence", "unused"))
    with closing(EmbeddingCache(tmp_path, HashingEncoder(50))):
        pass
    with closing(EmbeddingCache(tmp_path, HashingEncoder())) as cache:
        cache.add_passages([used, unused], np.ones((2, 4), dtype=np.float32))
        cache.add_sentences([sentence], np.ones((1, 4), dtype=np.float16))
    with closing(EmbeddingCache(tmp_path, HashingEncoder())) as cache:
        cache.passages([used])
        cache.sentences([sentence])
        cache.forget_unused()
        assert len(cache) == 2
        assert list(cache.passages([used, unused])) == [used]
        assert list(cache.sentences([sentence])) == [sentence]
    assert len(list(tmp_path.glob("embeddings-*.sqlite"))) == 1


def test_a_text_that_is_embedded_now_is_not_forgotten(cache: EmbeddingCache) -> None:
    key = text_key("new")
    assert cache.passages([key]) == {}
    cache.add_passages([key], np.ones((1, 4), dtype=np.float32))
    cache.forget_unused()
    assert list(cache.passages([key])) == [key]
