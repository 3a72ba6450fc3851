"""Documents that change while they are read: each is indexed as it was at one moment, or its loss is told."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from corpus.formats.content import ReadingOptions
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile, make_sources
from index.file_cache import CHANGED
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.report import RebuildReport
from index.snapshot import open_snapshot
from tests.conftest import write_files
from tests.faults.in_process import InProcessReader
from tests.hashing_encoder import HashingEncoder

OLD, NEW = "Oil was sold.", "Gas was not sold."

Change = Callable[[Path], object]


def replace(path: Path) -> None:
    """As editors do: another file in its place."""
    path.with_suffix(".new").write_text(NEW)
    path.with_suffix(".new").replace(path)


def overwrite(path: Path) -> None:
    path.write_text(NEW)


def append(path: Path) -> None:
    with path.open("a") as stream:
        stream.write(NEW)


def truncate(path: Path) -> None:
    with path.open("r+") as stream:
        stream.truncate(5)


changes = pytest.mark.parametrize("change", [replace, overwrite, append, truncate])


class Place:
    """Two documents, and an index of them."""

    def __init__(self, folder: Path) -> None:
        self.docs, self.location = folder / "docs", IndexLocation(folder / "index")
        self.changing = self.docs / "b.txt"
        write_files(self.docs, {"a.txt": "Tea is dear.", "b.txt": OLD})

    def rebuild(self, before: Change | None = None, after: Change | None = None) -> RebuildReport:
        """Rebuild, and change the second file before it is read, when it has been hashed, or right after."""

        def read(file: SourceFile, options: ReadingOptions) -> ReadFile | SkippedFile:
            if before and file.location == self.changing:
                before(self.changing)
            result = read_file(file, options)
            if after and file.location == self.changing:
                after(self.changing)
            return result

        sources = make_sources([self.docs])
        return rebuild(self.location, sources, HashingEncoder(), InProcessReader(read), SilentProgress())

    def indexed(self) -> dict[str, tuple[str, str]]:
        """Text and source_sha256 of each document in the published snapshot, by file."""
        with closing(open_snapshot(self.location.published())) as snapshot:
            return {
                document.path.removeprefix("docs/"): (snapshot.texts.text(document.text_row), document.source_sha256)
                for document in snapshot.texts.documents()
            }


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@changes
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_file_that_changes_while_it_is_read_is_indexed_as_one_version_and_told(
    place: Place, change: Change, moment: str
) -> None:
    report = place.rebuild(before=change) if moment == "before" else place.rebuild(after=change)
    now = place.changing.read_text()
    text, source_sha256 = place.indexed()["b.txt"]
    assert text == (now if moment == "before" else OLD) != (OLD if moment == "before" else now)
    assert source_sha256 == hash_of(text)
    assert [(outcome.status, outcome.notes) for outcome in report.outcomes] == [
        ("indexed", ()),
        ("indexed", (CHANGED,)),
    ]


@changes
@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_next_rebuild_has_the_file_as_it_is_then(place: Place, change: Change, moment: str) -> None:
    place.rebuild(before=change) if moment == "before" else place.rebuild(after=change)
    report = place.rebuild()
    now = place.changing.read_text()
    assert place.indexed()["b.txt"] == (now, hash_of(now))
    assert [outcome.notes for outcome in report.outcomes] == [(), ()]
    assert [outcome.status for outcome in report.outcomes] == ["unchanged", "indexed"]


def test_a_file_that_is_changed_and_changed_back_is_indexed_as_it_is(place: Place) -> None:
    place.rebuild(before=overwrite, after=lambda path: path.write_text(OLD))
    place.rebuild()
    assert place.indexed()["b.txt"] == (OLD, hash_of(OLD))


def test_a_change_that_the_times_of_the_file_do_not_tell_is_not_remembered_as_what_was_there_before(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clocks of file systems are coarse: a file may change twice without its time of change telling."""
    monkeypatch.setattr("index.file_cache._stats", lambda file: ())
    place.rebuild(before=overwrite)
    place.changing.write_text(OLD)
    place.rebuild()
    assert place.indexed()["b.txt"] == (OLD, hash_of(OLD))


@pytest.mark.parametrize("remaining", ["folder", "nothing"])
def test_a_file_that_is_deleted_before_it_is_read_is_skipped_and_told(place: Place, remaining: str) -> None:
    def delete(path: Path) -> None:
        path.unlink()
        if remaining == "nothing":
            (place.docs / "a.txt").unlink()
            place.docs.rmdir()

    report = place.rebuild(before=delete)
    skipped = report.outcomes[1]
    assert (skipped.path, skipped.status, skipped.code) == ("docs/b.txt", "skipped", "unreadable")
    assert skipped.reason == "cannot be opened: No such file or directory"
    assert list(place.indexed()) == ["a.txt"]


def test_a_file_that_is_deleted_after_it_was_read_is_indexed_and_gone_from_the_next_snapshot(place: Place) -> None:
    place.rebuild(after=Path.unlink)
    assert place.indexed()["b.txt"] == (OLD, hash_of(OLD))
    assert [outcome.path for outcome in place.rebuild().outcomes] == ["docs/a.txt"]
    assert list(place.indexed()) == ["a.txt"]


def test_a_file_that_becomes_a_folder_before_it_is_read_is_skipped_and_told(place: Place) -> None:
    def become_folder(path: Path) -> None:
        path.unlink()
        path.mkdir()

    assert [outcome.status for outcome in place.rebuild(before=become_folder).outcomes] == ["indexed", "skipped"]


def test_a_file_that_comes_while_others_are_read_is_in_the_next_snapshot(place: Place) -> None:
    place.rebuild(before=lambda path: (path.parent / "c.txt").write_text("Steel is grey."))
    assert list(place.indexed()) == ["a.txt", "b.txt"]
    place.rebuild()
    assert list(place.indexed()) == ["a.txt", "b.txt", "c.txt"]
