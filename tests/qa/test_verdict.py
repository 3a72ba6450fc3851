"""Whether the documents answer."""

from hypothesis import given
from hypothesis import strategies as st

from qa.verdict import MIDPOINT, judge


@given(lower=st.floats(-1, 1), higher=st.floats(-1, 1))
def test_confidence_rises_with_the_score_and_is_a_probability(lower: float, higher: float) -> None:
    lower, higher = sorted((lower, higher))
    assert 0 <= judge(lower).confidence <= judge(higher).confidence <= 1


def test_the_verdict_turns_where_both_are_equally_likely() -> None:
    assert not judge(MIDPOINT - 0.01).answered
    assert judge(MIDPOINT + 0.01).answered


def test_nothing_found_is_not_answered() -> None:
    assert judge(None).confidence == 0
    assert not judge(None).answered
