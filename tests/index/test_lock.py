import datetime
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.lock import LockedError, Owner, format_age, locked, owner_of
from tests.conftest import REPOSITORY

HOLD = """
import sys, time
from pathlib import Path
from index.lock import locked
with locked(Path(sys.argv[1]), "citebox rebuild"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout
    process.stdout.close()


def test_another_process_is_refused_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    process = holder(tmp_path / "LOCK")
    try:
        assert (owner := owner_of(tmp_path / "LOCK"))
        assert (owner.pid, owner.command) == (process.pid, "citebox rebuild")
        with (
            pytest.raises(LockedError, match=f"citebox rebuild .process {process.pid} on "),
            locked(tmp_path / "LOCK", "citebox prune"),
        ):
            pass
    finally:
        end(process)


def test_the_lock_of_a_dead_owner_is_taken_over_and_its_owner_told(tmp_path: Path) -> None:
    process = holder(tmp_path / "LOCK")
    end(process)
    assert owner_of(tmp_path / "LOCK") is None
    with locked(tmp_path / "LOCK", "citebox rebuild") as dead:
        assert dead
        assert dead.pid == process.pid
    with locked(tmp_path / "LOCK", "citebox rebuild") as dead:
        assert dead is None


def test_an_unreadable_record_of_the_owner_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "LOCK").write_text("{half a rec")
    with locked(tmp_path / "LOCK", "citebox rebuild") as dead:
        assert dead is None


def test_an_owner_from_a_clock_ahead_has_no_negative_age() -> None:
    now = datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)
    owner = Owner("citebox rebuild", 7, "here", (now + datetime.timedelta(hours=3)).isoformat())
    assert owner.described(now) == "citebox rebuild (process 7 on here, for 0 seconds)"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(5, "5 seconds"), (90, "1 minute"), (7200, "2 hours"), (3 * 86400, "3 days"), (-5, "0 seconds")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, shown: str) -> None:
    assert format_age(datetime.timedelta(seconds=seconds)) == shown
