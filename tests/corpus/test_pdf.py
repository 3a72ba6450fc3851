import io
import os
import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import reportlab
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageTemplate, Paragraph

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import ReadingOptions, SourceContent
from corpus.formats.pdf import read
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete

FONTS = Path(reportlab.__file__).parent / "fonts"
pdfmetrics.registerFont(TTFont("Vera", FONTS / "Vera.ttf"))
pdfmetrics.registerFont(TTFont("VeraBd", FONTS / "VeraBd.ttf"))

WIDTH, HEIGHT = A4
LEFT, TOP, LEADING = 72, HEIGHT - 100, 14
PROSE = (
    "The ministry signed the protocol on the northern pipeline after a review of all the offers that had been made,",
    "and it said that the terminal would be opened before the end of the year if the weather on the coast allowed.",
    "Nobody on the joint commission objected to the terms, which had been published in full two months before then.",
)


def work_of(data: bytes, **options: Any) -> Work:
    (work,) = read(SourceContent(data, ReadingOptions(**options)))
    return work


def document_of(data: bytes) -> Document:
    return assemble(work_of(data), "docs/a.pdf", "0" * 64)


def page_texts(document: Document) -> list[str]:
    starts = [*(page.start for page in document.pages), len(document.text)]
    return [document.text[start:end].strip() for start, end in pairwise(starts)]


def drawn(draw: Callable[[Canvas], None]) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setFont("Times-Roman", 10)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def pages_of(*pages: Sequence[str], before: Callable[[Canvas, int], None] = lambda canvas, number: None) -> bytes:
    """A page for each sequence of lines; `before` draws what else is on it."""

    def draw(canvas: Canvas) -> None:
        for number, lines in enumerate(pages, start=1):
            canvas.setFont("Times-Roman", 10)
            before(canvas, number)
            draw_lines(canvas, lines)
            canvas.showPage()

    return drawn(draw)


def draw_lines(canvas: Canvas, lines: Sequence[str], left: float = LEFT, top: float = TOP) -> None:
    for number, line in enumerate(lines):
        canvas.drawString(left, top - number * LEADING, line)


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_the_lines_of_a_paragraph_become_one() -> None:
    assert document_of(pages_of(PROSE)).text == " ".join(PROSE)


def test_a_wider_gap_parts_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        draw_lines(canvas, PROSE, top=TOP - 3 * LEADING - 8)

    assert document_of(drawn(draw)).text == f"{' '.join(PROSE)}\n\n{' '.join(PROSE)}"


def test_an_indented_line_begins_a_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        canvas.drawString(LEFT + 15, TOP - 3 * LEADING, "Gas is another matter, as everyone who was there knows well.")

    assert document_of(drawn(draw)).text.split("\n\n") == [
        " ".join(PROSE),
        "Gas is another matter, as everyone who was there knows well.",
    ]


def test_a_page_begins_where_its_text_does() -> None:
    document = document_of(pages_of(["First page."], ["Second page."]))
    assert page_texts(document) == ["First page.", "Second page."]


def test_a_page_without_text_keeps_its_number() -> None:
    document = document_of(pages_of(["First page."], [], ["Third page."]))
    assert page_texts(document) == ["First page.", "", "Third page."]


def test_a_sentence_that_crosses_pages_stays_whole() -> None:
    document = document_of(pages_of(PROSE[:1], PROSE[1:]))
    assert document.text == " ".join(PROSE)
    assert page_texts(document) == [PROSE[0], " ".join(PROSE[1:])]


def test_a_footnote_does_not_part_a_sentence_that_crosses_pages() -> None:
    def footnote(canvas: Canvas, number: int) -> None:
        if number == 1:
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(LEFT, 100, "1 Measured at the border, in the winter of that year.")
            canvas.setFont("Times-Roman", 10)

    document = document_of(pages_of(PROSE[:1], PROSE[1:], before=footnote))
    assert " ".join(PROSE) in document.text
    assert "Measured at the border" in page_texts(document)[0]


