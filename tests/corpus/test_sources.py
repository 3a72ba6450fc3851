import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import SourceError
from corpus.sources import SourceFile, find_files, is_regular_file, make_sources
from tests.conftest import write_files


def paths_in(*locations: Path, index_folder: Path = Path("no-index")) -> list[str]:
    return [file.path for file in find_files(make_sources(locations), index_folder)]


def test_a_path_begins_with_the_name_of_its_source(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"sub/a.txt": "x"})
    (file,) = find_files(make_sources([tmp_path / "docs"]), tmp_path / "index")
    assert file == SourceFile("docs/sub/a.txt", tmp_path.resolve() / "docs" / "sub" / "a.txt")


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "x"})
    assert paths_in(tmp_path / "a.txt") == ["a.txt"]


def test_a_source_is_named_after_the_folder_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path / "docs", {"a.txt": "x"})
    monkeypatch.chdir(tmp_path / "docs")
    assert paths_in(Path()) == ["docs/a.txt"]


def test_files_come_in_order_of_their_paths(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a.txt", "B.txt", "a/b/c.txt"]
    write_files(tmp_path / "docs", dict.fromkeys(names, "x"))
    write_files(tmp_path / "archive", {"old.txt": "x"})
    assert paths_in(tmp_path / "docs", tmp_path / "archive") == sorted(
        ["archive/old.txt", *(f"docs/{name}" for name in names)]
    )


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "x", ".hidden.txt": "x", ".git/b.txt": "x"})
    assert paths_in(tmp_path / "docs") == ["docs/a.txt"]


def test_the_index_is_not_read_where_it_lies_among_the_documents(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "x", "my-index/report.txt": "x", "sub/my-index/b.txt": "x"})
    found = paths_in(tmp_path / "docs", index_folder=tmp_path / "docs" / "sub" / ".." / "my-index")
    assert found == ["docs/a.txt", "docs/sub/my-index/b.txt"]


def test_an_ignore_file_leaves_files_out(tmp_path: Path) -> None:
    rules = "# drafts\n*.tmp.txt\n/drafts/\n!keep.tmp.txt\n"
    names = ["a.txt", "b.tmp.txt", "keep.tmp.txt", "drafts/c.txt", "sub/drafts/d.txt"]
    write_files(tmp_path / "docs", {".citeboxignore": rules, **dict.fromkeys(names, "x")})
    assert paths_in(tmp_path / "docs") == ["docs/a.txt", "docs/keep.tmp.txt", "docs/sub/drafts/d.txt"]


def test_an_ignore_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {".citeboxignore": b"\xff", "a.txt": "x"})
    with pytest.raises(SourceError, match="citeboxignore cannot be used"):
        paths_in(tmp_path / "docs")


def test_every_kind_of_file_is_found(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.xyz": "", "b": b"\x00"})
    (tmp_path / "docs" / "c.txt").symlink_to("gone")
    assert paths_in(tmp_path / "docs") == ["docs/a.xyz", "docs/b", "docs/c.txt"]


def test_the_same_source_twice_is_one(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "x"})
    assert paths_in(tmp_path / "docs", tmp_path / "docs" / ".." / "docs") == ["docs/a.txt"]


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"one/docs/a.txt": "x", "two/docs/a.txt": "x"})
    one, two = tmp_path.resolve() / "one" / "docs", tmp_path.resolve() / "two" / "docs"
    with pytest.raises(SourceError) as caught:
        make_sources([one, two])
    assert str(one) in str(caught.value)
    assert str(two) in str(caught.value)


def test_a_missing_source_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone does not exist; give a folder or a file"):
        make_sources([tmp_path / "gone"])


def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    with pytest.raises(SourceError, match=r"no files found in .*docs; put documents there"):
        paths_in(tmp_path / "docs")


def test_a_folder_is_not_a_regular_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "x"})
    assert is_regular_file(tmp_path / "a.txt")
    assert not is_regular_file(tmp_path)


