"""A clock that was set back: snapshots stay in the order in which they were built."""

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.history import read_history
from index.location import IndexLocation
from index.report import RebuildReport
from web.cli import app

Build = Callable[[dict[str, str | bytes]], RebuildReport]

AHEAD = datetime.timedelta(days=400)


@pytest.fixture
def from_the_future(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Id of a snapshot that was built when the clock was far ahead; now it is right again."""

    class Ahead(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Ahead":
            return super().now(tz) + AHEAD

    with monkeypatch.context() as clock:
        clock.setattr(datetime, "datetime", Ahead)
        return build({"a.txt": "Oil was sold."}).snapshot


def run(tmp_path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--index", str(tmp_path / "index")])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_snapshots_stay_in_order_and_the_newest_is_published_and_kept(
    build: Build, tmp_path: Path, from_the_future: str
) -> None:
    assert from_the_future > f"{datetime.datetime.now(datetime.UTC) + AHEAD / 2:%Y%m%d}"
    built = [from_the_future, *(build({"a.txt": f"Oil was sold {day}."}).snapshot for day in ("today", "tomorrow"))]
    location = IndexLocation(tmp_path / "index")
    assert built == sorted(built)
    assert location.published_id() == built[-1]
    assert [publication.snapshot for publication in read_history(location.folder)] == built
    pruned = json.loads(run(tmp_path, "prune", "--keep", "2", "--json"))
    assert (pruned["removed"], pruned["kept"]) == (built[:1], built[1:])
    assert json.loads(run(tmp_path, "rollback", "--json"))["snapshot"] == built[1]


@pytest.mark.usefixtures("from_the_future")
def test_status_shows_no_negative_age(tmp_path: Path) -> None:
    shown = run(tmp_path, "status")
    assert re.search(r"\(0 seconds ago\)", shown)
    assert not re.search(r"-\d+ (second|minute|hour|day)", shown)


@pytest.mark.usefixtures("from_the_future")
def test_an_index_from_the_future_verifies(tmp_path: Path) -> None:
    run(tmp_path, "verify")