def test_a_word_hyphenated_across_pages_stays_on_the_page_it_begins_on() -> None:
    first = PROSE[0].replace("made,", "com-")
    document = document_of(pages_of([first], ["pared with each other, and it said that it was content with them."]))
    assert page_texts(document)[0].endswith("compared")
    assert page_texts(document)[1].startswith("with each other")


def test_a_new_sentence_on_the_next_page_is_a_new_paragraph() -> None:
    assert document_of(pages_of([PROSE[2]], [PROSE[0]])).text == f"{PROSE[2]}\n\n{PROSE[0]}"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        pytest.param("all the pipe-", "lines of the country", "pipelines of", id="hyphenation is undone"),
        pytest.param("talks with Franco-", "German delegations", "Franco-German", id="a capital keeps the hyphen"),
        pytest.param("a family of COVID-", "19 viruses", "COVID-19", id="a figure keeps the hyphen"),
        pytest.param("a loan at long-", "term rates, and long-term it is", "long-term rates", id="as elsewhere"),
        pytest.param("sold over-the-", "counter", "over-the-counter", id="a word with hyphens keeps the last, too"),
        pytest.param("both short-", "and long-range plans", "short- and long-range", id="a suspended hyphen"),
        pytest.param("a term of 18-", "month loans", "18-month loans", id="after a figure"),
        pytest.param("in the years 2031-", "2032 the loans", "2031-2032 the", id="between figures"),
        pytest.param("either 18-", "and 24-month loans", "18- and 24-month", id="a suspended hyphen after a figure"),
        pytest.param("the cross-", "border plans", "cross-border plans", id="a usual first part"),
        pytest.param("the tar-", "based paints", "tar-based paints", id="a usual last part"),
        pytest.param("a train-", "tables plan", "train-tables", id="two words of the document"),
        pytest.param("the govern-", "ments of both", "governments of", id="an ending is no word"),
        pytest.param("state-", "ments of both", "statements of", id="an ending after a usual first part"),
        pytest.param("the high-", "lights of it", "highlights of", id="a word in one piece"),
        pytest.param("the Wasser-", "kraft of it", "Wasserkraft of", id="no part is a word here"),
        pytest.param("the pro-", "French parties", "pro-French parties", id="a name after a prefix"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line(first: str, second: str, joined: str) -> None:
    lead = "The delegation that had come to the capital by train reviewed the tables and the maps once more,"
    assert joined in document_of(pages_of([f"{lead} {first}", f"{second} were discussed."])).text


@pytest.mark.parametrize(
    ("end", "beginning"), [("pro-", "French"), ("5-", "10"), ("long-", "term"), ("all of the", "14")]
)
def test_a_paragraph_goes_on_after_a_short_line_that_ends_none(end: str, beginning: str) -> None:
    lines = [f"The council reviewed {end}", f"{beginning} plans with all of the members who had come to the capital."]
    assert len(document_of(pages_of(lines)).text.split("\n\n")) == 1


def test_the_rest_of_a_hyphenated_word_is_no_word_of_its_own() -> None:
    lead = "The delegation that had come to the capital by train reviewed the tables and the maps once more, and infra-"
    lines = [lead, "structure was named.", lead, "structure was named."]
    assert document_of(pages_of(lines)).text.count("infrastructure") == 2


def test_a_document_that_does_not_hyphenate_keeps_its_hyphens() -> None:
    lines = ["They are sold free of duty and free of tax, as the committee told all of the", "traders."] * 120
    hyphen = [
        "It is said in the terms of the agreement, which all of them have read, that tax-",
        "free sales may go on.",
    ]
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    assert "tax-free sales" in document_of(pages_of(*pages, hyphen)).text


def test_a_running_head_on_both_of_two_pages_is_left_out() -> None:
    def head(canvas: Canvas, number: int) -> None:
        canvas.drawString(LEFT, HEIGHT - 40, "Northern Pipeline Quarterly")

    first, second = [*PROSE, "The rest was settled by"], ["letter in the following week."]
    assert document_of(pages_of(first, second, before=head)).text == " ".join(first + second)


def test_running_heads_and_page_numbers_are_left_out() -> None:
    def furniture(canvas: Canvas, number: int) -> None:
        canvas.drawString(LEFT, HEIGHT - 40, f"Annual Report {2020 + number}")
        canvas.drawCentredString(WIDTH / 2, 30, f"Page {number} of 4")

    document = document_of(pages_of(PROSE[:1], PROSE[1:2], PROSE[2:], ["The end."], before=furniture))
    assert document.text == f"{' '.join(PROSE[:2])}\n\n{PROSE[2]}\n\nThe end."


def test_a_page_number_between_two_pages_is_left_out() -> None:
    def furniture(canvas: Canvas, number: int) -> None:
        canvas.drawCentredString(WIDTH / 2, 30, f"- {number} -")

    assert document_of(pages_of(PROSE[:1], PROSE[1:], before=furniture)).text == " ".join(PROSE)


def test_a_line_at_the_top_of_two_pages_is_text() -> None:
    def line(canvas: Canvas, number: int) -> None:
        canvas.drawString(LEFT, HEIGHT - 40, "A motto stands here.")

    assert document_of(pages_of(["One."], ["Two."], before=line)).text.count("A motto stands here.") == 2


def head_of(text: str, gap: float = LEADING) -> bytes:
    """Four pages that begin with `text`, a line for each of its own, `gap` above a paragraph that is theirs alone."""

    def draw(canvas: Canvas, number: int) -> None:
        lines = text.replace("#", str(200 + number * number)).split("\n")
        draw_lines(canvas, lines, top=HEIGHT - 40)
        place = ("harbour", "market", "station", "chapel")[number - 1]
        draw_lines(canvas, [f"The {place} was paid in full."], top=HEIGHT - 40 - (len(lines) - 1) * LEADING - gap)

    return pages_of([], [], [], [], before=draw)


@pytest.mark.parametrize("gap", [LEADING, 2.5 * LEADING], ids=["touching", "set off"])
@pytest.mark.parametrize(
    "opening",
    [
        "Dear customer,\nwe write about invoice 2031, which has not been paid. Please send\nthe sum within 14 days.",
        "Your bill of the year has not been paid.",
        "As agreed, we wrote to you about the bill of the\nyear and about nothing else. Thank you.",
        "Payment is due now.",
        "Dear Customer,",
    ],
)
def test_sentences_that_pages_share_are_text(opening: str, gap: float) -> None:
    text = " ".join(document_of(head_of(opening, gap)).text.split())
    assert text.count(opening.replace("\n", " ")) == 4


def test_sentences_that_differ_in_figures_are_text() -> None:
    opening = "we write about invoice #, which has not been paid. Please send\nthe sum of # crowns to us."
    assert document_of(head_of(opening)).text.count("to us.") == 4


def test_a_double_spaced_page_does_not_set_its_first_line_off() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        own = f"was written in the house of the member whose number in the book of the town is {number * 7} now"
        for at, line in enumerate(["We state that the account of this", own, *PROSE]):
            canvas.drawString(LEFT, HEIGHT - 40 - at * 2 * LEADING, line)

    assert document_of(pages_of([], [], [], [], before=draw)).text.count("We state that the account of this") == 4


def test_headings_that_differ_in_figures_are_text() -> None:
    assert all(f"Exhibit {200 + number * number}" in document_of(head_of("Exhibit #", 30)).text for number in (1, 2, 4))


@pytest.mark.parametrize("name", ["Harbour Office Inc.", "Notes to the accounts", "Table of Contents\nHarbour Office"])
def test_a_head_set_off_from_the_body_is_left_out(name: str) -> None:
    text = document_of(head_of(name, 30)).text
    assert name.partition("\n")[0] not in text
    assert text.count("paid in full") == 4


def test_a_label_that_looks_like_the_body_it_touches_is_text() -> None:
    assert document_of(head_of("Harbour Accounts")).text.count("Harbour Accounts") == 4


def test_a_head_that_touches_the_body_is_left_out_when_it_looks_unlike() -> None:
    def head(canvas: Canvas, number: int) -> None:
        canvas.drawCentredString(WIDTH / 2, TOP + LEADING, "Table of Contents")

    pages = [[f"The {place} was paid in full by the council of the town."] for place in ("harbour", "market", "chapel")]
    assert "Contents" not in document_of(pages_of(*pages, before=head)).text


def test_what_is_repeated_within_the_body_is_text() -> None:
    assert document_of(pages_of(*[["One.", "The chair thanked the members."]] * 5)).text.count("thanked") == 5


def test_figures_at_the_foot_of_pages_are_text() -> None:
    def row(canvas: Canvas, number: int) -> None:
        canvas.drawString(LEFT, 50, f"{number * 37}")
        canvas.drawString(LEFT + 200, 50, f"{number * 91}")

    document = document_of(pages_of(["One."], ["Two."], ["Three."], ["Four."], before=row))
    assert all(f"{number * 37} | {number * 91}" in document.text for number in range(1, 5))


COLUMN = (
    "The ministry signed the protocol on the",
    "northern pipeline after a long review of",
    "all the offers that had been made to it,",
    "and said that the terminal would be open",
    "before the end of the year if the weather",
    "on the coast allowed it to be finished by",
)
SECOND_COLUMN = (
    "then. Nobody on the joint commission did",
    "object to the terms, which had been out",
    "in full two months before the meeting in",
    "the capital, where the members had been",
    "received with the usual honours of state.",
)


@pytest.mark.parametrize("shift", [0, 5])
def test_columns_are_read_one_after_the_other(shift: float) -> None:
    def draw(canvas: Canvas) -> None:
        for number, (left, right) in enumerate(zip(COLUMN, SECOND_COLUMN, strict=False)):
            canvas.drawString(LEFT, TOP - number * LEADING, left)
            canvas.drawString(LEFT + 230, TOP - number * LEADING - shift, right)
        canvas.drawString(LEFT, TOP - 5 * LEADING, COLUMN[-1])

    assert document_of(drawn(draw)).text == " ".join((*COLUMN, *SECOND_COLUMN))


def test_full_width_text_stands_before_and_after_the_columns() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        draw_lines(canvas, COLUMN, top=TOP - 80)
        draw_lines(canvas, SECOND_COLUMN, left=LEFT + 230, top=TOP - 80)
        draw_lines(canvas, PROSE, top=TOP - 200)

    prose = " ".join(PROSE)
    assert document_of(drawn(draw)).text == f"{prose}\n\n{' '.join((*COLUMN, *SECOND_COLUMN))}\n\n{prose}"


def test_three_columns_are_read_one_after_the_other() -> None:
    columns = [
        [f"and some words for line {line} of {column}" for line in range(6)] for column in ("one", "two", "three")
    ]

    def draw(canvas: Canvas) -> None:
        for number, column in enumerate(columns):
            draw_lines(canvas, column, left=LEFT + 160 * number)

    assert document_of(drawn(draw)).text.split() == " ".join(" ".join(column) for column in columns).split()


TABLE = (
    ("", "2018", "2017"),
    ("Net sales", "$ 32,765", "$ 31,657"),
    ("Cost of sales", "16,682", "16,055"),
    ("Research, development and related expenses", "1,821", "1,870"),
    ("Gain on sale of businesses", "(547)", "(586)"),
)


def draw_table(canvas: Canvas, top: float = TOP) -> None:
    for number, (label, *figures) in enumerate(TABLE):
        canvas.drawString(LEFT, top - number * LEADING, label)
        for column, figure in enumerate(figures):
            canvas.drawRightString(LEFT + 300 + 80 * column, top - number * LEADING, figure)


def test_a_table_is_read_row_by_row() -> None:
    rows = [" | ".join(filter(None, row)) for row in TABLE]
    assert document_of(drawn(draw_table)).text.split("\n") == rows


def test_a_currency_sign_away_from_its_figure_is_no_cell() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas)
        canvas.drawString(LEFT, TOP - 5 * LEADING, "Net income")
        for left, text in ((250, "$"), (275, "5,363"), (312, "%")):
            canvas.drawString(LEFT + left, TOP - 5 * LEADING, text)

    assert "Net income | $ 5,363%" in document_of(drawn(draw)).text


