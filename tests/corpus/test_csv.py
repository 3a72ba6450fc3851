import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import ReadingOptions, RowFields, SourceContent
from corpus.formats.csv import read
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete

LONG = "The ministry signed the protocol, after a long review; nothing else was said of it at all in the end."


def works_of(text: str, options: RowFields | None = None) -> list[Work]:
    return read(SourceContent(text.encode(), ReadingOptions(rows=options or RowFields())))


def texts_of(text: str) -> list[str]:
    return [assemble(work, "docs/a.csv", "0" * 64).text for work in works_of(text)]


def test_every_row_is_a_document() -> None:
    assert texts_of("title,text\nOil,One.\nGas,Two.\n") == ["One.", "Two."]


def test_columns_are_metadata() -> None:
    (work,) = works_of("Title,Text,Date,URL,Author\nOil,One.,5 November 2025,https://e.org/1,Ann; Bob\n")
    assert work.claims[0].metadata == Metadata("Oil", ("Ann", "Bob"), "2025-11-05", url="https://e.org/1")


def test_a_row_is_known_by_its_id_or_its_number() -> None:
    assert [work.part for work in works_of("ID,text\na7,One.\n,Two.\n")] == ["a7", "3"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    content = io.StringIO()
    writer = csv.writer(content, delimiter=delimiter)
    writer.writerows([["id", "title", "text"], ["1", "Oil, gas", LONG], ["2", "Gas; oil", f"{LONG} | {LONG}"]])
    assert texts_of(content.getvalue()) == [LONG, f"{LONG} | {LONG}"]


def test_one_column_needs_no_delimiter() -> None:
    assert texts_of(f"text\n{LONG}\n") == [LONG]


def test_a_quoted_cell_holds_lines_and_quotation_marks() -> None:
    assert texts_of('title,text\nOil,"He said ""yes"".\n\nThen he left."\n') == ['He said "yes".\n\nThen he left.']


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart(encoding: str) -> None:
    text = "title,text\nKöln,“Größe” hat ihren Preis, sagte der Bürgermeister über die Brücke.\n".replace(", sagte", "")
    (work,) = read(SourceContent(text.encode(encoding)))
    assert work.claims[0].metadata.title == "Köln"


def test_a_cell_may_be_longer_than_the_csv_module_expects() -> None:
    assert len(texts_of("id,text\n1," + "word " * 40_000)[0]) == 199_999


def test_running_text_is_found_without_a_name() -> None:
    assert texts_of(f'nr,what\n1,"{LONG}"\n') == [LONG]


def test_a_table_of_data_is_one_document() -> None:
    assert texts_of("country,volume\nPakistan,7.1\n\nIndia,\n") == ["country | volume\nPakistan | 7.1\nIndia"]


def test_an_empty_cell_keeps_its_place() -> None:
    assert texts_of("Item,Qty,Price\nBell,,900\n") == ["Item | Qty | Price\nBell | | 900"]


@pytest.mark.parametrize("above", ["\n\n\n", ",,\n", " \n,,\n\n"])
def test_empty_lines_may_stand_above_the_header(above: str) -> None:
    works = works_of(f"{above}nr,story,place\n1,One.\n2,Two,Paris\n", RowFields(text="story"))
    number = above.count("\n") + 2
    assert [(work.part, work.blocks[0].text) for work in works] == [(str(number), "One."), (str(number + 1), "Two")]


def test_rows_of_one_id_are_all_documents() -> None:
    assert texts_of("id,text\n1,One.\n1,Two.\n1,Three.\n1,Four.\n") == ["One.", "Two.", "Three.", "Four."]


def test_a_table_without_header_is_data() -> None:
    assert texts_of("2024,7.1\n2025,7.3\n") == ["2024 | 7.1\n2025 | 7.3"]


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(DocumentError, match='"body"; found are: country, volume') as caught:
        works_of("country,volume\nPakistan,7.1\n", RowFields(text="body"))
    assert caught.value.code == "field"


def test_the_options_name_the_columns() -> None:
    (work,) = works_of("name,remark\nOil,One.\n", RowFields(text="remark", title="name"))
    assert (work.blocks[0].text, work.claims[0].metadata.title) == ("One.", "Oil")


def test_a_row_with_more_cells_than_columns_is_left_out_and_told() -> None:
    works = works_of("id,text\n1,One.\n2,Two,three.\n3,Four.\n")
    assert [work.part for work in works] == ["1", "3"]
    assert works[0].notes == ("1 of 3 rows were left out: row 3 has 3 cells where the first row names 2",)


def test_a_quotation_mark_that_is_not_closed_is_told() -> None:
    (work,) = works_of('id,text\n1,"One.\n2,Two.\n')
    assert "do not pair" in work.notes[0]


@pytest.mark.parametrize("text", ["", "\n\n", " , \n"])
def test_a_file_without_rows_is_told(text: str) -> None:
    with pytest.raises(DocumentError, match="holds no rows"):
        works_of(text)


@given(rows=st.lists(articles(), min_size=1, max_size=3), delimiter=st.sampled_from(",;\t|"))
@settings(max_examples=20, deadline=None)
def test_articles_are_read_back(rows: list[Article], delimiter: str) -> None:
    content = io.StringIO()
    writer = csv.writer(content, delimiter=delimiter)
    writer.writerow(["headline", "body"])
    for article in rows:
        paragraphs = [" ".join(sentences) for _, section in article.sections for sentences in section]
        headings = [heading or "" for heading, _ in article.sections]
        writer.writerow([article.title, "\n\n".join(headings + paragraphs)])
    for work, article in zip(works_of(content.getvalue()), rows, strict=True):
        document = assemble(work, "docs/a.csv", "0" * 64)
        bare = Article(article.title, tuple((None, paragraphs) for _, paragraphs in article.sections))
        assert_complete(document.text, bare)
        assert document.metadata.title == article.title
