"""The history of publications, for people and for programs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html

from index.gate import GateResult, WorseQuestion
from index.history import Publication, append_history
from index.location import IndexLocation
from index.manifest import Counts
from tests.web.conftest import Serve
from web.app import create_app
from web.settings import Settings

FIRST = Publication(
    at="2025-11-26T02:00:05+00:00",
    action="rebuild",
    snapshot="20251126T020000.000000Z-aaaaaaaa",
    command="citebox rebuild docs",
    counts=Counts(files=5, documents=6, passages=50, sentences=200),
    files={"found": 8, "indexed": 5, "unchanged": 0, "duplicate": 1, "skipped": 2},
    seconds=12.34,
)
GATE = GateResult("questions.jsonl", 40, 0.85, 0.9, 0.95, (WorseQuestion("Who <b>sold</b> tea?", 1, None),))
HELD_BACK = replace(
    FIRST, at="2025-11-27T02:00:05+00:00", snapshot="20251127T020000.000000Z-bbbbbbbb", published=False, gate=GATE
)
FORCED = replace(
    HELD_BACK,
    at="2025-11-28T02:00:05+00:00",
    snapshot="20251128T020000.000000Z-cccccccc",
    counts=Counts(files=1, documents=1, passages=100, sentences=1000),
    command="citebox rebuild docs --force",
    published=True,
    forced=True,
)
ROLLBACK = replace(
    FIRST, at="2025-11-29T09:30:00+00:00", action="rollback", command="citebox rollback", files=None, seconds=None
)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


@pytest.fixture
def asked(index: Path) -> Iterator[TestClient]:
    """Asks the application over an index with four publications and no snapshot that is left."""
    for publication in (FIRST, HELD_BACK, FORCED, ROLLBACK):
        append_history(index, publication)
    IndexLocation(index).publish(FIRST.snapshot)
    with TestClient(create_app(Settings(index=index))) as client:
        yield client


def entries(client: TestClient) -> list[html.HtmlElement]:
    response = client.get("/history")
    assert response.status_code == 200
    return list(html.fromstring(response.text).cssselect(".timeline > li"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_publications_come_newest_first_with_what_was_done(asked: TestClient) -> None:
    shown = entries(asked)
    assert [words(entry.cssselect("h2")[0]) for entry in shown] == [
        "Rollback current",
        "Rebuild forced",
        "Rebuild, held back by its gate",
        "Rebuild",
    ]
    assert [entry.cssselect("time")[0].get("datetime") for entry in shown] == [
        one.at for one in (ROLLBACK, FORCED, HELD_BACK, FIRST)
    ]


def test_an_entry_tells_counts_files_and_command(asked: TestClient) -> None:
    told = words(entries(asked)[-1])
    for part in (
        "26 November 2025, 02:00 UTC",
        FIRST.snapshot,
        "6 documents, 50 passages, 200 sentences",
        "Files: 5 indexed, 1 duplicate, 2 skipped",
        "citebox rebuild docs took 12.3 s",
    ):
        assert part in told


def test_only_the_last_publication_of_the_published_snapshot_is_current(asked: TestClient) -> None:
    assert [entry.get("aria-current") for entry in entries(asked)] == ["true", None, None, None]


def test_a_bar_is_as_long_as_its_share_of_the_most_passages(asked: TestClient) -> None:
    bars = [entry.cssselect("svg rect:not(.whole)")[0].get("width") for entry in entries(asked)]
    assert bars == ["50.0%", "100.0%", "50.0%", "50.0%"]


def test_a_gate_is_told_with_the_questions_that_got_worse(asked: TestClient) -> None:
    held_back = entries(asked)[2]
    assert "Gate not passed: a right passage among the first 5 for 85.0% of 40 questions, with a floor of 90.0%" in (
        words(held_back)
    )
    details = held_back.cssselect("details")[0]
    assert details.get("open") is None
    assert words(details) == "1 question got worse Who <b>sold</b> tea? rank 1 before, not found now"


def test_no_style_or_script_stands_in_the_page(asked: TestClient) -> None:
    page = html.fromstring(asked.get("/history").text)
    assert not page.xpath("//*[@style] | //style | //script[not(@src)]")


def test_without_a_publication_the_page_says_so(index: Path) -> None:
    with TestClient(create_app(Settings(index=index))) as client:
        assert not entries(client)
        assert "Nothing is recorded yet." in client.get("/history").text


def test_a_snapshot_that_the_history_does_not_know_is_named(asked: TestClient, index: Path) -> None:
    IndexLocation(index).publish("unknown-one")
    asked.app.state.live.follow()  # type: ignore[attr-defined]
    assert not [entry for entry in entries(asked) if entry.get("aria-current")]
    assert "unknown-one" in asked.get("/history").text


def test_at_most_100_publications_are_shown(index: Path) -> None:
    for number in range(103):
        append_history(index, replace(FIRST, snapshot=f"number-{number}"))
    with TestClient(create_app(Settings(index=index))) as client:
        assert len(entries(client)) == 100
        assert "3 older publications are in" in client.get("/history").text
        listed = client.get("/api/v1/history").json()["publications"]
        assert [one["snapshot"] for one in listed] == [f"number-{number}" for number in range(102, 2, -1)]


def test_programs_get_the_same_as_json(asked: TestClient) -> None:
    document = asked.get("/api/v1/history").json()
    assert (document["published"], document["answering"]) == (FIRST.snapshot, None)
    rollback, _, held_back, first = document["publications"]
    assert first == {
        "at": FIRST.at,
        "action": "rebuild",
        "snapshot": FIRST.snapshot,
        "command": "citebox rebuild docs",
        "published": True,
        "forced": False,
        "counts": {"files": 5, "documents": 6, "passages": 50, "sentences": 200},
        "files": {"found": 8, "indexed": 5, "unchanged": 0, "duplicate": 1, "skipped": 2},
        "seconds": 12.34,
        "gate": None,
    }
    assert rollback["files"] is None
    assert held_back["published"] is False
    assert held_back["gate"] == {
        "asked": 40,
        "recall": 0.85,
        "min_recall": 0.9,
        "passed": False,
        "published_recall": 0.95,
        "worse": [{"question": "Who <b>sold</b> tea?", "before": 1, "now": None}],
    }


def test_about_names_the_last_publication(serve: Serve, tmp_path: Path) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)
    index = tmp_path / "index"
    published = IndexLocation(index).published_id() or ""
    append_history(index, replace(ROLLBACK, snapshot=published))
    page = html.fromstring(client.get("/about").text)
    told = words(page)
    assert "29 November 2025, 09:30 UTC by citebox rollback" in told
    assert page.cssselect("main a[href='/history']")
