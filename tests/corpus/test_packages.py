import datetime
import io
import zipfile

import docx
import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.bombs import SMALL_BYTES
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import packages
from corpus.formats.packages import core_properties, open_package
from corpus.metadata import Claim, believe
from corpus.origins import Origin


def package_of(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        open_package(data)
    return caught.value.code


def word_claims(**properties: object) -> list[Claim]:
    document = docx.Document()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    content = io.BytesIO()
    document.save(content)
    return core_properties(open_package(content.getvalue()))


def test_a_package_is_opened() -> None:
    assert open_package(package_of({"a.xml": b"<a/>"})).read("a.xml") == b"<a/>"


@given(data=st.binary())
def test_what_is_no_zip_file_is_told(data: bytes) -> None:
    assert code_of(data) in ("package", "encrypted")


def test_a_file_that_was_cut_off_is_told() -> None:
    assert code_of(package_of({"a.xml": b"<a/>"})[:-30]) == "package"


def test_an_office_file_under_a_password_is_told() -> None:
    with pytest.raises(DocumentError, match="password or is an old binary Office file"):
        open_package(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


def test_an_encrypted_member_is_told() -> None:
    data = bytearray(package_of({"a.txt": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flags in the central directory
    assert code_of(bytes(data)) == "encrypted"


def test_a_part_that_would_unpack_to_far_more_than_its_size_is_refused() -> None:
    assert code_of(package_of({"a.bin": bytes(SMALL_BYTES + 1)})) == "bomb"


def test_a_small_part_may_shrink_as_it_likes() -> None:
    assert open_package(package_of({"a.bin": bytes(100_000)})).namelist() == ["a.bin"]


def test_too_much_to_unpack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LARGEST_UNPACKED", 1000)
    assert code_of(package_of({"a.bin": bytes(1001)})) == "bomb"


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_MEMBERS", 2)
    assert code_of(package_of(dict.fromkeys("abc", b""))) == "bomb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused(encoding: str) -> None:
    part = '<?xml version="1.0"?><!-- <a> --><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    assert code_of(package_of({"a.xml": part})) == "doctype"


def test_a_document_type_declaration_is_found_behind_a_long_comment() -> None:
    part = b"<!--" + b" " * 100_000 + b"--><!DOCTYPE a><a/>"
    assert code_of(package_of({"a.rels": part})) == "doctype"


def test_a_page_of_a_book_may_declare_its_type() -> None:
    page = b'<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'
    assert open_package(package_of({"chapter.xml": page})).namelist() == ["chapter.xml"]


def test_a_damaged_part_is_told() -> None:
    data = package_of({"a.xml": b"<a>" + b"x" * 100 + b"</a>"})
    assert code_of(data.replace(data[36:46], bytes(10), 1)) == "package"


def test_core_properties_are_claims() -> None:
    (claim,) = word_claims(title="Oil and gas", author="Ann Khan; Bob", language="en-GB")
    assert claim == Claim(Origin.PROPERTIES, Metadata(title="Oil and gas", authors=("Ann Khan", "Bob"), language="en"))


def test_the_creation_date_is_a_claim_of_its_own() -> None:
    claims = word_claims(created=datetime.datetime(2025, 11, 5, 10, 30))
    assert Claim(Origin.CREATION_DATE, Metadata(published="2025-11-05")) in claims


def test_core_properties_are_found_where_the_package_says() -> None:
    relationship = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        b'Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
        b'Target="/other/p.psmdcp"/></Relationships>'
    )
    properties = b'<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Oil</dc:title></p>'
    package = open_package(package_of({"_rels/.rels": relationship, "other/p.psmdcp": properties}))
    assert core_properties(package)[0].metadata.title == "Oil"


def test_damaged_core_properties_claim_nothing() -> None:
    assert core_properties(open_package(package_of({"docProps/core.xml": b"<p><"}))) == []


def test_what_the_templates_of_libraries_say_is_no_claim() -> None:
    content = io.BytesIO()
    pptx.Presentation().save(content)
    assert believe(core_properties(open_package(content.getvalue()))) == Metadata()
    assert believe(word_claims()) == Metadata()
