import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Metadata
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.rtf import read
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete


def work_of(body: str, head: str = r"\ansi\ansicpg1252") -> Work:
    (work,) = read(SourceContent(f"{{\\rtf1{head}\n{body}}}".encode()))
    return work


def document_of(body: str, head: str = r"\ansi\ansicpg1252") -> Document:
    return assemble(work_of(body, head), "docs/a.rtf", "0" * 64)


def escaped(text: str) -> str:
    """`text` in ASCII, as word processors write it."""
    units = text.encode("utf-16-le")
    codes = [int.from_bytes(units[place : place + 2], "little") for place in range(0, len(units), 2)]
    return "".join(chr(code) if code < 128 else f"\\u{code - 65536 if code > 32767 else code}?" for code in codes)


@given(article=articles())
@settings(max_examples=50, deadline=None)
def test_articles_are_read_back(article: Article) -> None:
    lines = [f"{{\\info{{\\title {article.title}}}}}"]
    for heading, paragraphs in article.sections:
        lines += [f"\\pard\\b {escaped(heading)}\\b0\\par"] if heading else []
        lines += [f"\\pard {escaped(' '.join(sentences))}\\par" for sentences in paragraphs]
    document = document_of("\n".join(lines))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(r"One {\b bold} word.\par", "One bold word.", id="formatting"),
        pytest.param(r"Caf\'e9 \u8220?so\u8221?", "Café “so”", id="characters"),
        pytest.param(r"Yes \u-10179?\u-8704?.", "Yes 😀.", id="character in two halves"),
        pytest.param(r"A \{brace\} and a back\\slash", r"A {brace} and a back\slash", id="escaped signs"),
        pytest.param(r"One\line two.\par", "One two.", id="line break"),
        pytest.param(r"One.\par Two.\par", "One.\n\nTwo.", id="paragraphs"),
        pytest.param(r"{\*\unknown not shown}One.", "One.", id="unknown group"),
        pytest.param(r"One.{\pict\wmetafile8 0123abcd}", "One.", id="picture"),
        pytest.param(r"{\revised In}{\deleted gone}deed.", "Indeed.", id="tracked changes"),
        pytest.param(
            r'See {\field{\*\fldinst{HYPERLINK "https://e.org"}}{\fldrslt{\ul here}}}.', "See here.", id="link"
        ),
        pytest.param(r"{\listtext\'b7\tab}one\par{\listtext\'b7\tab}two\par", "• one\n• two", id="list"),
        pytest.param(r"\trowd a\cell b\cell\row\trowd 1\cell 2\cell\row", "a | b\n1 | 2", id="table row by row"),
        pytest.param(r"One.{\footnote {\super\chftn} A note.} Two.\par", "One. Two.\n\nA note.", id="footnote"),
        pytest.param(r"One.{\shp{\*\shpinst{\shptxt Box.\par}}} Two.\par", "One. Two.\n\nBox.", id="text box"),
    ],
)
def test_the_text_is_what_a_reader_sees(body: str, shown: str) -> None:
    assert document_of(body).text == shown


def test_a_font_tells_the_encoding_of_its_characters() -> None:
    fonts = r"\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"
    text = r"\f0 \'e9 \f1 \'e9{\footnote \f1 \'e9}\par"
    assert document_of(text, fonts).text == "é й\n\nй"


def test_paragraphs_of_equal_length_stay_apart() -> None:
    sentence = "The ministry signed the protocol on the pipeline, and the board agreed."
    assert document_of(rf"{sentence}\par {sentence}\par").text == f"{sentence}\n\n{sentence}"


def test_the_information_group_is_metadata() -> None:
    info = r"{\info{\title Oil}{\author Ann; Bob}{\company Shell}{\creatim\yr2025\mo11\dy5\hr9}}"
    claims = work_of(info + "Text.").claims
    assert Claim(Origin.PROPERTIES, Metadata(title="Oil", authors=("Ann", "Bob"))) in claims
    assert Claim(Origin.CREATION_DATE, Metadata(published="2025-11-05")) in claims


def test_a_title_in_unicode_goes_before_the_one_in_the_old_encoding() -> None:
    info = r"{\info{\upr{\title ???}{\*\ud{\title \u1053?\u1077?\u1092?\u1090?\u1100?}}}}"
    assert document_of(info + "Text.").metadata.title == "Нефть"


def test_what_is_no_rich_text_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        read(SourceContent(b"Plain text."))
    assert caught.value.code == "rtf"


def test_a_character_that_the_encoding_does_not_have_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        work_of(r"\'81 a")
    assert caught.value.code == "undecodable"


def test_notes_inside_notes_are_read_however_deep() -> None:
    depth = 20_000  # takes minutes where the work grows with the square of it
    text = document_of("Body." + "".join(rf"{{\footnote Note {number}." for number in range(depth)) + "}" * depth).text
    assert text == "\n\n".join(["Body.", *(f"Note {number}." for number in range(depth))])


def test_text_after_an_inner_note_belongs_to_the_outer_one() -> None:
    assert document_of(r"One.{\footnote A {\footnote inner} note.} Two.").text == "One. Two.\n\nA note.\n\ninner"


def test_a_note_in_deleted_text_is_deleted() -> None:
    assert document_of(r"One.{\deleted gone{\footnote A note.}too} Two.").text == "One. Two."


@given(body=st.binary() | st.text(alphabet="{}\\*ufpar'a0 ").map(str.encode))
@settings(deadline=None)
def test_any_bytes_give_a_work_or_a_reason(body: bytes) -> None:
    try:
        assert len(read(SourceContent(b"{\\rtf1" + body))) == 1
    except DocumentError as error:
        assert error.code == "undecodable"


def test_a_character_beyond_unicode_is_told() -> None:
    with pytest.raises(DocumentError, match="characters that do not exist") as caught:
        work_of(r"One. \u99999999999? Two.")
    assert caught.value.code == "rtf"
