from html import escape

import pytest
from hypothesis import given, settings

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.html import read
from corpus.works import assemble
from tests.corpus.articles import Article, articles, assert_complete

PROSE = "The two delegations met in Moscow for three days and agreed on a list of projects to be studied further. " * 3
RUSSIAN = "Заседание межправительственной комиссии прошло в столице, стороны обсудили поставки нефти и газа."


NAVIGATION = '<nav><a href="/">Home page</a><a href="/oil">More on oil</a></nav>'


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def document_of(content: bytes) -> Document:
    (work,) = read(SourceContent(content))
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


@pytest.mark.parametrize("content", [b"<html></html>", page(""), page(NAVIGATION), b"<!-- -->"])
def test_a_page_without_text_is_told(content: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(SourceContent(content))
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


def paragraphs_of(article: Article) -> str:
    parts = []
    for heading, paragraphs in article.sections:
        if heading:
            parts.append(f"<h2>{escape(heading)}</h2>")
        parts += [f"<p>{escape(' '.join(paragraph))}</p>" for paragraph in paragraphs]
    return "".join(parts)


FOOTER = "<footer><p>Copyright of The Daily</p></footer>"
ROUTES = [
    pytest.param("<main><h1>{title}</h1>{content}</main>", id="main"),
    pytest.param('<div role="main"><h1>{title}</h1>{content}</div>', id="role of main"),
    pytest.param("<main><h1>{title}</h1><article>{content}</article></main>", id="headline above the article"),
    pytest.param("<main><p>Subscribe</p><article><h1>{title}</h1>{content}</article></main>", id="article in main"),
    pytest.param("<article><header><h1>{title}</h1></header>{content}</article>", id="article"),
    pytest.param("<h1>{title}</h1><div itemprop='articleBody'>{content}</div>", id="articleBody"),
    pytest.param("<header><h1>{title}</h1></header><article>{content}</article>", id="headline outside the article"),
]


@pytest.mark.parametrize("route", ROUTES)
@settings(max_examples=15, deadline=None)
@given(article=articles())
def test_marked_content_is_read_back_whole(route: str, article: Article) -> None:
    content = route.format(title=article.title, content=paragraphs_of(article))
    document = document_of(page(NAVIGATION + content + FOOTER, f"<title>{article.title} - The Daily</title>"))
    assert_complete(document.text, article)
    assert document.text.startswith(f"{article.title}\n")
    assert document.text.count(article.title) == 1
    assert not any(words in document.text for words in ("Home page", "More on oil", "Copyright"))


@pytest.mark.parametrize(
    "wrapper",
    [
        "{}",
        "<div>{}</div>",
        "<div class='WordSection1'>{}</div>",
        "<div id='a'><div>{}</div></div>",
        "<div>{}</div><p></p>",
    ],
)
@settings(max_examples=15, deadline=None)
@given(article=articles())
def test_a_page_that_is_all_content_is_read_back_whole(wrapper: str, article: Article) -> None:
    content = wrapper.format(f"<h1>{article.title}</h1>{paragraphs_of(article)}")
    document = document_of(page(content))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


@settings(max_examples=15, deadline=None)
@given(article=articles())
def test_an_article_in_a_page_of_divisions_is_read_back(article: Article) -> None:
    content = f"<div class='wrap'><div class='story-text'><h1>{article.title}</h1>{paragraphs_of(article)}</div></div>"
    document = document_of(page(NAVIGATION + content + FOOTER))
    assert [sentence for sentence in article.sentences if sentence not in document.text] == []
    assert "Home page" not in document.text


@pytest.mark.parametrize(
    "html",
    [
        '<div class="social-share">Tell others</div>',
        '<ul class="related">Tell others</ul>',
        '<section id="newsletter">Tell others</section>',
        '<div class="x ad">Tell others</div>',
        "<aside>Tell others</aside>",
        "<form>Tell others</form>",
        "<button>Tell others</button>",
        '<div id="comments"><p>Tell others</p></div>',
    ],
)
def test_furniture_inside_the_article_is_left_out(html: str) -> None:
    assert text_below_prose(html) == ""


def test_text_after_furniture_stays() -> None:
    assert text_below_prose("<div>The price <span class='share'>Share</span> rose.</div>") == "The price rose."


@pytest.mark.parametrize(
    "html",
    [
        "<div class='shared-office adverse'>A sentence.</div>",
        "<h2 class='social'>A sentence.</h2>",
        "<table><tr><td class='comments'>A sentence.</td></tr></table>",
    ],
)
def test_names_that_only_look_like_furniture_cost_nothing(html: str) -> None:
    assert text_below_prose(html) == "A sentence."


def test_an_id_made_of_a_heading_is_no_furniture() -> None:
    html = "<section id='related-work'><h2>Related work</h2><p>It was done before.</p></section>"
    assert text_below_prose(html) == "Related work\n\nIt was done before."


def test_an_article_in_a_form_is_content() -> None:
    content = page(f"<main><form><h1>Oil</h1><p>{PROSE}</p></form></main>")
    assert document_of(content).text == f"Oil\n\n{PROSE.strip()}"


def test_comments_are_left_out_however_long() -> None:
    comments = f"<div class='comments'>{f'<p>{PROSE}</p>' * 20}</div>"
    content = page(f"<article><h1>Oil</h1><p>The price rose.</p>{comments}</article>")
    assert document_of(content).text == "Oil\n\nThe price rose."


def test_a_teaser_is_not_taken_for_the_content() -> None:
    body = f"<div class='text'><p>{PROSE}</p><p>{PROSE[:104]} Then they left.</p></div><article>Read on</article>"
    assert "Then they left." in document_of(page(body)).text


def test_identical_paragraphs_are_all_kept() -> None:
    assert document_of(page("<p>Agreed.</p><p>Gas?</p><p>Agreed.</p>")).text == "Agreed.\n\nGas?\n\nAgreed."


def test_a_small_page_keeps_its_table() -> None:
    content = page("<h1>Oil</h1><table><tr><td>Price</td><td>70</td></tr></table>")
    assert document_of(content).text == "Oil\n\nPrice | 70"


def test_the_header_of_an_article_is_kept() -> None:
    content = page(f"<article><header><h1>Oil</h1><p>By Ann Author</p></header><p>{PROSE}</p></article>")
    assert document_of(content).text.startswith("Oil\n\nBy Ann Author\n\n")


def test_json_ld_counts_more_than_meta_elements() -> None:
    script = '<script type="application/ld+json">{"@type": "Article", "headline": "Oil rises"}</script>'
    content = page(f"<article><p>{PROSE}</p></article>", '<meta property="og:title" content="Oil!">' + script)
    assert document_of(content).metadata.title == "Oil rises"


@pytest.mark.parametrize(
    "html",
    [
        "<p class='byline'>By Carl Commentator</p>",
        "<p>Published 3 May 2019 by Carl Commentator</p>",
        "<div class='author'>Carl Commentator</div>",
        "<a class='category' rel='tag' href='/x'>World Politics</a>",
        "<p>Copyright 2019 Carl Commentator</p>",
        "<img src='/2019/05/03/map.png'>",
        "<p>2019-05-03</p>",
    ],
)
def test_nothing_is_concluded_from_the_text_of_a_page(html: str) -> None:
    for markup in (
        f"<article><p>{PROSE}</p>{html}</article>",
        f"{NAVIGATION}<div class='x'><p>{PROSE}</p>{html}</div>",
    ):
        metadata = document_of(page(markup)).metadata
        assert (metadata.authors, metadata.published, metadata.publisher) == ((), None, None)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        pytest.param("<title>Oil talks - The Daily</title>", "Oil talks - The Daily", id="site not known"),
        pytest.param(
            "<title>Oil talks | The Daily</title><meta property='og:site_name' content='The Daily'>",
            "Oil talks",
            id="site after it",
        ),
        pytest.param(
            "<title>The Daily: Oil talks</title><meta property='og:site_name' content='The Daily'>",
            "Oil talks",
            id="site before it",
        ),
        pytest.param("<title>Microsoft Word - oil.docx</title>", None, id="put in by a program"),
    ],
)
def test_the_title_of_the_page_stands_in_for_a_headline(head: str, title: str | None) -> None:
    assert document_of(page(f"<article><p>{PROSE}</p></article>", head)).metadata.title == title


