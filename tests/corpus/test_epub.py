import io
import zipfile
from html import escape

import pytest
from hypothesis import given, settings

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.epub import read
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""


def chapter(body: str, doctype: str = "<!DOCTYPE html>") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title/></head><body>{body}</body></html>"
    )


def book(
    *chapters: str, metadata: str = "", properties: str = "", more: dict[str, str] | None = None, missing: str = ""
) -> bytes:
    """An EPUB of the chapters; `properties` are those of the first, `missing` is listed but not there."""
    names = [f"text/chapter {number}.xhtml" for number in range(len(chapters))]
    listed = [*names, *filter(None, [missing])]
    items = "".join(
        f'<item id="c{number}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"'
        f"{'' if number else properties}/>"
        for number, name in enumerate(listed)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(listed)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("mimetype", "application/epub+zip")
        package.writestr("META-INF/container.xml", CONTAINER)
        package.writestr("OEBPS/content.opf", opf)
        for name, text in [*((f"OEBPS/{name}", text) for name, text in zip(names, chapters, strict=True))]:
            package.writestr(name, text)
        for name, text in (more or {}).items():
            package.writestr(name, text)
    return content.getvalue()


def work_of(content: bytes) -> Work:
    (work,) = read(SourceContent(content))
    return work


def document_of(content: bytes) -> Document:
    return assemble(work_of(content), "docs/a.epub", "0" * 64)


@settings(max_examples=30, deadline=None)
@given(articles())
def test_a_book_is_read_back_whole(article: Article) -> None:
    chapters = []
    for heading, paragraphs in article.sections:
        parts = [f"<h1>{heading}</h1>"] if heading else []
        parts += [f"<p>{escape(' '.join(paragraph))}</p>" for paragraph in paragraphs]
        chapters.append(chapter("".join(parts)))
    document = document_of(book(*chapters, metadata=f"<dc:title>{article.title}</dc:title>"))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


def test_the_package_states_the_metadata() -> None:
    metadata = document_of(
        book(
            chapter("<p>Text.</p>"),
            metadata="<dc:title>Oil</dc:title><dc:creator>Ann Author</dc:creator><dc:creator>Bob</dc:creator>"
            "<dc:date>2019-05</dc:date><dc:publisher>The Press</dc:publisher><dc:language>en-GB</dc:language>"
            "<dc:identifier>urn:isbn:123</dc:identifier><dc:identifier>https://e.org/oil</dc:identifier>",
        )
    ).metadata
    assert (metadata.title, metadata.authors, metadata.published) == ("Oil", ("Ann Author", "Bob"), "2019-05")
    assert (metadata.publisher, metadata.language, metadata.url) == ("The Press", "en", "https://e.org/oil")


@pytest.mark.parametrize(
    "creator",
    [
        '<dc:creator opf:role="trl">Tom</dc:creator>',
        '<dc:creator id="t">Tom</dc:creator><meta refines="#t" property="role">trl</meta>',
    ],
)
def test_a_translator_is_no_author(creator: str) -> None:
    content = book(chapter("<p>Text.</p>"), metadata=f'{creator}<dc:creator opf:role="aut">Ann</dc:creator>')
    assert document_of(content).metadata.authors == ("Ann",)


@pytest.mark.parametrize(
    "date", ['<dc:date opf:event="modification">2020-01-01</dc:date>', "<dc:date>0101-01-01</dc:date>"]
)
def test_a_date_that_is_none_of_publication_is_left_out(date: str) -> None:
    assert document_of(book(chapter("<p>Text.</p>"), metadata=date)).metadata.published is None


def test_chapters_follow_each_other_as_the_spine_says() -> None:
    assert document_of(book(chapter("<p>One.</p>"), chapter("<p>Two.</p>"))).text == "One.\n\nTwo."


def test_the_table_of_contents_is_left_out() -> None:
    contents = chapter("<nav><ol><li>One</li></ol></nav>")
    assert document_of(book(contents, chapter("<p>Text.</p>"), properties=' properties="nav"')).text == "Text."


def test_a_missing_chapter_is_told() -> None:
    work = work_of(book(chapter("<p>Text.</p>"), missing="gone.xhtml"))
    assert work.notes == ("the chapter OEBPS/gone.xhtml is missing from the file",)


@pytest.mark.parametrize(
    "doctype",
    ["", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'],
)
def test_named_entities_of_html_are_read(doctype: str) -> None:
    text = document_of(book(chapter("<p>R&amp;D&nbsp;&ndash; caf&eacute; &lt;5</p>", doctype))).text
    assert text == "R&D – café <5"


def test_an_entity_of_its_own_does_not_reach_a_file() -> None:
    doctype = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert document_of(book(chapter("<p>One &x; two.</p>", doctype))).text == "One two."


def test_a_chapter_that_is_not_well_formed_is_read() -> None:
    assert document_of(book(chapter("<p>One<br>two <b>three</p>"))).text == "One two three"


def test_an_empty_element_does_not_swallow_what_follows() -> None:
    assert document_of(book(chapter("<p><a id='x'/>One</p><p/><p>Two</p>"))).text == "One\n\nTwo"


def encryption(path: str) -> dict[str, str]:
    return {"META-INF/encryption.xml": f'<encryption><CipherReference URI="{path}"/></encryption>'}


def test_rights_management_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        work_of(book(chapter("<p>Text.</p>"), more=encryption("OEBPS/text/chapter%200.xhtml")))
    assert caught.value.code == "encrypted"


def test_encrypted_fonts_do_no_harm() -> None:
    assert document_of(book(chapter("<p>Text.</p>"), more=encryption("OEBPS/font.otf"))).text == "Text."


def test_a_zip_file_that_is_no_book_is_told() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("a.txt", "text")
    with pytest.raises(DocumentError) as caught:
        work_of(content.getvalue())
    assert caught.value.code == "package"


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 cut off"])
def test_what_is_no_zip_file_is_told(content: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        work_of(content)
    assert caught.value.code == "package"
