import io

import PIL.Image
import pptx
from hypothesis import given, settings
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from corpus.documents import Document
from corpus.formats.content import SourceContent
from corpus.formats.pptx import read
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete

TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 1, 5, 6


def saved(deck: Presentation) -> bytes:
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def work_of(deck: Presentation) -> Work:
    (work,) = read(SourceContent(saved(deck)))
    return work


def document_of(deck: Presentation) -> Document:
    return assemble(work_of(deck), "docs/a.pptx", "0" * 64)


def slide_of(deck: Presentation, layout: int = BLANK) -> Slide:
    return deck.slides.add_slide(deck.slide_layouts[layout])


def add_text(slide: Slide, text: str, left: float = 1, top: float = 1) -> None:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.2))
    box.text_frame.text = text


@given(article=articles())
@settings(max_examples=20, deadline=None)
def test_articles_are_read_back(article: Article) -> None:
    deck = pptx.Presentation()
    deck.core_properties.title = article.title
    for heading, paragraphs in article.sections:
        slide = slide_of(deck, TITLE_ONLY if heading else BLANK)
        if heading:
            slide.shapes.title.text_frame.text = heading
        add_text(slide, "\n".join(" ".join(sentences) for sentences in paragraphs), top=2)
    document = document_of(deck)
    assert_complete(document.text, article)
    assert document.metadata.title == article.title
    assert len(document.pages) == len(article.sections)


def test_slides_are_pages() -> None:
    deck = pptx.Presentation()
    for text in ("One.", "Two."):
        add_text(slide_of(deck), text)
    document = document_of(deck)
    assert [(page.number, document.text[page.start :][:4]) for page in document.pages] == [(1, "One."), (2, "Two.")]


def test_the_title_of_a_slide_is_a_heading() -> None:
    deck = pptx.Presentation()
    slide_of(deck, TITLE_ONLY).shapes.title.text_frame.text = "Gas\vtalks"
    document = document_of(deck)
    assert [document.text[heading.start : heading.end] for heading in document.headings] == ["Gas talks"]
    assert document.metadata.title == "Gas talks"


def test_shapes_are_read_from_top_to_bottom_and_from_left_to_right() -> None:
    deck = pptx.Presentation()
    slide = slide_of(deck)
    add_text(slide, "below", top=3)
    add_text(slide, "right", left=5, top=1)
    add_text(slide, "left", left=1, top=1.1)
    assert document_of(deck).text == "left\n\nright\n\nbelow"


def test_the_paragraphs_of_a_content_placeholder_are_items() -> None:
    deck = pptx.Presentation()
    slide_of(deck, TITLE_AND_CONTENT).placeholders[1].text_frame.text = "one\ntwo"
    assert document_of(deck).text == "one\ntwo"


def test_tables_are_read_row_by_row() -> None:
    deck = pptx.Presentation()
    table = slide_of(deck).shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for number, cell in enumerate(table.iter_cells()):
        cell.text = f"c{number}"
    table.cell(1, 0).merge(table.cell(1, 1))
    assert document_of(deck).text == "c0 | c1\nc2 c3"


def test_the_shapes_of_a_group_are_read() -> None:
    deck = pptx.Presentation()
    group = slide_of(deck).shapes.add_group_shape()
    group.shapes.add_group_shape().shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Inside."
    assert document_of(deck).text == "Inside."


def test_notes_follow_the_text_of_their_slide() -> None:
    deck = pptx.Presentation()
    for text in ("One.", "Two."):
        slide = slide_of(deck)
        add_text(slide, text)
        slide.notes_slide.notes_text_frame.text = f"Say {text}"
    assert document_of(deck).text == "One.\n\nSay One.\n\nTwo.\n\nSay Two."


def test_the_title_of_a_chart_is_read() -> None:
    deck = pptx.Presentation()
    data = CategoryChartData()
    data.categories = ["a"]
    data.add_series("s", [1])
    chart = slide_of(deck).shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, 9, 9, data).chart
    chart.chart_title.text_frame.text = "Exports"
    assert document_of(deck).text == "Exports"


def test_shapes_that_newer_programs_wrap_are_read() -> None:
    deck = pptx.Presentation()
    slide = slide_of(deck)
    add_text(slide, "Wrapped.")
    shape = slide.shapes[0]._element
    wrapper = parse_xml(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="x"/><mc:Fallback/></mc:AlternateContent>'
    )
    shape.getparent().append(wrapper)
    wrapper[0].append(shape)
    assert document_of(deck).text == "Wrapped."


def test_a_slide_of_pictures_is_counted_as_one_without_text() -> None:
    deck = pptx.Presentation()
    picture = io.BytesIO()
    PIL.Image.new("RGB", (9, 9)).save(picture, "PNG")
    slide_of(deck).shapes.add_picture(picture, 0, 0)
    slide_of(deck)
    assert work_of(deck).pages_without_text == 1
