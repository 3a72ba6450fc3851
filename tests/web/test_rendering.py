"""Texts cut into pieces for the page."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Heading, Page
from index.texts import StoredPassage
from web.rendering import Piece, document_sections, pieces

spans = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=5)


@given(text=st.text(max_size=50), marks=spans)
def test_pieces_put_together_are_the_text(text: str, marks: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in pieces(text, marks)) == text


@given(text=st.text(min_size=1, max_size=50), marks=spans)
def test_exactly_the_characters_inside_a_span_are_marked(text: str, marks: list[tuple[int, int]]) -> None:
    marked = [piece.marked for piece in pieces(text, marks) for _ in piece.text]
    assert marked == [any(start <= at < end for start, end in marks) for at in range(len(text))]


def test_neighbouring_pieces_differ() -> None:
    assert pieces("abcd", [(0, 1), (1, 3)]) == [Piece("abc", True), Piece("d", False)]


def test_a_heading_without_text_below_is_shown_as_its_passage() -> None:
    passage = StoredPassage(0, "id", 0, 0, 5, "Alone", "", range(1))
    (section,) = document_sections("Alone", [Heading(1, 0, 5)], [passage], [])
    assert section.heading == ""
    assert section.passages[0].pieces == [Piece("Alone", False)]


def test_a_page_is_shown_where_the_first_passage_on_it_begins() -> None:
    passages = [StoredPassage(row, f"id{row}", 0, row * 5, row * 5 + 5, "abcd ", "", range(1)) for row in range(4)]
    (section,) = document_sections("abcd " * 4, [], passages, [], [Page(1, 0, "i"), Page(2, 9)])
    assert [passage.page for passage in section.passages] == ["i (1 of the file)", None, "2", None]
