"""The index folder: which snapshot is published, and how one is published atomically."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import CiteboxError
from index.manifest import SnapshotError

CURRENT_FILE = "CURRENT"
LOCK_FILE = "LOCK"
SNAPSHOTS_FOLDER = "snapshots"
BUILDING_PREFIX = ".building-"


class RebuildError(CiteboxError):
    """A rebuild that cannot start, or whose result must not be published."""


class IndexLocation:
    """An index folder (`--index`). Nothing needs to exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshots_folder = folder / SNAPSHOTS_FOLDER

    def published_id(self) -> str | None:
        """Id of the published snapshot, or None where nothing was published yet."""
        try:
            return (self.folder / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise SnapshotError(f"{self.folder / CURRENT_FILE} cannot be read: {error}; rebuild the index") from error

    def published(self) -> Path:
        """Folder of the published snapshot. Raises SnapshotError, saying how to build one, where there is none."""
        snapshot_id = self.published_id()
        if snapshot_id is None:
            raise SnapshotError(
                f"there is no index in {self.folder} yet; build one with: citebox rebuild FOLDER --index {self.folder}"
            )
        return self._snapshot(snapshot_id)

    def snapshots(self) -> list[Path]:
        """Folders of all complete snapshots, oldest first."""
        if not self.snapshots_folder.is_dir():
            return []
        return sorted(path for path in self.snapshots_folder.iterdir() if not path.name.startswith("."))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one rebuild. Raises RebuildError where another one does, or the folder is no place."""
        try:
            self.snapshots_folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK_FILE, timeout=0)
            lock.acquire()
        except Timeout as error:
            raise RebuildError(f"another rebuild of {self.folder} is running; wait for it to end") from error
        except OSError as error:
            raise RebuildError(f"the index folder {self.folder} cannot be written: {error.strerror}") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def prepare(self) -> Iterator[Path]:
        """A new folder to build a snapshot in; removed when the block fails. To be used under the lock.

        What a rebuild that was killed left behind is removed first.
        """
        for abandoned in self.snapshots_folder.glob(f"{BUILDING_PREFIX}*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING_PREFIX, dir=self.snapshots_folder))
        folder.chmod(0o755)  # servers may run as another user
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def publish(self, prepared: Path, snapshot_id: str) -> Path:
        """Make the verified snapshot in `prepared` the published one; its folder afterwards.

        Every file reaches the disk before the rename that completes the snapshot, and that before the rename of
        CURRENT: a crash at any point leaves the old snapshot published.
        """
        for path in prepared.rglob("*"):
            _sync(path)
        _sync(prepared)
        folder = self._snapshot(snapshot_id)
        prepared.rename(folder)
        _sync(self.snapshots_folder)
        pending = self.folder / f"{CURRENT_FILE}.tmp"
        pending.write_text(f"{snapshot_id}\n", encoding="utf-8")
        _sync(pending)
        pending.replace(self.folder / CURRENT_FILE)
        _sync(self.folder)
        return folder

    def _snapshot(self, snapshot_id: str) -> Path:
        return self.snapshots_folder / snapshot_id


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