def test_an_empty_cell_keeps_its_place() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas)
        canvas.drawString(LEFT, TOP - 5 * LEADING, "Asset impairment")
        canvas.drawRightString(LEFT + 380, TOP - 5 * LEADING, "217")

    assert "Asset impairment | | 217" in document_of(drawn(draw)).text


def test_a_label_of_two_lines_is_one_cell() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas)
        canvas.drawString(LEFT, TOP - 5 * LEADING, "Net cash provided by operating")
        canvas.drawString(LEFT + 8, TOP - 6 * LEADING, "activities of the company")
        canvas.drawRightString(LEFT + 300, TOP - 6 * LEADING, "6,439")
        canvas.drawRightString(LEFT + 380, TOP - 6 * LEADING, "6,240")

    text = document_of(drawn(draw)).text
    assert "Net cash provided by operating activities of the company | 6,439 | 6,240" in text


def test_a_cell_of_several_lines_stays_whole() -> None:
    cells = (
        ("Meetings", ("Shareholders do not have", "the right to call a meeting of", "their own.")),
        ("Votes", ("One",)),
    )

    def draw(canvas: Canvas) -> None:
        top = TOP
        for label, lines in cells:
            canvas.drawString(LEFT, top, label)
            draw_lines(canvas, lines, left=LEFT + 120, top=top)
            top -= LEADING * len(lines)

    text = "Meetings | Shareholders do not have the right to call a meeting of their own.\nVotes | One"
    assert document_of(drawn(draw)).text == text


