from email.message import EmailMessage
from email.policy import SMTP
from html import escape

import pytest
from hypothesis import given, settings

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.mhtml import read
from corpus.works import assemble
from tests.corpus.articles import Article, articles, assert_complete

PROSE = "The two delegations met for three days and agreed on a list of projects to be studied further."


def saved(html: str, subject: str = "", charset: str = "utf-8", **headers: str) -> EmailMessage:
    archive = EmailMessage(policy=SMTP)
    if subject:
        archive["Subject"] = subject
    archive["Date"] = "Fri, 28 Nov 2025 10:00:00 +0000"
    for name, value in headers.items():
        archive[name.replace("_", "-")] = value
    archive.set_content(html, subtype="html", charset=charset)
    archive.add_related(b"\x89PNG", "image", "png")
    return archive


def document_of(archive: EmailMessage) -> Document:
    (work,) = read(SourceContent(archive.as_bytes()))
    return assemble(work, "docs/a.mhtml", "0" * 64)


@settings(max_examples=30, deadline=None)
@given(articles())
def test_an_article_is_read_back_whole(article: Article) -> None:
    parts = [f"<h1>{article.title}</h1>"]
    for heading, paragraphs in article.sections:
        parts += [f"<h2>{heading}</h2>"] if heading else []
        parts += [f"<p>{escape(' '.join(paragraph))}</p>" for paragraph in paragraphs]
    document = document_of(saved(f"<html><body><main>{''.join(parts)}</main></body></html>"))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


def test_the_address_is_that_of_the_snapshot() -> None:
    archive = saved(f"<p>{PROSE}</p>", Snapshot_Content_Location="https://example.org/oil")
    assert document_of(archive).metadata.url == "https://example.org/oil"


def test_the_address_of_the_page_s_part_stands_in_for_it() -> None:
    archive = saved(f"<p>{PROSE}</p>")
    next(part for part in archive.walk() if part.get_content_type() == "text/html")["Content-Location"] = (
        "http://e.org/"
    )
    assert document_of(archive).metadata.url == "http://e.org/"


def test_an_address_that_is_none_of_the_web_is_left_out() -> None:
    assert document_of(saved(f"<p>{PROSE}</p>", Snapshot_Content_Location="file:///x")).metadata.url is None


def test_the_subject_stands_in_for_a_title() -> None:
    assert document_of(saved(f"<p>{PROSE}</p>", "Gespräche über Öl")).metadata.title == "Gespräche über Öl"


def test_what_the_page_says_counts_more_than_the_subject() -> None:
    assert document_of(saved(f"<h1>Oil talks</h1><p>{PROSE}</p>", "A page")).metadata.title == "Oil talks"


def test_the_day_of_saving_is_no_date_of_publication() -> None:
    assert document_of(saved(f"<p>{PROSE}</p>")).metadata.published is None


def test_the_charset_of_the_part_is_used() -> None:
    text = "Заседание межправительственной комиссии прошло в столице."
    assert document_of(saved(f"<p>{text}</p>", charset="koi8-r")).text == text


def test_a_frame_in_the_page_is_no_part_of_its_content() -> None:
    archive = saved(f"<p>{PROSE}</p>")
    archive.add_related("<p>A frame.</p>", subtype="html")
    assert document_of(archive).text == PROSE


def test_the_part_that_is_said_to_be_the_root_is_the_page() -> None:
    archive = saved("<p>A frame.</p>")
    archive.add_related(f"<p>{PROSE}</p>", subtype="html", cid="<root@e>")
    archive.set_param("start", "<root@e>")
    assert document_of(archive).text == PROSE


def test_a_page_that_is_the_whole_file_is_read() -> None:
    archive = EmailMessage()
    archive.set_content(f"<p>{PROSE}</p>", subtype="html")
    assert document_of(archive).text == PROSE


@pytest.mark.parametrize("content", [b"", b"\0\xff", b"no mail", b"Subject: x\n\ntext", b"Content-Type: text/html\n\n"])
def test_a_file_without_a_page_is_told(content: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        read(SourceContent(content))
    assert caught.value.code in ("mhtml", "no-text")
