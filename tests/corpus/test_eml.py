from email.message import EmailMessage
from email.policy import SMTP
from html import escape

import pytest
from hypothesis import given, settings

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.eml import read
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete


def mail(text: str = "", html: str = "", subject: str = "Oil talks") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = "Ann Author <ann@example.org>"
    message["Date"] = "Fri, 28 Nov 2025 23:30:00 -0500"
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message


def raw(headers: str, body: bytes) -> bytes:
    return f"From: ann@example.org\n{headers}\n\n".encode() + body


def works_of(message: EmailMessage | bytes) -> list[Work]:
    return read(SourceContent(message if isinstance(message, bytes) else message.as_bytes()))


def document_of(message: EmailMessage | bytes) -> Document:
    return assemble(works_of(message)[0], "docs/a.eml", "0" * 64)


@settings(max_examples=30, deadline=None)
@given(articles())
def test_a_plain_mail_is_read_back_whole(article: Article) -> None:
    parts = []
    for heading, paragraphs in article.sections:
        parts += [heading] if heading else []
        parts += [" ".join(paragraph) for paragraph in paragraphs]
    document = document_of(mail("\n\n".join(parts), subject=article.title))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


@settings(max_examples=30, deadline=None)
@given(articles())
def test_an_html_mail_is_read_back_whole(article: Article) -> None:
    parts = []
    for heading, paragraphs in article.sections:
        parts += [f"<h2>{heading}</h2>"] if heading else []
        parts += [f"<div>{escape(' '.join(paragraph))}</div>" for paragraph in paragraphs]
    document = document_of(mail(html=f"<table><tr><td>{''.join(parts)}</td></tr></table>", subject=article.title))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


def test_the_headers_state_the_metadata() -> None:
    metadata = document_of(mail("Text.")).metadata
    assert (metadata.title, metadata.authors, metadata.published) == ("Oil talks", ("Ann Author",), "2025-11-28")


def test_a_sender_without_a_name_is_an_address() -> None:
    assert document_of(raw("Subject: x", b"Text.")).metadata.authors == ("ann@example.org",)


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("=?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <j@e.org>", "Jürgen Müller"),
        ("=?iso-8859-1?q?M=FCller=2C_J=FCrgen?= <j@e.org>", "Müller, Jürgen"),
        ('"Author, Ann" <a@e.org>', "Author, Ann"),
    ],
)
def test_encoded_names_are_decoded(stated: str, author: str) -> None:
    assert document_of(f"From: {stated}\n\nText.".encode()).metadata.authors == (author,)


def test_an_encoded_subject_is_decoded() -> None:
    assert document_of(raw("Subject: =?utf-8?b?R2VzcHLDpGNoZQ==?=", b"Text.")).metadata.title == "Gespräche"


@pytest.mark.parametrize("stated", ["yesterday", "", "Fri, 99 Nov 2025 10:00:00", "\x00"])
def test_a_date_that_cannot_be_read_is_left_out(stated: str) -> None:
    assert document_of(raw(f"Date: {stated}", b"Text.")).metadata.published is None


def test_plain_text_is_preferred_to_html() -> None:
    assert document_of(mail("Plain.", "<p>Rich.</p>")).text == "Plain."


def test_html_is_read_where_the_plain_text_is_empty() -> None:
    assert document_of(mail("\n", "<p>Rich.</p>")).text == "Rich."


def test_several_texts_are_kept_in_order() -> None:
    message = mail("First.")
    message.make_mixed()
    for part in ("Second.", "Third."):
        inline = EmailMessage()
        inline.set_content(part)
        message.attach(inline)
    assert document_of(message).text == "First.\n\nSecond.\n\nThird."


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_the_transfer_encoding_is_undone(encoding: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"] = "ann@example.org"
    message.set_content("Der Preis für Öl = 70 Euro.", cte=encoding)
    assert document_of(message).text == "Der Preis für Öl = 70 Euro."


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        pytest.param("windows-1252", "cp1252", id="right"),
        pytest.param("us-ascii", "utf-8", id="wrong"),
        pytest.param("no-such-charset", "utf-8", id="unknown"),
        pytest.param("iso-8859-1", "utf-8", id="another"),
    ],
)
def test_a_wrong_charset_does_no_harm(charset: str, encoding: str) -> None:
    text = "The ministry didn’t “confirm” the price."
    assert document_of(raw(f"Content-Type: text/plain; charset={charset}", text.encode(encoding))).text == text


def test_japanese_in_seven_bits_is_decoded() -> None:
    content = raw("Content-Type: text/plain; charset=ISO-2022-JP", "石油の価格".encode("iso-2022-jp"))
    assert document_of(content).text == "石油の価格"


@pytest.mark.parametrize(
    ("parameters", "body", "text"),
    [
        pytest.param("", "One paragraph \nthat flows.\nNext", "One paragraph that flows.\n\nNext", id="flowed"),
        pytest.param("; delsp=yes", "Out \nside.", "Outside.", id="without its space"),
        pytest.param("", "> Quoted \n> words.\nMine.", "Quoted words.\n\nMine.", id="quotation"),
        pytest.param("", "Text. \n-- \nAnn", "Text.\n\nAnn", id="signature"),
        pytest.param("", " From space.", "From space.", id="stuffed"),
    ],
)
def test_flowed_lines_are_joined(parameters: str, body: str, text: str) -> None:
    assert document_of(raw(f"Content-Type: text/plain; format=flowed{parameters}", body.encode())).text == text


