"""Speed of reading text files, and memory whatever their number: `python -m tests.benchmarks.reading`."""

import random
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.sources import find_files, make_sources
from corpus.workers import FileReader
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.hashing_encoder import HashingEncoder

TIMED_FILES = 2_000
FEW_FILES, MANY_FILES = 5_000, 50_000
WORDS = 3_000


def main() -> None:
    speed = Table("files of 2 KB", "seconds", "files/s", title="Reading, without embedding", title_justify="left")
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), TIMED_FILES, characters=2_000)
        seconds = _read_all(Path(folder))
    speed.add_row(f"{TIMED_FILES:,}", f"{seconds:.1f}", f"{TIMED_FILES / seconds:.0f}")
    memory = Table(
        "files of 0.3 KB",
        "main process MB",
        "largest worker MB",
        title="Peak memory of a rebuild",
        title_justify="left",
    )
    for count in (FEW_FILES, MANY_FILES):
        with tempfile.TemporaryDirectory() as folder:
            _write_files(Path(folder) / "docs", count, characters=300)
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # its peak is that of one rebuild
                main_mb, worker_mb = pool.submit(_peak_of_rebuild, Path(folder)).result()
        memory.add_row(f"{count:,}", f"{main_mb:.0f}", f"{worker_mb:.0f}")
    console = Console(width=100)
    console.print(speed)
    console.print(memory)


def _write_files(folder: Path, count: int, characters: int) -> None:
    chosen = random.Random(count)
    words = [f"{chosen.choice('bcdfglmnprst')}{chosen.choice('aeiou')}{number}" for number in range(WORDS)]
    for number in range(count):
        path = folder / f"{number // 1000}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        sentences = [f"{' '.join(chosen.choices(words, k=14)).capitalize()}." for _ in range(characters // 80)]
        path.write_text(f"Title: File {number}\n\n" + "\n\n".join(sentences), encoding="utf-8")


def _read_all(folder: Path) -> float:
    files = find_files(make_sources([folder]), folder / "index")
    started = time.perf_counter()
    with FileReader() as reader:
        assert sum(1 for _ in reader.read(files)) == TIMED_FILES
    return time.perf_counter() - started


def _peak_of_rebuild(folder: Path) -> tuple[float, float]:
    """Peak resident memory in MB of this process and of its largest worker."""
    with FileReader() as reader:
        sources = make_sources([folder / "docs"])
        rebuild(IndexLocation(folder / "index"), sources, HashingEncoder(), reader, SilentProgress())
    unit = 1024**2 if sys.platform == "darwin" else 1024
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, workers = (resource.getrusage(kind).ru_maxrss / unit for kind in kinds)
    return own, workers


if __name__ == "__main__":
    main()
