import pytest
from hypothesis import given, settings

from corpus.documents import Document
from corpus.formats.content import SourceContent
from corpus.formats.rst import read
from corpus.works import BlockKind, assemble
from tests.corpus.articles import Article, articles, assert_complete


def document_of(text: str) -> Document:
    (work,) = read(SourceContent(text.encode("utf-8")))
    return assemble(work, "docs/a.rst", "0" * 64)


def source_of(article: Article) -> str:
    parts = [f"{'=' * 60}\n{article.title}\n{'=' * 60}"]
    for heading, paragraphs in article.sections:
        if heading:
            parts.append(f"{heading}\n{'-' * 60}")
        parts += ["\n".join(paragraph) for paragraph in paragraphs]
    return "\n\n".join(parts)


@settings(max_examples=30, deadline=None)
@given(articles())
def test_an_article_is_read_back_whole(article: Article) -> None:
    document = document_of(source_of(article))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Some *emphasis*, **more** and ``code``.", "Some emphasis, more and code.", id="inline markup"),
        pytest.param("A `link <https://e.org>`_ here.", "A link here.", id="link"),
        pytest.param("One\nparagraph.\n\nTwo.", "One paragraph.\n\nTwo.", id="paragraphs"),
        pytest.param("* one\n* two\n\n  * three", "one\ntwo\nthree", id="lists, nested"),
        pytest.param("Text::\n\n  x = 1\n\n  y = 2", "Text:\n\nx = 1\ny = 2", id="literal block line by line"),
        pytest.param(">>> 1 + 1\n2", ">>> 1 + 1\n2", id="doctest line by line"),
        pytest.param("| one\n| two", "one\ntwo", id="line block"),
        pytest.param("oil : noun\n  A *liquid*.", "oil\n\nnoun\n\nA liquid.", id="definitions"),
        pytest.param(".. note:: Mind *this*.", "Mind this.", id="admonition"),
        pytest.param(".. admonition:: Mind\n\n   This.", "Mind\n\nThis.", id="admonition with a title"),
        pytest.param("So it is [1]_.\n\n.. [1] By law.", "So it is [1].\n\n[1] By law.", id="footnote"),
        pytest.param("-v  talk more", "-v: talk more", id="option"),
        pytest.param("Text.\n\n:Depth: 3 m", "Text.\n\nDepth: 3 m", id="field in the text"),
        pytest.param(".. image:: m.png\n   :alt: A map", "A map", id="image by its description"),
        pytest.param("== ==\na  b\n== ==\n1  2\n== ==", "a | b\n1 | 2", id="table row by row"),
        pytest.param(".. csv-table:: Prices\n\n   1, 2", "Prices\n\n1 | 2", id="table with a caption"),
        pytest.param("Text.\n\n.. A comment.\n\n.. _target:", "Text.", id="comments and targets"),
        pytest.param(".. |x| replace:: oil\n\nThe |x| price.", "The oil price.", id="substitution"),
    ],
)
def test_the_text_is_what_a_reader_sees(text: str, shown: str) -> None:
    assert document_of(text).text == shown


def test_headings_keep_their_level() -> None:
    document = document_of("=====\nTitle\n=====\n\nOne\n===\n\nIn\n--\n\nText.\n\nTwo\n===\n\nText.")
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [(1, "Title"), (2, "One"), (3, "In"), (2, "Two")]


def test_a_document_without_a_title_has_none() -> None:
    assert document_of("Text.\n\nOne\n===\n\nText.").metadata.title is None


def test_the_fields_at_the_top_are_metadata_not_text() -> None:
    document = document_of("Oil\n===\n\n:Author: Ann Author\n:Date: 2025-11-28\n\nText.")
    assert (document.metadata.authors, document.metadata.published) == (("Ann Author",), "2025-11-28")
    assert document.text == "Oil\n\nText."


def test_several_authors_are_told_apart() -> None:
    assert document_of(":Authors: Ann Author; Bob Byline\n\nText.").metadata.authors == ("Ann Author", "Bob Byline")


def test_a_generated_table_of_contents_is_left_out() -> None:
    assert document_of(".. contents::\n\nOne\n===\n\nA.\n\nTwo\n===\n\nB.").text.count("One") == 1


def test_the_text_of_an_unknown_directive_is_kept() -> None:
    assert document_of(".. versionadded:: 1.0\n   It *can* read.\n\n   More.").text == "1.0 It can read.\n\nMore."


def test_a_list_of_files_is_no_text() -> None:
    assert document_of("Text.\n\n.. toctree::\n   :maxdepth: 2\n\n   intro\n   usage").text == "Text."


@pytest.mark.parametrize("role", [":ref:`the talks`", ":ref:`the talks <talks>`", ":py:mod:`~the talks`"])
def test_an_unknown_role_gives_its_text(role: str) -> None:
    assert document_of(f"See {role}.").text == "See the talks."


def test_code_with_options_of_sphinx_is_kept() -> None:
    assert document_of(".. code-block:: python\n   :emphasize-lines: 2\n\n   x = 1\n   y = 2").text == "x = 1\ny = 2"


def test_what_has_a_mistake_in_it_is_shown_as_it_stands() -> None:
    assert "The price was 70." in document_of("== ==\na  b\n== ==\n1  2 3\nThe price was 70.\n").text


@pytest.mark.parametrize("directive", [".. raw:: html\n\n   <b>x</b>", ".. include:: /etc/hostname"])
def test_nothing_is_taken_in_from_outside(directive: str) -> None:
    assert document_of(f"Text.\n\n{directive}").text == "Text."


def test_paragraphs_of_an_item_are_items() -> None:
    (work,) = read(SourceContent(b"* one\n\n  more"))
    assert [block.kind for block in work.blocks] == [BlockKind.ITEM, BlockKind.ITEM]
