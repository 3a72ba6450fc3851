"""A full disk: what is published stays, what is missing is told, and nothing crashes."""

import re
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.faults.driven import found_by

LEAST_STEPS = 40
TOLD = re.compile(r"about ([\d,]+) MB more are needed; .* published before stays published")


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Outcomes of rebuilds for which the disk was full at one step each; the first one met no full disk."""
    return found_by("tests.faults.full_at_each_step", tmp_path_factory.mktemp("steps"))


def test_a_disk_full_at_any_step_is_told_and_the_old_snapshot_stays_published(steps: list[dict[str, Any]]) -> None:
    assert len(steps) >= LEAST_STEPS
    for before, now in pairwise(steps):
        assert now["error"] is None, now
        told = bool(now["message"])
        assert told == (now["published"] == before["published"]), now
        if told:
            assert TOLD.search(now["message"]), now


def test_a_disk_full_at_any_step_leaves_a_snapshot_that_verifies_and_nothing_half_made(
    steps: list[dict[str, Any]],
) -> None:
    for now in steps:
        assert now["problems"] == [], now
        # what is being removed, when the disk fails, the next rebuild removes
        assert [name for name in now["left"] if not name.startswith(".removing-")] == [], now


def test_a_rebuild_with_room_again_succeeds(steps: list[dict[str, Any]]) -> None:
    assert (steps[-1]["step"], steps[-1]["message"], steps[-1]["left"]) == (None, "", [])
    assert steps[-1]["published"] != steps[-2]["published"]


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Outcomes of rebuilds on a disk that is really small: for each too little room, and at last room enough."""

    failed: list[dict[str, Any]]
    first: dict[str, Any]
    last: dict[str, Any]


NAMESPACES = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> SmallDisk:
    folder = tmp_path_factory.mktemp("disk")
    (folder / "tried").mkdir()
    mount = ["mount", "-t", "tmpfs", "none", str(folder / "tried")]
    for namespace in NAMESPACES:
        try:
            subprocess.run([*namespace, *mount], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        first, *failed, last = found_by("tests.faults.small_disk", folder, namespace)
        return SmallDisk(failed, first, last)
    pytest.skip("no file system can be mounted here: unshare is missing, or not allowed to make a namespace")


def test_a_small_disk_becomes_full_at_many_places(small_disk: SmallDisk) -> None:
    stages = {one["stage"] for one in small_disk.failed}
    assert {"", "reading", "embedding"} <= stages


def test_no_library_fails_otherwise_on_a_small_disk(small_disk: SmallDisk) -> None:
    for one in small_disk.failed:
        assert one["error"] is None, one
        assert TOLD.search(one["message"]), one
        assert one["published"] == small_disk.first["published"], one
        assert (one["problems"], one["left"]) == ([], []), one


def test_a_disk_with_as_much_more_room_as_was_told_is_large_enough(small_disk: SmallDisk) -> None:
    assert (small_disk.last["error"], small_disk.last["message"], small_disk.last["problems"]) == (None, None, [])
    for one in small_disk.failed:
        told = TOLD.search(one["message"])
        assert told
        assert one["room"] + int(told[1].replace(",", "")) * 1_000_000 >= small_disk.last["room"], one
