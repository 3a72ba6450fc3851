import datetime
import os
import signal
from pathlib import Path

import pytest

from index.location import CURRENT_FILE, IndexLocation, RebuildError, uninterrupted
from index.lock import LockedError
from index.manifest import SnapshotError


def prepare(location: IndexLocation, text: str) -> Path:
    folder = location.snapshots_folder / ".building-x"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "file").write_text(text)
    return folder


def test_before_the_first_rebuild_it_says_how_to_build(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path / "index")
    assert location.published_id() is None
    assert location.snapshots() == []
    with pytest.raises(SnapshotError, match=r"no index in .*; build one with: citebox rebuild FOLDER --index .*/index"):
        location.published()


def test_a_file_in_place_of_the_folder_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    assert IndexLocation(tmp_path / "index").published_id() is None
    with pytest.raises(RebuildError, match="cannot be written"), IndexLocation(tmp_path / "index").lock("test"):
        pass


def put(location: IndexLocation, snapshot_id: str) -> Path:
    """Complete and publish a snapshot."""
    folder = location.complete(prepare(location, snapshot_id), snapshot_id)
    location.publish(snapshot_id)
    return folder


def test_publishing_moves_the_snapshot_and_names_it(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    folder = put(location, "20250101-one")
    assert folder == location.published() == tmp_path / "snapshots" / "20250101-one"
    assert (folder / "sub" / "file").read_text() == "20250101-one"
    assert (tmp_path / CURRENT_FILE).read_text() == "20250101-one\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "snapshots"]


def test_the_last_published_is_current_and_the_others_stay(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    for name in ("2", "1"):
        put(location, name)
    assert location.published_id() == "1"
    assert [path.name for path in location.snapshots()] == ["1", "2"]


def test_a_complete_snapshot_is_not_published_by_itself(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    put(location, "1")
    location.complete(prepare(location, "2"), "2")
    assert location.published_id() == "1"
    assert [path.name for path in location.snapshots()] == ["1", "2"]


def test_every_file_is_on_the_disk_before_the_snapshot_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = IndexLocation(tmp_path)
    prepared = prepare(location, "x")
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def watch_fsync(descriptor: int) -> None:
        steps.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    def watch_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(Path, "rename", watch_rename)
    location.complete(prepared, "1")
    assert sorted(steps[:3]) == [".building-x", "file", "sub"]
    assert steps[3:] == ["rename", "snapshots"]


NOON = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)


def test_an_id_tells_when_the_snapshot_was_built(tmp_path: Path) -> None:
    assert IndexLocation(tmp_path).new_id(NOON, "abc") == "20250601T120000.000000Z-abc"


@pytest.mark.parametrize("hours_back", [0, 5])
def test_ids_stay_in_order_when_the_clock_stands_or_is_set_back(tmp_path: Path, hours_back: int) -> None:
    location = IndexLocation(tmp_path)
    put(location, location.new_id(NOON, "fff"))
    later = location.new_id(NOON - datetime.timedelta(hours=hours_back), "000")
    put(location, later)
    assert later == "20250601T120000.000001Z-000"
    assert [path.name for path in location.snapshots()][-1] == later


def test_a_snapshot_being_built_is_not_listed(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    prepare(location, "unfinished")
    assert location.snapshots() == []


def test_a_prepared_folder_is_removed_after_an_error(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    with pytest.raises(ZeroDivisionError), location.lock("test"), location.prepare() as folder:
        (folder / "file").write_text("x")
        raise ZeroDivisionError
    assert list(location.snapshots_folder.iterdir()) == []


def test_a_current_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / CURRENT_FILE).write_bytes(b"\xff")
    with pytest.raises(SnapshotError, match="CURRENT cannot be read"):
        IndexLocation(tmp_path).published_id()


def test_the_lock_is_for_one_and_names_who_has_it(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path / "index")
    with location.lock("citebox rebuild"):
        told = rf"changed by citebox rebuild \(process {os.getpid()} on .*, for \d+ seconds?\); wait for it to end"
        with pytest.raises(LockedError, match=told), location.lock("citebox prune"):
            pass
        with pytest.raises(LockedError), IndexLocation(tmp_path / "index").lock("citebox prune"):
            pass


def test_the_lock_is_released_after_an_error(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path / "index")
    with pytest.raises(ZeroDivisionError), location.lock("test"):
        raise ZeroDivisionError
    with location.lock("test") as dead:
        assert dead is None


def test_a_signal_waits_for_what_must_not_be_cut_short(tmp_path: Path) -> None:
    done = False
    with uninterrupted():
        signal.raise_signal(signal.SIGINT)
        done = True
    assert done
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("named", ["", "\n", "..", "../elsewhere", "a/b"])
def test_a_current_file_that_names_no_snapshot_is_told(tmp_path: Path, named: str) -> None:
    (tmp_path / CURRENT_FILE).write_text(named)
    with pytest.raises(SnapshotError, match="names no snapshot; publish one with `citebox rollback`"):
        IndexLocation(tmp_path).published_id()


def test_a_snapshot_that_was_only_held_back_is_told_with_how_to_publish_it(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    location.complete(prepare(location, "1"), "1")
    with pytest.raises(SnapshotError, match=r"nothing is published in .* citebox rollback --to 1 --index"):
        location.published()
