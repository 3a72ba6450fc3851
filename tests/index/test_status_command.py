import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from index.gate import GateResult
from index.history import Publication, append_history
from index.location import IndexLocation
from index.manifest import Counts, SnapshotError, read_manifest
from index.report import RebuildReport
from tests.conftest import REPOSITORY
from tests.running import COMMAND
from web.cli import app

Build = Callable[[dict[str, str | bytes]], RebuildReport]

ONE = Counts(1, 1, 1, 1)


@pytest.fixture
def location(build: Build, tmp_path: Path) -> IndexLocation:
    """An index with one snapshot, published, and an empty history."""
    build({"a.txt": "Tea grows in Assam."})
    location = IndexLocation(tmp_path / "index")
    (location.folder / "history.jsonl").unlink(missing_ok=True)
    return location


def as_json(location: IndexLocation) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["status", "--json", "--index", str(location.folder)])
    assert result.exit_code == 0, result.exception
    return dict(json.loads(result.stdout))


def shown(location: IndexLocation) -> str:
    result = CliRunner().invoke(app, ["status", "--index", str(location.folder)], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_what_others_are_is_told(location: IndexLocation) -> None:
    published = location.published()
    for name, known in (("1-early", True), ("2-held", False), ("3-unknown", None)):
        (location.snapshot(name)).mkdir()
        (location.snapshot(name) / "file").write_bytes(b" " * 1500)
        if known is not None:
            append_history(location.folder, Publication("2025-06-01T12:00:00+00:00", "rebuild", name, "", ONE, known))
    append_history(location.folder, Publication("2025-06-02T12:00:00+00:00", "rebuild", published.name, "", ONE))
    document = as_json(location)
    assert document["others"] == [
        {"snapshot": "1-early", "standing": "published", "bytes": 1500},
        {"snapshot": "2-held", "standing": "held back", "bytes": 1500},
        {"snapshot": "3-unknown", "standing": "unknown", "bytes": 1500},
    ]
    assert document["other_snapshots"] == ["1-early", "2-held", "3-unknown"]
    assert "2-held (held back, 1.5 kB)" in shown(location)


def test_sizes_on_the_disk_are_told(location: IndexLocation) -> None:
    before = as_json(location)["bytes"]
    size = sum(path.stat().st_size for path in location.published().rglob("*") if path.is_file())
    assert (before["published"], before["others"]) == (size, 0)
    (location.cache_folder / "deep").mkdir(parents=True, exist_ok=True)
    (location.cache_folder / "deep" / "file").write_bytes(b" " * 2500)
    assert as_json(location)["bytes"]["cache"] == before["cache"] + 2500


def test_who_changes_the_index_is_told(location: IndexLocation) -> None:
    assert as_json(location)["changing"] is None
    assert "nobody" in shown(location)
    with location.lock("citebox rebuild"):
        changing = as_json(location)["changing"]
        assert (changing["command"], changing["pid"]) == ("citebox rebuild", os.getpid())
        assert f"citebox rebuild (process {os.getpid()} on " in shown(location)


def test_the_last_publications_are_told_latest_first(location: IndexLocation) -> None:
    gate = GateResult("q.jsonl", 10, 0.8, 0.9, None, ())
    for number in range(6):
        at = f"2025-06-0{number + 1}T12:00:00+00:00"
        append_history(location.folder, Publication(at, "rebuild", f"s{number}", "", ONE))
    held = Publication("2025-06-08T12:00:00+00:00", "rebuild", "s6", "", ONE, published=False, gate=gate)
    append_history(location.folder, held)
    append_history(location.folder, replace(held, snapshot="s7", published=True, forced=True))
    publications = as_json(location)["publications"]
    assert [one["snapshot"] for one in publications] == ["s7", "s6", "s5", "s4", "s3"]
    assert publications[1]["gate"]["recall"] == 0.8
    lines = shown(location)
    assert "rebuild: s6 held back by its gate, recall 0.8000 of 0.9000" in lines
    assert "rebuild: s7 published, forced, recall 0.8000 of 0.9000" in lines


def test_without_a_history_none_is_made_up(location: IndexLocation) -> None:
    assert as_json(location)["publications"] == []
    assert "none written down" in shown(location)


def test_a_clock_set_back_gives_no_negative_age(location: IndexLocation) -> None:
    folder = location.published()
    replace(read_manifest(folder), built_at="2999-01-01T00:00:00+00:00").write(folder)
    assert "(0 seconds ago)" in shown(location)


@pytest.mark.parametrize(
    ("others", "remedy"),
    [
        (True, r"publish another with `citebox rollback --to SNAPSHOT --index .*` \(2.*\), or rebuild the index"),
        (False, "rebuild the index"),
    ],
    ids=["others", "none"],
)
def test_a_published_snapshot_that_is_gone_is_told_in_a_line(
    location: IndexLocation, others: bool, remedy: str
) -> None:
    if not others:
        shutil.rmtree(location.published())
    location.publish("gone")
    result = CliRunner().invoke(app, ["status", "--index", str(location.folder)])
    assert isinstance(result.exception, SnapshotError)
    with pytest.raises(SnapshotError, match=rf"CURRENT names 'gone', which is not there; {remedy}$"):
        raise result.exception
    assert "\n" not in str(result.exception)


def test_reading_permission_is_enough(location: IndexLocation, tmp_path: Path) -> None:
    with location.lock("citebox rebuild"):
        pass
    location.cache_folder.mkdir(exist_ok=True)
    (location.cache_folder / "file").write_bytes(b"x")
    for path in (location.folder, *location.folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    location.cache_folder.chmod(0o000)
    if shutil.which("setpriv") is None and os.geteuid() == 0:
        pytest.skip("root may write anywhere, and setpriv is not here to give that up")
    give_up = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        command = [*give_up, *COMMAND, "status", "--json", "--index", str(location.folder)]
        result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120)
    finally:
        for path in (location.folder, location.cache_folder):
            path.chmod(0o755)
    assert result.returncode == 0, result.stderr
    status = json.loads(result.stdout)
    assert (status["changing"], status["bytes"]["cache"]) == (None, 0)
