"""Evidence sentences."""

from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import MOST_SENTENCES, choose_sentences, evidence

scores = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=6)


def test_evidence_is_verbatim_and_inside_the_passage() -> None:
    text = "One two. Three four."
    found = evidence(text, (9, 20), 0.5)
    assert text[found.start : found.end] == found.text == "Three four."


@given(scores=scores)
def test_the_best_sentence_comes_first_and_there_are_few(scores: list[float]) -> None:
    chosen = [scores[at] for at in choose_sentences(scores)]
    assert 1 <= len(chosen) <= MOST_SENTENCES
    assert chosen[0] == max(scores)
    assert chosen == sorted(chosen, reverse=True)


def test_sentences_near_the_best_are_evidence_too() -> None:
    assert choose_sentences([0.5, 0.80, 0.79, 0.1]) == [1, 2]


def test_equal_sentences_come_in_reading_order() -> None:
    assert choose_sentences([0.5, 0.5, 0.1, 0.5]) == [0, 1, 3]
