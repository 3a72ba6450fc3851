"""The comparison with other systems: what is asked, what is counted, and what fails."""

import math
import sys
from pathlib import Path

import pytest

from qa.evaluation_data import BeirFolder, EvaluationQuery
from tests.benchmarks.peers import Peer, PeerError, evenly_spaced, measure, run


def test_the_questions_asked_are_from_all_over_the_collection() -> None:
    queries = [EvaluationQuery(str(number), "?", (), answerable=True) for number in range(10)]
    assert [query.query_id for query in evenly_spaced(queries, 4)] == ["0", "2", "5", "7"]
    assert evenly_spaced(queries, 99) == queries


def test_a_question_without_a_relevant_document_counts_0() -> None:
    qrels = {"second": {"right": 1}, "sixth": {"right": 1}, "missed": {"right": 1}, "nothing": {"right": 1}}
    rankings = {
        "second": ["a", "right", "b"],
        "sixth": ["f", "e", "d", "c", "b", "right"],
        "missed": ["a"],
        "nothing": [],
    }
    ndcg, mrr, recall = measure(qrels, rankings)
    assert ndcg == pytest.approx((1 / math.log2(3) + 1 / math.log2(7)) / 4)
    assert mrr == pytest.approx((1 / 2 + 1 / 6) / 4)
    assert recall == pytest.approx(1 / 4)


def test_a_system_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="'nobody'"):
        run(Peer("nobody", "Nobody"), sys.executable, BeirFolder(tmp_path / "corpus.jsonl", (), {}), [])