def test_prose_around_a_table_is_not_part_of_it() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        draw_table(canvas, top=TOP - 70)
        draw_lines(canvas, PROSE, top=TOP - 170)

    blocks = document_of(drawn(draw)).text.split("\n\n")
    assert (blocks[0], blocks[-1], len(blocks)) == (" ".join(PROSE), " ".join(PROSE), 3)


def test_list_items_stand_alone() -> None:
    def draw(canvas: Canvas) -> None:
        for number, item in enumerate(("The first point is made here.", "The second point is made here.")):
            canvas.drawString(LEFT, TOP - number * LEADING, "•")
            canvas.drawString(LEFT + 14, TOP - number * LEADING, item)

    assert document_of(drawn(draw)).text == "• The first point is made here.\n• The second point is made here."


def test_larger_text_is_a_heading_with_a_level() -> None:
    def draw(canvas: Canvas) -> None:
        for size, text, top in ((20, "Energy talks", TOP), (14, "The terms of it", TOP - 40)):
            canvas.setFont("Times-Roman", size)
            canvas.drawString(LEFT, top, text)
        canvas.setFont("Times-Roman", 10)
        draw_lines(canvas, PROSE, top=TOP - 70)

    document = document_of(drawn(draw))
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [(1, "Energy talks"), (2, "The terms of it")]


