"""Whether citations stand in today's files: unchanged, changed, moved, deleted and new ones, and those of archives."""

import io
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from index.source_check import SourceCheck, check_sources
from tests.shared_reader import shared_reader

Build = Callable[[dict[str, str | bytes]], RebuildReport]


@pytest.fixture
def compare(tmp_path: Path) -> Callable[[], SourceCheck]:
    def run() -> SourceCheck:
        location = IndexLocation(tmp_path / "index")
        with closing(open_snapshot(location.published())) as snapshot:
            return check_sources(snapshot, location.folder, shared_reader())

    return run


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return tmp_path / "docs"


def statuses(compared: SourceCheck) -> dict[str, str]:
    return {file.path: file.status for file in compared.files}


def zipped(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_files_that_are_as_they_were_hold_all_citations(build: Build, compare: Callable[[], SourceCheck]) -> None:
    report = build({"a.txt": "Oil was sold.", "b/c.txt": "Gas was sold.", "copy.txt": "Oil was sold.", "d.xyz": "?"})
    compared = compare()
    assert statuses(compared) == dict.fromkeys(["docs/a.txt", "docs/b/c.txt", "docs/copy.txt"], "unchanged")
    assert (compared.citations, compared.lost) == (report.counts.passages + 1, 0)


def test_a_file_that_changed_around_its_passages_loses_none(
    build: Build, docs: Path, compare: Callable[[], SourceCheck]
) -> None:
    build({"a.txt": "Oil was sold."})
    (docs / "a.txt").write_text("Gas was bought.\n\nOil was sold.")
    (file,) = compare().files
    assert (file.status, file.passages, file.lost_count) == ("changed", 1, 0)


def test_a_passage_whose_text_changed_is_lost_and_named(
    build: Build, docs: Path, compare: Callable[[], SourceCheck], tmp_path: Path
) -> None:
    build({"a.md": "# Oil\n\nOil was sold.\n\n# Gas\n\nGas was sold."})
    (docs / "a.md").write_text("# Oil\n\nOil was sold.\n\n# Gas\n\nGas was not sold.")
    compared = compare()
    with closing(open_snapshot(IndexLocation(tmp_path / "index").published())) as snapshot:
        (lost,) = [each.passage_id for each in snapshot.texts.passages([0, 1]) if "Gas" in each.text]
    assert (compared.files[0].lost, compared.lost, compared.citations) == ((lost,), 1, 2)


def test_a_file_that_was_moved_or_deleted_is_missing_and_its_new_place_is_new(
    build: Build, docs: Path, compare: Callable[[], SourceCheck]
) -> None:
    build({"a.txt": "Oil was sold.", "b.txt": "Gas was sold.", "c.txt": "Tea was sold."})
    (docs / "a.txt").rename(docs / "z.txt")
    (docs / "b.txt").unlink()
    compared = compare()
    assert statuses(compared) == {
        "docs/a.txt": "missing",
        "docs/b.txt": "missing",
        "docs/c.txt": "unchanged",
        "docs/z.txt": "new",
    }
    assert compared.lost == 2


def test_a_new_file_costs_no_citation(build: Build, docs: Path, compare: Callable[[], SourceCheck]) -> None:
    build({"a.txt": "Oil was sold."})
    (docs / "b.txt").write_text("Gas was sold.")
    compared = compare()
    assert statuses(compared) == {"docs/a.txt": "unchanged", "docs/b.txt": "new"}
    assert compared.lost == 0


def test_a_file_that_can_no_longer_be_read_is_told_with_the_reason(
    build: Build, docs: Path, compare: Callable[[], SourceCheck]
) -> None:
    build({"a.txt": "Oil was sold."})
    (docs / "a.txt").write_text("")
    (file,) = compare().files
    assert (file.status, file.lost_count, file.reason) == ("unreadable", 1, "the file is empty")


def test_files_in_archives_are_compared_too(build: Build, docs: Path, compare: Callable[[], SourceCheck]) -> None:
    before = {"a.txt": "Oil was sold.", "b.txt": "Gas was sold.", "c.txt": "Tea was sold."}
    build({"deep/all.zip": zipped(before)})
    assert set(statuses(compare()).values()) == {"unchanged"}
    after = {"a.txt": "Oil was sold.", "b.txt": "Gas was bought.", "d.txt": "Steel was sold."}
    (docs / "deep" / "all.zip").write_bytes(zipped(after))
    compared = compare()
    assert statuses(compared) == {
        "docs/deep/all.zip/a.txt": "unchanged",
        "docs/deep/all.zip/b.txt": "changed",
        "docs/deep/all.zip/c.txt": "missing",
        "docs/deep/all.zip/d.txt": "new",
    }
    assert compared.lost == 2


def test_an_archive_that_is_gone_leaves_its_files_missing(
    build: Build, docs: Path, compare: Callable[[], SourceCheck]
) -> None:
    build({"all.zip": zipped({"a.txt": "Oil was sold."}), "b.txt": "Gas was sold."})
    (docs / "all.zip").unlink()
    assert statuses(compare()) == {"docs/all.zip/a.txt": "missing", "docs/b.txt": "unchanged"}


def test_a_source_that_is_not_here_is_told(build: Build, docs: Path, compare: Callable[[], SourceCheck]) -> None:
    build({"a.txt": "Oil was sold."})
    shutil.rmtree(docs)
    compared = compare()
    assert statuses(compared) == {"docs/a.txt": "absent"}
    assert [source.location for source in compared.absent_sources] == [str(docs)]
    assert compared.lost == 1


def test_a_source_that_is_empty_has_lost_all_its_files(
    build: Build, docs: Path, compare: Callable[[], SourceCheck]
) -> None:
    build({"a.txt": "Oil was sold."})
    (docs / "a.txt").unlink()
    assert statuses(compare()) == {"docs/a.txt": "missing"}


def test_what_a_link_that_was_not_followed_leads_to_is_not_new(
    build: Build, docs: Path, tmp_path: Path, compare: Callable[[], SourceCheck]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.txt").write_text("Gas was sold.")
    docs.mkdir()
    (docs / "link").symlink_to(tmp_path / "elsewhere")
    build({"a.txt": "Oil was sold."})
    assert statuses(compare()) == {"docs/a.txt": "unchanged"}


def test_of_many_lost_citations_the_first_are_named(
    build: Build, docs: Path, compare: Callable[[], SourceCheck], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.source_check.MOST_LOST", 2)
    build({"a.md": "\n\n".join(f"# Part {number}\n\nNumber {number} was sold." for number in range(5))})
    (docs / "a.md").write_text("Nothing was sold.")
    (file,) = compare().files
    assert (file.lost_count, len(file.lost)) == (5, 2)
