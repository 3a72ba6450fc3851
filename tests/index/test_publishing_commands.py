import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.errors import CiteboxError
from index.history import HISTORY_FILE, Publication, append_history, read_history
from index.leases import Lease
from index.location import CURRENT_FILE, IndexLocation, RebuildError
from index.lock import LockedError
from index.manifest import Counts, SnapshotError
from index.report import RebuildReport
from web.cli import app


@pytest.fixture
def location(tmp_path: Path) -> IndexLocation:
    return IndexLocation(tmp_path / "index")


@pytest.fixture
def ids(build: Callable[[dict[str, str | bytes]], RebuildReport]) -> tuple[str, str]:
    """Of two snapshots, of which the later one is published."""
    return build({"a.txt": "Tea grows in Assam."}).snapshot, build({"b.txt": "Oil lies under Basra."}).snapshot


def run(location: IndexLocation, *arguments: str) -> Result:
    """The command, whose errors are raised."""
    result = CliRunner().invoke(app, [*arguments, "--index", str(location.folder)])
    if isinstance(result.exception, CiteboxError):
        raise result.exception
    return result


def told(result: Result) -> str:
    """What was printed, without the frame around a wrong usage."""
    return " ".join(result.output.replace("│", " ").split())


def test_rollback_publishes_the_snapshot_before_and_writes_that_down(
    location: IndexLocation, ids: tuple[str, str]
) -> None:
    result = run(location, "rollback", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"snapshot": ids[0], "previous": ids[1], "published": True}
    assert location.published_id() == ids[0]
    last = read_history(location.folder)[-1]
    assert (last.action, last.snapshot, last.command) == ("rollback", ids[0], "citebox rollback")
    assert (last.published, last.forced) == (True, False)
    assert last.counts == Counts(1, 1, 1, 1)


def test_rollback_goes_to_a_snapshot_that_is_named_in_full_or_by_its_beginning(
    location: IndexLocation, ids: tuple[str, str]
) -> None:
    run(location, "rollback", "--to", ids[0])
    assert location.published_id() == ids[0]
    result = run(location, "rollback", "--to", ids[1][:-1])
    assert location.published_id() == ids[1]
    assert f"published snapshot {ids[1]}; before: {ids[0]}" in told(result)
    assert read_history(location.folder)[-1].command == f"citebox rollback --to {ids[1][:-1]}"


@pytest.mark.parametrize(
    ("beginning", "problem"),
    [("1999", "there is no snapshot '1999'"), ("2", "2 snapshots begin with '2'"), ("", "there is no snapshot ''")],
    ids=["unknown", "ambiguous", "empty"],
)
def test_a_name_that_is_not_of_one_snapshot_is_wrong_usage_and_lists_them(
    location: IndexLocation, ids: tuple[str, str], beginning: str, problem: str
) -> None:
    result = run(location, "rollback", "--to", beginning)
    assert result.exit_code == 2
    assert problem in told(result)
    assert all(name in told(result) for name in ids)
    assert location.published_id() == ids[1]


def test_rollback_to_what_is_published_changes_nothing(location: IndexLocation, ids: tuple[str, str]) -> None:
    run(location, "rollback", "--to", ids[1])
    before = read_history(location.folder)
    result = run(location, "rollback", "--to", ids[1])
    assert result.exit_code == 0
    assert "is the published one already" in result.stdout
    assert read_history(location.folder) == before


def test_a_damaged_snapshot_is_not_published(location: IndexLocation, ids: tuple[str, str]) -> None:
    (location.snapshot(ids[0]) / "texts.sqlite").write_bytes(b"x")
    with pytest.raises(SnapshotError, match=rf"{ids[0]} was not published: .*texts\.sqlite"):
        run(location, "rollback")
    assert location.published_id() == ids[1]
    assert "rollback" not in {publication.action for publication in read_history(location.folder)}