def test_a_title_of_two_lines_is_one_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 20)
        draw_lines(canvas, ["The northern pipeline in the"], top=TOP)
        draw_lines(canvas, ["winter of the long frost"], top=TOP - 24)
        canvas.setFont("Times-Roman", 10)
        draw_lines(canvas, PROSE, top=TOP - 60)

    document = document_of(drawn(draw))
    title = "The northern pipeline in the winter of the long frost"
    assert [document.text[heading.start : heading.end] for heading in document.headings] == [title]
    assert document.metadata.title == title


def test_a_bold_line_above_prose_is_a_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 10)
        canvas.drawString(LEFT, TOP, "Legal Proceedings")
        canvas.setFont("Times-Roman", 10)
        draw_lines(canvas, PROSE, top=TOP - 20)

    document = document_of(drawn(draw))
    assert [document.text[heading.start : heading.end] for heading in document.headings] == ["Legal Proceedings"]


def test_a_bold_label_above_a_table_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 10)
        canvas.drawString(LEFT, TOP, "Years ended December 31")
        canvas.setFont("Times-Roman", 10)
        draw_table(canvas, top=TOP - 14)

    assert document_of(drawn(draw)).headings == ()


def test_larger_prose_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 13)
        for number in range(6):
            canvas.drawString(LEFT, TOP - 18 * number, "The lead of this report is set larger than all that follows.")
        canvas.setFont("Times-Roman", 10)
        draw_lines(canvas, PROSE * 6, top=TOP - 150)

    assert document_of(drawn(draw)).headings == ()


