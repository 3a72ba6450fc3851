"""The bundled corpus is what its README promises, and its questions are answered in it."""

import json
from typing import Any

import pytest

from corpus.documents import Document
from corpus.formats.table import format_of
from corpus.passages import PassageSplitter
from corpus.reading import ReadFile, read_file
from corpus.sources import find_files, make_sources
from index.encoder import SentenceTransformerEncoder
from tests.conftest import SAMPLE

FILES = find_files(make_sources([SAMPLE]), SAMPLE / "no-index")
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    found = [read_file(file) for file in FILES]
    return [document for file in found if isinstance(file, ReadFile) for document in file.documents]


def test_every_file_is_a_document(documents: list[Document]) -> None:
    assert [document.path for document in documents] == [file.path for file in FILES]
    assert len(documents) >= 16


def test_the_questions_are_no_document() -> None:
    assert "sample/questions.jsonl" not in [file.path for file in FILES]


def test_several_formats_are_shown() -> None:
    assert len({format_of(file.location) for file in FILES}) >= 3


def test_documents_are_of_readable_length(documents: list[Document]) -> None:
    lengths = {document.path: len(document.text.split()) for document in documents}
    assert {path: length for path, length in lengths.items() if not 250 <= length <= 900} == {}


def test_documents_state_title_author_and_date(documents: list[Document]) -> None:
    for document in documents:
        assert document.metadata.title, document.path
        assert document.metadata.published, document.path
        assert document.metadata.authors == ("Citebox sample brief",), document.path


def test_documents_have_headings(documents: list[Document]) -> None:
    assert [document.path for document in documents if not document.headings] == []


def test_there_are_questions_with_and_without_an_answer() -> None:
    assert len(QUESTIONS) >= 60
    assert sum(not question["answerable"] for question in QUESTIONS) >= 12


def test_questions_differ() -> None:
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)


def test_only_answerable_questions_expect_something() -> None:
    assert all(bool(question["expect"]) == question["answerable"] for question in QUESTIONS)


def test_every_expected_fragment_stands_in_a_passage(
    documents: list[Document], encoder: SentenceTransformerEncoder
) -> None:
    splitter = PassageSplitter(encoder.count_tokens, encoder.max_tokens)
    passages = [" ".join(passage.text.split()) for document in documents for passage in splitter.split(document)]
    fragments = [" ".join(fragment.split()) for question in QUESTIONS for fragment in question["expect"]]
    assert [fragment for fragment in fragments if not any(fragment in passage for passage in passages)] == []
