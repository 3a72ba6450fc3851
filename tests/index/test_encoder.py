from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, checked
from index.models import BUNDLED_NAME, BUNDLED_SHA256, EncoderError, LocatedModel
from index.torch_encoder import TorchEncoder

TEXTS = ["Oil.", "Russia sold crude oil to Pakistan in 2023.", "", "Insulin is made in Lahore.", "石油 😀"]


def ignore(done: int) -> None:
    pass


def test_every_row_has_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS, ignore)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), encoder.record.dimension), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_passages([], ignore).shape == encoder.encode_queries([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_a_text_has_the_same_vector_in_any_company(encoder: Encoder) -> None:
    texts = ["oil " * words + f"number {words}" for words in (1, 9, 0, 30, 4)]
    together = encoder.encode_passages(texts, ignore)
    alone = np.concatenate([encoder.encode_passages([text], ignore) for text in texts])
    assert np.array_equal(together, alone)


def test_a_question_is_one_vector_near_its_answer(encoder: Encoder) -> None:
    query = encoder.encode_queries(["Who bought oil from Russia?"])[0]
    assert (query.shape, query.dtype) == ((encoder.record.dimension,), np.float32)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)
    assert int(np.argmax(encoder.encode_passages(TEXTS, ignore) @ query)) == 1


def test_the_same_text_gives_the_same_vector(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode_queries(["oil"])[0], encoder.encode_queries(["oil"])[0])


def test_a_question_that_is_alone_has_the_same_vector(encoder: Encoder) -> None:
    texts = [*TEXTS, "oil " * 400]
    assert np.array_equal(encoder.encode_queries(texts, alone=True), encoder.encode_queries(texts))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("oil", 1), ("Oil and gas.", 4), ("  oil \n gas ", 2), ("石油", 2), ("x" * 300, 1), ("oil " * 400, 400)],
    ids=["empty", "a word", "punctuation", "whitespace", "each ideograph", "an endless word", "beyond the limit"],
)
def test_tokens_are_counted_without_special_ones(encoder: Encoder, text: str, tokens: int) -> None:
    assert encoder.count_tokens([text]) == [tokens]


def test_the_limit_leaves_room_for_special_tokens(encoder: Encoder) -> None:
    assert encoder.record.max_tokens == 254


def test_a_text_at_the_limit_is_taken_in_whole(encoder: Encoder) -> None:
    words = ["oil"] * (encoder.record.max_tokens - 1)
    vectors = encoder.encode_passages([" ".join([*words, last]) for last in ("gas", "insulin")], ignore)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-4)
    beyond = encoder.encode_passages([" ".join(["oil", *words, last]) for last in ("gas", "insulin")], ignore)
    np.testing.assert_allclose(beyond[0], beyond[1], atol=1e-5)


def test_progress_tells_of_all_texts(encoder: Encoder) -> None:
    done: list[int] = []
    encoder.encode_passages(TEXTS, done.append)
    assert sum(done) == len(TEXTS)


def test_the_model_is_the_one_it_was_made_of(encoder: Encoder) -> None:
    record = encoder.record
    assert (record.model, record.sha256, record.dimension) == (BUNDLED_NAME, BUNDLED_SHA256, 384)
    assert (record.runtime, record.precision) == ("onnxruntime", "int8")


@pytest.mark.parametrize("row", [[np.nan, 0], [0, 0], [np.inf, 0], [3, 4]], ids=["NaN", "zero", "infinite", "too long"])
def test_a_row_that_is_no_unit_vector_is_refused(row: list[float]) -> None:
    with pytest.raises(EncoderError, match="no unit vector for text number 1"):
        checked(np.array([[1, 0], row], dtype=np.float32))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be loaded"):
        TorchEncoder(LocatedModel("broken", tmp_path, "0" * 64))
