"""One command at a time changes an index: a lock that says who holds it, and that ends with its holder."""

import contextlib
import datetime
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import CiteboxError

PATIENCE_S = 0.3
"""Who asks whether the lock is held holds it for a moment."""


class LockedError(CiteboxError):
    """Another command is changing the index."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lock, and since when (ISO 8601, UTC)."""

    command: str
    pid: int
    host: str
    since: str

    def described(self, now: datetime.datetime) -> str:
        """The owner in words."""
        age = max(now - datetime.datetime.fromisoformat(self.since), datetime.timedelta())
        return f"{self.command} (process {self.pid} on {self.host}, for {format_age(age)})"


@contextmanager
def locked(path: Path, command: str) -> Iterator[Owner | None]:
    """Hold the lock at `path` for `command`; gives the owner that died with it, or None.

    Raises LockedError, naming the owner, where another process holds it, and OSError where it cannot be written.
    """
    lock = FileLock(path, timeout=PATIENCE_S)
    try:
        lock.acquire()
    except Timeout as error:
        owner = _recorded(path)
        who = owner.described(datetime.datetime.now(datetime.UTC)) if owner else "another command"
        raise LockedError(f"{path.parent} is being changed by {who}; wait for it to end") from error
    try:
        dead = _recorded(path)
        since = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        path.write_text(json.dumps(asdict(Owner(command, os.getpid(), socket.gethostname(), since))), encoding="utf-8")
        try:
            yield dead
        finally:
            with contextlib.suppress(OSError):  # the folder may be gone, and what went wrong with it is told already
                path.write_text("", encoding="utf-8")
    finally:
        lock.release()


def owner_of(path: Path) -> Owner | None:
    """Who holds the lock at `path` now, or None; needs no permission to write."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _recorded(path)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def format_age(age: datetime.timedelta) -> str:
    """An age in its largest sensible unit; one that a clock set back makes negative counts as none."""
    seconds = max(0, int(age.total_seconds()))
    units = (("day", 86400, 2), ("hour", 3600, 1), ("minute", 60, 1), ("second", 1, 0))
    unit, length = next((unit, length) for unit, length, least in units if seconds >= least * length)
    count = seconds // length
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _recorded(path: Path) -> Owner | None:
    try:
        return Owner(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
