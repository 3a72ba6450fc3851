import time
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


SENTENCE = "The mayor opened the bridge on Monday and thanked the builders for their patience in all weathers."
OTHER_SENTENCE = "A ferry will go on running at night, since the old road on the other bank floods in every spring."


@pytest.mark.parametrize(
    "classes",
    [
        "post category-social",
        "tag-cookies hentry",
        "post-share",
        "ad-free",
        "related-to-topic",
        "promo-text",
        "sidebar",
    ],
)
@pytest.mark.parametrize("element", ["p", "div", "section"])
def test_prose_stays_whatever_its_class_is_called(element: str, classes: str) -> None:
    assert text_below_prose(f"<{element} class='{classes}'>{SENTENCE}</{element}>") == SENTENCE


def test_what_a_post_is_about_makes_it_no_furniture() -> None:
    assert text_below_prose("<div class='post category-social tag-ads hentry'>Short.</div>") == "Short."


def test_an_element_of_several_short_sentences_is_no_furniture() -> None:
    text = text_below_prose(f"<div class='promo'>{'<p>He came and went again.</p>' * 5}</div>")
    assert text.count("He came and went again.") == 5


def test_sentences_that_are_links_make_no_prose() -> None:
    links = f"<li><a href='/a'>{SENTENCE}</a></li><li><a href='/b'>{OTHER_SENTENCE}</a></li>"
    assert text_below_prose(f"<ul class='related'>{links}</ul>") == ""


def test_a_quoted_post_of_a_network_stays() -> None:
    post = "<blockquote class='twitter-tweet'><p>Great bridge!</p></blockquote>"
    assert text_below_prose(f"<div class='social-embed'>{post}</div>") == "Great bridge!"


@pytest.mark.parametrize(
    "html",
    [
        "<div id='x' class='cookie-banner'><p>{}</p></div>",
        "<ol class='comment-list'><li><p>{}</p></li></ol>",
        "<div id='comments'><p>{}</p></div>",
        "<div class='newsletter-signup'><p>{}</p></div>",
    ],
)
def test_what_a_banner_a_comment_or_a_form_says_is_left_out(html: str) -> None:
    assert text_below_prose(html.format(SENTENCE)) == ""


def test_what_is_half_of_the_page_is_left_in_whatever_it_is_called() -> None:
    comments = f"<div class='comments'>{f'<p>{SENTENCE}</p>' * 20}</div>"
    content = page(f"<article><h1>Oil</h1><p>The price rose.</p>{comments}</article>")
    assert document_of(content).text.count(SENTENCE) == 20


@pytest.mark.parametrize("element", ["aside", "footer"])
def test_a_note_of_the_article_stays(element: str) -> None:
    assert text_below_prose(f"<{element}><p>{SENTENCE}</p></{element}>") == SENTENCE


@pytest.mark.parametrize("container", ["<div id='content'>{}</div>", "<main>{}</main>"])
def test_the_posts_of_a_blog_all_stay(container: str) -> None:
    topics = ("harbour", "social", "cookies", "related")
    posts = [
        f"<div class='post category-{topic}'><h2>About {topic}</h2><p>{topic}: {SENTENCE}</p>"
        f"<p>{topic}: {OTHER_SENTENCE}</p></div>"
        for topic in topics
    ]
    text = document_of(page(NAVIGATION + container.format("".join(posts)) + FOOTER)).text
    assert text == "\n\n".join(f"About {topic}\n\n{topic}: {SENTENCE}\n\n{topic}: {OTHER_SENTENCE}" for topic in topics)


