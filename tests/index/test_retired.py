from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.documents import make_document_id
from index.location import IndexLocation
from index.report import RebuildReport
from index.retired import snapshot_that_held
from index.snapshot import TEXTS_FILE, open_snapshot

Build = Callable[[dict[str, str | bytes]], RebuildReport]


@pytest.fixture
def location(tmp_path: Path) -> IndexLocation:
    return IndexLocation(tmp_path / "index")


def passage_id(location: IndexLocation) -> str:
    snapshot = open_snapshot(location.published())
    (passage,) = snapshot.texts.passages([0])
    snapshot.close()
    return passage.passage_id


def test_an_id_that_no_longer_stands_names_its_snapshot(build: Build, location: IndexLocation) -> None:
    first = build({"a.txt": "Old text."}).snapshot
    retired = passage_id(location)
    build({"a.txt": "New text."})
    assert snapshot_that_held(location, retired) == first


def test_the_latest_snapshot_that_held_an_id_is_named(build: Build, location: IndexLocation) -> None:
    build({"a.txt": "A text."})
    second = build({"a.txt": "A text.", "b.txt": "More."}).snapshot
    assert snapshot_that_held(location, make_document_id("docs/a.txt", "")) == second


def test_an_id_that_never_stood_has_none(build: Build, location: IndexLocation) -> None:
    build({"a.txt": "A text."})
    assert snapshot_that_held(location, "0" * 20) is None


def test_without_an_index_no_id_stood(location: IndexLocation) -> None:
    assert snapshot_that_held(location, "0" * 20) is None


@pytest.mark.parametrize("content", [None, b"damaged"], ids=["missing", "damaged"])
def test_a_damaged_old_snapshot_is_passed_over(build: Build, location: IndexLocation, content: bytes | None) -> None:
    first = build({"a.txt": "A text."}).snapshot
    second = build({"a.txt": "A text."}).snapshot
    texts = location.snapshots_folder / second / TEXTS_FILE
    texts.unlink() if content is None else texts.write_bytes(content)
    assert snapshot_that_held(location, make_document_id("docs/a.txt", "")) == first
