"""The bundled corpus is what its README promises, and its questions are answered in it."""

import io
import json
import zipfile
from typing import Any

import pytest

from corpus.documents import Document
from corpus.formats.content import ReadingOptions
from corpus.formats.table import format_of
from corpus.passages import PassageSplitter
from corpus.reading import ReadFile, read_file
from corpus.sources import find_files, make_sources
from index.encoder import Encoder
from tests import sample_texts, write_sample
from tests.conftest import SAMPLE

FILES = find_files(make_sources([SAMPLE]), SAMPLE / "no-index")
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    found = [read_file(file, ReadingOptions()) for file in FILES]
    return [document for file in found if isinstance(file, ReadFile) for document in file.documents]


def test_every_file_is_a_document(documents: list[Document]) -> None:
    assert sorted({document.path for document in documents}) == [file.path for file in FILES]
    assert len(documents) >= 27


def test_the_questions_are_no_document() -> None:
    assert "sample/questions.jsonl" not in [file.path for file in FILES]


def test_several_formats_are_shown() -> None:
    shown = {file.location.suffix for file in FILES}
    assert shown >= {".docx", ".eml", ".epub", ".html", ".md", ".pdf", ".txt"}
    assert all(format_of(file.location) for file in FILES)


@pytest.mark.parametrize("name", write_sample.FILES)
def test_the_writer_gives_the_file_that_is_there(name: str) -> None:
    written, there = write_sample.FILES[name](), (SAMPLE / name).read_bytes()
    # What packing makes of a member differs from one version of zlib to the next.
    assert members(written) == members(there) if name.endswith(".docx") else written == there


def members(package: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return [(member.filename, member.date_time, opened.read(member)) for member in opened.infolist()]


def test_binary_files_are_small() -> None:
    sizes = {name: (SAMPLE / name).stat().st_size for name in write_sample.FILES}
    assert {name: size for name, size in sizes.items() if size >= 60_000} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("reports/long-haul-shipping.pdf", sample_texts.LONG_HAUL, id="two columns"),
        pytest.param("reports/oil-cargo-scenarios.pdf", sample_texts.SCENARIOS, id="table"),
        pytest.param("reports/changing-gauge.pdf", sample_texts.GAUGES, id="front matter"),
        pytest.param("reports/lng-contract-guide.docx", sample_texts.LNG_CONTRACT, id="guide"),
        pytest.param("reports/payment-exercise.docx", sample_texts.PAYMENT_EXERCISE, id="exercise"),
        pytest.param("reports/negotiation-reader.epub", sample_texts.NEGOTIATION_READER, id="book"),
        pytest.param("mail/harbour-visit.eml", sample_texts.HARBOUR_MAIL, id="mail"),
    ],
)
def test_every_paragraph_that_was_written_is_read(
    documents: list[Document], name: str, text: sample_texts.Text
) -> None:
    document = next(document for document in documents if document.path == f"sample/{name}" and not document.part)
    read = " ".join(document.text.split())  # a paragraph may be read as two where a page ends with a sentence
    found = [read.index(paragraph) for paragraph in text.paragraphs()]
    assert found == sorted(found)


def test_pages_of_front_matter_have_roman_labels(documents: list[Document]) -> None:
    (study,) = (document for document in documents if document.path == "sample/reports/changing-gauge.pdf")
    assert [page.label for page in study.pages] == ["i", "ii", "1", "2", "3"]


def test_running_headers_and_page_numbers_are_no_text(documents: list[Document]) -> None:
    (report,) = (document for document in documents if document.path == "sample/reports/long-haul-shipping.pdf")
    assert len(report.pages) == 3
    assert "Citebox sample briefs" not in report.text


def test_documents_are_of_readable_length(documents: list[Document]) -> None:
    lengths = {document.path: len(document.text.split()) for document in documents if not document.part}
    assert {path: length for path, length in lengths.items() if not 250 <= length <= 900} == {}


def test_documents_state_title_author_and_date(documents: list[Document]) -> None:
    for document in documents:
        assert document.metadata.title, document.path
        assert document.metadata.published, document.path
        assert document.metadata.authors == ("Citebox sample brief",), document.path


def test_documents_have_headings(documents: list[Document]) -> None:
    without = [document.path for document in documents if not document.headings]
    assert without == ["sample/mail/harbour-visit.eml"]


def test_there_are_questions_with_and_without_an_answer() -> None:
    assert len(QUESTIONS) >= 80
    assert sum(not question["answerable"] for question in QUESTIONS) >= 18


def test_questions_differ() -> None:
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)


def test_only_answerable_questions_expect_something() -> None:
    assert all(bool(question["expect"]) == question["answerable"] for question in QUESTIONS)


def test_every_expected_fragment_stands_in_a_passage(documents: list[Document], encoder: Encoder) -> None:
    splitter = PassageSplitter(encoder.count_tokens, encoder.record.max_tokens)
    passages = [" ".join(passage.text.split()) for document in documents for passage in splitter.split(document)]
    fragments = [" ".join(fragment.split()) for question in QUESTIONS for fragment in question["expect"]]
    assert [fragment for fragment in fragments if not any(fragment in passage for passage in passages)] == []
