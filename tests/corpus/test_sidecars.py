from pathlib import Path

import pytest

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import ReadingOptions
from corpus.metadata import Claim, Origin
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sidecars import sidecar_claim
from corpus.sources import find_files, make_sources
from tests.conftest import write_files


def read_folder(tmp_path: Path, files: dict[str, str | bytes]) -> list[ReadFile | SkippedFile]:
    write_files(tmp_path / "docs", files)
    found = find_files(make_sources([tmp_path / "docs"]), tmp_path / "index")
    return [read_file(file, ReadingOptions()) for file in found]


def test_a_sidecar_states_metadata(tmp_path: Path) -> None:
    (tmp_path / "a.meta.yaml").write_text("title: Oil\nauthors: [Ann, Bob]\ndate: 2025-11-28\n")
    expected = Metadata(title="Oil", authors=("Ann", "Bob"), published="2025-11-28")
    assert sidecar_claim(tmp_path / "a.meta.yaml") == Claim(Origin.SIDECAR, expected)


@pytest.mark.parametrize("name", ["a.txt.meta.yaml", "a.meta.yaml"])
def test_a_sidecar_overrides_what_the_file_says(tmp_path: Path, name: str) -> None:
    (read,) = read_folder(tmp_path, {"a.txt": "Title: Gas\nAuthor: Ann\n\nText.", name: "title: Oil"})
    assert isinstance(read, ReadFile)
    metadata = read.documents[0].metadata
    assert (metadata.title, metadata.authors) == ("Oil", ("Ann",))
    assert metadata.origins == {"title": "sidecar file", "authors": "header lines"}


def test_the_sidecar_with_the_full_name_goes_first(tmp_path: Path) -> None:
    files = {"a.txt": "One.", "a.md": "Two.", "a.txt.meta.yaml": "title: Text", "a.meta.yaml": "title: Both"}
    titles = {read.path: read.documents[0].metadata.title for read in read_folder(tmp_path, dict(files))}  # type: ignore[union-attr]
    assert titles == {"docs/a.md": "Both", "docs/a.txt": "Text"}


@pytest.mark.parametrize("content", ["title: [", "- a list", "just text", b"\xff\xfe\x00"])
def test_a_sidecar_that_cannot_be_used_is_told_and_the_file_read(tmp_path: Path, content: str | bytes) -> None:
    (read,) = read_folder(tmp_path, {"a.txt": "Title: Gas\n\nText.", "a.meta.yaml": content})
    assert isinstance(read, ReadFile)
    assert read.documents[0].metadata.title == "Gas"
    assert read.notes[0].startswith("a.meta.yaml was not used: it ")


def test_a_sidecar_of_no_file_is_skipped_with_its_reason(tmp_path: Path) -> None:
    _, orphan = read_folder(tmp_path, {"a.txt": "One.", "b.meta.yaml": "title: Oil"})
    assert isinstance(orphan, SkippedFile)
    assert (orphan.path, orphan.code) == ("docs/b.meta.yaml", "sidecar")


def test_a_missing_sidecar_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="not valid YAML"):
        sidecar_claim(tmp_path / "gone.meta.yaml")
