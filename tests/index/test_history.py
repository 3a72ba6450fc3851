from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.gate import GateResult, WorseQuestion
from index.history import HISTORY_FILE, Publication, append_history, read_history
from index.manifest import Counts

GATE = GateResult("q.jsonl", 3, 0.5, 0.9, 1.0, (WorseQuestion("Who sold it?", 1, None),))


def publication(snapshot: str = "s1", gate: GateResult | None = None) -> Publication:
    return Publication(
        at="2025-06-01T12:00:00+00:00",
        action="rebuild",
        snapshot=snapshot,
        command="citebox rebuild docs",
        counts=Counts(1, 2, 3, 4),
        files={"found": 1, "indexed": 1},
        gate=gate,
    )


def test_publications_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = (publication("s1"), publication("s2", GATE), publication("s3"))
    for one in written:
        append_history(tmp_path, one)
    assert read_history(tmp_path) == written


def test_an_index_without_a_history_has_none(tmp_path: Path) -> None:
    assert read_history(tmp_path) == ()


@given(cut=st.integers(1, 200))
def test_a_line_cut_short_by_a_crash_costs_no_other(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    tmp_path = tmp_path_factory.mktemp("history")
    for name in ("s1", "s2"):
        append_history(tmp_path, publication(name))
    path = tmp_path / HISTORY_FILE
    path.write_bytes(path.read_bytes()[:-cut])
    append_history(tmp_path, publication("s3"))
    assert [one.snapshot for one in read_history(tmp_path) if one.snapshot != "s2"] == ["s1", "s3"]


def test_a_gate_passes_at_its_floor_and_not_below() -> None:
    assert GateResult("q", 2, 0.5, 0.5, None, ()).passed
    assert not GateResult("q", 2, 0.49, 0.5, None, ()).passed
