"""Questions that arrive together are embedded together."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Vectors
from qa.query_batches import QueryBatches
from tests.hashing_encoder import HashingEncoder

WAIT_S = 30


class Panic(BaseException):
    """As a library in Rust raises it."""


class Gate:
    """An encoder whose batches begin when they are told to; it fails on texts that hold "bad"."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.alone: list[bool] = []
        self.opened = threading.Event()

    def encode(self, texts: Sequence[str], *, alone: bool) -> Vectors:
        self.batches.append(list(texts))
        self.alone.append(alone)
        assert self.opened.wait(WAIT_S)
        for text in texts:
            if "bad" in text:
                raise Panic(text)
        return HashingEncoder().encode_queries(texts)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def embed_together(gate: Gate, first: str, others: Sequence[str]) -> list[Vectors | BaseException]:
    """What comes of each question when `others` arrive while `first` is encoded."""
    batches = QueryBatches(gate.encode, at_once=1)

    def outcome(text: str) -> Vectors | BaseException:
        try:
            return batches.embed(text)
        except BaseException as error:
            return error

    with ThreadPoolExecutor(1 + len(others)) as pool:
        outcomes = [pool.submit(outcome, first)]
        wait_until(lambda: len(gate.batches) == 1)
        outcomes += [pool.submit(outcome, text) for text in others]
        wait_until(lambda: len(batches._waiting) == len(others))
        gate.opened.set()
        return [future.result(WAIT_S) for future in outcomes]


def test_questions_that_arrive_while_one_is_encoded_go_together() -> None:
    gate = Gate()
    embed_together(gate, "tea", ["oil", "steel", "cloth"])
    first, second = gate.batches
    assert (first, sorted(second)) == (["tea"], ["cloth", "oil", "steel"])


def test_a_question_waits_for_nobody_while_a_core_is_free() -> None:
    gate = Gate()
    batches = QueryBatches(gate.encode, at_once=2)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(batches.embed, text) for text in ("tea", "oil")]
        wait_until(lambda: len(gate.batches) == 2)
        gate.opened.set()
        assert all(len(answer.result(WAIT_S)) for answer in answers)
    assert sorted(gate.batches) == [["oil"], ["tea"]]


def test_a_question_is_alone_while_no_other_is_answered() -> None:
    gate = Gate()
    gate.opened.set()
    batches = QueryBatches(gate.encode)
    with batches.answering():
        batches.embed("tea")
        with batches.answering():
            batches.embed("oil")
        batches.embed("tea")
    assert gate.alone == [True, False, True]


@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=12))
def test_embeddings_are_the_same_whatever_arrives_together(texts: list[str]) -> None:
    batches = QueryBatches(HashingEncoder().encode_queries, at_once=1)
    with ThreadPoolExecutor(len(texts)) as pool:
        found = list(pool.map(batches.embed, texts))
    np.testing.assert_array_equal(found, HashingEncoder().encode_queries(texts))


def test_a_question_that_cannot_be_encoded_fails_alone() -> None:
    tea, oil, bad, worse = embed_together(Gate(), "tea", ["oil", "bad", "bad too"])
    np.testing.assert_array_equal([tea, oil], HashingEncoder().encode_queries(["tea", "oil"]))
    assert (str(bad), str(worse)) == ("bad", "bad too")


def test_an_encoder_that_failed_is_asked_again() -> None:
    gate = Gate()
    gate.opened.set()
    batches = QueryBatches(gate.encode, at_once=1)
    with pytest.raises(Panic):
        batches.embed("bad")
    assert len(batches.embed("tea"))
