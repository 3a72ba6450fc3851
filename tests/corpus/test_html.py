import pytest

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.html import read
from corpus.works import assemble

PROSE = "The two delegations met in Moscow for three days and agreed on a list of projects to be studied further. " * 3
RUSSIAN = "Заседание межправительственной комиссии прошло в столице, стороны обсудили поставки нефти и газа."


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def document_of(content: bytes) -> Document:
    (work,) = read(content)
    return assemble(work, "docs/a.html", "0" * 64)


def text_below_prose(html: str) -> str:
    """What becomes of `html` when it stands in an article, after a paragraph."""
    text = document_of(page(f"<article><p>{PROSE}</p>{html}</article>")).text
    return text.removeprefix(PROSE.strip()).strip()


NEWS = page(
    f"""
    <nav><ul><li><a href="/">Home page</a></li><li><a href="/contact">Contact us</a></li></ul></nav>
    <div class="cookie-banner">We use cookies to improve this site. Accept all</div>
    <main><article><h1>Oil talks</h1><p>{PROSE}</p></article></main>
    <footer>Copyright 2025 The Daily. All rights reserved.</footer>""",
    head="""
    <title>Oil talks - The Daily</title><link rel="canonical" href="https://example.org/oil">
    <meta property="og:title" content="Oil talks"><meta property="og:site_name" content="The Daily">
    <meta name="author" content="Ann Author"><meta property="article:published_time" content="2025-11-05T10:00:00Z">""",
)


def test_the_main_content_is_kept() -> None:
    assert document_of(NEWS).text == f"Oil talks\n\n{PROSE.strip()}"


@pytest.mark.parametrize("furniture", ["Home page", "Contact us", "cookies", "Copyright"])
def test_what_surrounds_the_content_is_left_out(furniture: str) -> None:
    assert furniture not in document_of(NEWS).text


def test_metadata_is_what_the_page_declares() -> None:
    metadata = document_of(NEWS).metadata
    assert (metadata.title, metadata.authors) == ("Oil talks", ("Ann Author",))
    assert (metadata.published, metadata.publisher) == ("2025-11-05", "The Daily")
    assert metadata.url == "https://example.org/oil"


def test_a_date_in_the_text_is_not_taken_for_the_page_s() -> None:
    assert document_of(page(f"<article><p>On 3 May 2019 they met. {PROSE}</p></article>")).metadata.published is None


def test_headings_keep_their_level() -> None:
    document = document_of(page(f"<article><h1>Oil</h1><p>{PROSE}</p><h3>Price</h3><p>{PROSE}</p></article>"))
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [(1, "Oil"), (3, "Price")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<ul><li>oil and <b>gas</b></li><li>coal</li></ul>", "oil and gas\ncoal", id="list"),
        pytest.param("<ol><li>one<ul><li>sub</li></ul></li><li>two</li></ol>", "one\nsub\ntwo", id="nested list"),
        pytest.param(
            "<table><tr><th>Name</th><th>Year</th></tr><tr><td>Ann</td><td>2020</td></tr></table>",
            "Name | Year\nAnn | 2020",
            id="table row by row",
        ),
        pytest.param("<blockquote><p>One.</p><p>Two.</p></blockquote>", "One.\n\nTwo.", id="quote"),
        pytest.param("<p>R&amp;D &ndash; 5&nbsp;%</p>", "R&D – 5 %", id="entities"),
        pytest.param("<p>A <a href='/x'>link</a> and <em>more</em>.</p>", "A link and more.", id="inline elements"),
    ],
)
def test_the_parts_of_an_article_become_lines(html: str, text: str) -> None:
    assert text_below_prose(html) == text


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        "<meta charset=cp1251>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    ],
)
def test_the_declared_encoding_is_used(declaration: str) -> None:
    content = page(f"<article><p>{RUSSIAN}</p></article>", declaration).decode().encode("cp1251")
    assert document_of(content).text == RUSSIAN


@pytest.mark.parametrize("declared", ["ascii", "no-such-encoding", "hex"])
def test_a_wrong_declaration_gives_way_to_the_bytes(declared: str) -> None:
    content = page(f"<article><p>{RUSSIAN}</p></article>", f'<meta charset="{declared}">')
    assert document_of(content).text == RUSSIAN


@pytest.mark.parametrize("content", [b"<html></html>", page(""), b"<"], ids=["empty", "no body", "a bracket"])
def test_a_page_without_text_is_told(content: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(content)
    assert caught.value.code == "no-text"


def test_a_page_said_to_be_latin_1_is_read_as_browsers_read_it() -> None:
    prose = "The ministry didn’t “confirm” the price of the cargo that reached Karachi."
    head = '<meta charset="iso-8859-1">'
    content = page(f"<article><p>{prose}</p></article>", head).decode().encode("cp1252")
    assert document_of(content).text == prose


def test_paragraphs_inside_an_item_do_not_run_together() -> None:
    text = text_below_prose("<ul><li><p>The first ship came.</p><p>The second did not.</p></li></ul>")
    assert text.split() == ["The", "first", "ship", "came.", "The", "second", "did", "not."]


def test_the_language_is_the_one_the_page_declares() -> None:
    content = page("<article><p>Ein langer Satz über den Preis der Ladung.</p></article>")
    declared = content.replace(b"<html", b'<html lang="de-AT"', 1)
    assert document_of(declared).metadata.language == "de"


def test_a_list_inside_an_item_keeps_the_reading_order() -> None:
    nested = "<ul><li>First came oil.<ul><li>Then came gas.</li></ul>Last came steel.</li></ul>"
    assert text_below_prose(nested).split("\n") == ["First came oil.", "Then came gas.", "Last came steel."]
