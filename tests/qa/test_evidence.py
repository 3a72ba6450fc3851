"""Evidence sentences."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import MOST_SENTENCES, choose_evidence

TEXT = "One two. Three four. Five six. Seven."
SPANS = [(0, 8), (9, 20), (21, 30), (31, 37)]

scores = st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4)


@given(scores=scores)
def test_evidence_is_verbatim_and_inside_the_passage(scores: list[float]) -> None:
    for evidence in choose_evidence(TEXT, SPANS, np.float32(scores)):
        assert TEXT[evidence.start : evidence.end] == evidence.text != ""


@given(scores=scores)
def test_the_best_sentence_comes_first_and_there_are_few(scores: list[float]) -> None:
    chosen = choose_evidence(TEXT, SPANS, np.float32(scores))
    assert 1 <= len(chosen) <= MOST_SENTENCES
    assert chosen[0].score == np.float32(scores).max()
    assert [evidence.score for evidence in chosen] == sorted((evidence.score for evidence in chosen), reverse=True)


def test_sentences_near_the_best_are_evidence_too() -> None:
    chosen = choose_evidence(TEXT, SPANS, np.float32([0.5, 0.80, 0.79, 0.1]))
    assert [evidence.text for evidence in chosen] == ["Three four.", "Five six."]


def test_equal_sentences_come_in_reading_order() -> None:
    chosen = choose_evidence(TEXT, SPANS, np.float32([0.5, 0.5, 0.1, 0.5]))
    assert [evidence.start for evidence in chosen] == [0, 9, 31]
