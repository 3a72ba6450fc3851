import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.distinct_names import distinct_names


@pytest.mark.parametrize(
    ("names", "distinct"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a (2)", "a (3)"]),
        (["x/a.txt", "x/a.txt"], ["x/a.txt", "x/a (2).txt"]),
        (["a", "a (2)", "a"], ["a", "a (2)", "a (3)"]),
        (["v1.2/a", "v1.2/a"], ["v1.2/a", "v1.2/a (2)"]),
    ],
)
def test_equal_names_are_numbered(names: list[str], distinct: list[str]) -> None:
    assert distinct_names(names) == distinct


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b.txt", "b (2).txt"]), max_size=20))
def test_distinct_names_are_distinct(names: list[str]) -> None:
    assert len(set(distinct_names(names))) == len(names)
