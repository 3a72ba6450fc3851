import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.jsonl import read
from corpus.works import assemble


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_every_row_of_a_beir_corpus_is_a_document() -> None:
    works = read(lines({"_id": "d1", "title": "Oil", "text": "One."}, {"_id": "d2", "title": "", "text": "Two."}))
    documents = [assemble(work, "docs/corpus.jsonl", "0" * 64) for work in works]
    assert [(d.part, d.metadata.title, d.text) for d in documents] == [("d1", "Oil", "One."), ("d2", None, "Two.")]


def test_rows_carry_metadata() -> None:
    (work,) = read(lines({"id": 7, "text": "x", "author": ["Ann"], "date": "2025-11", "publisher": "Dawn"}))
    assert (work.part, work.metadata) == ("7", Metadata(None, ("Ann",), "2025-11", "Dawn"))


def test_a_row_without_id_is_known_by_its_line() -> None:
    works = read(b'\n{"text": "One."}\n\n{"text": "Two."}\n')
    assert [work.part for work in works] == ["2", "4"]


def test_a_byte_order_mark_is_no_part_of_the_first_row() -> None:
    assert len(read(b"\xef\xbb\xbf" + lines({"text": "One."}))) == 1


def test_a_line_separator_inside_a_text_does_not_end_the_row() -> None:
    (work,) = read(lines({"text": "One\u2028two.\x85Three."}))
    assert assemble(work, "a.jsonl", "0" * 64).text == "One two. Three."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("{not json", "line 2 is not JSON", id="not JSON"),
        pytest.param("[" * 100_000, "line 2 is not JSON", id="nested too deep"),
        pytest.param('["text"]', "line 2 is not an object", id="no object"),
        pytest.param('{"title": "x"}', "line 2 is not an object with a", id="no text"),
        pytest.param('{"text": 5}', "line 2 is not an object with a", id="text is no string"),
        pytest.param('{"_id": "1", "text": "y"}', "line 2 repeats the id '1'", id="repeated id"),
    ],
)
def test_a_bad_row_is_named_by_its_line(row: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        read(b'{"_id": "1", "text": "x"}\n' + row.encode())
    assert caught.value.code == "json"


@given(texts=st.lists(st.text(min_size=1), max_size=5))
@settings(deadline=None)
def test_there_are_as_many_works_as_rows(texts: list[str]) -> None:
    assert len(read(lines(*({"text": text} for text in texts)))) == len(texts)


def test_a_null_id_is_no_id() -> None:
    assert [work.part for work in read(lines({"_id": None, "text": "a"}, {"_id": None, "text": "b"}))] == ["1", "2"]


def test_an_id_that_is_not_unicode_is_told() -> None:
    with pytest.raises(DocumentError, match="line 1"):
        read(b'{"_id": "\\ud800", "text": "a"}')
