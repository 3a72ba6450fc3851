"""Tells how long each file took to read; a module, so that worker processes can load it."""

import time
from dataclasses import dataclass, fields

from corpus.formats.content import ReadingOptions
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile
from corpus.workers import ReadingLimits

STRICT_LIMITS = ReadingLimits(seconds=20, memory_mb=1024, workers=2)
"""Far below the limits that a rebuild has by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedReadFile(ReadFile):
    """A file read, and the seconds it took."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedSkippedFile(SkippedFile):
    """A file skipped, and the seconds it took."""

    seconds: float


def read_timed(file: SourceFile, options: ReadingOptions) -> TimedReadFile | TimedSkippedFile:
    """Reads the file, and tells the time."""
    started = time.perf_counter()
    result = read_file(file, options)
    seconds = time.perf_counter() - started
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    if isinstance(result, ReadFile):
        return TimedReadFile(**values, seconds=seconds)
    return TimedSkippedFile(**values, seconds=seconds)


def outcome(result: ReadFile | SkippedFile) -> str:
    """`read`, or the code why not."""
    return result.code if isinstance(result, SkippedFile) else "read"
