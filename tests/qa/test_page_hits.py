"""Page hits on a document small enough to work out by hand."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.evaluate import evaluate_passages
from qa.evaluation_data import EvaluationError, EvaluationQuery, EvidencePage, read_questions
from qa.page_hits import PageHits, page_metrics
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder

PAGES = ("Tea grows in Assam on many hills.", "Oil lies under Basra and is dear.", "Rail runs to Lahore by night.")


def pdf_of(*pages: str) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content)
    for page in pages:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 720, f"Chapter on {page.split()[0]}")  # headings keep the pages in passages of their own
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, 690, page)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


@pytest.fixture
def searcher(build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path) -> Searcher:
    build({"report.pdf": pdf_of(*PAGES), "other.txt": "Coal burns everywhere."})
    return Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())


def metrics_of(searcher: Searcher, question: str, *pages: EvidencePage) -> dict[str, float]:
    query = EvaluationQuery("1", question, (), answerable=True, pages=pages)
    return evaluate_passages(searcher, [query], lambda _: None).metrics


def test_a_passage_on_the_evidence_page_is_a_hit(searcher: Searcher) -> None:
    metrics = metrics_of(searcher, "Oil lies under Basra", EvidencePage("report.pdf", 2))
    assert metrics == {"page_hit@1": 1, "page_hit@5": 1, "page_hit@10": 1, "document@1": 1}


def test_another_page_is_no_hit_but_the_right_document(searcher: Searcher) -> None:
    metrics = metrics_of(searcher, "Oil lies under Basra", EvidencePage("report.pdf", 1))
    assert (metrics["page_hit@1"], metrics["page_hit@5"], metrics["document@1"]) == (0, 1, 1)


def test_a_page_of_another_document_is_no_hit(searcher: Searcher) -> None:
    metrics = metrics_of(searcher, "Coal burns everywhere", EvidencePage("report.pdf", 7))
    assert metrics == {"page_hit@1": 0, "page_hit@5": 0, "page_hit@10": 0, "document@1": 0}


def test_metrics_are_means_over_the_questions() -> None:
    hits = [PageHits(1, True), PageHits(6, False), PageHits(None, True), PageHits(5, True)]
    assert page_metrics(hits) == {"page_hit@1": 0.25, "page_hit@5": 0.5, "page_hit@10": 0.75, "document@1": 0.75}


def test_without_evidence_pages_there_are_no_page_metrics() -> None:
    assert page_metrics([]) == {}


def test_evidence_pages_are_read_from_a_questions_file(tmp_path: Path) -> None:
    row = {"question": "Where?", "evidence": [{"document": "a.pdf", "page": 3, "text": "There."}]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(row))
    (query,) = read_questions(tmp_path / "questions.jsonl")
    assert query.pages == (EvidencePage("a.pdf", 3),)


@pytest.mark.parametrize("evidence", ["a.pdf", 3, [{"document": "a.pdf"}], [{"document": "a.pdf", "page": "first"}]])
def test_evidence_that_names_no_page_is_told(tmp_path: Path, evidence: object) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps({"question": "Where?", "evidence": evidence}))
    with pytest.raises(EvaluationError, match="line 1 has"):
        read_questions(tmp_path / "questions.jsonl")
