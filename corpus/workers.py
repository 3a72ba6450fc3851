"""Reads files in worker processes, so that what a parser does to itself costs one file.

Processes are pebble's (https://pebble.readthedocs.io), which ends one that overruns its time. They are started afresh
(`spawn`): a forked child of a process that has used FAISS can hang.
"""

import contextlib
import errno
import os
import resource
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from corpus.archives import MAX_NESTING, Member, is_archive, unpack
from corpus.distinct_names import distinct_names
from corpus.errors import DocumentError, SourceError
from corpus.formats.content import ReadingOptions
from corpus.reading import NEEDS_MEMORY, ReadFile, SkippedFile, parser_failure, read_file
from corpus.sources import SourceFile, pair_sidecars, printable

FILES_AHEAD = 8
"""For each worker, files given out before the first of them is asked for: results wait in memory."""
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
STARTING_SECONDS = 120
"""Within which a worker process must have been started, on however slow a machine."""
SECONDS = 120
SECONDS_WITH_OCR = 3600
"""Recognising a page takes seconds."""
MEMORY_MB = 2048


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one file may take, and how many are read at the same time."""

    seconds: float = SECONDS
    memory_mb: int = MEMORY_MB
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)


_Result = ReadFile | SkippedFile | list[Member]
_Task = Callable[[], _Result]
_Future = ProcessFuture[_Result]


@dataclass(frozen=True, slots=True)
class _Started:
    """A file given to a worker, with what the worker does.

    An archive has the folder that it is unpacked into, and no future: it is unpacked when its turn has come, so that
    no more lie unpacked on the disk than stand inside each other.
    """

    file: SourceFile
    task: _Task
    future: _Future | None = None
    folder: tempfile.TemporaryDirectory[str] | None = None


class FileReader:
    """A pool of worker processes that reads source files; ends with the `with` block."""

    def __init__(
        self,
        options: ReadingOptions | None = None,
        limits: ReadingLimits | None = None,
        read: Callable[[SourceFile, ReadingOptions], ReadFile | SkippedFile] = read_file,
    ) -> None:
        """`read` is what the workers call; they must be able to import it."""
        self._read_file = read
        self._options = options or ReadingOptions()
        self._limits = limits or ReadingLimits()
        self._pool = self._new_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    @property
    def options(self) -> ReadingOptions:
        """How files are read."""
        return self._options

    def read(self, files: Iterable[SourceFile]) -> Iterator[ReadFile | SkippedFile]:
        """What is in `files`, in their order; the files of an archive stand in its place. Holds few of them at once."""
        return (result for _, result in self.read_by_file(files))

    def read_by_file(
        self, files: Iterable[SourceFile], scratch: Path | None = None
    ) -> Iterator[tuple[SourceFile, ReadFile | SkippedFile]]:
        """As `read`, each with the one of `files` that it comes from: an archive comes once for each file in it.

        Archives are unpacked in the folder `scratch`, or where the system keeps temporary files. Raises OSError where
        there is no space left for that.
        """
        return self._read(iter(files), scratch, nesting=0)

    def _read(
        self, files: Iterator[SourceFile], scratch: Path | None, nesting: int
    ) -> Iterator[tuple[SourceFile, ReadFile | SkippedFile]]:
        ahead: deque[_Started] = deque()
        try:
            while True:
                while len(ahead) < FILES_AHEAD * self._limits.workers and (file := next(files, None)):
                    ahead.append(self._start(file, scratch, nesting))
                if not ahead:
                    return
                started = ahead.popleft()
                with started.folder or contextlib.nullcontext():
                    result = self._result(started)
                    if isinstance(result, list):
                        for _, member in self._read(iter(_member_files(started.file, result)), scratch, nesting + 1):
                            yield started.file, member
                    else:
                        yield started.file, result
        finally:  # also where the rebuild is given up
            for left in ahead:
                if left.future:
                    left.future.cancel()  # type: ignore[no-untyped-call]
                if left.folder:
                    left.folder.cleanup()

    def _start(self, file: SourceFile, scratch: Path | None, nesting: int) -> _Started:
        archive = not file.skip and is_archive(PurePosixPath(file.path))
        if archive and nesting < MAX_NESTING:
            folder = tempfile.TemporaryDirectory(prefix="citebox-", dir=scratch, ignore_cleanup_errors=True)
            return _Started(file, partial(_unpack, file, Path(folder.name)), folder=folder)
        if archive:
            reason = f"archives are unpacked to {MAX_NESTING} levels inside each other; unpack this one yourself"
            file = replace(file, skip=("nesting", reason))
        reading = partial(self._read_file, file, self._options)
        return _Started(file, reading, self._schedule(reading))

    def _schedule(self, task: _Task) -> _Future:
        if not self._pool.active:
            self.close()
            self._pool = self._new_pool()
        return self._pool.schedule(task, timeout=self._limits.seconds)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._limits.workers,
            initializer=_prepare_worker,
            initargs=(self._limits.memory_mb,),
            context=get_context("spawn"),
        )

    def _result(self, started: _Started) -> _Result:
        path = started.file.path
        try:
            try:
                return self._wait(started.future or self._schedule(started.task))
            except BrokenProcessPool:  # a worker ended between two files, it is not known after which
                return self._wait(self._schedule(started.task))
        except (ProcessExpired, BrokenProcessPool):
            reason = f"its parser crashed, or needed more than {self._limits.memory_mb} MB (--memory-limit)"
            return SkippedFile(path, "crash", reason)
        except FutureTimeoutError:
            reason = f"reading it took longer than {self._limits.seconds:g} seconds (--time-limit)"
            return SkippedFile(path, "timeout", reason)
        except MemoryError:  # while the result was handed over
            return SkippedFile(path, "memory", NEEDS_MEMORY)
        except SourceError:
            raise
        except OSError as error:
            if error.errno in NO_SPACE:
                raise
            return parser_failure(path, error)
        except Exception as error:  # what was read could not be handed over
            return parser_failure(path, error)

    def _wait(self, future: _Future) -> _Result:
        """The result of the oldest task: if no worker took it up, none can be started, which raises SourceError."""
        try:
            return future.result(timeout=self._limits.seconds + STARTING_SECONDS)
        except FutureTimeoutError as error:
            if future.done():
                raise
            reason = "the processes that read files end as soon as they are started; is there memory left for them?"
            raise SourceError(reason) from error


def _member_files(archive: SourceFile, members: list[Member]) -> list[SourceFile]:
    given = [f"{archive.path}/{printable(member.name)}" if member.name else archive.path for member in members]
    files = [
        SourceFile(path, member.location or archive.location, skip=member.skip)
        for path, member in zip(distinct_names(given), members, strict=True)
    ]
    return pair_sidecars(files)


def _unpack(archive: SourceFile, folder: Path) -> list[Member] | SkippedFile:
    try:
        return unpack(archive.location, PurePosixPath(archive.path).name, folder)
    except DocumentError as error:
        return SkippedFile(archive.path, error.code, str(error))
    except OSError as error:
        if error.errno in NO_SPACE:
            raise  # of no fault of the archive: leaving it out would lose what it holds
        return SkippedFile(archive.path, "unreadable", f"cannot be unpacked: {error.strerror or error}")


def _prepare_worker(memory_mb: int) -> None:
    """Limit this worker's memory; keep what parser libraries print to themselves, and a crash from leaving a dump."""
    limit = memory_mb * 1024**2
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not os.environ.get("CITEBOX_DEBUG"):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
