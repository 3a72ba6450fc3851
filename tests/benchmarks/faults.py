"""Rebuilds that are killed, and publications under load, more of both than the tests can wait for.

Run: python -m tests.benchmarks.faults [KILLS [STRIDE [PUBLICATIONS]]]. Kills KILLS rebuilds (200) at random moments
while a server is asked, then one at every STRIDE-th write step (1: at each), and publishes PUBLICATIONS times (50)
under concurrent clients. Below the table: everything that was wrong, and the seed that repeats the random moments.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from corpus.workers import FileReader
from index.encoders import prepare_encoder
from index.models import locate_model
from index.progress import SilentProgress
from tests.faults.killing import rebuild_processes
from tests.faults.publications import CLIENTS, SETTLED_AFTER, Publications, publish
from tests.faults.random_kills import RandomKills, kill_at_random_moments
from tests.faults.step_kills import StepKills, kill_at_write_steps

Found = TypeVar("Found")


def main(kills: int = 200, stride: int = 1, publications: int = 50) -> None:
    seed = random.SystemRandom().randrange(10**6)
    with rebuild_processes() as rebuilds:
        at_random, random_s = _timed(lambda folder: kill_at_random_moments(rebuilds, folder, kills, seed))
        at_steps, steps_s = _timed(lambda folder: kill_at_write_steps(rebuilds, folder, stride))
    encoder = prepare_encoder(locate_model(), SilentProgress())
    with FileReader() as reader:
        published, published_s = _timed(lambda folder: publish(folder, encoder, reader, publications))
    print("| | kills | publications | requests | failed requests | wrong answers | damage | other failures | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    print(_of_random(at_random, random_s))
    print(_of_steps(at_steps, steps_s))
    print(_of_publications(published, published_s))
    print(f"\n{at_random.published_by_killed} and {at_steps.published_by_killed} of the killed rebuilds had published")
    settled, last = published.held[SETTLED_AFTER - 1], published.held[-1]
    print(
        f"server after publication {SETTLED_AFTER}: {settled.memory_mb:.0f} MB, {settled.files} open files; "
        f"after the last: {last.memory_mb:.0f} MB, {last.files} open files"
    )
    print(f"seed {seed}")
    wrong = [
        *(*at_random.unanswered, *at_random.wrong, *at_random.damages, *at_random.failures),
        *(*at_steps.damages, *at_steps.failures),
        *(*published.unanswered, *published.wrong),
    ]
    print(*wrong, sep="\n")
    if wrong:
        sys.exit(1)


def _timed(trial: Callable[[Path], Found]) -> tuple[Found, float]:
    """What the trial finds in a folder of its own, and how many seconds it takes."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        found = trial(Path(folder))
        return found, time.perf_counter() - started


def _of_random(found: RandomKills, seconds: float) -> str:
    return (
        f"| killed at random moments | {found.kills} | {found.answered_from} answered from | {found.requests:,} | "
        f"{len(found.unanswered)} | {len(found.wrong)} | {len(found.damages)} | {len(found.failures)} | {seconds:.0f} |"
    )


def _of_steps(found: StepKills, seconds: float) -> str:
    return (
        f"| killed at write steps, of {len(found.steps)} | {found.kills} | | | | | "
        f"{len(found.damages)} | {len(found.failures)} | {seconds:.0f} |"
    )


def _of_publications(found: Publications, seconds: float) -> str:
    return (
        f"| published under {CLIENTS} clients | | {len(found.held)} | {found.requests:,} | "
        f"{len(found.unanswered)} | {len(found.wrong)} | | | {seconds:.0f} |"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
