import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.decoding import decode
from corpus.errors import DocumentError

RUSSIAN = "Заседание межправительственной комиссии прошло в столице. Стороны обсудили поставки нефти и газа. " * 3


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Grüße 😀".encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + "Grüße 😀".encode(), id="utf-8 with mark"),
        pytest.param(codecs.BOM_UTF16_LE + "Grüße 😀".encode("utf-16-le"), id="utf-16 little-endian"),
        pytest.param(codecs.BOM_UTF16_BE + "Grüße 😀".encode("utf-16-be"), id="utf-16 big-endian"),
        pytest.param(codecs.BOM_UTF32_LE + "Grüße 😀".encode("utf-32-le"), id="utf-32 little-endian"),
        pytest.param(codecs.BOM_UTF32_BE + "Grüße 😀".encode("utf-32-be"), id="utf-32 big-endian"),
    ],
)
def test_unicode_is_read_with_its_mark_left_out(content: bytes) -> None:
    assert decode(content) == "Grüße 😀"


def test_a_legacy_encoding_is_told_from_the_text() -> None:
    assert decode(RUSSIAN.encode("cp1251")) == RUSSIAN


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("Ein schöner Gruß aus Köln".encode().replace(b"K\xc3", b"K"), "undecodable", id="damaged utf-8"),
        pytest.param(codecs.BOM_UTF16_LE + b"a\x00b", "undecodable", id="half a utf-16 character"),
        pytest.param(codecs.BOM_UTF8 + b"caf\xe9", "undecodable", id="utf-8 mark, other text"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary", id="an image"),
        pytest.param(b"plain text but \x00 inside", "binary", id="a null byte"),
    ],
)
def test_what_is_not_text_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        decode(content)
    assert caught.value.code == code


def test_a_refusal_names_the_byte() -> None:
    with pytest.raises(DocumentError, match=r"byte 4 \(0xff\).*save the file as UTF-8"):
        decode("éé".encode() + b"\xff")


@given(text=st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"])))
def test_utf_8_is_always_read_as_such(text: str) -> None:
    assert decode(text.encode("utf-8")) == text


@given(content=st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_give_text_or_a_reason(content: bytes) -> None:
    try:
        assert isinstance(decode(content), str)
    except DocumentError as error:
        assert error.code in ("binary", "undecodable")