@pytest.mark.parametrize("line", ["-- ", "--", "-- \r"])
def test_the_line_above_a_signature_is_no_text(line: str) -> None:
    assert document_of(raw("Subject: x", f"Text.\n{line}\nAnn".encode())).text == "Text.\n\nAnn"


def test_the_line_above_a_signature_in_html_is_no_text() -> None:
    html = "<div>Text.</div><span>-- </span><br><div>Ann</div>"
    assert document_of(mail(html=html)).text == "Text.\n\nAnn"


def test_dashes_in_a_line_are_text() -> None:
    assert document_of(mail("Text -- more.")).text == "Text -- more."


def test_marks_of_quotation_are_no_text() -> None:
    assert (
        document_of(raw("Subject: x", b"> One.\n>> Two.\n>\n> Three.\nMine.")).text == "One.\n\nTwo.\n\nThree.\n\nMine."
    )


def test_an_attachment_is_a_work_of_its_own() -> None:
    message = mail("See the file.")
    message.add_attachment(b"# Price\n\nIt was 70.", "text", "markdown", filename="price.md")
    _, attached = works_of(message)
    document = assemble(attached, "docs/a.eml", "0" * 64)
    assert (document.part, document.text, document.metadata.title) == ("price.md", "Price\n\nIt was 70.", "Price")


def test_the_mail_itself_is_the_first_part() -> None:
    message = mail("See the file.")
    message.add_attachment("It was 70.", filename="price.txt")
    assert [work.part for work in works_of(message)] == ["", "price.txt"]


def test_attachments_of_one_name_are_told_apart() -> None:
    message = mail("See the files.")
    for text in ("One.", "Two.", "Three."):
        message.add_attachment(text, filename="a.txt")
    assert [work.part for work in works_of(message)[1:]] == ["a.txt", "a (2).txt", "a (3).txt"]


@pytest.mark.parametrize("name", ["../../a.txt", r"C:\\x\\a.txt"])
def test_a_name_is_taken_without_its_folders(name: str) -> None:
    message = raw(f'Content-Disposition: attachment; filename="{name}"', b"Text.")
    assert works_of(message)[1].part == "a.txt"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.bin", b"\0", "files of type .bin are not read", id="unknown type"),
        pytest.param("a.zip", b"PK", "archives attached to a mail are not unpacked; save it beside", id="archive"),
        pytest.param("a.tar.gz", b"x", "archives attached to a mail are not unpacked; save it beside", id="tar"),
        pytest.param("a.txt", b"\0\0", "holds binary data", id="damaged"),
        pytest.param("a.txt", b"\n", "no text was found in it", id="empty"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_told(name: str, content: bytes, reason: str) -> None:
    message = mail("See the file.")
    message.add_attachment(content, "application", "octet-stream", filename=name)
    (work,) = works_of(message)
    assert work.notes[0].startswith(f"attachment {name}: {reason}")


def test_an_archive_without_a_name_is_told() -> None:
    message = mail("See the file.")
    message.add_attachment(b"PK", "application", "zip")
    assert works_of(message)[0].notes[0].startswith("attachment attachment.zip: archives")


def test_an_image_in_the_text_is_not_told() -> None:
    message = mail(html="<p>Text. <img src='cid:x'></p>")
    message.add_related(b"\x89PNG", "image", "png", cid="<x>")
    assert [work.notes for work in works_of(message)] == [()]


def test_an_attachment_to_one_alternative_is_read() -> None:
    rich = EmailMessage()
    rich.set_content("<p>Rich.</p>", subtype="html")
    rich.add_attachment("It was 70.", filename="price.txt")
    message = mail("Plain.")
    message.make_alternative()
    message.attach(rich)
    assert [work.part for work in works_of(message)] == ["", "price.txt"]
    assert document_of(message).text == "Plain."


def nested(depth: int) -> EmailMessage:
    """A mail with a mail in it, and so on, `depth` times."""
    inside = mail(f"Depth {depth}.")
    for number in reversed(range(depth)):
        around = mail(f"Depth {number}.")
        around.add_attachment(inside)
        inside = around
    return inside


def test_a_mail_in_a_mail_is_a_work_of_its_own() -> None:
    _, inner = works_of(nested(1))
    assert (inner.part, assemble(inner, "a.eml", "0" * 64).metadata.title) == ("message.eml", "Oil talks")


def test_mails_are_read_to_a_depth() -> None:
    works = works_of(nested(5))
    assert [work.part.count("message.eml") for work in works] == [0, 1, 2, 3]
    assert works[-1].notes == ("attachment message.eml: mails inside each other are read to a depth of 3",)


def test_an_attached_file_of_a_mail_counts_as_depth() -> None:
    message = mail("Depth 4.")
    for _ in range(4):
        around = mail("Around.")
        around.add_attachment(message.as_bytes(), "application", "octet-stream", filename="a.eml")
        message = around
    assert len(works_of(message)) == 4


@pytest.mark.parametrize("content", [b"", b"just text", b"\0\xff\xfe", b"Title: x\n\ntext"])
def test_what_is_no_mail_is_told(content: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        works_of(content)
    assert caught.value.code == "mail"


def test_alternatives_in_alternatives_cost_no_more_than_their_number() -> None:
    head = "".join(
        f"Content-Type: multipart/alternative; boundary=b{n}\n\n--b{n}\nContent-Type: text/x\n\nx\n--b{n}\n"
        for n in range(40)
    )
    (work,) = read(SourceContent(f"Subject: x\n{head}Content-Type: text/plain\n\nThe text.\n".encode()))
    assert [block.text for block in work.blocks] == ["The text."]
