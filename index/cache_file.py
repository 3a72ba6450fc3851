"""A file of the cache: a SQLite database that may be lost at any time, and costs time only when it is.

It is used under the index's lock alone, and what a rebuild that was killed had committed is in it.
"""

import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

KEYS_PER_STATEMENT = 500
"""SQLite takes a limited number of variables in one statement."""


_DAMAGE = (sqlite3.Error, ValueError, OverflowError)
"""What reading a damaged file raises: values may be of any kind, and texts no UTF-8."""


_PRIMARY = 0xFF
"""SQLite's result codes tell more in the higher bits."""
_OF_THE_SYSTEM = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_CANTOPEN,
)


class CacheFile:
    """A SQLite database with the tables of `schema`, begun anew where it is damaged."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        path.parent.mkdir(exist_ok=True)
        try:
            self._connection = self._open()
        except _DAMAGE as error:
            self._begin_anew(error)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def attempt(self, use: Callable[[sqlite3.Connection], Result]) -> Result:
        """What `use` gives; where the file turns out to be damaged, what it gives of an empty one."""
        try:
            return use(self._connection)
        except _DAMAGE as error:
            self._begin_anew(error)
            return use(self._connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # before WAL: then it needs no shared memory
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(self._schema)
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_of_the_system(self, error: Exception) -> bool:
        """Whether the disk, the memory or a permission is to blame, and not what is in the file."""
        code: int | None = getattr(error, "sqlite_errorcode", None)
        if code is None or code == sqlite3.SQLITE_IOERR_SHORT_READ:  # the file was cut short
            return False
        if code & _PRIMARY == sqlite3.SQLITE_READONLY:  # so it says of a damaged header, too
            return not os.access(self._path, os.W_OK)
        return code & _PRIMARY in _OF_THE_SYSTEM

    def _begin_anew(self, error: Exception) -> None:
        """Raises what SQLite, or the system, raises where no such file can be written at all."""
        if self._is_of_the_system(error):
            raise error
        logger.warning("%s is damaged (%s) and is begun anew", self._path, error)
        if hasattr(self, "_connection"):
            self._connection.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._connection = self._open()
