import datetime
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.history import Publication, append_history
from index.leases import Lease
from index.location import BUILDING_PREFIX, CURRENT_FILE, REMOVING_PREFIX, IndexLocation, RebuildError
from index.manifest import MANIFEST_FILE, Counts
from index.retention import Pruned, previous, prune
from tests.conftest import REPOSITORY

READ = """
import sys, time
from pathlib import Path
from index.leases import Lease
lease = Lease(Path(sys.argv[1]))
print("reading", flush=True)
time.sleep(60)
"""


@pytest.fixture
def location(tmp_path: Path) -> IndexLocation:
    return IndexLocation(tmp_path)


def put(location: IndexLocation, snapshot: str, published: bool | None = True) -> Path:
    """A snapshot of 100 bytes; the history has it published, held back, or (None) not at all. CURRENT stays."""
    folder = location.snapshot(snapshot)
    folder.mkdir(parents=True)
    (folder / MANIFEST_FILE).write_bytes(b" " * 100)
    if published is not None:
        written = Publication("2025-06-01T12:00:00+00:00", "rebuild", snapshot, "", Counts(1, 1, 1, 1), published)
        append_history(location.folder, written)
    return folder


def ids(location: IndexLocation) -> list[str]:
    return [folder.name for folder in location.snapshots()]


def test_the_newest_snapshots_are_kept_and_the_published_one_counts(location: IndexLocation) -> None:
    for name in "abcd":
        put(location, name)
    location.publish("d")
    assert prune(location, 2) == Pruned(("a", "b"), (), 200)
    assert ids(location) == ["c", "d"]
    assert prune(location, 2) == Pruned((), (), 0)


def test_the_published_snapshot_stays_however_old(location: IndexLocation) -> None:
    for name in "abcd":
        put(location, name)
    location.publish("a")
    assert prune(location, 2).removed == ("b", "c")
    assert prune(location, 1).removed == ("d",)
    assert ids(location) == ["a"]


def test_what_another_process_reads_stays_until_it_ends(location: IndexLocation) -> None:
    put(location, "a")
    put(location, "b")
    location.publish("b")
    command = [sys.executable, "-c", READ, str(location.snapshot("a"))]
    reader = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert reader.stdout
    try:
        assert reader.stdout.readline() == "reading\n"
        assert prune(location, 1) == Pruned((), ("a",), 0)
        assert ids(location) == ["a", "b"]
    finally:
        reader.kill()
        reader.wait()
        reader.stdout.close()
    assert prune(location, 1).removed == ("a",)


def test_of_those_held_back_the_newest_stays_while_it_is_newer(location: IndexLocation) -> None:
    put(location, "a")
    for name in "bc":
        put(location, name, published=False)
    location.publish("a")
    assert prune(location, 1).removed == ("b",)
    put(location, "d")
    location.publish("d")
    assert prune(location, 9).removed == ("c",)
    assert ids(location) == ["a", "d"]


def test_one_that_was_held_back_and_then_published_counts_as_published(location: IndexLocation) -> None:
    put(location, "a", published=False)
    append_history(location.folder, Publication("", "rollback", "a", "", Counts(1, 1, 1, 1)))
    put(location, "b")
    location.publish("b")
    assert prune(location, 2).removed == ()


def test_one_that_the_history_does_not_know_counts_as_published(location: IndexLocation) -> None:
    for name in "abc":
        put(location, name, published=None)
    location.publish("c")
    assert prune(location, 2).removed == ("a",)


def test_what_killed_commands_left_behind_is_removed(location: IndexLocation) -> None:
    put(location, "a")
    location.publish("a")
    for name in (f"{BUILDING_PREFIX}x", f"{REMOVING_PREFIX}y"):
        folder = location.snapshots_folder / name
        folder.mkdir()
        (folder / "file").write_bytes(b" " * 7)
    assert prune(location, 1) == Pruned((), (), 14)
    assert [path.name for path in location.snapshots_folder.iterdir()] == ["a"]


