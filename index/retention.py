"""Which snapshots of an index are kept, and which one comes before the published one."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.disk_usage import size_bytes
from index.history import read_history, standing_of
from index.leases import removing
from index.location import IndexLocation, RebuildError
from index.manifest import SnapshotError

DEFAULT_KEEP = 3
"""Snapshots kept, the published one among them."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """Ids of the snapshots that were removed, and of those that were not because somebody reads them; oldest first."""

    removed: tuple[str, ...]
    in_use: tuple[str, ...]
    freed_bytes: int  # by what killed commands left behind, too


def prune(location: IndexLocation, keep: int) -> Pruned:
    """Remove old snapshots and what killed commands left behind; `keep` is at least 1.

    To be used under the lock, and not while a snapshot is being prepared. The published snapshot stays, and so do the
    newest others that no gate held back, `keep` in all. Of those held back the newest stays while it is newer than the
    published one. One that is being read stays until the next time. Raises RebuildError where one cannot be removed.
    """
    kept = set(_kept(location, keep))
    removed, in_use = [], []
    try:
        freed_bytes = sum(map(_remove, location.abandoned()))
        for folder in location.snapshots():
            if folder.name in kept:
                continue
            with removing(folder) as free:
                if free:
                    freed_bytes += _remove(location.set_aside(folder))
                    removed.append(folder.name)
                else:
                    in_use.append(folder.name)
    except OSError as error:
        raise RebuildError(f"{error.filename} cannot be removed: {error.strerror}") from error
    return Pruned(tuple(removed), tuple(in_use), freed_bytes)


def previous(location: IndexLocation) -> Path:
    """Folder of the snapshot that was published before the one that is: the newest older one that no gate held back.

    One whose publication is known comes before one that the history does not know. Raises RebuildError, naming the
    snapshots there are, where there is none.
    """
    published = published_or_none(location)
    history = read_history(location.folder)
    earlier = [folder for folder in location.snapshots() if published is None or folder.name < published]
    standings = {folder: standing_of(folder.name, history) for folder in earlier}
    candidates = [folder for folder in earlier if standings[folder] != "held back"]
    if not candidates:
        raise RebuildError(
            f"no snapshot in {location.folder} was published before the one that is; there are, "
            f"for --to SNAPSHOT: {listed(location)}"
        )
    return max(candidates, key=lambda folder: (standings[folder] == "published", folder.name))


def published_or_none(location: IndexLocation) -> str | None:
    """Id of the published snapshot; None also where CURRENT cannot be read, which publishing another one mends."""
    try:
        return location.published_id()
    except SnapshotError:
        return None


def listed(location: IndexLocation) -> str:
    """The ids of all snapshots, newest first, for messages."""
    return ", ".join(folder.name for folder in reversed(location.snapshots())) or "there are none"


def _kept(location: IndexLocation, keep: int) -> Iterator[str]:
    published = location.published_id()
    history = read_history(location.folder)
    newest_first = [folder.name for folder in reversed(location.snapshots())]
    if published in newest_first:
        yield published
        keep -= 1
    held_back = [name for name in newest_first if standing_of(name, history) == "held back"]
    yield from [name for name in newest_first if name != published and name not in held_back][:keep]
    yield from [name for name in held_back[:1] if published is None or name > published]


def _remove(folder: Path) -> int:
    """Remove a folder that is no snapshot; how many bytes it took."""
    freed_bytes = size_bytes(folder)
    shutil.rmtree(folder)
    return freed_bytes
