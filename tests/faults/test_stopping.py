"""Rebuilds as real processes: two at once, and one that is told to stop."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.sources import make_sources
from index.embedding import BATCH
from index.location import LOCK_FILE, IndexLocation
from index.lock import owner_of
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.report import RebuildReport
from tests.conftest import REPOSITORY, write_files
from tests.faults.without_model import COMMAND_WITHOUT_MODEL, HANG, HANGS
from tests.hashing_encoder import HashingEncoder
from tests.running import guarded_environment
from tests.shared_reader import shared_reader

WAIT_S = 60
TEXTS = 2 * BATCH


class Place:
    """Documents with an index that has a snapshot, and other documents since."""

    def __init__(self, folder: Path) -> None:
        self.docs, self.location = folder / "docs", IndexLocation(folder / "index")
        write_files(self.docs, {"0.txt": "Oil was sold."})
        self.old = self.rebuild().snapshot
        write_files(self.docs, {f"{week}.txt": f"In week {week} cargo {week} was sold." for week in range(TEXTS)})

    def rebuild(self) -> RebuildReport:
        """Rebuild in this process."""
        return rebuild(self.location, make_sources([self.docs]), HashingEncoder(), shared_reader(), SilentProgress())

    @contextmanager
    def rebuilding(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """`citebox rebuild` in a process group of its own, as a terminal starts it."""
        command = [*COMMAND_WITHOUT_MODEL, *options, "rebuild", str(self.docs), "--index", str(self.location.folder)]
        with (
            guarded_environment({}) as environment,
            subprocess.Popen(
                [*command, "--json"],
                cwd=REPOSITORY, env=environment, text=True, start_new_session=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            ) as process,
        ):  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    @contextmanager
    def hanging(self) -> Iterator[subprocess.Popen[str]]:
        """A rebuild that has embedded a batch, and hangs."""
        with self.rebuilding(HANG) as process:
            assert process.stderr
            while process.stderr.readline().strip() != HANGS:
                assert process.poll() is None
            yield process


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def group_of(process: subprocess.Popen[str]) -> set[int]:
    """The ids of the processes that run in its process group, itself among them."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == process.pid and state != "Z":
            found.add(int(stat.parent.name))
    return found


def wait_until_ended(process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + WAIT_S
    while left := group_of(process):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="which processes are left is read from /proc")
@pytest.mark.parametrize(
    ("number", "whole_group", "code"),
    [(signal.SIGINT, False, 1), (signal.SIGINT, True, 1), (signal.SIGTERM, False, 143)],
    ids=["SIGINT", "Ctrl-C", "SIGTERM"],
)
def test_a_rebuild_that_is_told_to_stop_leaves_nothing_half_made_and_goes_on_when_run_again(
    place: Place, number: signal.Signals, whole_group: bool, code: int
) -> None:
    with place.hanging() as process:
        assert len(group_of(process)) > 1
        (os.killpg if whole_group else os.kill)(process.pid, number)
        output, errors = process.communicate(timeout=WAIT_S)
        wait_until_ended(process)
    assert (process.returncode, output) == (code, "")
    assert f"run the command again (without --full): it goes on from the {BATCH + 1} texts" in errors
    assert "Traceback" not in errors
    assert [path.name for path in place.location.snapshots_folder.iterdir()] == [place.old]
    assert place.location.published_id() == place.old
    assert owner_of(place.location.folder / LOCK_FILE) is None
    assert place.rebuild().embedded == TEXTS - BATCH


def test_a_second_rebuild_is_refused_in_a_line_and_the_first_goes_on(place: Place) -> None:
    with place.hanging() as first:
        with place.rebuilding() as second:
            output, errors = second.communicate(timeout=WAIT_S)
        assert (second.returncode, output) == (1, "")
        refused = (
            rf"citebox: .* is being changed by citebox .* \(process {first.pid} on \S+, for \d+ seconds?\); wait .*\n"
        )
        assert re.fullmatch(refused, errors), errors
        assert first.poll() is None
        assert (owner := owner_of(place.location.folder / LOCK_FILE))
        assert owner.pid == first.pid
        building = [path for path in place.location.snapshots_folder.iterdir() if path.name.startswith(".building-")]
        assert any((folder / "texts.sqlite").exists() for folder in building)
