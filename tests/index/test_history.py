import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.gate import GateResult, WorseQuestion
from index.history import (
    HISTORY_FILE,
    NOT_RECORDED,
    Publication,
    append_history,
    read_history,
    reconcile,
    standing_of,
)
from index.location import CURRENT_FILE, IndexLocation
from index.manifest import MANIFEST_FILE, Counts
from index.report import RebuildReport

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


@pytest.fixture
def location(build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path) -> IndexLocation:
    """An index whose snapshot was published by a command that then was killed."""
    build({"a.txt": "Tea grows in Assam."})
    (tmp_path / "index" / HISTORY_FILE).unlink(missing_ok=True)
    return IndexLocation(tmp_path / "index")


def test_a_publication_that_was_not_written_down_is_found_once(location: IndexLocation) -> None:
    append_history(location.folder, publication("s1"))
    os.utime(location.folder / CURRENT_FILE, (1_750_000_000, 1_750_000_000))
    for _ in range(2):
        reconcile(location)
    _, found = read_history(location.folder)
    assert found == Publication(
        "2025-06-15T15:06:40+00:00", "found", location.published().name, NOT_RECORDED, Counts(1, 1, 1, 1)
    )


def test_what_a_gate_held_back_afterwards_leaves_nothing_to_be_found(location: IndexLocation) -> None:
    append_history(location.folder, publication(location.published().name))
    append_history(location.folder, replace(publication("s2"), published=False))
    reconcile(location)
    assert len(read_history(location.folder)) == 2


@pytest.mark.parametrize("harm", ["gone", "damaged", "unreadable", "nothing published"])
def test_what_cannot_tell_its_counts_is_not_written_down(location: IndexLocation, harm: str) -> None:
    match harm:
        case "gone":
            location.publish("gone")
        case "damaged":
            (location.published() / MANIFEST_FILE).write_text("{")
        case "unreadable":
            (location.folder / CURRENT_FILE).write_bytes(b"\xff")
        case _:
            (location.folder / CURRENT_FILE).unlink()
    reconcile(location)
    assert read_history(location.folder) == ()


def test_the_standing_of_a_snapshot_is_what_the_history_knows() -> None:
    held = replace(publication("s1"), published=False)
    assert standing_of("s1", [held]) == "held back"
    assert standing_of("s1", [held, publication("s1")]) == standing_of("s1", [publication("s1"), held]) == "published"
    assert standing_of("s2", [held]) == "unknown"
