"""Which files of a snapshot were found to be as written, so that opening it again need not hash them again.

Remembered for each user in a small file of the cache folder for each index. A file counts as the one that was hashed
while device, inode, size and both times are the same; the kernel sets the time of change, programs cannot. Where the
memory is missing, damaged or cannot be written, files are hashed again: it saves time and decides nothing else.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index.manifest import FileChecksum, Manifest, checksum, damaged, unreadable
from index.user_cache import user_cache

SETTLED_NS = 2_000_000_000
"""A file that changed less than this before it was hashed is not remembered, for it could change once more without
its time of change telling: clocks of file systems are coarse. Git calls such files racily clean."""

_Seen = list[Any]
"""Device, inode, size, both times and SHA-256 of a file that was as written."""

_in_process: dict[Path, dict[str, _Seen]] = {}
"""By folder of the snapshot; all that a process which cannot write the user's cache folder remembers."""


def verify_unseen_files(folder: Path, manifest: Manifest, names: Iterable[str] | None = None) -> None:
    """Raises SnapshotError, naming the file, where a file of the snapshot (or one in `names`) is not as written.

    All sizes are compared first. Files that were verified before and have not been touched since are not hashed.
    """
    verified = VerifiedFiles(folder, manifest)
    wanted = list(manifest.files if names is None else names)
    for name in wanted:
        verified.check_size(name)
    for name in wanted:
        if not verified.is_seen(name):
            verified.check(name)
    verified.save()


class VerifiedFiles:
    """The files of one snapshot, as the manifest has them and as they were found."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self._key = folder.resolve()
        self._stored = _read_memory(self._key.parent).get(self._key.name, {})
        self._seen = dict(_in_process.get(self._key, self._stored))

    def check_size(self, name: str) -> None:
        """Raises SnapshotError where the file is not there or not of its size."""
        if self._status(name).st_size != self._manifest.files[name].bytes:
            raise damaged(self._folder, self._manifest, name)

    def is_seen(self, name: str) -> bool:
        """Whether the file is one that was as written when it was hashed."""
        return self._seen.get(name) == _as_seen(self._status(name), self._manifest.files[name])

    def check(self, name: str) -> None:
        """Hash the file, whether it was before or not. Raises SnapshotError where it is not as written."""
        written = self._manifest.files[name]
        self._seen.pop(name, None)
        status, started = self._status(name), time.time_ns()
        try:
            found = checksum(self._folder / name)
        except OSError as error:
            raise unreadable(self._folder, self._manifest, name, error) from error
        if found != written:
            self.save()  # a disk can fail without touching the times of a file that is remembered
            raise damaged(self._folder, self._manifest, name)
        if started - status.st_ctime_ns >= SETTLED_NS:
            self._seen[name] = _as_seen(status, written)

    def save(self) -> None:
        """Remember what was found."""
        if self._seen == self._stored:
            return
        for gone in [folder for folder in _in_process if folder == self._key or not folder.is_dir()]:
            _in_process.pop(gone, None)
        try:
            _write_memory(self._key, self._seen)
        except (OSError, RuntimeError):
            _in_process[self._key] = self._seen

    def _status(self, name: str) -> os.stat_result:
        try:
            return (self._folder / name).stat()
        except OSError as error:
            raise unreadable(self._folder, self._manifest, name, error) from error


def _as_seen(status: os.stat_result, written: FileChecksum) -> _Seen:
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, written.sha256]


def _memory_file(snapshots: Path) -> Path:
    """The memory of the snapshots in one folder, for this user. Raises RuntimeError for a user without a home."""
    return user_cache() / "verified" / f"{hashlib.sha256(os.fsencode(snapshots)).hexdigest()[:20]}.json"


def _read_memory(snapshots: Path) -> dict[str, dict[str, _Seen]]:
    """What is remembered of each snapshot; nothing where that cannot be read."""
    try:
        stored = json.loads(_memory_file(snapshots).read_bytes())["snapshots"]
        return {name: dict(files) for name, files in stored.items()}
    except (OSError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_memory(snapshot: Path, seen: dict[str, _Seen]) -> None:
    """Replace what is remembered of `snapshot`, and forget snapshots that are gone; the last of several writers wins.

    Raises OSError or RuntimeError where it cannot be kept.
    """
    snapshots = snapshot.parent
    stored = {name: files for name, files in _read_memory(snapshots).items() if (snapshots / name).is_dir()}
    path = _memory_file(snapshots)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as stream:
        pending = Path(stream.name)
        try:
            json.dump({"folder": str(snapshots), "snapshots": {**stored, snapshot.name: seen}}, stream)
            stream.close()
            pending.replace(path)
        except BaseException:
            pending.unlink(missing_ok=True)
            raise