def test_a_prune_killed_while_it_removes_leaves_no_half_snapshot(
    location: IndexLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(location, "a")
    put(location, "b")
    location.publish("b")

    def killed(folder: Path) -> None:
        raise KeyboardInterrupt(folder)

    monkeypatch.setattr(shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        prune(location, 1)
    monkeypatch.undo()
    assert ids(location) == ["b"]
    assert prune(location, 1) == Pruned((), (), 100)


def test_what_cannot_be_removed_is_named(location: IndexLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    put(location, "a")
    put(location, "b")
    location.publish("b")

    def refuse(folder: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(folder), None, str(target))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(RebuildError, match=r"snapshots/a cannot be removed: Permission denied"):
        prune(location, 1)


def test_nothing_is_removed_while_it_is_not_known_what_is_published(location: IndexLocation) -> None:
    for name in "ab":
        put(location, name)
    (location.folder / CURRENT_FILE).write_bytes(b"\xff")
    with pytest.raises(Exception, match="CURRENT cannot be read"):
        prune(location, 1)
    assert ids(location) == ["a", "b"]


def test_a_published_snapshot_that_is_gone_takes_no_place(location: IndexLocation) -> None:
    for name in "ab":
        put(location, name)
    location.publish("gone")
    assert prune(location, 1).removed == ("a",)


def test_order_is_by_id_where_the_clock_was_set_back(location: IndexLocation) -> None:
    noon = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
    for hours_back in range(3):
        put(location, location.new_id(noon - datetime.timedelta(hours=hours_back), f"{9 - hours_back}"))
    first, second, third = ids(location)
    location.publish(third)
    assert previous(location).name == second
    assert prune(location, 2).removed == (first,)


@given(
    standings=st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=8),
    read=st.sets(st.integers(0, 7)),
    current=st.integers(0, 7),
    keep=st.integers(1, 5),
)
def test_pruning_never_takes_what_is_published_or_read_and_never_too_much(
    tmp_path_factory: pytest.TempPathFactory,
    standings: Sequence[bool | None],
    read: set[int],
    current: int,
    keep: int,
) -> None:
    location = IndexLocation(tmp_path_factory.mktemp("index"))
    folders = [put(location, str(number), standing) for number, standing in enumerate(standings)]
    published = folders[current % len(folders)]
    location.publish(published.name)
    readers = {folder: Lease(folder) for number, folder in enumerate(folders) if number in read}
    pruned = prune(location, keep)
    left = location.snapshots()
    assert {published, *readers} <= set(left)
    assert set(pruned.in_use) <= {folder.name for folder in readers}
    unread = [folder for folder in left if folder.name not in pruned.in_use]
    not_held = [folder for folder in unread if folder == published or standings[int(folder.name)] is not False]
    candidates = sum(standings[int(folder.name)] is not False or folder == published for folder in folders)
    assert len(not_held) == min(keep, candidates)
    assert len(unread) - len(not_held) <= 1
    for lease in readers.values():
        lease.release()


def test_the_one_before_is_the_newest_older_one_that_no_gate_held_back(location: IndexLocation) -> None:
    for name, published in (("a", True), ("b", True), ("c", False), ("d", True), ("e", True)):
        put(location, name, published)
    location.publish("d")
    assert previous(location).name == "b"
    location.publish("b")
    assert previous(location).name == "a"


def test_one_known_to_have_been_published_comes_before_one_that_is_not(location: IndexLocation) -> None:
    put(location, "a")
    put(location, "b", published=None)
    put(location, "c")
    location.publish("c")
    assert previous(location).name == "a"
    shutil.rmtree(location.snapshot("a"))
    assert previous(location).name == "b"


@pytest.mark.parametrize("current", [None, b"\xff"], ids=["missing", "unreadable"])
def test_without_a_published_snapshot_the_newest_comes_first(location: IndexLocation, current: bytes | None) -> None:
    for name in "ab":
        put(location, name)
    if current is not None:
        (location.folder / CURRENT_FILE).write_bytes(current)
    assert previous(location).name == "b"


def test_where_there_is_none_before_the_others_are_named(location: IndexLocation) -> None:
    put(location, "a", published=False)
    for name in "bc":
        put(location, name)
    location.publish("b")
    with pytest.raises(RebuildError, match=r"was published before the one that is; .* --to SNAPSHOT: c, b, a"):
        previous(location)
