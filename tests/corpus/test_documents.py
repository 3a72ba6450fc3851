import hashlib

from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import ID_LENGTH, Document, make_document_id, make_passage_id, text_sha256

NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def test_the_hash_of_a_text_is_that_of_its_utf_8() -> None:
    document = Document("id", "a.txt", "", "0" * 64, "Grüße 😀")
    assert document.sha256 == text_sha256("Grüße 😀") == hashlib.sha256("Grüße 😀".encode()).hexdigest()


@given(path=NAMES, part=NAMES)
def test_a_document_id_follows_path_and_part(path: str, part: str) -> None:
    document_id = make_document_id(path, part)
    assert document_id == make_document_id(path, part)
    assert len(document_id) == ID_LENGTH
    assert document_id not in (make_document_id(path + "x", part), make_document_id(path, part + "x"))


def test_a_document_id_keeps_path_and_part_apart() -> None:
    assert make_document_id("ab", "c") != make_document_id("a", "bc")


def test_a_passage_id_follows_text_and_span() -> None:
    ids = {
        make_passage_id(text_sha256(text), start, end)
        for text, start, end in [("a", 1, 23), ("b", 1, 23), ("a", 12, 3), ("a", 1, 24)]
    }
    assert len(ids) == 4
