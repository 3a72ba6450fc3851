from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from corpus.formats.content import ReadingOptions
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile, find_files, make_sources
from index import file_cache
from index.file_cache import FileCache
from tests.conftest import write_files
from tests.corpus.test_archives import zipped
from tests.faults.in_process import InProcessReader
from tests.shared_reader import shared_reader

Read = Callable[[SourceFile, ReadingOptions], ReadFile | SkippedFile]


class Place:
    """A folder of documents and a cache of them."""

    def __init__(self, folder: Path) -> None:
        self.docs, self.path = folder / "docs", folder / "files.sqlite"

    def read(self, read: Read = read_file, *, forget: bool = False) -> list[tuple[ReadFile | SkippedFile, bool]]:
        """What is in the documents, each with whether it was known."""
        files = find_files(make_sources([self.docs]), self.docs / "index")
        with closing(FileCache(self.path, InProcessReader(read))) as cache:
            contents = list(cache.read(files, self.docs))
            if forget:
                cache.forget_unused()
        return contents

    def known(self) -> list[bool]:
        return [known for _, known in self.read()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


FILES: dict[str, str | bytes] = {
    "a.md": "---\ndate: 2025-11\nauthor: A. Writer\n---\n# Oil\n\nOil was sold.\n\n## Price\n\nIt fell. \U0001f6e2",
    "b.jsonl": '{"_id": "1", "text": "Gas."}\n{"_id": "2", "text": "Steel.", "date": "2025"}',
    "c.html": "<title>Tea</title><p>Tea is dear.</p><p>Share this</p>",
    "d.md": "",
    "e.xyz": b"\x00",
}


def test_what_is_remembered_equals_what_was_read(place: Place) -> None:
    write_files(place.docs, FILES)
    first, second = place.read(), place.read()
    assert [content for content, _ in first] == [content for content, _ in second]
    assert [known for _, known in first] == [False] * len(FILES)
    assert [known for _, known in second] == [True] * len(FILES)


def test_a_file_that_moved_is_remembered_as_it_would_be_read_there(place: Place, tmp_path: Path) -> None:
    write_files(place.docs, {"b.jsonl": FILES["b.jsonl"]})
    place.read()
    (place.docs / "sub").mkdir()
    (place.docs / "b.jsonl").rename(place.docs / "sub" / "b.jsonl")
    moved = place.read()
    assert [known for _, known in moved] == [True]
    place.path.unlink()
    assert [content for content, _ in moved] == [content for content, _ in place.read()]


def test_files_of_a_remembered_archive_stand_in_its_place(place: Place) -> None:
    write_files(place.docs, {"a.txt": "One.", "b.zip": zipped({"x.txt": b"Two.", "y.bin": b"?"}), "c.txt": "Three."})
    files = find_files(make_sources([place.docs]), place.docs / "index")
    contents = []
    for _ in range(2):
        with closing(FileCache(place.path, shared_reader())) as cache:
            contents.append([content for content, _ in cache.read(files, place.docs.parent)])
    assert contents[0] == contents[1]
    assert [content.path for content in contents[0]] == [
        "docs/a.txt", "docs/b.zip/x.txt", "docs/b.zip/y.bin", "docs/c.txt",
    ]  # fmt: skip


def test_a_file_with_too_much_text_is_read_each_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_cache, "LARGEST_ENTRY", 20)
    write_files(place.docs, {"large.txt": "Oil was sold to many.", "small.txt": "Oil."})
    place.read()
    assert place.known() == [False, True]


def test_only_files_that_are_there_no_more_are_forgotten(place: Place) -> None:
    write_files(place.docs, {"a.txt": "One.", "b.txt": "Two."})
    place.read()
    (place.docs / "b.txt").unlink()
    place.read(forget=True)
    write_files(place.docs, {"b.txt": "Two."})
    assert place.known() == [True, False]


def test_another_way_of_reading_remembers_nothing_of_this_one(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(place.docs, {"a.txt": "One."})
    place.read()
    monkeypatch.setattr(file_cache, "reading_version", lambda options: "another")
    assert place.known() == [False]


def test_two_files_of_the_same_bytes_have_their_own_paths(place: Place) -> None:
    write_files(place.docs, {"a/x.txt": "One.", "b/x.txt": "One."})
    for _ in range(2):
        contents = [content for content, _ in place.read()]
        assert [content.path for content in contents] == ["docs/a/x.txt", "docs/b/x.txt"]
        ids = {document.document_id for one in contents if isinstance(one, ReadFile) for document in one.documents}
        assert len(ids) == 2
