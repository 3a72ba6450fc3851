"""Following the published snapshot."""

import threading
from pathlib import Path

import pytest

from corpus.sources import make_sources
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation
from index.manifest import SnapshotError
from index.progress import SilentProgress
from index.rebuild import rebuild
from qa.query import make_query
from qa.reranker import Reranker
from qa.search import Searcher
from tests.conftest import write_files
from tests.shared_reader import shared_reader
from web.live import LiveSearcher


@pytest.fixture
def location(tmp_path: Path) -> IndexLocation:
    return IndexLocation(tmp_path / "index")


def publish(location: IndexLocation, text: str, encoder: SentenceTransformerEncoder) -> str:
    docs = location.folder.parent / "docs"
    write_files(docs, {"a.txt": text})
    return rebuild(location, make_sources([docs]), encoder, shared_reader(), SilentProgress()).snapshot


def test_a_newly_published_snapshot_answers(location: IndexLocation, encoder: SentenceTransformerEncoder) -> None:
    live = LiveSearcher(location)
    for text in ("Tea is dear.", "Tea is cheap."):
        published = publish(location, text, encoder)
        answer = live.current().ask(make_query("How is tea?"))
        assert (answer.snapshot.snapshot_id, answer.hits[0].passage.text) == (published, text)


def test_a_searcher_in_use_goes_on_with_its_snapshot(
    location: IndexLocation, encoder: SentenceTransformerEncoder
) -> None:
    live = LiveSearcher(location)
    publish(location, "Tea is dear.", encoder)
    in_use = live.current()
    publish(location, "Tea is cheap.", encoder)
    assert live.current() is not in_use
    assert in_use.ask(make_query("How is tea?")).hits[0].passage.text == "Tea is dear."


def test_a_snapshot_that_cannot_be_opened_leaves_the_old_one_and_is_told(
    location: IndexLocation, encoder: SentenceTransformerEncoder
) -> None:
    live = LiveSearcher(location)
    good = publish(location, "Tea is dear.", encoder)
    assert live.current().snapshot.manifest.snapshot_id == good
    publish(location, "Tea is cheap.", encoder)
    damaged = location.published() / "sentences.npy"
    damaged.write_bytes(b"")
    assert live.current().snapshot.manifest.snapshot_id == good
    assert str(damaged) in (live.failure or "")


def test_without_an_index_it_says_how_to_build_one(location: IndexLocation) -> None:
    with pytest.raises(SnapshotError, match="citebox rebuild"):
        LiveSearcher(location).current()


def test_a_snapshot_that_can_be_opened_again_answers_again(
    location: IndexLocation, encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.RETRY_S", 0.0)
    live = LiveSearcher(location)
    published = publish(location, "Tea is dear.", encoder)
    manifest = location.published() / "manifest.json"
    manifest.rename(manifest.with_name("away"))
    with pytest.raises(SnapshotError, match="manifest"):
        live.current()
    manifest.with_name("away").rename(manifest)
    assert live.current().snapshot.manifest.snapshot_id == published
    assert live.failure is None


def test_questions_are_answered_by_the_old_snapshot_while_the_new_one_opens(
    location: IndexLocation, encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveSearcher(location)
    old = publish(location, "Tea is dear.", encoder)
    assert live.current()
    new = publish(location, "Tea is cheap.", encoder)
    opening, go_on = threading.Event(), threading.Event()
    really_open = Searcher.open

    def slow_open(folder: Path, reuse: Searcher | None = None, reranker: Reranker | None = None) -> Searcher:
        opening.set()
        assert go_on.wait(30)
        return really_open(folder, reuse, reranker)

    monkeypatch.setattr(Searcher, "open", slow_open)
    opener = threading.Thread(target=live.current)
    opener.start()
    assert opening.wait(30)
    assert live.current().snapshot.manifest.snapshot_id == old
    go_on.set()
    opener.join()
    assert live.current().snapshot.manifest.snapshot_id == new


def test_an_unreadable_current_leaves_the_old_snapshot(
    location: IndexLocation, encoder: SentenceTransformerEncoder
) -> None:
    live = LiveSearcher(location)
    good = publish(location, "Tea is dear.", encoder)
    assert live.current()
    (location.folder / "CURRENT").write_bytes(b"\xff")
    assert live.current().snapshot.manifest.snapshot_id == good
