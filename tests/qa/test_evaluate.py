"""Metrics on data small enough to work out by hand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.evaluate import evaluate_documents, evaluate_passages
from qa.evaluation_data import EvaluationQuery, read_questions
from qa.search import Searcher
from tests.conftest import SAMPLE
from tests.hashing_encoder import HashingEncoder

ROWS = [
    {"_id": "tea", "text": "Tea grows in Assam."},
    {"_id": "oil", "text": "Oil lies under Basra."},
    {"_id": "rail", "text": "Rail runs to Lahore."},
    {"_id": "tea-again", "text": "Tea grows in Assam."},
]


@pytest.fixture
def searcher(build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path) -> Searcher:
    build({"corpus.jsonl": "\n".join(map(json.dumps, ROWS))})
    return Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())


def query(number: int, text: str, *answers: str, answerable: bool = True) -> EvaluationQuery:
    return EvaluationQuery(f"q{number}", text, answers, answerable)


def done(_: int) -> None:
    pass


def test_a_relevant_document_at_rank_1_counts_in_full(searcher: Searcher) -> None:
    metrics = evaluate_documents(searcher, [query(1, "Where tea grows", "Assam")], {"q1": {"tea": 1}}, done).metrics
    assert metrics["mrr@10"] == metrics["ndcg@10"] == metrics["recall@1"] == metrics["answer_in_evidence@1"] == 1


def test_a_document_that_is_not_in_the_index_counts_0_and_is_not_left_out(searcher: Searcher) -> None:
    queries = [query(1, "Where tea grows"), query(2, "Where oil lies")]
    metrics = evaluate_documents(searcher, queries, {"q1": {"tea": 1}, "q2": {"nowhere": 1}}, done).metrics
    assert metrics["mrr@10"] == metrics["recall@100"] == 0.5


def test_a_copy_is_as_relevant_as_the_document_it_copies(searcher: Searcher) -> None:
    metrics = evaluate_documents(searcher, [query(1, "Where tea grows")], {"q1": {"tea-again": 1}}, done).metrics
    assert metrics["mrr@10"] == 1


def test_questions_of_both_kinds_give_figures_of_the_verdict(searcher: Searcher) -> None:
    queries = [query(1, "Tea grows in Assam"), query(2, "Who won the cup", answerable=False)]
    metrics = evaluate_documents(searcher, queries, {"q1": {"tea": 1}}, done).metrics
    assert metrics["verdict_auroc"] == metrics["answerable_called_answered"] == 1
    assert metrics["unanswerable_called_unanswered"] == 1


def test_a_metric_the_data_cannot_give_is_left_out(searcher: Searcher) -> None:
    metrics = evaluate_documents(searcher, [query(1, "Where tea grows")], {"q1": {"tea": 1}}, done).metrics
    assert "verdict_auroc" not in metrics
    assert "answer_in_evidence@1" not in metrics


def test_any_fragment_of_a_question_counts(searcher: Searcher) -> None:
    queries = [query(1, "Where tea grows", "not in it", "grows  in\nAssam"), query(2, "Where oil lies", "not in it")]
    metrics = evaluate_passages(searcher, queries, done).metrics
    assert metrics["recall@1"] == metrics["recall@100"] == metrics["mrr@10"] == 0.5


def test_the_sample_questions_are_found(sample_searcher: Searcher) -> None:
    metrics = evaluate_passages(sample_searcher, read_questions(SAMPLE / "questions.jsonl"), done).metrics
    assert metrics["recall@5"] >= 0.95
    assert metrics["verdict_auroc"] >= 0.75
