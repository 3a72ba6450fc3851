import datetime
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import ReadingOptions, RowFields, SourceContent
from corpus.formats.xlsx import read
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete


def book_of(**sheets: list[list[object]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def works_of(book: Workbook, options: RowFields | None = None) -> list[Work]:
    return read(SourceContent(saved(book), ReadingOptions(rows=options or RowFields())))


def texts_of(book: Workbook) -> list[str]:
    return [assemble(work, "docs/a.xlsx", "0" * 64).text for work in works_of(book)]


@given(rows=st.lists(articles(), min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_articles_are_read_back(rows: list[Article]) -> None:
    book = book_of(News=[["title", "text"], *([article.title, article_text(article)] for article in rows)])
    for work, article in zip(works_of(book), rows, strict=True):
        document = assemble(work, "docs/a.xlsx", "0" * 64)
        assert_complete(document.text, article)
        assert document.metadata.title == article.title


def article_text(article: Article) -> str:
    pieces = []
    for heading, paragraphs in article.sections:
        pieces += [heading] if heading else []
        pieces += [" ".join(sentences) for sentences in paragraphs]
    return "\n\n".join(pieces)


def test_a_table_of_data_is_read_row_by_row_under_the_name_of_its_sheet() -> None:
    book = book_of(Exports=[["Year", "Volume"], [2024, 7], [], [2025, None, "estimate"]])
    assert texts_of(book) == ["Exports\n\nYear | Volume\n2024 | 7\n2025 | | estimate"]


def test_an_empty_cell_keeps_its_place() -> None:
    book = book_of(S=[["Item", "Qty", "Price"], ["Bell", None, 900]])
    assert texts_of(book) == ["S\n\nItem | Qty | Price\nBell | | 900"]


def test_a_table_may_stand_anywhere_in_its_sheet() -> None:
    book = book_of(S=[[], [None, None, "Item", None, "Price"], [None, None, "Bell", None, 900]])
    assert texts_of(book) == ["S\n\nItem | Price\nBell | 900"]


def with_cells(book: Workbook, cells: str) -> bytes:
    """The workbook with `cells`, in XML, as the last row of its first sheet."""
    source, target = zipfile.ZipFile(io.BytesIO(saved(book))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", f'<row r="9">{cells}</row></sheetData>'.encode())
            package.writestr(name, part)
    return target.getvalue()


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        pytest.param(
            "<c><f>1+1</f></c>",
            ("1 cell holds a formula without a result; open the file in a spreadsheet program and save it",),
            id="none",
        ),
        pytest.param(
            "<c><f>1+1</f><v/></c>" * 5,
            ("5 cells hold formulas without a result; open the file in a spreadsheet program and save it",),
            id="empty ones",
        ),
        pytest.param("<c><f>1+1</f><v>2</v></c>", (), id="a number"),
        pytest.param('<c t="str"><f>""</f><v></v></c>', (), id="a text without characters"),
    ],
)
def test_formulas_without_a_result_are_told(cells: str, notes: tuple[str, ...]) -> None:
    (work,) = read(SourceContent(with_cells(book_of(S=[["x", 1]]), cells)))
    assert work.notes == notes


def test_all_tables_of_a_workbook_are_one_document() -> None:
    assert texts_of(book_of(A=[["x", 1]], B=[["y", 2]])) == ["A\n\nx | 1\n\nB\n\ny | 2"]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        pytest.param(7, "General", "7", id="integer"),
        pytest.param(3.0, "General", "3", id="integer stored as a fraction"),
        pytest.param(1234.5, "General", "1234.5", id="fraction"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="noise of the binary form"),
        pytest.param(0.256, "0.0%", "25.6%", id="percentage"),
        pytest.param(datetime.date(2025, 11, 5), "d/m/yy", "2025-11-05", id="date"),
        pytest.param(datetime.datetime(2025, 11, 5, 9, 30), "d/m/yy h:mm", "2025-11-05 09:30:00", id="date and time"),
        pytest.param(datetime.time(9, 30), "h:mm", "09:30:00", id="time"),
        pytest.param(True, "General", "TRUE", id="truth value"),
        pytest.param("two_x000D_\nlines", "General", "two lines", id="text of lines"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, number_format: str, shown: str) -> None:
    book = book_of(S=[["v", value]])
    book["S"]["B1"].number_format = number_format
    assert texts_of(book) == [f"S\n\nv | {shown}"]


def test_rows_with_a_text_are_documents() -> None:
    row = ["Oil", "One.", datetime.date(2025, 11, 5), "Ann"]
    (work,) = works_of(book_of(News=[["Title", "Body", "Date", "Author"], row]))
    assert (work.part, work.claims[0].metadata) == ("News!2", Metadata("Oil", ("Ann",), "2025-11-05"))


def test_a_row_is_known_by_its_id() -> None:
    (work,) = works_of(book_of(News=[["id", "text"], [77, "One."]]))
    assert work.part == "News!77"


def test_sheets_with_equal_ids_do_not_clash() -> None:
    rows: list[list[object]] = [["id", "text"], [1, "One."]]
    assert [work.part for work in works_of(book_of(A=rows, B=rows))] == ["A!1", "B!1"]


def test_tables_and_texts_stand_side_by_side() -> None:
    book = book_of(Data=[["x", 1]], News=[["text"], ["One."]])
    assert texts_of(book) == ["Data\n\nx | 1", "One."]


def test_a_row_without_text_is_told() -> None:
    works = works_of(book_of(News=[["id", "text"], [1, "One."], [2, None]]))
    assert works[0].notes == ("1 of 2 rows were left out: News, row 3 has no text",)


def test_hidden_sheets_are_left_out_and_told() -> None:
    book = book_of(A=[["x", 1]], Secret=[["y", 2]])
    book["Secret"].sheet_state = "hidden"
    (work,) = works_of(book)
    assert (len(work.blocks), work.notes) == (2, ("hidden sheets were left out: Secret",))


def test_properties_are_metadata_of_the_tables() -> None:
    book = book_of(A=[["x", 1]])
    book.properties.title, book.properties.creator = "Balances", "Ann"
    (work,) = works_of(book)
    assert work.claims[0].metadata == Metadata("Balances", ("Ann",))


def test_the_options_name_a_column_of_some_sheet() -> None:
    works = works_of(book_of(A=[["x", "y"]], B=[["story"], ["One."]]), RowFields(text="story"))
    assert [work.part for work in works] == ["", "B!2"]


def test_a_column_that_no_sheet_has_is_told() -> None:
    with pytest.raises(DocumentError, match='"story"; found are: x, y') as caught:
        works_of(book_of(A=[["x", "y"]]), RowFields(text="story"))
    assert caught.value.code == "field"


def test_a_workbook_without_anything_in_it_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        works_of(book_of(A=[]))
    assert caught.value.code == "rows"
