"""Where the time of a question goes."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.query import make_query
from qa.search import Searcher
from qa.trace import StageTime, stage, traced
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]


def test_stages_come_in_the_order_they_were_first_entered_and_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 0.001, 0.010, 0.012, 0.020, 0.023])
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    with traced() as trace:
        for name in ("dense", "lexical", "dense"):
            with stage(name):
                pass
    assert [(found.name, round(found.ms, 6)) for found in trace.stages] == [("dense", 4.0), ("lexical", 2.0)]


def test_a_stage_outside_a_trace_is_not_timed() -> None:
    with stage("before"), traced() as trace:
        pass
    with stage("after"):
        pass
    assert trace.stages == ()


def test_an_answer_tells_its_stages_and_they_take_no_longer_than_the_whole(
    build: Build, tmp_path: Path, hashing_encoder: HashingEncoder
) -> None:
    build({"tea.txt": "Tea came by road. It was hot."})
    searcher = Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), hashing_encoder)
    answer = searcher.ask(make_query("How did tea come?"))
    names = [each.name for each in answer.stages]
    assert names == ["terms", "encode", "scope", "dense", "lexical", "rank", "verdict", "select", "cite"]
    assert all(isinstance(each, StageTime) and each.ms > 0 for each in answer.stages)
    assert sum(each.ms for each in answer.stages) <= answer.took_ms
