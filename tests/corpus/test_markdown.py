import pytest
from hypothesis import given, settings

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.markdown import read
from corpus.works import assemble
from tests.corpus.articles import Article, articles, assert_complete


def document_of(text: str) -> Document:
    (work,) = read(SourceContent(text.encode("utf-8")))
    return assemble(work, "docs/a.md", "0" * 64)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Some *emphasis* and **more**, ~~struck~~.", "Some emphasis and more, struck.", id="emphasis"),
        pytest.param("A [link](https://e.org 'x') here.", "A link here.", id="link"),
        pytest.param("A [link][1] here.\n\n[1]: https://e.org", "A link here.", id="reference link"),
        pytest.param("See ![a map](map.png).", "See a map.", id="image by its description"),
        pytest.param("Call `read()` once.", "Call read() once.", id="code"),
        pytest.param("R&amp;D is &copy; ours", "R&D is © ours", id="entities"),
        pytest.param("One\nparagraph  \nof lines", "One paragraph of lines", id="line breaks"),
        pytest.param("First.\n\nSecond.", "First.\n\nSecond.", id="paragraphs"),
        pytest.param("- one\n- two\n  - three", "one\ntwo\nthree", id="lists, nested"),
        pytest.param("1. one\n2. two", "one\ntwo", id="numbered list"),
        pytest.param("| a | b |\n|---|---|\n| 1 | *2* |", "a | b\n1 | 2", id="table row by row"),
        pytest.param("```\nx = 1\n\ny = 2\n```", "x = 1\ny = 2", id="fenced code line by line"),
        pytest.param("> Quoted.", "Quoted.", id="quote"),
        pytest.param("Above\n\n---\n\nBelow", "Above\n\nBelow", id="rule"),
    ],
)
def test_the_text_is_what_a_reader_sees(text: str, shown: str) -> None:
    assert document_of(text).text == shown


def test_headings_keep_their_level() -> None:
    document = document_of("# One\n\ntext\n\n### Three *x*\n\nSetext\n---\n\ntext")
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [(1, "One"), (3, "Three x"), (2, "Setext")]


def test_front_matter_is_metadata_not_text() -> None:
    document = document_of("---\ntitle: Oil\ndate: 2025-11-05\n---\n# Heading\n\nText.")
    assert (document.metadata.title, document.metadata.published) == ("Oil", "2025-11-05")
    assert document.text == "Heading\n\nText."


def test_a_heading_that_opens_the_text_is_its_title() -> None:
    assert document_of("# Oil *and* gas\n\nText.").metadata.title == "Oil and gas"


def test_a_later_heading_is_no_title() -> None:
    assert document_of("Text.\n\n# Oil").metadata.title is None


def test_html_blocks_are_text_too() -> None:
    text = "Before.\n\n<details><summary>More</summary><p>The figure was <b>42</b>.</p></details>\n\n<!-- no -->\n"
    assert document_of(text).text == "Before.\n\nMore The figure was 42."


def test_deep_nesting_loses_nothing() -> None:
    deep = "\n".join(f"{'  ' * depth}- item {depth}" for depth in range(30))
    assert document_of(deep).text.split("\n") == [f"item {depth}" for depth in range(30)]


def test_text_between_two_rules_is_not_front_matter() -> None:
    assert document_of("---\nA paragraph that stays.\n\n---\nRest.").text == "A paragraph that stays.\n\nRest."


def test_a_line_break_parts_words() -> None:
    assert document_of("Some<br>text").text == "Some text"


def test_a_doctype_does_not_cost_the_document() -> None:
    assert document_of("<!DOCTYPE html>\n\nThe text.").text == "The text."


def test_nesting_too_deep_to_be_read_whole_is_told() -> None:
    deep = "\n".join(f"{'  ' * depth}- item {depth}" for depth in range(60))
    with pytest.raises(DocumentError, match="nested deeper"):
        document_of(deep)


def markdown_of(article: Article) -> str:
    """`article` with its headings, every other paragraph a list of its sentences."""
    pieces = [f"# {article.title}"]
    for heading, paragraphs in article.sections:
        pieces += [f"## {heading}"] if heading else []
        for number, sentences in enumerate(paragraphs):
            in_list = "\n".join(f"- {sentence}" for sentence in sentences)
            pieces.append(in_list if number % 2 else " ".join(sentences))
    return "\n\n".join(pieces)


@given(article=articles())
@settings(max_examples=40, deadline=None)
def test_an_article_comes_back_complete(article: Article) -> None:
    document = document_of(markdown_of(article))
    assert document.metadata.title == article.title
    assert_complete(document.text, article)
    headings = [document.text[heading.start : heading.end] for heading in document.headings]
    assert headings == [article.title, *article.headings]