@settings(max_examples=15, deadline=None)
@given(article=articles(), name=st.sampled_from(["social", "cookies", "related", "sidebar", "meta", "comment", "x"]))
def test_prose_that_trafilatura_takes_for_furniture_stays(article: Article, name: str) -> None:
    divisions = "".join(
        f"<div class='{name}'><p>{' '.join(sentences)} {SENTENCE[:-1]}, {number}.</p></div>"
        for number, sentences in enumerate(paragraph for _, paragraphs in article.sections for paragraph in paragraphs)
    )
    text = document_of(page(f"{NAVIGATION}<div class='a'><h1>Oil</h1>{divisions}</div>{FOOTER}")).text
    assert [sentence for sentence in article.sentences if sentence not in text] == []


def test_teasers_beside_the_article_are_left_out() -> None:
    teaser = "<article><h3><a href='/x'>Old road</a></h3><p>It floods.</p></article>"
    body = f"<main><article><h1>Bridge</h1><p>{PROSE}</p></article>{teaser}{teaser}</main>"
    assert document_of(page(body)).text == f"Bridge\n\n{PROSE.strip()}"


def test_articles_of_about_one_length_all_stay() -> None:
    body = f"<main><article><h2>Bridge</h2><p>{SENTENCE}</p></article><article><p>{OTHER_SENTENCE}</p></article></main>"
    assert document_of(page(body)).text == f"Bridge\n\n{SENTENCE}\n\n{OTHER_SENTENCE}"


def published(html: str) -> str | None:
    return document_of(page(f"<article><h1>Oil</h1>{html}<p>{PROSE}</p></article>")).metadata.published


@pytest.mark.parametrize(
    "html",
    [
        "<time datetime='2031-05-06T08:00:00Z'>May 6</time>",
        "<p>By Ann, <time datetime='2031-05-06'>today</time></p>",
        "<time datetime='2031-05-06'>May 6</time><p>Updated <time datetime='2031-05-08'>May 8</time></p>",
        "<time datetime='2031-05-06'>May 6</time><time class='updated' datetime='2031-05-08'>May 8</time>",
    ],
)
def test_the_only_time_in_the_header_of_an_article_is_its_date(html: str) -> None:
    assert published(html) == "2031-05-06"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<time datetime='2031-05-06'>6</time><time datetime='2031-05-08'>8</time>", id="two"),
        pytest.param("<time datetime='2031-05'>May</time>", id="no whole date"),
        pytest.param("<time>6 May 2031</time>", id="no datetime"),
        pytest.param("<p>Updated <time datetime='2031-05-06'>May 6</time></p>", id="a change"),
        pytest.param(f"<p>{SENTENCE}</p><time datetime='2031-05-06'>May 6</time>", id="below prose"),
        pytest.param(f"<p>On <time datetime='2031-05-06'>May 6</time>: {SENTENCE}</p>", id="within prose"),
    ],
)
def test_other_times_are_no_date(html: str) -> None:
    assert published(html) is None


def test_a_link_to_its_author_above_the_prose_names_the_author() -> None:
    byline = "<p>By <a rel='author' href='/a'>Petra Holm</a> and <a rel='author' href='/b'>Jo Lind</a></p>"
    content = page(f"<article><h1>Oil</h1>{byline}<p>{PROSE}</p><a rel='author' href='/c'>Al Berg</a></article>")
    assert document_of(content).metadata.authors == ("Petra Holm", "Jo Lind")


def test_a_line_that_trafilatura_leaves_out_gives_its_date() -> None:
    meta = "<p class='meta'>By Sam Orr · Published 4 May 2031 · 3 min read</p>"
    body = f"{NAVIGATION}<div class='a'><h1>Oil</h1>{meta}<p>{PROSE}</p><p>{SENTENCE}</p></div>{FOOTER}"
    metadata = document_of(page(body)).metadata
    assert (metadata.published, metadata.authors) == ("2031-05-04", ("Sam Orr",))


def test_many_elements_inside_each_other_are_judged_soon() -> None:
    depth = 200
    nested = "<div class='promo ad'>" * depth + "<p>Short.</p>" * 200 + "</div>" * depth
    started = time.perf_counter()
    text_below_prose(nested)
    assert time.perf_counter() - started < 5


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
