from pathlib import Path

import pytest

from index.location import CURRENT_FILE, IndexLocation, RebuildError
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
    with pytest.raises(RebuildError, match="cannot be written"), IndexLocation(tmp_path / "index").lock():
        pass


def test_publishing_moves_the_snapshot_and_names_it(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    folder = location.publish(prepare(location, "one"), "20250101-one")
    assert folder == location.published() == tmp_path / "snapshots" / "20250101-one"
    assert (folder / "sub" / "file").read_text() == "one"
    assert (tmp_path / CURRENT_FILE).read_text() == "20250101-one\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "snapshots"]


def test_the_last_published_is_current_and_the_others_stay(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    for name in ("2", "1"):
        location.publish(prepare(location, name), name)
    assert location.published_id() == "1"
    assert [path.name for path in location.snapshots()] == ["1", "2"]


def test_a_snapshot_is_complete_before_it_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = IndexLocation(tmp_path)
    location.publish(prepare(location, "old"), "1")
    steps: list[tuple[str, str | None, bool]] = []
    rename, replace = Path.rename, Path.replace

    def watch_rename(path: Path, target: Path) -> Path:
        steps.append(("rename", location.published_id(), target.exists()))
        return rename(path, target)

    def watch_replace(path: Path, target: Path) -> Path:
        steps.append(("replace", location.published_id(), (location.snapshots_folder / "2").exists()))
        return replace(path, target)

    monkeypatch.setattr(Path, "rename", watch_rename)
    monkeypatch.setattr(Path, "replace", watch_replace)
    location.publish(prepare(location, "new"), "2")
    assert steps == [("rename", "1", False), ("replace", "1", True)]


def test_a_snapshot_being_built_is_not_listed(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    prepare(location, "unfinished")
    assert location.snapshots() == []


def test_a_prepared_folder_is_removed_after_an_error(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path)
    with pytest.raises(ZeroDivisionError), location.lock(), location.prepare() as folder:
        (folder / "file").write_text("x")
        raise ZeroDivisionError
    assert list(location.snapshots_folder.iterdir()) == []


def test_a_current_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / CURRENT_FILE).write_bytes(b"\xff")
    with pytest.raises(SnapshotError, match="CURRENT cannot be read"):
        IndexLocation(tmp_path).published_id()


def test_the_lock_is_for_one(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path / "index")
    with location.lock():
        with pytest.raises(RebuildError, match=r"another rebuild of .* is running"), location.lock():
            pass
        with pytest.raises(RebuildError), IndexLocation(tmp_path / "index").lock():
            pass


def test_the_lock_is_released_after_an_error(tmp_path: Path) -> None:
    location = IndexLocation(tmp_path / "index")
    with pytest.raises(ZeroDivisionError), location.lock():
        raise ZeroDivisionError
    with location.lock():
        pass
