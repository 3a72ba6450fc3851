"""Who reads a snapshot, so that it is not removed under them.

A reader holds a shared lock (flock) on the manifest, for which reading it is enough: servers need no permission to
write. The lock ends with its process, however that ends.
"""

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.manifest import MANIFEST_FILE, SnapshotError
from index.remedy import remedy


class Lease:
    """A snapshot in use; it is not removed until `release`, or until the lease is no more."""

    def __init__(self, folder: Path) -> None:
        """Raises SnapshotError where the snapshot is not there, or is being removed."""
        path = folder / MANIFEST_FILE
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise SnapshotError(f"{path} cannot be read: {error.strerror}; {remedy(folder)}") from error
        self._end = weakref.finalize(self, os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._end()
            raise SnapshotError(f"{folder} is being removed; ask for the published snapshot again") from error
        except OSError:
            pass  # a file system without locks

    def release(self) -> None:
        """The snapshot is not read any more."""
        self._end()


@contextmanager
def removing(folder: Path) -> Iterator[bool]:
    """Whether nobody reads the snapshot in `folder`; if so, nobody can begin to before the block ends."""
    try:
        descriptor = os.open(folder / MANIFEST_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield True  # without a manifest nobody can open it
        return
    try:
        yield _is_free(descriptor)
    finally:
        os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # without locks it cannot be told; what a reader has opened can be read on after it is removed
    return True
