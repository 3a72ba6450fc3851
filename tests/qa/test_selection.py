"""Which ranked passages are shown."""

from hypothesis import given
from hypothesis import strategies as st

from qa.selection import Contender, Selected, fold_copies, spread

contenders = st.lists(
    st.builds(
        Contender,
        st.floats(0, 1),
        st.integers(0, 3),
        st.integers(0, 1),
        st.none() | st.sampled_from(["Oil.", "Gas.", "Steel."]),
        st.none() | st.integers(1, 2),
        st.booleans(),
    ),
    max_size=12,
).map(lambda given: sorted(given, key=lambda one: -one.score))


def of_documents(*rows: int, score: float = 0.5, named: bool = False) -> list[Contender]:
    return [Contender(score, row, row, f"Sentence {position}.", None, named) for position, row in enumerate(rows)]


def on_pages(*pages: tuple[int, int | None], score: float = 0.5, named: bool = False) -> list[Contender]:
    """Contenders on these pages of these documents."""
    return [Contender(score, row, row, f"Sentence {at}.", page, named) for at, (row, page) in enumerate(pages)]


def saying(score: float, row: int, group: int, says: str) -> Contender:
    return Contender(score, row, group, says, page=None, named=False)


def shown(given: list[Contender], k: int) -> list[int]:
    return [one.position for one in spread(given, fold_copies(given), k)]


def test_what_a_near_duplicate_says_again_is_a_copy() -> None:
    given = [
        saying(0.9, 0, 0, "Oil  was sold."),
        saying(0.8, 5, 5, "Gas."),
        saying(0.7, 1, 0, "oil was sold."),
    ]
    assert fold_copies(given) == [Selected(0, (2,)), Selected(1, ())]


def test_independent_texts_that_say_the_same_stay_apart() -> None:
    given = [saying(0.9, 0, 0, "Oil was sold."), saying(0.7, 1, 1, "Oil was sold.")]
    assert [one.copies for one in fold_copies(given)] == [(), ()]


def test_a_text_that_repeats_itself_is_no_copy() -> None:
    given = [saying(0.9, 0, 0, "Oil was sold."), saying(0.7, 0, 0, "Oil was sold.")]
    assert [one.copies for one in fold_copies(given)] == [(), ()]


def test_a_document_gives_way_to_another_that_comes_near() -> None:
    assert shown(of_documents(0, 0, 0, 0, 0, 1, 2), k=5) == [0, 1, 2, 5, 6]


def test_a_document_does_not_give_way_to_one_far_below() -> None:
    assert shown(of_documents(0, 0, 0, 0, 0) + of_documents(1, score=0.1), k=5) == [0, 1, 2, 3, 4]


def test_a_document_that_is_asked_for_by_name_gives_way_to_none() -> None:
    assert shown(of_documents(0, 0, 0, 0, 0, named=True) + of_documents(1, 2), k=5) == [0, 1, 2, 3, 4]


def test_one_document_fills_the_page_where_there_is_no_other() -> None:
    assert shown(of_documents(0, 0, 0, 0, 0, 0), k=5) == [0, 1, 2, 3, 4]


def test_a_page_gives_way_to_another_that_comes_near() -> None:
    assert shown(on_pages((0, 1), (0, 1), (0, 2), (1, 1)), k=3) == [0, 2, 3]


def test_where_there_is_no_other_document_a_page_gives_way_to_its_other_pages() -> None:
    assert shown(on_pages((0, 1), (0, 1), (0, 2), (0, 3), (0, 4), (0, 4), (0, 5)), k=5) == [0, 2, 3, 4, 6]


def test_a_page_does_not_give_way_to_one_far_below() -> None:
    assert shown(on_pages((0, 1), (0, 1)) + on_pages((0, 2), score=0.1), k=2) == [0, 1]


def test_one_page_fills_the_list_where_there_is_no_other() -> None:
    assert shown(on_pages((0, 1), (0, 1), (0, 1)), k=3) == [0, 1, 2]


def test_a_page_of_a_document_asked_for_by_name_gives_way_too() -> None:
    assert shown(on_pages((0, 1), (0, 1), (0, 2), named=True), k=2) == [0, 2]


def test_pages_of_the_same_number_in_two_documents_are_two() -> None:
    assert shown(on_pages((0, 1), (1, 1), (0, 1)), k=2) == [0, 1]


def test_a_document_without_pages_is_not_one_page() -> None:
    assert shown(on_pages((0, None), (0, None), (0, None), (0, None), (1, None)), k=5) == [0, 1, 2, 3, 4]
    assert shown(on_pages((0, None), (0, None), (1, None), (1, None)), k=4) == [0, 1, 2, 3]


def test_a_page_that_waits_takes_nothing_of_the_share_of_its_document() -> None:
    assert shown(on_pages((0, 1), (0, 1), (0, 2), (0, 3), (1, 1), (2, 1)), k=5) == [0, 2, 3, 4, 5]


@given(contenders, st.integers(1, 10))
def test_as_many_are_shown_as_there_are_and_in_order(given: list[Contender], k: int) -> None:
    selected = fold_copies(given)
    positions = [one.position for one in spread(given, selected, k)]
    assert len(positions) == min(k, len(selected))
    assert positions == sorted(set(positions))


@given(contenders)
def test_every_contender_is_selected_or_folded_once(given: list[Contender]) -> None:
    placed = [at for one in fold_copies(given) for at in (one.position, *one.copies)]
    assert sorted(placed) == list(range(len(given)))


@given(contenders, st.integers(1, 10))
def test_the_best_is_always_first(given: list[Contender], k: int) -> None:
    if given:
        assert spread(given, fold_copies(given), k)[0].position == 0
