from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import csv, jsonl
from corpus.formats.content import RowFields, SourceContent
from corpus.formats.rows import Row, table_blocks, text_column, works_of_rows
from corpus.works import Work, assemble

PROSE = "The ministry signed the protocol after a long and careful review of every one of the offers. " * 2


def works_of(*rows: dict[str, object], options: RowFields | None = None) -> list[Work]:
    numbered = (Row(number, fields) for number, fields in enumerate(rows, start=1))
    return works_of_rows(numbered, options or RowFields(), "line", "json")


def column_of(header: Iterable[str], *rows: Iterable[str], options: RowFields | None = None) -> str | None:
    return text_column(tuple(header), [tuple(row) for row in rows], options or RowFields())


@pytest.mark.parametrize("name", ["text", "Text", "body", "Full Text", "full_text", "Article-Body", "content"])
def test_a_text_is_known_by_the_name_of_its_field(name: str) -> None:
    (work,) = works_of({name: "One."})
    assert work.blocks[0].text == "One."


def test_a_text_goes_before_its_summary() -> None:
    (work,) = works_of({"summary": "Short.", "text": "Long."})
    assert [block.text for block in work.blocks] == ["Long."]


def test_a_summary_stands_for_a_text_that_is_not_there() -> None:
    (work,) = works_of({"abstract": "Short.", "text": ""})
    assert [block.text for block in work.blocks] == ["Short."]


def test_the_options_name_the_fields() -> None:
    row: dict[str, object] = {"title": "no", "name": "Oil", "story so far": "One.", "text": "no", "day": "2025-11"}
    (work,) = works_of(row, options=RowFields(text="Story_so_far", title="name", date="day"))
    assert (work.blocks[0].text, work.claims[0].metadata) == ("One.", Metadata(title="Oil", published="2025-11"))


def test_a_field_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(DocumentError, match='no field "body"; found are: id, story') as caught:
        works_of({"id": 1, "story": "x"}, options=RowFields(text="body"))
    assert caught.value.code == "field"


def test_a_field_of_some_rows_is_there() -> None:
    works = works_of({"text": "One."}, {"text": "Two.", "link": "https://e.org"}, options=RowFields(url="link"))
    assert [work.claims[0].metadata.url for work in works] == [None, "https://e.org"]


def test_paragraphs_of_a_text_stay_apart() -> None:
    (work,) = works_of({"text": "One.\n\nTwo."})
    assert assemble(work, "a.jsonl", "0" * 64).text == "One.\n\nTwo."


def test_rows_left_out_are_told_with_three_examples() -> None:
    works = works_of({"text": "a"}, *({"id": f"x{number}"} for number in range(5)))
    assert works[0].notes == (
        "5 of 6 rows were left out: line 2 has no text; line 3 has no text; line 4 has no text; and 2 more",
    )


def test_no_note_is_made_where_all_rows_are_read() -> None:
    assert works_of({"text": "a"})[0].notes == ()


def test_a_file_without_a_row_that_can_be_read_is_told() -> None:
    with pytest.raises(DocumentError, match="no row can be read as a document: line 1 has no text") as caught:
        works_of({"id": 1})
    assert caught.value.code == "json"


def test_the_named_column_holds_the_text() -> None:
    assert column_of(["id", "Body", "notes"], ["1", "Short.", PROSE]) == "Body"


def test_a_named_column_without_a_cell_is_passed_over() -> None:
    assert column_of(["text", "body"], ["", "Something."]) == "body"


def test_running_text_is_found_by_its_length() -> None:
    assert column_of(["id", "was gesagt wurde"], ["1", PROSE], ["2", PROSE]) == "was gesagt wurde"


def test_two_columns_of_running_text_leave_open_which_it_is() -> None:
    assert column_of(["a", "b"], [PROSE, PROSE]) is None


def test_a_single_column_without_a_known_name_may_have_no_header() -> None:
    assert column_of(["The first line"], [PROSE]) is None


def test_a_sign_may_name_a_column() -> None:
    assert column_of(["#", "text"], ["1", "One."]) == "text"


def test_a_table_of_data_has_no_text() -> None:
    assert column_of(["year", "country", "volume"], ["2024", "Pakistan", "7.1"]) is None


def test_a_short_description_is_data() -> None:
    assert column_of(["item", "description"], ["Pipe", "steel, 12 m"]) is None


def test_a_long_description_is_a_text() -> None:
    assert column_of(["item", "remarks", "description"], ["Pipe", PROSE, PROSE]) == "description"


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(["text", "2024"], id="a number"),
        pytest.param(["text", "Text"], id="a name twice"),
        pytest.param(["text", PROSE], id="a whole sentence"),
    ],
)
def test_a_first_row_that_names_no_columns_is_data(header: list[str]) -> None:
    assert column_of(header, [PROSE, "x"]) is None


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        pytest.param([["a", "b", "c"], ["x", " ", "z"]], ["a | b | c", "x |  | z"], id="inside"),
        pytest.param([["a", "b"], ["", "y"]], ["a | b", " | y"], id="at the start"),
        pytest.param([["a", "b", "c"], ["x", "", " "]], ["a | b | c", "x"], id="at the end"),
        pytest.param([["", "a", "", "b"], ["", "x", "", "", "y"]], ["a | b", "x |  | y"], id="a column without any"),
        pytest.param([["a"], [], ["", ""]], ["a", "", ""], id="a row without any"),
    ],
)
def test_an_empty_cell_keeps_its_place_in_a_table(rows: list[list[str]], shown: list[str]) -> None:
    assert [block.text for block in table_blocks(rows)] == shown


def test_rows_of_one_id_are_all_read_and_told() -> None:
    works = works_of(*({"id": 1, "text": f"Text {number}."} for number in range(6)))
    assert [(work.part, work.blocks[0].text) for work in works] == [("1", f"Text {number}.") for number in range(6)]
    assert works[0].notes == (
        "the ids of 5 rows repeat, which were read all the same: "
        "line 2 has the id '1'; line 3 has the id '1'; line 4 has the id '1'; and 2 more",
    )


def test_a_row_whose_number_is_the_id_of_another_is_read() -> None:
    works = works_of({"id": 2, "text": "One."}, {"text": "Two."})
    assert [(work.part, work.blocks[0].text, work.notes) for work in works] == [("2", "One.", ()), ("2", "Two.", ())]


@pytest.mark.parametrize(("read", "code"), [(csv.read, "rows"), (jsonl.read, "json")], ids=["csv", "jsonl"])
@given(data=st.binary() | st.text().map(str.encode))
@settings(deadline=None)
def test_any_bytes_give_works_or_a_reason(read: Callable[[SourceContent], list[Work]], code: str, data: bytes) -> None:
    try:
        assert read(SourceContent(data))
    except DocumentError as error:
        assert error.code in (code, "binary", "undecodable")
