"""The steps by which this process writes, and its death at one of them.

A step is what Python tells its audit hooks of files and folders that are written, each statement by which SQLite
writes, and each fsync. A process that is to die at a step dies before it is taken; where a file is opened, right after
that, when the file is there and empty.
"""

import contextlib
import os
import re
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

_EVENTS = frozenset(
    {
        "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate",
        "os.utime",
    }
)  # fmt: skip
_OPENED_TO_WRITE = os.O_WRONLY | os.O_RDWR
_WRITES_NO_FILE = re.compile(r"\s*(SELECT|PRAGMA|--|CREATE TEMP|INSERT OR IGNORE INTO used)")
"""Of SQLite's statements; `used` is a temporary table."""


class WriteSteps:
    """Writes each step of this process to the file `log`, a line each, and kills the process at step `kill_at`."""

    def __init__(self, log: int, kill_at: int | None) -> None:
        self._log = log
        self._kill_at = kill_at
        self._taken = 0
        self._dying = False

    def watch(self) -> None:
        """Begin; there is no end but that of the process."""
        sync, connect = os.fsync, sqlite3.connect

        def fsync(descriptor: int) -> None:
            self._step("fsync", Path(f"/proc/self/fd/{descriptor}").readlink())
            sync(descriptor)

        def traced(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
            connection.set_trace_callback(self._statement)
            return connection

        os.fsync, sqlite3.connect = fsync, traced
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._dying:
            return
        if event == "open":
            path, _, flags = arguments
            if flags & _OPENED_TO_WRITE and not isinstance(path, int):
                self._step(event, path, flags)
        elif event in _EVENTS:
            self._step(event, *arguments)

    def _statement(self, statement: str) -> None:
        if not _WRITES_NO_FILE.match(statement):
            self._step("sqlite", " ".join(statement.split())[:60])

    def _step(self, event: str, *arguments: object) -> None:
        self._taken += 1
        os.write(self._log, f"{event} {' '.join(map(str, arguments))}\n".encode())
        if self._taken == self._kill_at:
            self._dying = True
            if event == "open":
                path, flags = arguments
                with contextlib.suppress(OSError):  # as this process may have meant it to fail
                    os.open(str(path), int(str(flags)), 0o644)
            os.kill(os.getpid(), signal.SIGKILL)