def test_a_page_drawn_sideways_is_read_upright() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        for number, (label, *figures) in enumerate(TABLE[1:]):
            canvas.drawString(100, -100 - number * LEADING, label)
            canvas.drawString(400, -100 - number * LEADING, figures[0])

    rows = [f"{label} | {figure}" for label, figure, _ in TABLE[1:]]
    assert document_of(drawn(draw)).text.split("\n") == rows
    turned = rewritten(drawn(draw), lambda writer: [page.rotate(90) for page in writer.pages])
    assert document_of(turned).text.split("\n") == rows


def test_sideways_text_beside_the_page_stands_apart() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        canvas.rotate(90)
        canvas.drawString(300, -30, "A note in the margin")

    assert document_of(drawn(draw)).text == f"{' '.join(PROSE)}\n\nA note in the margin"


def test_page_labels_are_kept() -> None:
    def label(writer: PdfWriter) -> None:
        writer.set_page_label(0, 1, style="/r")
        writer.set_page_label(2, 3, style="/D", start=1)

    data = rewritten(pages_of(["a"], ["b"], ["c"], ["d"]), label)
    assert work_of(data).page_labels == ("i", "ii", "1", "2")


def test_pages_without_labels_have_none() -> None:
    assert work_of(pages_of(["a"], ["b"])).page_labels == (None, None)


def test_an_encrypted_file_is_told() -> None:
    data = rewritten(pages_of(["Secret."]), lambda writer: writer.encrypt("a", "b", algorithm="RC4-128"))
    with pytest.raises(DocumentError, match="without a password") as caught:
        work_of(data)
    assert caught.value.code == "encrypted"


def test_a_file_that_needs_no_password_to_be_read_is_read() -> None:
    data = rewritten(pages_of(["Open."]), lambda writer: writer.encrypt("", "owner", algorithm="RC4-128"))
    assert document_of(data).text == "Open."


@pytest.mark.parametrize("data", [b"", b"no pdf at all", b"%PDF-1.7\n%%EOF"], ids=["empty", "text", "only a header"])
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    with pytest.raises(DocumentError, match="save or print it again") as caught:
        work_of(data)
    assert caught.value.code == "pdf"


def picture_of(text: str) -> ImageReader:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (1600, 300), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONTS / "Vera.ttf"), 40)
    for number, line in enumerate(text.split("\n")):
        draw.text((40, 40 + 60 * number), line, fill=0, font=font)
    return ImageReader(image)


def scanned(text: str, pages: int = 1) -> bytes:
    def draw(canvas: Canvas) -> None:
        for _ in range(pages):
            canvas.drawImage(picture_of(text), 72, 500, 450, 84)
            canvas.showPage()

    return drawn(draw)


def test_pages_that_are_only_pictures_are_told() -> None:
    with pytest.raises(DocumentError, match=r"none of its 2 pages has a text layer.*--ocr") as caught:
        work_of(scanned("Hello", pages=2))
    assert caught.value.code == "no-text-layer"


