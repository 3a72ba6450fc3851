import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Document as Odf
from odfdo import Header, Paragraph

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.odt import read
from corpus.works import assemble
from tests.corpus.articles import Article, articles, assert_complete

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("svg", "svg-compatible"),
    )
)


def odf() -> Odf:
    document = Odf("text")
    document.body.clear()
    return document


def saved(document: Odf) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def document_of(content: bytes) -> Document:
    (work,) = read(SourceContent(content))
    return assemble(work, "docs/a.odt", "0" * 64)


def package_with(text: str, styles: str = "", manifest: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{text}</office:text></office:body></office:document-content>",
        )
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return content.getvalue()


def headings_of(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]


@given(article=articles())
@settings(max_examples=20, deadline=None)
def test_articles_are_read_back(article: Article) -> None:
    written = odf()
    written.meta.title = article.title
    for heading, paragraphs in article.sections:
        if heading:
            written.body.append(Header(1, heading))
        for sentences in paragraphs:
            written.body.append(Paragraph(" ".join(sentences)))
    document = document_of(saved(written))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title
    assert [text for _, text in headings_of(document)] == article.headings


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        pytest.param("<text:p>One <text:span>span</text:span>.</text:p>", "One span.", id="span"),
        pytest.param('<text:p>One<text:s text:c="2"/>two<text:tab/>three</text:p>', "One two three", id="spaces"),
        pytest.param("<text:p>One<text:line-break/>two</text:p>", "One two", id="line break"),
        pytest.param("<text:p>See <text:a>here</text:a>.</text:p>", "See here.", id="link"),
        pytest.param("<text:p>On <text:date>5 May</text:date>.</text:p>", "On 5 May.", id="field"),
        pytest.param("<text:p>One.</text:p><text:p>Two.</text:p>", "One.\n\nTwo.", id="paragraphs"),
        pytest.param("<text:section><text:p>One.</text:p></text:section>", "One.", id="section"),
        pytest.param(
            "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>two</text:p>"
            "</text:list-item></text:list></text:list-item></text:list>",
            "one\ntwo",
            id="list, nested",
        ),
        pytest.param(
            "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>a</text:p>"
            "</table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
            "</table:table-header-rows><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>"
            "<table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>",
            "a | b\n1 | 2",
            id="table row by row",
        ),
        pytest.param(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:p>Kept.</text:p>",
            "Kept.",
            id="deletion",
        ),
        pytest.param(
            "<text:p>One<office:annotation><text:p>Why?</text:p></office:annotation> two.</text:p>",
            "One two.",
            id="comment",
        ),
        pytest.param(
            "<text:p>Text<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p>"
            "</text:note-body></text:note>.</text:p><text:p>Next.</text:p>",
            "Text.\n\nNext.\n\nA note.",
            id="footnote at the end",
        ),
        pytest.param(
            "<text:p>Around <draw:frame><draw:text-box><text:p>Box.</text:p></draw:text-box></draw:frame>it.</text:p>"
            "<text:p>Next.</text:p>",
            "Around it.\n\nBox.\n\nNext.",
            id="text box after its paragraph",
        ),
        pytest.param("<draw:custom-shape><text:p>Shape.</text:p></draw:custom-shape>", "Shape.", id="shape"),
        pytest.param(
            "<text:table-of-content><text:index-body><text:p>Part 3</text:p></text:index-body></text:table-of-content>"
            "<text:p>One.</text:p>",
            "One.",
            id="table of contents",
        ),
    ],
)
def test_the_text_is_what_a_reader_sees(markup: str, shown: str) -> None:
    assert document_of(package_with(markup)).text == shown


def test_headings_keep_their_level() -> None:
    text = '<text:h text:outline-level="1">One</text:h><text:h text:outline-level="9">Deep</text:h>'
    assert headings_of(document_of(package_with(text))) == [(1, "One"), (6, "Deep")]


def test_a_paragraph_styled_as_title_is_a_heading() -> None:
    style = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    document = document_of(package_with('<text:p text:style-name="P1">Report</text:p>', style))
    assert headings_of(document) == [(1, "Report")]
    assert document.metadata.title == "Report"


def test_properties_are_metadata() -> None:
    written = odf()
    written.meta.title, written.meta.initial_creator, written.meta.language = "Oil", "Ann", "en-GB"
    metadata = document_of(saved(written)).metadata
    assert (metadata.title, metadata.authors, metadata.language) == ("Oil", ("Ann",), "en")


def test_the_creation_date_of_a_library_template_is_none_of_the_document() -> None:
    document = odf()
    document.body.append(Paragraph("Text."))
    assert document_of(saved(document)).metadata.published is None


def test_a_text_under_a_password_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        read(SourceContent(package_with("", manifest="<encryption-data/>")))
    assert caught.value.code == "encrypted"


def test_a_spreadsheet_is_told() -> None:
    with pytest.raises(DocumentError, match="no OpenDocument text") as caught:
        read(SourceContent(saved(Odf("spreadsheet"))))
    assert caught.value.code == "package"


@given(data=st.binary())
def test_bytes_that_are_no_package_are_told(data: bytes) -> None:
    with pytest.raises(DocumentError):
        read(SourceContent(data))
