"""Rebuilds an index on a small disk of its own, with more and more room, until there is enough.

To be run in a mount namespace of its own (`unshare --mount`), where a file system in memory is mounted on the index
folder: what libraries write, in whatever language, meets a disk that is really full.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

from corpus.errors import CiteboxError
from corpus.sources import make_sources
from corpus.workers import FileReader, ReadingLimits
from index.location import IndexLocation
from index.progress import Advance, SilentProgress
from index.rebuild import rebuild
from index.verification import verify_snapshot
from tests.conftest import write_files
from tests.corpus.test_archives import zipped
from tests.hashing_encoder import HashingEncoder

SIZE = 64_000_000
ROOMS = (4_096, 200_000, 1_000_000)
FIRST_ROOM, STEP = 3_000_000, 300_000
WEEKS = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rebuild with `room` bytes left on the disk, and the last stage that it began or ended."""

    room: int
    stage: str
    error: str | None  # with its type, unless it is one that is told to the operator
    message: str | None
    published: str
    problems: tuple[str, ...]
    left: list[str]  # beside the snapshots


class LastStage(SilentProgress):
    """Remembers which stage was begun or ended last."""

    def __init__(self) -> None:
        self.name = ""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """See `Progress.stage`."""
        self.name = name
        yield lambda _: None
        self.name = f"after {name}"


class SmallDisk:
    """An index on a disk of its own, of documents beside it."""

    def __init__(self, folder: Path, reader: FileReader) -> None:
        self.docs = folder / "docs"
        self._location = IndexLocation(folder / "index")
        self._reader = reader
        self._location.folder.mkdir()
        self._mount(f"size={SIZE}")

    def attempt(self, room: int) -> Outcome:
        """Rebuild with so much room, without a cache; what came of it, which is printed too."""
        shutil.rmtree(self._location.cache_folder, ignore_errors=True)
        self._mount(f"remount,size={shutil.disk_usage(self._location.folder).used + room}")
        progress = LastStage()
        error = message = None
        try:
            rebuild(self._location, make_sources([self.docs]), HashingEncoder(), self._reader, progress)
        except CiteboxError as told:
            message = str(told)
        except BaseException as unexpected:
            error = f"{type(unexpected).__name__}: {unexpected}"
        published = self._location.published()
        snapshots = {folder.name for folder in self._location.snapshots()}
        outcome = Outcome(
            room=room,
            stage=progress.name,
            error=error,
            message=message,
            published=published.name,
            problems=verify_snapshot(published, HashingEncoder()).problems,
            left=sorted({path.name for path in self._location.snapshots_folder.iterdir()} - snapshots),
        )
        print(json.dumps(asdict(outcome)), flush=True)
        return outcome

    def _mount(self, options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(self._location.folder)], check=True)


def main(folder: Path) -> None:
    """A first rebuild with room enough; then many in which the disk becomes full, until one succeeds."""
    with FileReader(limits=ReadingLimits(workers=1)) as reader:
        disk = SmallDisk(folder, reader)
        write_files(disk.docs, {"a.txt": "Oil was sold to 12 buyers."})
        first = disk.attempt(SIZE)
        weeks = [f"In week {week} cargo {week * 7} was sold in port {week % 50}. It was dear." for week in range(WEEKS)]
        packed = zipped({"all.md": "\n\n".join(weeks).encode()})
        write_files(disk.docs, {f"{week}.txt": text for week, text in enumerate(weeks)} | {"all.zip": packed})
        for room in ROOMS:
            disk.attempt(room)
        with patch("index.rebuild.require_space"):  # which would not let it come so far
            room = FIRST_ROOM
            while disk.attempt(room).published == first.published:
                room += STEP


if __name__ == "__main__":
    main(Path(sys.argv[1]))
