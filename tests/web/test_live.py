"""Following the published snapshot."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.history import Publication, append_history
from index.location import IndexLocation
from index.manifest import Counts, SnapshotError
from index.report import RebuildReport
from qa.query import make_query
from qa.reranker import Reranker
from qa.search import Searcher
from web.live import LiveSearcher

pytestmark = pytest.mark.usefixtures("without_model")

WAIT_S = 30

Publish = Callable[[str], str]


class Panic(BaseException):
    """As a library in Rust raises it."""


@pytest.fixture
def location(tmp_path: Path) -> IndexLocation:
    return IndexLocation(tmp_path / "index")


@pytest.fixture
def publish(build: Callable[[dict[str, str | bytes]], RebuildReport]) -> Publish:
    """Publish an index of one document; gives the snapshot's id."""
    return lambda text: build({"a.txt": text}).snapshot


def passage(live: LiveSearcher) -> str:
    with live.in_use() as serving:
        return serving.ask(make_query("How is tea?")).hits[0].passage.text


def damage(folder: Path) -> Path:
    damaged = folder / "texts.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    return damaged


def open_files(folder: Path) -> list[str]:
    """What this process has open or mapped in the folder."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except FileNotFoundError:
            continue  # that of the listing itself
    mapped = Path("/proc/self/maps").read_text().splitlines()
    return [line for line in links + mapped if str(folder) in line]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def following_threads() -> set[threading.Thread]:
    """Those of this test, and of servers that other tests share."""
    return {thread for thread in threading.enumerate() if thread.name == "citebox-follow"}


def test_a_newly_published_snapshot_answers(location: IndexLocation, publish: Publish) -> None:
    live = LiveSearcher(location)
    for text in ("Tea is dear.", "Tea is cheap."):
        published = publish(text)
        live.follow()
        assert (live.published, live.answering, live.failure) == (published, published, None)
        assert passage(live) == text


def test_an_earlier_snapshot_that_is_published_again_answers(location: IndexLocation, publish: Publish) -> None:
    live = LiveSearcher(location)
    earlier = publish("Tea is dear.")
    publish("Tea is cheap.")
    live.follow()
    location.publish(earlier)
    live.follow()
    assert (live.answering, passage(live)) == (earlier, "Tea is dear.")


def test_a_request_in_flight_ends_with_its_snapshot_which_is_closed_after_it(
    location: IndexLocation, publish: Publish
) -> None:
    live = LiveSearcher(location)
    old = location.snapshot(publish("Tea is dear."))
    live.follow()
    with live.in_use() as in_flight:
        publish("Tea is cheap.")
        live.follow()
        live.follow()
        assert passage(live) == "Tea is cheap."
        assert in_flight.ask(make_query("How is tea?")).hits[0].passage.text == "Tea is dear."
        assert open_files(old)
        del in_flight
    live.follow()
    assert not open_files(old)


def test_a_snapshot_that_nobody_reads_is_closed_when_another_takes_over(
    location: IndexLocation, publish: Publish
) -> None:
    live = LiveSearcher(location)
    old = location.snapshot(publish("Tea is dear."))
    live.follow()
    assert open_files(old)
    publish("Tea is cheap.")
    live.follow()
    assert not open_files(old)
    live.stop()
    assert not open_files(location.folder)


def test_questions_are_answered_by_the_old_snapshot_while_the_new_one_opens(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveSearcher(location)
    old = publish("Tea is dear.")
    live.follow()
    new = publish("Tea is cheap.")
    opening, go_on = threading.Event(), threading.Event()
    really_open = Searcher.open

    def slow_open(folder: Path, reuse: Searcher | None = None, reranker: Reranker | None = None) -> Searcher:
        opening.set()
        assert go_on.wait(WAIT_S)
        return really_open(folder, reuse, reranker)

    monkeypatch.setattr(Searcher, "open", slow_open)
    opener = threading.Thread(target=live.follow)
    opener.start()
    assert opening.wait(WAIT_S)
    assert (live.answering, passage(live)) == (old, "Tea is dear.")
    go_on.set()
    opener.join()
    assert live.answering == new


def test_a_snapshot_answers_only_when_it_is_warm(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveSearcher(location)
    published = publish("Tea is dear.")
    answering: list[str | None] = []
    monkeypatch.setattr(Searcher, "warm_up", lambda _: answering.append(live.answering))
    live.follow()
    assert answering == [None]
    assert live.answering == published


@pytest.mark.parametrize("step", ["open", "warm_up"])
@pytest.mark.parametrize("error", [MemoryError("no memory"), RuntimeError("odd"), Panic("panicked")], ids=repr)
def test_a_snapshot_that_cannot_be_opened_leaves_the_old_one_and_is_told(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    live = LiveSearcher(location)
    good = publish("Tea is dear.")
    live.follow()
    bad = publish("Tea is cheap.")

    def fail(*_: object) -> None:
        raise type(error)(*error.args)  # a new one: an exception holds what it came through

    monkeypatch.setattr(Searcher, step, fail)
    live.follow()
    assert (live.answering, live.published) == (good, bad)
    assert str(error) in (live.failure or "")
    assert passage(live) == "Tea is dear."
    assert not open_files(location.snapshot(bad))


def test_a_failure_is_logged_once(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("web.live.RETRY_S", 0.0)
    monkeypatch.setattr("web.live.RETRY_SHARE", 0)
    live = LiveSearcher(location)
    good = publish("Tea is dear.")
    live.follow()
    publish("Tea is cheap.")
    damaged = damage(location.published())
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            live.follow()
    [record] = caplog.records
    assert str(damaged) in record.getMessage()
    assert good in record.getMessage()


def test_a_failed_snapshot_is_not_tried_again_at_once(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []
    monkeypatch.setattr(Searcher, "open", lambda folder, *_: tried.append(folder))  # which cannot be warmed up
    live = LiveSearcher(location)
    publish("Tea is dear.")
    for _ in range(3):
        live.follow()
    assert len(tried) == 1


def test_a_snapshot_that_can_be_opened_again_answers_again(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.RETRY_S", 0.0)
    monkeypatch.setattr("web.live.RETRY_SHARE", 0)
    live = LiveSearcher(location)
    published = publish("Tea is dear.")
    manifest = location.published() / "manifest.json"
    manifest.rename(manifest.with_name("away"))
    live.follow()
    with pytest.raises(SnapshotError, match="manifest"), live.in_use():
        pass
    manifest.with_name("away").rename(manifest)
    live.follow()
    assert (live.answering, live.failure) == (published, None)


def test_at_the_start_the_newest_earlier_snapshot_that_opens_answers_for_a_damaged_one(
    location: IndexLocation, publish: Publish, caplog: pytest.LogCaptureFixture
) -> None:
    publish("Tea is free.")
    good = publish("Tea is dear.")
    damage(location.snapshot(publish("Tea is lost.")))
    published = publish("Tea is cheap.")
    damaged = damage(location.published())
    live = LiveSearcher(location)
    live.follow()
    assert (live.answering, live.published) == (good, published)
    assert passage(live) == "Tea is dear."
    assert str(damaged) in (live.failure or "")
    assert good in caplog.text


def test_a_repaired_snapshot_takes_over_from_the_one_that_answered_for_it(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.RETRY_S", 0.0)
    monkeypatch.setattr("web.live.RETRY_SHARE", 0)
    publish("Tea is dear.")
    published = publish("Tea is cheap.")
    whole = (location.published() / "texts.sqlite").read_bytes()
    damaged = damage(location.published())
    live = LiveSearcher(location)
    live.follow()
    assert passage(live) == "Tea is dear."
    damaged.write_bytes(whole)
    live.follow()
    assert (live.answering, live.failure) == (published, None)
    assert passage(live) == "Tea is cheap."


def hold_back(location: IndexLocation, snapshot_id: str) -> None:
    """Write a history that knows of no other snapshot, and that a gate held this one back."""
    publication = Publication(
        "2025-11-28T02:00:00+00:00", "rebuild", snapshot_id, "citebox rebuild", Counts(1, 1, 1, 1)
    )
    (location.folder / "history.jsonl").unlink()
    append_history(location.folder, replace(publication, published=False))


def test_a_snapshot_that_a_gate_held_back_answers_for_none(location: IndexLocation, publish: Publish) -> None:
    held_back, published = publish("Tea is dear."), publish("Tea is cheap.")
    damage(location.published())
    hold_back(location, held_back)
    live = LiveSearcher(location)
    live.follow()
    assert live.answering is None
    with pytest.raises(SnapshotError, match=published), live.in_use():
        pass


def test_a_newer_snapshot_answers_where_the_one_gone_back_to_cannot(location: IndexLocation, publish: Publish) -> None:
    gone_back_to, newer = publish("Tea is dear."), publish("Tea is newer.")
    location.publish(gone_back_to)
    damage(location.published())
    live = LiveSearcher(location)
    live.follow()
    assert live.answering == newer
    assert gone_back_to in (live.failure or "")


def test_another_snapshot_answers_where_current_names_none(location: IndexLocation, publish: Publish) -> None:
    good = publish("Tea is dear.")
    (location.folder / "CURRENT").write_text("")
    live = LiveSearcher(location)
    live.follow()
    assert live.answering == good
    assert "names no snapshot" in (live.failure or "")


def test_without_an_index_it_says_how_to_build_one(location: IndexLocation) -> None:
    live = LiveSearcher(location)
    live.follow()
    with pytest.raises(SnapshotError, match="citebox rebuild"), live.in_use():
        pass


def test_an_unreadable_current_leaves_the_old_snapshot(location: IndexLocation, publish: Publish) -> None:
    live = LiveSearcher(location)
    good = publish("Tea is dear.")
    live.follow()
    (location.folder / "CURRENT").write_bytes(b"\xff")
    live.follow()
    assert (live.answering, live.published) == (good, None)
    assert "CURRENT" in (live.failure or "")
    location.publish(good)
    live.follow()
    assert (live.answering, live.failure) == (good, None)


def test_a_server_that_nobody_asks_follows_until_it_is_stopped(location: IndexLocation, publish: Publish) -> None:
    before = following_threads()
    live = LiveSearcher(location)
    live.start()
    try:
        assert following_threads() > before
        assert live.answering is None
        for text in ("Tea is dear.", "Tea is cheap."):
            published = publish(text)
            wait_until(lambda published=published: live.answering == published)  # type: ignore[misc]
    finally:
        live.stop()
    assert following_threads() == before
    assert live.answering is None


def test_a_stopped_searcher_can_be_started_again(location: IndexLocation, publish: Publish) -> None:
    live = LiveSearcher(location)
    publish("Tea is dear.")
    for _ in range(2):
        live.start()
        assert passage(live) == "Tea is dear."
        live.stop()


def test_a_defect_does_not_end_the_following(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveSearcher(location)
    live.start()
    try:
        with monkeypatch.context() as patch:
            patch.setattr(live, "_is_due", lambda: 1 / 0)
            wait_until(lambda: "ZeroDivisionError" in caplog.text)
        published = publish("Tea is dear.")
        wait_until(lambda: live.answering == published)
    finally:
        live.stop()


def test_every_answer_is_of_one_snapshot_while_others_are_published(
    location: IndexLocation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.POLL_S", 0.01)
    texts = {publish("Tea is number 0."): "Tea is number 0."}
    ended = threading.Event()

    def ask() -> list[tuple[str, str]]:
        answers = []
        while not ended.is_set():
            with live.in_use() as serving:
                answer = serving.ask(make_query("How is tea?"))
            answers.append((answer.snapshot.snapshot_id, answer.hits[0].passage.text))
        return answers

    live = LiveSearcher(location)
    live.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            clients = [pool.submit(ask) for _ in range(8)]
            for number in range(1, 6):
                text = f"Tea is number {number}."
                published = publish(text)
                texts[published] = text
                wait_until(lambda published=published: live.answering == published)  # type: ignore[misc]
            ended.set()
    finally:
        ended.set()
        live.stop()
    answers = {answer for client in clients for answer in client.result()}
    assert answers <= set(texts.items())
    assert len(answers) > 1
