"""A rebuild that is killed, whenever it is, leaves nothing that harms; `make bench` kills more of them."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.killing import RebuildProcesses, rebuild_processes
from tests.faults.random_kills import kill_at_random_moments
from tests.faults.step_kills import kill_at_write_steps

KILLS = 20
STRIDE = 6


@pytest.fixture(scope="module")
def rebuilds() -> Iterator[RebuildProcesses]:
    with rebuild_processes() as rebuilds:
        yield rebuilds


def test_a_rebuild_killed_at_random_moments_harms_neither_the_index_nor_what_a_server_answers(
    rebuilds: RebuildProcesses, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    found = kill_at_random_moments(rebuilds, tmp_path, KILLS, seed)
    assert (found.unanswered, found.wrong, found.damages, found.failures) == ([], [], [], [])
    assert found.kills == KILLS
    assert found.answered_from > 1


def test_a_rebuild_killed_at_a_write_step_leaves_whole_snapshots_and_the_next_one_succeeds(
    rebuilds: RebuildProcesses, tmp_path: Path
) -> None:
    found = kill_at_write_steps(rebuilds, tmp_path, STRIDE)
    assert (found.damages, found.failures) == ([], [])
    assert found.kills >= len(found.steps) // STRIDE
    assert 0 < found.published_by_killed < found.kills