def test_a_picture_among_pages_of_text_is_counted() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(LEFT, TOP, "Some text.")
        canvas.showPage()
        canvas.drawImage(picture_of("Hello"), 72, 500, 450, 84)
        canvas.showPage()
        canvas.showPage()  # a blank page
        canvas.drawString(LEFT, TOP, "More.")

    work = work_of(drawn(draw))
    assert (work.pages_without_text, len(work.page_labels)) == (1, 4)


def test_a_blank_document_is_empty() -> None:
    work = work_of(pages_of([], []))
    assert (work.blocks, work.pages_without_text) == ((), 0)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs Tesseract")
def test_pictures_are_recognised_on_request() -> None:
    work = work_of(scanned("The ministry signed the protocol on the\nnorthern pipeline after a review."), ocr=True)
    assert [block.text for block in work.blocks] == [
        "The ministry signed the protocol on the northern pipeline after a review."
    ]
    assert work.pages_without_text == 0


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs Tesseract")
def test_a_page_that_takes_too_long_is_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.formats.ocr.SECONDS", 0.001)
    with pytest.raises(DocumentError) as caught:
        work_of(scanned("Hello"), ocr=True)
    assert caught.value.code == "no-text-layer"


@pytest.mark.parametrize(
    ("stated", "model"),
    [pytest.param("de-AT", "deu", id="installed"), pytest.param("fr", None, id="missing"), pytest.param(None, None)],
)
def test_the_language_of_the_file_is_that_of_recognition(
    stated: str | None, model: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def tesseract(*arguments: Any, **options: Any) -> dict[str, list[str | int]]:
        asked.append((options["lang"], os.environ["OMP_THREAD_LIMIT"]))
        return {name: [] for name in ("level", "left", "top", "width", "height", "text")}

    def state(writer: PdfWriter) -> None:
        if stated:
            writer.root_object[NameObject("/Lang")] = TextStringObject(stated)

    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    monkeypatch.setattr("pytesseract.get_languages", lambda: ["deu", "eng"])
    monkeypatch.setattr("pytesseract.image_to_data", tesseract)
    with pytest.raises(DocumentError):
        work_of(rewritten(scanned("Hello"), state), ocr=True)
    assert asked == [(model, "1")]
    assert "OMP_THREAD_LIMIT" not in os.environ


def test_without_tesseract_pages_stay_without_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "no-such-program")
    with pytest.raises(DocumentError, match="is Tesseract installed") as caught:
        work_of(scanned("Hello"), ocr=True)
    assert caught.value.code == "no-text-layer"


def with_properties(**properties: str) -> bytes:
    def change(writer: PdfWriter) -> None:
        writer.add_metadata({f"/{name}": value for name, value in properties.items()})

    return rewritten(pages_of(["Text."]), change)


def test_properties_are_claims() -> None:
    metadata = document_of(with_properties(Title="Gas in winter", Author="Ann Lee; Bo Ray")).metadata
    assert (metadata.title, metadata.authors) == ("Gas in winter", ("Ann Lee", "Bo Ray"))
    assert metadata.origins["title"] == "document properties"


def test_the_creation_date_is_a_claim_of_its_own() -> None:
    metadata = document_of(with_properties(CreationDate="D:20230105161720-05'00'")).metadata
    assert (metadata.published, metadata.origins["published"]) == ("2023-01-05", "creation date")


@pytest.mark.parametrize(
    "title",
    ["untitled", "Microsoft Word - report.docx", "report.indd", "PowerPoint Presentation", "0000004962-23-000006", " "],
)
def test_what_is_no_title_is_left_out(title: str) -> None:
    assert document_of(with_properties(Title=title, Author="(anonymous)")).metadata.title is None


