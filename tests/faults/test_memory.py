"""Too little memory: a rebuild ends with an error that says so, at worst by a signal, and what is published stays."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus.sources import make_sources
from index.encoder import Vectors
from index.location import IndexLocation, RebuildError
from index.progress import Advance, SilentProgress
from index.rebuild import rebuild
from index.report import RebuildReport
from tests.conftest import write_files
from tests.faults.driven import found_by
from tests.faults.little_memory import DONE, TOLD
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

NOT_ENOUGH = "not enough memory to build the index; .* published before stays published"


class Glutton(HashingEncoder):
    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        raise MemoryError


class ThreadlessEncoder(HashingEncoder):
    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("encoder", [Glutton(), ThreadlessEncoder()], ids=["memory", "thread"])
def test_a_model_that_runs_out_of_memory_is_told_and_the_next_rebuild_succeeds(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path, encoder: HashingEncoder
) -> None:
    old = build({"a.txt": "Oil was sold."}).snapshot
    location, sources = IndexLocation(tmp_path / "index"), make_sources([tmp_path / "docs"])
    write_files(tmp_path / "docs", {"b.txt": "Gas was sold."})
    with pytest.raises(RebuildError, match=NOT_ENOUGH):
        rebuild(location, sources, encoder, shared_reader(), SilentProgress())
    assert location.published_id() == old
    assert [path.name for path in location.snapshots_folder.iterdir()] == [old]
    assert build({}).snapshot != old


def test_a_process_that_may_not_take_enough_memory_publishes_nothing(tmp_path: Path) -> None:
    """For a limit of its own, libraries in other languages may end the process; `TOLD` is what most come to."""
    first, *limited, last = found_by("tests.faults.little_memory", tmp_path)
    published = first["published"]
    for one in limited:
        assert (one["published"] == published) == (one["code"] != DONE), one
        published = one["published"]
    assert TOLD in {one["code"] for one in limited}
    assert last["code"] == first["code"] == DONE
    assert last["published"] != published
