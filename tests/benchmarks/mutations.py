"""Rebuilds over damaged and hostile files of all formats: none may fail or hang, and each file must be accounted for.

Run: python -m tests.benchmarks.mutations [COUNT]. COUNT files in all, 10,000 unless told, the hostile ones among them.
"""

import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path, PurePosixPath

from rich.console import Console
from rich.table import Table

from corpus.archives import is_archive
from corpus.formats.table import format_of
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import SourceFile, find_files, make_sources
from corpus.workers import FileReader
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.corpus.hostile_files import hostile_files, hostile_lines
from tests.corpus.mutations import mutated_files
from tests.corpus.timed_reading import STRICT_LIMITS, TimedReadFile, TimedSkippedFile, outcome, read_timed
from tests.hashing_encoder import HashingEncoder

SEED = 20_251_128
FILES = 10_000
BATCH = 500
LINE = 100_000
TOLD = 10


@dataclass
class _Tally:
    """What became of the files of one format, those in archives counted with their archives."""

    files: int = 0
    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class _WatchedReader(FileReader):
    """Keeps what is read and how long it took."""

    def __init__(self) -> None:
        super().__init__(limits=STRICT_LIMITS, read=read_timed)
        self.results: list[tuple[str, str]] = []
        self.slowest: list[tuple[float, str, str]] = []

    def read(self, files: Iterable[SourceFile]) -> Iterator[ReadFile | SkippedFile]:
        for result in super().read(files):
            self.results.append((result.path, outcome(result)))
            if isinstance(result, (TimedReadFile, TimedSkippedFile)):
                self.slowest.append((result.seconds, result.path, outcome(result)))
            elif outcome(result) == "timeout":
                self.slowest.append((STRICT_LIMITS.seconds, result.path, "timeout"))
            self.slowest = sorted(self.slowest, reverse=True)[:TOLD]
            yield result


def main(count: int) -> None:
    hostile = [(file.name, file.make) for file in chain(hostile_files(), hostile_lines(LINE))][:count]
    mutated = ((file.name, file.content) for file in mutated_files(SEED, count - len(hostile)))
    files = chain(((name, make()) for name, make in hostile), mutated)
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    unaccounted: list[str] = []
    failures = 0
    started = time.perf_counter()
    slowest_batch = 0.0
    with _WatchedReader() as reader:
        while batch := list(islice(files, BATCH)):
            batch_started = time.perf_counter()
            with tempfile.TemporaryDirectory() as temporary:
                folder = Path(temporary)
                (folder / "docs").mkdir()
                for name, content in batch:
                    (folder / "docs" / name).write_bytes(content)
                reader.results.clear()
                failures += not _rebuilt(folder, reader)
                found = find_files(make_sources([folder / "docs"]), folder / "index")
                unaccounted += _account(found, reader.results, tallies)
            seconds = time.perf_counter() - started
            print(f"{sum(tally.files for tally in tallies.values()):,} files in {seconds:.0f} s", file=sys.stderr)
            slowest_batch = max(slowest_batch, time.perf_counter() - batch_started)
        _print(tallies, reader)
    codes = sum((tally.skipped for tally in tallies.values()), Counter())
    print(f"{count:,} files in {seconds:.0f} s, the slowest {BATCH} in {slowest_batch:.0f} s; limits {STRICT_LIMITS}")
    print(f"timeouts {codes['timeout']}, crashes of workers, contained: {codes['crash']}, memory {codes['memory']}")
    print(f"rebuilds that failed: {failures}")
    print(f"unaccounted: {len(unaccounted)} {unaccounted[:TOLD]}")
    if failures or unaccounted:
        sys.exit(1)


def _rebuilt(folder: Path, reader: FileReader) -> bool:
    """Whether all was read and published, with as many outcomes as results."""
    location = IndexLocation(folder / "index")
    sources = make_sources([folder / "docs"])
    try:
        report = rebuild(location, sources, HashingEncoder(), reader, SilentProgress())
    except Exception:  # told, counted, and the next batch goes on
        traceback.print_exc()
        return False
    assert isinstance(reader, _WatchedReader)
    return [outcome.path for outcome in report.outcomes] == [path for path, _ in reader.results]


def _account(found: list[SourceFile], results: list[tuple[str, str]], tallies: defaultdict[str, _Tally]) -> list[str]:
    """Count the results; the paths of files without one, of results without a file, and of what came twice."""
    expected = {file.path for file in found}
    results_of: Counter[str] = Counter()
    wrong = []
    for path, code in results:
        file = next((ancestor for ancestor in _ancestors(path) if ancestor in expected), None)
        if file is None:
            wrong.append(path)
            continue
        results_of[file] += 1
        tally = tallies[_kind(file)]
        tally.files += results_of[file] == 1
        if code == "read":
            tally.read += 1
        else:
            tally.skipped[code] += 1
    missing = [path for path in expected if not results_of[path]]
    twice = [path for path, count in results_of.items() if count > 1 and not is_archive(PurePosixPath(path))]
    return [*wrong, *missing, *twice]


def _ancestors(path: str) -> list[str]:
    return [path, *map(str, PurePosixPath(path).parents)]


def _kind(path: str) -> str:
    name = PurePosixPath(path)
    if is_archive(name):
        return "Zip archive" if name.suffix.lower() == ".zip" else "Tar archive"
    format_ = format_of(name)
    return format_.name if format_ else "Other"


def _print(tallies: dict[str, _Tally], reader: _WatchedReader) -> None:
    console = Console(width=120)
    table = Table("format", "files", "read", "skipped", "most frequent reasons", title="Damaged and hostile files")
    for kind, tally in sorted(tallies.items()):
        reasons = ", ".join(f"{code} {count:,}" for code, count in tally.skipped.most_common(3))
        table.add_row(kind, f"{tally.files:,}", f"{tally.read:,}", f"{tally.skipped.total():,}", reasons)
    console.print(table)
    slow = Table("seconds", "file", "outcome", title="Slowest files")
    for seconds, path, code in reader.slowest:
        slow.add_row(f"{seconds:.1f}", ascii(path), code)
    console.print(slow)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)