@pytest.mark.parametrize("name", ["last-modified", "article:modified_time", "og:updated_time"])
def test_a_date_of_change_is_none_of_publication(name: str) -> None:
    content = page(f"<article><p>{PROSE}</p></article>", f'<meta property="{name}" content="2025-11-05">')
    assert document_of(content).metadata.published is None


def test_the_address_of_a_profile_is_no_author() -> None:
    head = '<meta property="article:author" content="https://social.example/ann"><meta name="author" content="By Ann">'
    assert document_of(page(f"<article><p>{PROSE}</p></article>", head)).metadata.authors == ("Ann",)


@pytest.mark.parametrize(
    "link", ["<a href='#p'>¶</a>", "<a href='#p'>#</a>", "<span class='mw-editsection'>edit</span>"]
)
def test_links_for_readers_of_the_page_are_no_part_of_a_heading(link: str) -> None:
    assert text_below_prose(f"<h2>Price{link}</h2>") == "Price"


def test_the_name_of_a_site_above_its_pages_is_no_headline() -> None:
    body = f"<h1>The Daily</h1><main><h2>Oil</h2><p>{PROSE}</p></main>"
    document = document_of(page(body, "<title>Oil - The Daily</title>"))
    assert (document.metadata.title, document.text) == ("Oil - The Daily", f"Oil\n\n{PROSE.strip()}")


def test_the_headline_of_a_page_of_divisions_is_kept_once() -> None:
    body = f"<div class='a'><h1>Oil talks</h1></div><div class='b'><p>{PROSE}</p><p>They met again.</p></div>"
    document = document_of(page(NAVIGATION + body, "<title>Oil talks - The Daily</title>"))
    assert document.text == f"Oil talks\n\n{PROSE.strip()}\n\nThey met again."


def test_a_converted_page_keeps_its_title_block_and_its_notes() -> None:
    body = """<header id="title-block-header"><h1 class="title">Oil</h1><p class="author">Ann</p></header>
    <h2 id="price">Price</h2><p>It rose.<a href="#fn1" role="doc-noteref"><sup>1</sup></a></p>
    <section id="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>By law.</p></li></ol></section>"""
    assert document_of(page(body)).text == "Oil\n\nAnn\n\nPrice\n\nIt rose.1\n\nBy law."
