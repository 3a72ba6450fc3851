import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import ReadingOptions, RowFields, SourceContent
from corpus.formats.jsonl import read
from corpus.works import assemble
from tests.corpus.articles import Article, articles, assert_complete


def lines(*rows: object) -> SourceContent:
    return SourceContent("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode())


def test_every_row_of_a_beir_corpus_is_a_document() -> None:
    works = read(lines({"_id": "d1", "title": "Oil", "text": "One."}, {"_id": "d2", "title": "", "text": "Two."}))
    documents = [assemble(work, "docs/corpus.jsonl", "0" * 64) for work in works]
    assert [(d.part, d.metadata.title, d.text) for d in documents] == [("d1", "Oil", "One."), ("d2", None, "Two.")]


def test_rows_carry_metadata() -> None:
    (work,) = read(lines({"id": 7, "text": "x", "author": ["Ann"], "date": "2025-11", "publisher": "Dawn"}))
    assert (work.part, work.claims[0].metadata) == ("7", Metadata(None, ("Ann",), "2025-11", "Dawn"))


def test_a_row_without_id_is_known_by_its_line() -> None:
    works = read(SourceContent(b'\n{"text": "One."}\n\n{"text": "Two."}\n'))
    assert [work.part for work in works] == ["2", "4"]


def test_a_null_id_is_no_id() -> None:
    assert [work.part for work in read(lines({"_id": None, "text": "a"}, {"_id": None, "text": "b"}))] == ["1", "2"]


def test_a_byte_order_mark_is_no_part_of_the_first_row() -> None:
    assert len(read(SourceContent(b"\xef\xbb\xbf" + lines({"text": "One."}).data))) == 1


def test_a_line_separator_inside_a_text_does_not_end_the_row() -> None:
    (work,) = read(lines({"text": "One\u2028two.\u2029Three."}))
    assert assemble(work, "a.jsonl", "0" * 64).text == "One two. Three."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("{not json", "line 2 is not JSON", id="not JSON"),
        pytest.param("[" * 100_000, "line 2 is not JSON", id="nested too deep"),
        pytest.param('["text"]', "line 2 is not an object", id="no object"),
        pytest.param('{"title": "x"}', "line 2 has no text", id="no text"),
        pytest.param('{"text": 5}', "line 2 has a text that is no string", id="text is no string"),
        pytest.param('{"_id": "\\ud800", "text": "y"}', "line 2 has an id that is not valid Unicode", id="bad id"),
    ],
)
def test_a_bad_row_is_left_out_and_named_by_its_line(row: str, message: str) -> None:
    (work,) = read(SourceContent(b'{"_id": "1", "text": "x"}\n' + row.encode()))
    assert work.notes == (f"1 of 2 rows were left out: {message}",)


def test_a_file_without_a_good_row_is_told() -> None:
    with pytest.raises(DocumentError, match="line 1 is not JSON") as caught:
        read(SourceContent(b"{"))
    assert caught.value.code == "json"


def test_the_options_name_the_fields() -> None:
    content = SourceContent(lines({"story": "One."}).data, ReadingOptions(rows=RowFields(text="story")))
    assert read(content)[0].blocks[0].text == "One."


@given(rows=st.lists(articles(), min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_articles_are_read_back(rows: list[Article]) -> None:
    works = read(lines(*({"title": article.title, "text": article_text(article)} for article in rows)))
    for work, article in zip(works, rows, strict=True):
        document = assemble(work, "docs/a.jsonl", "0" * 64)
        assert_complete(document.text, article)
        assert document.metadata.title == article.title


def article_text(article: Article) -> str:
    pieces = []
    for heading, paragraphs in article.sections:
        pieces += [heading] if heading else []
        pieces += [" ".join(sentences) for sentences in paragraphs]
    return "\n\n".join(pieces)
