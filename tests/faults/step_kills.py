"""A rebuild killed at its write steps, one after the other, each time over the same index."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.location import IndexLocation
from index.retention import DEFAULT_KEEP
from tests.faults.editions import Editions
from tests.faults.invariants import damages, differences, leftovers
from tests.faults.killing import Ended, RebuildProcesses
from tests.faults.watched_rebuild import rebuild_in_process
from tests.hashing_encoder import HashingEncoder

_DECISIVE = re.compile(r"^os\.rename|/CURRENT|/history\.jsonl")
"""Steps that change what the index is, or is said to be."""


@dataclass(slots=True)
class StepKills:
    """What became of an index, by the steps that a rebuild was killed at; `steps` are all that a whole one takes."""

    steps: tuple[str, ...]
    kills: int = 0
    published_by_killed: int = 0
    damages: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def kill_at_write_steps(rebuilds: RebuildProcesses, folder: Path, stride: int) -> StepKills:
    """Kill a rebuild at every `stride`th of its write steps and at every decisive one, and let another one be done.

    The rebuild finds as many snapshots as are kept, so that it removes one.
    """
    editions = Editions(folder / "docs", seed=stride)
    base, index = folder / "base", folder / "index"
    location = IndexLocation(index)
    for _ in range(DEFAULT_KEEP):
        rebuild_in_process(editions.folder, base)
        editions.change()
    full = IndexLocation(folder / "full")
    rebuild_in_process(editions.folder, full.folder)
    shutil.copytree(base, index)
    whole = rebuilds.watched(editions.folder, index)
    assert whole.exit == 0, whole.printed
    found = StepKills(whole.steps)
    for step, told in enumerate(whole.steps, start=1):
        if step % stride and not _DECISIVE.search(told):
            continue
        shutil.rmtree(index)
        shutil.copytree(base, index)
        before = location.published()
        ended = rebuilds.watched(editions.folder, index, kill_at=step)
        _note(found, step, ended, location)
        found.published_by_killed += location.published() != before
        rebuild_in_process(editions.folder, index)
        found.failures += (f"step {step}: {left}" for left in _left(location, full))
    return found


def _note(found: StepKills, step: int, ended: Ended, location: IndexLocation) -> None:
    """Count the kill, and look at what it left."""
    told = f"step {step} ({ended.steps[-1]})"
    if not ended.killed:
        found.failures.append(f"{told}: the rebuild ended with exit code {ended.exit}: {ended.printed}")
    found.kills += ended.killed
    found.damages += (f"{told}: {damage}" for damage in damages(location, HashingEncoder()))


def _left(location: IndexLocation, full: IndexLocation) -> Iterator[str]:
    yield from leftovers(location)
    yield from damages(location)
    yield from differences(location, full)
