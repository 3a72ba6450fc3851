import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import SourceError
from corpus.formats.content import ReadingOptions, RowFields
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import find_files, make_sources
from corpus.workers import FILES_AHEAD, FileReader, ReadingLimits
from tests.conftest import write_files
from tests.corpus.hostile_reading import end_at_once, read_hostile
from tests.corpus.test_archives import tarred, zipped
from tests.shared_reader import shared_reader


@pytest.fixture(scope="module")
def strict_reader() -> Iterator[FileReader]:
    """A reader whose workers misbehave on files that are named so, with narrow limits."""
    with FileReader(limits=ReadingLimits(seconds=5, memory_mb=1024, workers=2), read=read_hostile) as reader:
        yield reader


def read_folder(tmp_path: Path, files: dict[str, str | bytes], reader: FileReader) -> list[ReadFile | SkippedFile]:
    write_files(tmp_path / "docs", files)
    return list(reader.read(find_files(make_sources([tmp_path / "docs"]), tmp_path / "index")))


def codes(results: list[ReadFile | SkippedFile]) -> dict[str, str]:
    """Path to code; "read" for a file that gave documents."""
    return {result.path: result.code if isinstance(result, SkippedFile) else "read" for result in results}


def test_files_come_back_in_their_order(tmp_path: Path) -> None:
    names = [f"{number:03}.txt" for number in range(3 * FILES_AHEAD)]
    results = read_folder(tmp_path, {name: f"File {name}." for name in names}, shared_reader())
    assert [result.path for result in results] == [f"docs/{name}" for name in names]


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("hang.txt", "timeout", "reading it took longer than 5 seconds (--time-limit)"),
        ("crash.txt", "crash", "its parser crashed, or needed more than 1024 MB (--memory-limit)"),
        ("glutton.txt", "memory", "needs more memory than a file may take (--memory-limit)"),
        ("odd.txt", "parser", r"the parser failed on it (ValueError: \ud800)"),
    ],
)
def test_a_parser_that_fails_badly_costs_that_file(
    tmp_path: Path, strict_reader: FileReader, name: str, code: str, reason: str
) -> None:
    results = read_folder(tmp_path, {"a.txt": "One.", name: "x", "z.txt": "Two."}, strict_reader)
    assert codes(results) == {"docs/a.txt": "read", f"docs/{name}": code, "docs/z.txt": "read"}
    (skipped,) = (result for result in results if isinstance(result, SkippedFile))
    assert skipped.reason == reason


def test_a_worker_that_ends_after_its_file_costs_no_other_file(tmp_path: Path, strict_reader: FileReader) -> None:
    assert codes(read_folder(tmp_path, {"late.txt": "One."}, strict_reader)) == {"docs/late.txt": "read"}
    time.sleep(1)
    results = read_folder(tmp_path, {f"{number}.txt": "More." for number in range(5)}, strict_reader)
    assert set(codes(results).values()) == {"read"}


def test_workers_that_cannot_be_started_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.workers._prepare_worker", end_at_once)
    monkeypatch.setattr("corpus.workers.STARTING_SECONDS", 1)
    with (
        FileReader(limits=ReadingLimits(seconds=1, workers=1)) as reader,
        pytest.raises(SourceError, match="end as soon as"),
    ):
        read_folder(tmp_path, {f"{number}.txt": "One." for number in range(10)}, reader)


def test_files_of_an_archive_stand_in_its_place(tmp_path: Path) -> None:
    archive = zipped({"b.txt": b"Two.", "a/x.md": b"Three."})
    results = read_folder(tmp_path, {"a.txt": "One.", "b.zip": archive, "c.txt": "Four."}, shared_reader())
    assert list(codes(results)) == ["docs/a.txt", "docs/b.zip/a/x.md", "docs/b.zip/b.txt", "docs/c.txt"]


def test_an_archive_in_an_archive_is_unpacked(tmp_path: Path) -> None:
    inner = tarred({"deep.txt": b"Deep."})
    results = read_folder(tmp_path, {"a.zip": zipped({"inner.tar.gz": inner})}, shared_reader())
    assert codes(results) == {"docs/a.zip/inner.tar.gz/deep.txt": "read"}


def test_ten_levels_of_archives_cost_the_fourth(tmp_path: Path) -> None:
    content = b"Deep."
    name = "deep.txt"
    for level in range(10):
        content, name = zipped({name: content, f"note{level}.txt": b"On the way."}), f"level{level}.zip"
    results = codes(read_folder(tmp_path, {name: content}, shared_reader()))
    assert [code for code in results.values() if code != "read"] == ["nesting"]
    assert sum(code == "read" for code in results.values()) == 3


def test_files_of_one_name_in_an_archive_are_told_apart(tmp_path: Path) -> None:
    content = zipped({"a.txt": b"One.", "/a.txt": b"Two."})
    results = read_folder(tmp_path, {"x.zip": content}, shared_reader())
    assert codes(results) == {"docs/x.zip/a (2).txt": "read", "docs/x.zip/a.txt": "read"}


def test_a_sidecar_in_an_archive_describes_the_file_beside_it(tmp_path: Path) -> None:
    content = zipped({"a.txt": b"One.", "a.txt.meta.yaml": b"title: From the side"})
    (result,) = read_folder(tmp_path, {"x.zip": content}, shared_reader())
    assert isinstance(result, ReadFile)
    assert result.documents[0].metadata.title == "From the side"


def test_an_archive_that_cannot_be_unpacked_is_skipped(tmp_path: Path) -> None:
    results = read_folder(tmp_path, {"a.zip": b"no archive", "b.txt": "One."}, shared_reader())
    assert codes(results) == {"docs/a.zip": "archive", "docs/b.txt": "read"}


def test_unpacked_files_do_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    read_folder(tmp_path, {"a.zip": zipped({"a.txt": b"One."})}, shared_reader())
    assert list(temporary.iterdir()) == []


def test_unpacked_files_do_not_stay_when_reading_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    archive = zipped({"a.txt": b"One.", "b.txt": b"Two."})
    write_files(tmp_path / "docs", {"a.zip": archive, "b.zip": archive})
    reading = shared_reader().read(find_files(make_sources([tmp_path / "docs"]), tmp_path / "index"))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert list(temporary.iterdir()) == []


def test_options_reach_the_parsers(tmp_path: Path) -> None:
    options = ReadingOptions(RowFields(text="prose"))
    with FileReader(options, ReadingLimits(workers=1)) as reader:
        (result,) = read_folder(tmp_path, {"a.jsonl": '{"prose": "One.", "text": "Two."}'}, reader)
    assert isinstance(result, ReadFile)
    assert result.documents[0].text == "One."
