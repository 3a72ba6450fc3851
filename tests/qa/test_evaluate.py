"""Metrics on data small enough to work out by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.calibrate import write_calibration
from qa.evaluate import evaluate_documents, evaluate_passages
from qa.evaluation_data import EvaluationQuery, read_questions
from qa.query import make_query
from qa.run_files import compare, read_run, write_run
from qa.search import Searcher
from qa.verdict import CALIBRATION_FILE
from tests.calibrations import always
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
    by_relevance = {"relevance": 40.0, "unknown": 0.0, "mismatch": 0.0}
    write_calibration(tmp_path / "index", replace(always(0.5), intercept=-10.0, coefficients=by_relevance))
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


def test_a_verdict_that_is_not_calibrated_gives_no_figures(searcher: Searcher, tmp_path: Path) -> None:
    (tmp_path / "index" / CALIBRATION_FILE).unlink()
    uncalibrated = Searcher(searcher.snapshot, HashingEncoder())
    queries = [query(1, "Tea grows in Assam"), query(2, "Who won the cup", answerable=False)]
    metrics = evaluate_documents(uncalibrated, queries, {"q1": {"tea": 1}}, done).metrics
    assert not [name for name in metrics if name.startswith("verdict")]


def test_a_metric_the_data_cannot_give_is_left_out(searcher: Searcher) -> None:
    metrics = evaluate_documents(searcher, [query(1, "Where tea grows")], {"q1": {"tea": 1}}, done).metrics
    assert "verdict_auroc" not in metrics
    assert "answer_in_evidence@1" not in metrics


def test_any_fragment_of_a_question_counts(searcher: Searcher) -> None:
    queries = [query(1, "Where tea grows", "not in it", "grows  in\nAssam"), query(2, "Where oil lies", "not in it")]
    metrics = evaluate_passages(searcher, queries, done).metrics
    assert metrics["recall@1"] == metrics["recall@100"] == metrics["mrr@10"] == 0.5


def test_questions_of_both_kinds_give_the_error_and_the_risk_of_the_confidence(searcher: Searcher) -> None:
    queries = [query(1, "Tea grows in Assam"), query(2, "Who won the cup", answerable=False)]
    metrics = evaluate_documents(searcher, queries, {"q1": {"tea": 1}}, done).metrics
    assert metrics["verdict_aurc"] == 0.25  # the risk is 0 at half coverage and 1/2 at all
    assert 0 <= metrics["verdict_ece"] < 0.1


def test_the_run_has_every_question_and_each_text_once(searcher: Searcher) -> None:
    queries = [query(1, "Where tea grows in Assam"), query(2, "Who won the cup", answerable=False)]
    run = evaluate_documents(searcher, queries, {"q1": {"tea": 1}}, done).run
    assert list(run) == ["q1", "q2"]
    assert run["q1"][0][0] == "tea"
    assert sorted(found for found, _ in run["q1"]) == ["oil", "rail", "tea"]


def test_a_run_gives_each_place_its_reciprocal(searcher: Searcher) -> None:
    run = evaluate_documents(searcher, [query(1, "Where tea grows")], {"q1": {"tea": 1}}, done).run
    assert [score for _, score in run["q1"]] == [1, 1 / 2, 1 / 3]


def test_the_run_measures_as_the_evaluation_did(searcher: Searcher, tmp_path: Path) -> None:
    queries = [query(1, "Where tea grows"), query(2, "Where tea grows")]
    evaluation = evaluate_documents(searcher, queries, {"q1": {"tea": 1}, "q2": {"oil": 1}}, done)
    write_run(tmp_path / "run", evaluation.run)
    compared = compare(evaluation, read_run(tmp_path / "run"), tmp_path / "run").metrics["mrr@10"]
    assert round(compared.before, 4) == evaluation.metrics["mrr@10"]


def test_each_signal_alone_is_measured_and_the_whole(searcher: Searcher) -> None:
    evaluation = evaluate_documents(searcher, [query(1, "Tea grows in Assam")], {"q1": {"tea": 1}}, done)
    assert evaluation.by_signal == {"dense": 1, "lexical": 1, "sentence": 1, "whole": 1}


def test_the_first_right_hit_is_known_of_each_question(searcher: Searcher) -> None:
    queries = [query(1, "Tea grows in Assam"), query(2, "Tea grows in Assam")]
    outcomes = evaluate_documents(searcher, queries, {"q1": {"tea": 1}, "q2": {"nowhere": 1}}, done).outcomes
    assert [outcome.first_right for outcome in outcomes] == [1, None]


def test_figures_are_of_the_hits_as_they_are_shown(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path
) -> None:
    tea = [f"# Tea {number}\n\nTea grows in Assam, they say {number}." for number in range(9)]
    build({"tea.md": "\n\n".join(tea), "oil.txt": "Tea grows in Basra, too."})
    searcher = Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())
    hits = searcher.ask(make_query("Where tea grows in Assam", 10)).hits
    outcome = evaluate_passages(searcher, [query(1, "Where tea grows in Assam", "Basra")], done).outcomes[0]
    assert [found for found, _ in outcome.ranking] == [hit.passage.passage_id for hit in hits]
    assert outcome.first_right == next(hit.rank for hit in hits if "Basra" in hit.passage.text)


def test_the_sample_questions_are_found(sample_searcher: Searcher) -> None:
    metrics = evaluate_passages(sample_searcher, read_questions(SAMPLE / "questions.jsonl"), done).metrics
    assert metrics["recall@5"] >= 0.93
    assert metrics["verdict_auroc"] >= 0.7
