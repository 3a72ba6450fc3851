"""A server under load goes from snapshot to snapshot, and nobody notices; `make bench` publishes more often."""

from pathlib import Path

from index.encoder import Encoder
from tests.faults.publications import SETTLED_AFTER, publish
from tests.shared_reader import shared_reader

PUBLICATIONS = 8
MEMORY_FACTOR = 1.1
MORE_FILES = 5
"""Open files that may be connections of the moment; a server that lost one a publication would have more."""


def test_publications_under_load_lose_no_answer_mix_no_snapshots_and_leave_nothing_behind_in_the_server(
    tmp_path: Path, encoder: Encoder
) -> None:
    found = publish(tmp_path, encoder, shared_reader(), PUBLICATIONS)
    assert (found.unanswered, found.wrong) == ([], [])
    assert found.answered_from > PUBLICATIONS / 2
    settled, last = found.held[SETTLED_AFTER - 1], found.held[-1]
    assert last.memory_mb <= MEMORY_FACTOR * settled.memory_mb
    assert last.files <= settled.files + MORE_FILES