def test_a_name_that_is_not_utf_8_has_a_path_that_can_be_written_down(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "text"})
    (tmp_path / "docs" / os.fsdecode(b"\xff.txt")).write_text("text")
    paths = paths_in(tmp_path / "docs")
    assert paths == ["docs/\\xff.txt", "docs/a.txt"]


def skipped(*locations: Path, follow_links: bool = False) -> dict[str, str]:
    """Code by path of the files that are not to be read."""
    files = find_files(make_sources(locations), Path("no-index"), follow_links)
    return {file.path: file.skip[0] for file in files if file.skip}


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder with links out of it, to a file and to a folder."""
    write_files(tmp_path, {"docs/a.txt": "text", "other/b.txt": "text"})
    (tmp_path / "docs" / "file.txt").symlink_to(tmp_path / "other" / "b.txt")
    (tmp_path / "docs" / "folder").symlink_to(tmp_path / "other")
    return tmp_path / "docs"


def test_links_out_of_a_source_are_found_but_not_followed(linked: Path) -> None:
    assert paths_in(linked) == ["docs/a.txt", "docs/file.txt", "docs/folder"]
    assert skipped(linked) == {"docs/file.txt": "link", "docs/folder": "link"}


def test_links_out_of_a_source_are_followed_when_asked(linked: Path) -> None:
    files = find_files(make_sources([linked]), Path("no-index"), follow_links=True)
    assert [file.path for file in files] == ["docs/a.txt", "docs/file.txt", "docs/folder/b.txt"]
    assert skipped(linked, follow_links=True) == {}


def test_a_link_inside_a_source_is_not_read_twice(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"sub/a.txt": "text"})
    (tmp_path / "docs" / "b.txt").symlink_to("sub/a.txt")
    assert skipped(tmp_path / "docs") == {"docs/b.txt": "link"}


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "text"})
    (tmp_path / "docs" / "b").symlink_to("gone")
    (link,) = (file for file in find_files(make_sources([tmp_path / "docs"]), Path("no-index")) if file.skip)
    assert link.skip == ("link", "this link leads nowhere")


@pytest.mark.parametrize("follow_links", [False, True])
def test_a_link_to_a_folder_above_is_not_walked_forever(tmp_path: Path, follow_links: bool) -> None:
    write_files(tmp_path / "docs", {"sub/a.txt": "text"})
    (tmp_path / "docs" / "sub" / "again").symlink_to(tmp_path / "docs")
    assert skipped(tmp_path / "docs", follow_links=follow_links) == {"docs/sub/again": "link"}


def test_links_that_lead_around_outside_end(tmp_path: Path) -> None:
    write_files(tmp_path, {"docs/a.txt": "text", "other/b.txt": "text"})
    (tmp_path / "docs" / "out").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "back").symlink_to(tmp_path / "other")
    files = find_files(make_sources([tmp_path / "docs"]), Path("no-index"), follow_links=True)
    assert [(file.path, file.skip is None) for file in files] == [
        ("docs/a.txt", True),
        ("docs/out/b.txt", True),
        ("docs/out/back", False),
    ]


def test_a_folder_that_cannot_be_listed_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path / "docs", {"a.txt": "text", "closed/b.txt": "text"})

    def walk(
        top: Path, onerror: Callable[[OSError], None], followlinks: bool
    ) -> list[tuple[str, list[str], list[str]]]:
        onerror(PermissionError(13, "Permission denied", str(top / "closed")))
        return [(str(top), ["closed"], ["a.txt"])]

    monkeypatch.setattr("os.walk", walk)
    assert skipped(tmp_path / "docs") == {"docs/closed": "unlistable"}


def test_a_sidecar_belongs_to_the_file_it_describes(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.pdf": "x", "a.pdf.meta.yaml": "title: Oil"})
    (file,) = find_files(make_sources([tmp_path / "docs"]), Path("no-index"))
    assert (file.path, file.sidecar) == ("docs/a.pdf", tmp_path.resolve() / "docs" / "a.pdf.meta.yaml")
