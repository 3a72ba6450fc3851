from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.documents import Document
from tests.corpus.test_pdf import LEADING, LEFT, PROSE, TOP, WIDTH, document_of, draw_lines, draw_table, drawn

Draw = Callable[[Canvas], None]

STATEMENT = ("Crane Company and Subsidiaries", "Consolidated Statement of Cash Flows", "Years ended December 31")


def headings_of(document: Document) -> list[str]:
    return [document.text[heading.start : heading.end] for heading in document.headings]


def paged(*pages: Draw) -> Document:
    def draw(canvas: Canvas) -> None:
        for page in pages:
            canvas.setFont("Times-Roman", 10)
            page(canvas)
            canvas.showPage()

    return document_of(drawn(draw))


def prose_page(canvas: Canvas) -> None:
    canvas.setFont("Times-Bold", 10)
    canvas.drawString(LEFT, TOP, "Critical Audit Matters")
    canvas.setFont("Times-Roman", 10)
    draw_lines(canvas, PROSE, top=TOP - 20)


def table_page(title: Sequence[str], font: str = "Times-Roman", centred: bool = False) -> Draw:
    """A page with the lines of `title` above a table."""

    def draw(canvas: Canvas) -> None:
        draw_title(canvas, title, font, centred)
        draw_table(canvas, top=TOP - LEADING * len(title) - 6)

    return draw


def text_page(title: Sequence[str], below: Sequence[str] = PROSE, font: str = "Times-Roman") -> Draw:
    """A page with the lines of `title` above those of a paragraph."""

    def draw(canvas: Canvas) -> None:
        draw_title(canvas, title, font)
        draw_lines(canvas, below, top=TOP - LEADING * len(title))

    return draw


def draw_title(canvas: Canvas, title: Sequence[str], font: str, centred: bool = False) -> None:
    canvas.setFont(font, 10)
    for number, line in enumerate(title):
        if centred:
            canvas.drawCentredString((2 * LEFT + 380) / 2, TOP - number * LEADING, line)  # over the table
        else:
            canvas.drawString(LEFT, TOP - number * LEADING, line)
    canvas.setFont("Times-Roman", 10)


@pytest.mark.parametrize(
    ("title", "font"),
    [
        (STATEMENT, "Times-Bold"),
        (STATEMENT, "Times-Roman"),
        (("CONSOLIDATED STATEMENTS OF INCOME", "(In millions, except per share data)"), "Times-Roman"),
        (("SUPPLEMENTAL DATA – NET REVENUES", "(In thousands)", "(Unaudited)"), "Times-Bold"),
        (("Components of fiscal 2023 net sales growth",), "Times-Bold"),
        (("CRANE INC.", "BALANCE SHEETS"), "Times-Roman"),
    ],
    ids=["bold", "title case", "capitals", "brackets", "one bold line", "a company with a full stop"],
)
def test_short_lines_above_the_table_of_a_page_are_its_heading(title: Sequence[str], font: str) -> None:
    document = paged(prose_page, table_page(title, font))
    assert headings_of(document) == ["Critical Audit Matters", " ".join(title)]
    assert document.headings[0].level == document.headings[1].level


def test_a_centred_line_above_the_table_of_a_page_is_its_heading() -> None:
    centred = table_page(["What the cranes of the harbour cost"], centred=True)
    assert headings_of(paged(prose_page, centred))[1:] == ["What the cranes of the harbour cost"]


def test_titles_at_both_margins_are_one_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 10)
        canvas.drawString(LEFT, TOP, "Consolidated Statements of Income")
        canvas.drawRightString(LEFT + 380, TOP, "Crane Incorporated and Subsidiary Companies")
        canvas.setFont("Times-Roman", 10)
        draw_table(canvas, top=TOP - 20)

    title = "Consolidated Statements of Income Crane Incorporated and Subsidiary Companies"
    assert headings_of(paged(prose_page, draw))[1:] == [title]


def test_bold_lines_above_the_first_paragraph_of_a_page_are_one_heading() -> None:
    page = text_page(("PART I", "Item 1 - Business", "The Company"), font="Times-Bold")
    assert headings_of(paged(prose_page, page))[1:] == ["PART I Item 1 - Business The Company"]


def test_a_title_follows_a_table_that_ends_the_page_before() -> None:
    document = paged(prose_page, draw_table, table_page(STATEMENT, "Times-Bold"))
    assert headings_of(document)[1:] == [" ".join(STATEMENT)]


def test_a_label_of_a_table_that_goes_on_is_no_heading() -> None:
    def goes_on(canvas: Canvas) -> None:
        canvas.drawString(LEFT, TOP, "CURRENT LIABILITIES")
        canvas.drawString(LEFT, TOP - LEADING, "Accounts payable")
        canvas.drawRightString(LEFT + 300, TOP - LEADING, "1,481")
        canvas.drawRightString(LEFT + 380, TOP - LEADING, "1,366")

    assert headings_of(paged(prose_page, draw_table, goes_on)) == ["Critical Audit Matters"]


def test_the_rest_of_a_sentence_from_the_page_before_is_no_heading() -> None:
    rest = text_page(["Northern Pipeline Commission"])
    assert headings_of(paged(text_page([], PROSE[:1]), rest)) == []
    assert headings_of(paged(text_page([], PROSE), rest)) == ["Northern Pipeline Commission"]


def test_a_bold_sentence_of_two_lines_is_no_heading() -> None:
    sentence = (PROSE[0].rstrip(","), "and at the end of it the terms were harmed.")
    assert headings_of(paged(prose_page, text_page(sentence, font="Times-Bold")))[1:] == []


@pytest.mark.parametrize(
    "line",
    [
        "Years ended December 31",
        "As of June 30, 2031",
        "(In millions)",
        "net sales of cranes",
        "• Net Sales",
        "1,204 88",
    ],
)
def test_a_line_that_names_nothing_is_no_heading_above_a_table(line: str) -> None:
    assert headings_of(paged(prose_page, table_page([line], "Times-Bold")))[1:] == []


@pytest.mark.parametrize(
    "line",
    ["Nobody on the joint commission did object", "The terms were published.", "The Terms, Once More,", "The Terms:"],
)
def test_a_line_that_looks_like_prose_is_no_heading_above_a_table(line: str) -> None:
    assert headings_of(paged(prose_page, table_page([line])))[1:] == []


def test_the_head_of_a_column_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 10)
        canvas.drawRightString(LEFT + 380, TOP, "Year Elected")
        canvas.setFont("Times-Roman", 10)
        draw_table(canvas, top=TOP - LEADING)

    assert headings_of(paged(prose_page, draw))[1:] == []


def test_a_short_line_beside_other_text_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, ["Harbour News", *(line[:40] for line in PROSE * 3)])
        draw_lines(canvas, [line[:40] for line in PROSE * 3], left=WIDTH / 2 + 20)

    assert headings_of(paged(prose_page, draw))[1:] == []


def test_a_page_of_nothing_but_titles_has_no_heading() -> None:
    assert headings_of(paged(prose_page, lambda canvas: draw_title(canvas, STATEMENT, "Times-Bold")))[1:] == []


def test_a_bold_label_below_prose_is_no_heading_of_the_table_under_it() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        canvas.setFont("Times-Bold", 10)
        canvas.drawString(LEFT, TOP - 60, "Consolidated Statement of Cash Flows")
        canvas.setFont("Times-Roman", 10)
        draw_table(canvas, top=TOP - 74)

    assert headings_of(paged(draw)) == []
