"""The index folder: which snapshot is published, and how one is published atomically."""

import datetime
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from corpus.errors import CiteboxError
from index.lock import Owner, locked
from index.manifest import SnapshotError
from index.remedy import SNAPSHOTS_FOLDER

CURRENT_FILE = "CURRENT"
LOCK_FILE = "LOCK"
CACHE_FOLDER = "cache"
BUILDING_PREFIX = ".building-"
REMOVING_PREFIX = ".removing-"

_ID_TIME = "%Y%m%dT%H%M%S.%fZ"


class RebuildError(CiteboxError):
    """A rebuild that cannot start, or whose result must not be published."""


class IndexLocation:
    """An index folder (`--index`). Nothing needs to exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshots_folder = folder / SNAPSHOTS_FOLDER
        self.cache_folder = folder / CACHE_FOLDER

    def published_id(self) -> str | None:
        """Id of the published snapshot, or None where nothing was published yet."""
        try:
            named = (self.folder / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise SnapshotError(f"{self.folder / CURRENT_FILE} cannot be read: {error}; rebuild the index") from error
        if named in ("", ".", "..") or Path(named).name != named:
            raise SnapshotError(
                f"{self.folder / CURRENT_FILE} names no snapshot; publish one with `citebox rollback`, or rebuild"
            )
        return named

    def published(self) -> Path:
        """Folder of the published snapshot. Raises SnapshotError, saying how to build one, where there is none."""
        snapshot_id = self.published_id()
        if snapshot_id is None and (held_back := self.snapshots()):
            raise SnapshotError(
                f"nothing is published in {self.folder}; publish what is there with: citebox rollback "
                f"--to {held_back[-1].name} --index {self.folder}"
            )
        if snapshot_id is None:
            raise SnapshotError(
                f"there is no index in {self.folder} yet; build one with: citebox rebuild FOLDER --index {self.folder}"
            )
        return self.snapshot(snapshot_id)

    def snapshots(self) -> list[Path]:
        """Folders of all complete snapshots, oldest first."""
        if not self.snapshots_folder.is_dir():
            return []
        return sorted(
            path for path in self.snapshots_folder.iterdir() if path.is_dir() and not path.name.startswith(".")
        )

    def abandoned(self) -> list[Path]:
        """Folders that commands which were killed were building or removing. To be used under the lock."""
        return [
            path for prefix in (BUILDING_PREFIX, REMOVING_PREFIX) for path in self.snapshots_folder.glob(f"{prefix}*")
        ]

    def snapshot(self, snapshot_id: str) -> Path:
        """Folder of the snapshot of that id, whether it exists or not."""
        return self.snapshots_folder / snapshot_id

    def new_id(self, now: datetime.datetime, short_hash: str) -> str:
        """An id that sorts behind those of all snapshots there are, even where the clock was set back since."""
        earlier = self.snapshots()
        if earlier:
            latest = _time_of(earlier[-1].name)
            if latest is not None and now <= latest:
                now = latest + datetime.timedelta(microseconds=1)
        return f"{now.strftime(_ID_TIME)}-{short_hash}"

    @contextmanager
    def lock(self, command: str) -> Iterator[Owner | None]:
        """Hold the folder for one command that changes it; gives the owner that died with the lock, or None.

        Raises LockedError where another command holds it, and RebuildError where the folder cannot be written.
        """
        with ExitStack() as stack:
            try:
                self.snapshots_folder.mkdir(parents=True, exist_ok=True)
                dead = stack.enter_context(locked(self.folder / LOCK_FILE, command))
            except OSError as error:
                raise RebuildError(f"the index folder {self.folder} cannot be written: {error.strerror}") from error
            yield dead

    @contextmanager
    def prepare(self) -> Iterator[Path]:
        """A new folder to build a snapshot in; removed when the block fails. To be used under the lock.

        What a rebuild that was killed left behind is removed first.
        """
        for abandoned in self.abandoned():
            shutil.rmtree(abandoned, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING_PREFIX, dir=self.snapshots_folder))
        folder.chmod(0o755)  # servers may run as another user
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        """A folder for what only a rebuild needs; like what is prepared, the next one removes it after a crash."""
        return tempfile.TemporaryDirectory(
            prefix=BUILDING_PREFIX, dir=self.snapshots_folder, ignore_cleanup_errors=True
        )

    def complete(self, prepared: Path, snapshot_id: str) -> Path:
        """Make the verified files in `prepared` a snapshot; its folder.

        Every file reaches the disk before the rename that completes it: a snapshot is whole or does not exist.
        """
        for path in prepared.rglob("*"):
            _sync(path)
        _sync(prepared)
        folder = self.snapshot(snapshot_id)
        prepared.rename(folder)
        _sync(self.snapshots_folder)
        return folder

    def set_aside(self, folder: Path) -> Path:
        """Let the snapshot in `folder` be none any more, all at once; where its files are, to be removed."""
        aside = folder.rename(folder.with_name(f"{REMOVING_PREFIX}{folder.name}"))
        _sync(self.snapshots_folder)
        return aside

    def publish(self, snapshot_id: str) -> None:
        """Let CURRENT name the complete snapshot of that id; a crash leaves the old name or the new one."""
        pending = self.folder / f"{CURRENT_FILE}.tmp"
        pending.write_text(f"{snapshot_id}\n", encoding="utf-8")
        _sync(pending)
        pending.replace(self.folder / CURRENT_FILE)
        _sync(self.folder)


def _time_of(snapshot_id: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(snapshot_id.partition("-")[0], _ID_TIME).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let SIGINT and SIGTERM come to nothing while the block runs: it happens whole, and what follows it is short."""
    if threading.current_thread() is not threading.main_thread():  # signals are handled in the main one alone
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
