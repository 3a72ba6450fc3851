"""A rebuild that takes the write steps of the real one, and needs neither a model nor other processes."""

from pathlib import Path

from corpus.sources import make_sources
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.faults.in_process import InProcessReader
from tests.hashing_encoder import HashingEncoder


def rebuild_in_process(docs: Path, index: Path) -> None:
    """Rebuild `index` of the folder `docs`."""
    rebuild(IndexLocation(index), make_sources([docs]), HashingEncoder(), InProcessReader(), SilentProgress())
