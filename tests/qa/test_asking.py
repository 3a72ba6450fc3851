"""Which sentences of a question ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.asking import asking_sentences


def test_only_the_sentences_with_a_question_mark_ask() -> None:
    text = "I write about steel. When did the mill close? Please be brief. Who closed it?"
    assert asking_sentences(text) == "When did the mill close? Who closed it?"


@pytest.mark.parametrize("text", ["steel mills", "Tell me of the mill. Be brief.", "“Who?” he said", ""])
def test_without_a_question_mark_all_of_it_asks(text: str) -> None:
    assert asking_sentences(text) == text


@pytest.mark.parametrize(
    ("text", "asking"),
    [("میں نے دیکھا۔ یہ کیا ہے؟", "یہ کیا ہے؟"), ("我去了。这是什么？", "这是什么？")],
    ids=["Urdu", "Chinese"],
)
def test_question_marks_of_other_scripts_count(text: str, asking: str) -> None:
    assert asking_sentences(text) == asking


@given(st.text())
def test_nothing_is_added_and_something_is_always_left(text: str) -> None:
    asking = asking_sentences(text)
    assert asking == text or all(part in text for part in asking.split(" "))
    assert bool(asking) == bool(text)