def test_a_number_for_a_title_discredits_the_author() -> None:
    assert document_of(with_properties(Title="0000004962-23", Author="A Filing Service")).metadata.authors == ()


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Winter gas</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ann Lee</rdf:li><rdf:li>Bo Ray</rdf:li></rdf:Seq></dc:creator>
<dc:date><rdf:Seq><rdf:li>2024-03-05</rdf:li></rdf:Seq></dc:date>
<dc:publisher><rdf:Bag><rdf:li>The Gas Press</rdf:li></rdf:Bag></dc:publisher>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_xmp_is_believed_before_the_properties() -> None:
    def change(writer: PdfWriter) -> None:
        writer.xmp_metadata = XMP.encode()

    metadata = document_of(rewritten(with_properties(Title="Other"), change)).metadata
    assert (metadata.title, metadata.authors) == ("Winter gas", ("Ann Lee", "Bo Ray"))
    assert (metadata.published, metadata.publisher, metadata.language) == ("2024-03-05", "The Gas Press", "en")


def test_damaged_xmp_costs_only_itself() -> None:
    def change(writer: PdfWriter) -> None:
        writer.xmp_metadata = b"<x:xmpmeta"

    document = document_of(rewritten(with_properties(Title="Gas in winter"), change))
    assert (document.text, document.metadata.title) == ("Text.", "Gas in winter")


def test_the_largest_text_on_top_of_the_first_page_is_the_title() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 20)
        canvas.drawString(LEFT, TOP, "Gas in the winter")
        canvas.setFont("Times-Roman", 10)
        draw_lines(canvas, PROSE, top=TOP - 40)

    metadata = document_of(drawn(draw)).metadata
    assert (metadata.title, metadata.origins["title"]) == ("Gas in the winter", "opening heading")


def test_a_large_word_below_other_text_is_no_title() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas, PROSE)
        canvas.setFont("Times-Roman", 20)
        canvas.drawString(LEFT, TOP - 80, "FORM 10-K OF THE YEAR")

    assert document_of(drawn(draw)).metadata.title is None


BODY = ParagraphStyle("body", fontName="Vera", fontSize=9, leading=11, spaceAfter=6)
JUSTIFIED = ParagraphStyle("justified", BODY, alignment=4)
HEADING = ParagraphStyle("heading", fontName="VeraBd", fontSize=12, leading=15, spaceBefore=6, spaceAfter=6)


def pdf_of(article: Article, columns: int, body: ParagraphStyle, height: float) -> bytes:
    stream = io.BytesIO()
    gutter = 18
    width = (WIDTH - 2 * LEFT - (columns - 1) * gutter) / columns
    frames = [Frame(LEFT + at * (width + gutter), LEFT, width, height, 0, 0, 0, 0) for at in range(columns)]

    def furniture(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont("Vera", 8)
        canvas.drawCentredString(WIDTH / 2, 30, str(template.page))

    document = BaseDocTemplate(stream, pagesize=(WIDTH, height + 2 * LEFT))
    document.addPageTemplates([PageTemplate("page", frames, onPage=furniture)])
    story: list[Any] = [NextPageTemplate("page")]
    for heading, paragraphs in article.sections:
        story += [Paragraph(heading, HEADING)] if heading else []
        story += [Paragraph(" ".join(sentences), body) for sentences in paragraphs]
    document.build(story)
    return stream.getvalue()


@given(article=articles(), body=st.sampled_from([BODY, JUSTIFIED]), height=st.sampled_from([160, 300, 650]))
@settings(max_examples=25, deadline=None)
def test_a_page_of_one_column_is_read_completely(article: Article, body: ParagraphStyle, height: float) -> None:
    document = document_of(pdf_of(article, 1, body, height))
    assert_complete(document.text, article)


@given(article=articles(), body=st.sampled_from([BODY, JUSTIFIED]), height=st.sampled_from([160, 300, 650]))
@settings(max_examples=25, deadline=None)
def test_a_page_of_two_columns_is_read_completely(article: Article, body: ParagraphStyle, height: float) -> None:
    document = document_of(pdf_of(article, 2, body, height))
    assert_complete(document.text, article)
