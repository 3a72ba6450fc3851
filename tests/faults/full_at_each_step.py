"""Rebuilds an index again and again, and lets the disk be full at the first step, the second, and so on to the last.

A process of its own, as a hook that watches what is opened cannot be taken away again. A stand-in for a full disk that
needs no permissions; what libraries write in languages other than Python is not among its steps.
"""

import errno
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import CiteboxError
from corpus.sources import make_sources
from index.history import reconcile
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.verification import verify_snapshot
from tests.conftest import write_files
from tests.faults.in_process import InProcessReader
from tests.hashing_encoder import HashingEncoder

MOST_STEPS = 300
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rebuild for which the disk was full at one step; `step` is None for one that met no full disk."""

    step: str | None
    error: str | None  # with its type, unless it is one that is told to the operator
    message: str
    published: str | None
    problems: tuple[str, ...]
    left: list[str]  # in the folder of the snapshots, beside them


class Disk:
    """Counts the steps that take space in `folder`, and is full at one of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._before = -1  # steps until it is full
        self.full_at: str | None = None
        sys.addaudithook(self._watch)
        self._fsync, os.fsync = os.fsync, self._sync

    def fill(self, after: int) -> None:
        """Be full after so many steps."""
        self._before, self.full_at = after, None

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and arguments[2] & _WRITES:
            self._step("open", arguments[0])
        elif event in ("os.mkdir", "sqlite3.connect"):
            self._step(event, arguments[0])
        elif event == "os.rename":
            self._step(event, arguments[1])

    def _sync(self, descriptor: int) -> None:
        self._step("fsync", self._folder)
        self._fsync(descriptor)

    def _step(self, name: str, path: Any) -> None:
        if self._before < 0 or not isinstance(path, str | bytes | os.PathLike):
            return
        if not os.fsdecode(path).startswith(self._folder):
            return
        if self._before == 0:
            self.full_at = f"{name} {Path(os.fsdecode(path)).name}"
        self._before -= 1
        if self.full_at and self._before < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def attempt(location: IndexLocation, docs: Path, disk: Disk, after: int) -> Outcome:
    """Rebuild on a disk that is full after so many steps; what came of it."""
    error, message = None, ""
    with location.lock("mend"):  # so that the rebuild does not begin with steps of the one before
        reconcile(location)
    disk.fill(after)
    try:
        rebuild(location, make_sources([docs]), HashingEncoder(), InProcessReader(), SilentProgress())
    except CiteboxError as told:
        message = str(told)
    except BaseException as unexpected:
        error = f"{type(unexpected).__name__}: {unexpected}"
    step = disk.full_at
    disk.fill(-1)
    published = location.published()
    names = {folder.name for folder in location.snapshots()}
    return Outcome(
        step=step,
        error=error,
        message=message,
        published=published.name,
        problems=verify_snapshot(published, HashingEncoder()).problems,
        left=sorted(set(os.listdir(location.snapshots_folder)) - names),
    )


def main(folder: Path) -> None:
    """Print the outcome for each step, the first of them of a rebuild with room enough, as a line of JSON."""
    docs, location = folder / "docs", IndexLocation(folder / "index")
    disk = Disk(location.folder)
    write_files(docs, {"a.md": "# Oil\n\nOil was sold to 12 buyers. Gas was not.", "b.txt": "Tea was dear."})
    for number in range(-1, MOST_STEPS):
        write_files(docs, {"new.txt": f"Cargo {number} was sold in port {number}. It was dear."})
        outcome = attempt(location, docs, disk, number)
        print(json.dumps(asdict(outcome)), flush=True)
        if number >= 0 and outcome.step is None:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