@pytest.mark.parametrize("harm", ["damaged", "gone", "unreadable"])
def test_rollback_helps_where_the_published_snapshot_is_no_good(
    location: IndexLocation, ids: tuple[str, str], harm: str
) -> None:
    match harm:
        case "damaged":
            (location.published() / "manifest.json").write_bytes(b"x")
        case "gone":
            location.publish(f"{ids[1]}-gone")
        case _:
            (location.folder / CURRENT_FILE).write_bytes(b"\xff")
    expected = ids[0] if harm == "damaged" else ids[1]
    run(location, "rollback")
    assert location.published_id() == expected
    assert read_history(location.folder)[-1].snapshot == expected


def test_rollback_without_an_earlier_snapshot_says_so(
    build: Callable[[dict[str, str | bytes]], RebuildReport], location: IndexLocation
) -> None:
    only = build({"a.txt": "Tea grows in Assam."}).snapshot
    with pytest.raises(RebuildError, match=rf"was published before the one that is; .* {only}"):
        run(location, "rollback")


def test_one_that_a_gate_held_back_is_published_when_named_and_counts_as_forced(
    location: IndexLocation, ids: tuple[str, str]
) -> None:
    run(location, "rollback")
    published = read_history(location.folder)[-1]
    (location.folder / HISTORY_FILE).unlink()
    append_history(location.folder, published)
    append_history(location.folder, replace(published, action="rebuild", snapshot=ids[1], published=False))
    run(location, "rollback", "--to", ids[1])
    assert read_history(location.folder)[-1].forced


@pytest.mark.parametrize("command", ["rollback", "prune"])
def test_a_command_killed_before_it_wrote_the_history_is_made_good(
    location: IndexLocation, ids: tuple[str, str], command: str
) -> None:
    run(location, "rollback")
    location.publish(ids[1])
    run(location, command)
    found = next(one for one in reversed(read_history(location.folder)) if one.action == "found")
    assert found.snapshot == ids[1]


@pytest.mark.parametrize("command", ["rollback", "prune"])
def test_only_one_command_at_a_time_changes_an_index(
    location: IndexLocation, ids: tuple[str, str], command: str
) -> None:
    with location.lock("citebox rebuild"), pytest.raises(LockedError, match="is being changed by citebox rebuild"):
        run(location, command)
    assert location.snapshots() == [location.snapshot(name) for name in ids]


@pytest.mark.parametrize("command", ["rollback", "prune"])
def test_an_index_that_is_not_there_is_not_made(location: IndexLocation, command: str) -> None:
    with pytest.raises(SnapshotError, match=r"there are no snapshots in .*index"):
        run(location, command)
    assert not location.folder.exists()


def test_a_disk_that_refuses_is_told_and_the_published_snapshot_stays(
    location: IndexLocation, ids: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(location: IndexLocation, snapshot_id: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexLocation, "publish", full)
    with pytest.raises(RebuildError, match="cannot be written: No space left on device"):
        run(location, "rollback")
    assert location.published_id() == ids[1]


def test_a_history_that_cannot_be_written_is_no_failed_publication(
    location: IndexLocation, ids: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(location, "prune")

    def full(index_folder: Path, publication: Publication) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.publishing_commands.append_history", full)
    with pytest.raises(RebuildError, match=rf"{ids[0]} is published, but the history cannot be written: No space"):
        run(location, "rollback")
    assert location.published_id() == ids[0]


def test_prune_tells_what_it_removed_and_what_is_being_read(location: IndexLocation, ids: tuple[str, str]) -> None:
    lease = Lease(location.snapshot(ids[0]))
    shown = run(location, "prune", "--keep", "1")
    assert f"kept {ids[0]}: it is being read" in shown.stdout
    assert "2 kept, 0 removed, 0 bytes freed" in shown.stdout
    lease.release()
    document = json.loads(run(location, "prune", "--keep", "1", "--json").stdout)
    assert document.pop("freed_bytes") > 1000
    assert document == {"removed": [ids[0]], "in_use": [], "kept": [ids[1]]}
    assert [folder.name for folder in location.snapshots()] == [ids[1]]


def test_prune_keeps_at_least_the_published_snapshot(location: IndexLocation, ids: tuple[str, str]) -> None:
    assert run(location, "prune", "--keep", "0").exit_code == 2
    assert len(location.snapshots()) == len(ids)
