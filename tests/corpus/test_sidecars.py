from pathlib import Path

import pytest

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import ReadingOptions
from corpus.metadata import Claim
from corpus.origins import Origin
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
    assert sidecar_claim(tmp_path / "a.meta.yaml") == (Claim(Origin.SIDECAR, expected), ())


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("date: yesterday", "date 'yesterday' cannot be read; write it as 2025-11-28"),
        ("date: 3/4/2025", "date '3/4/2025' cannot be read; write it as 2025-11-28"),
        ("authors: 5", "authors '5' cannot be read; write it as a name or a list of names"),
        ("authors: [Bob, 5]", "authors (a list) cannot be read; write it as a name or a list of names"),
        ("publisher: !!bool no", "publisher 'False' cannot be read; write it as one text, in quotation marks"),
        ("publisher: {name: Dawn}", "publisher (a dict) cannot be read; write it as one text, in quotation marks"),
        ("titel: X", "unknown field titel; known are title, authors, date, publisher, url, language"),
        (f"{'x' * 99}: 1", f"unknown field {'x' * 39}…; known are title, authors, date, publisher, url, language"),
    ],
)
def test_a_field_that_cannot_be_used_is_told_and_the_others_are_read(tmp_path: Path, content: str, note: str) -> None:
    (read,) = read_folder(tmp_path, {"a.txt": "Text.", "a.meta.yaml": f"{content}\ntitle: Oil"})
    assert isinstance(read, ReadFile)
    assert (read.documents[0].metadata.title, read.notes) == ("Oil", (f"sidecar file: {note}",))


@pytest.mark.parametrize("content", ["date:", 'date: ""', "authors: []", "headline: Gas", "Published-On: 2025"])
def test_a_field_left_empty_or_of_another_name_is_not_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.meta.yaml").write_text(content)
    _, notes = sidecar_claim(tmp_path / "a.meta.yaml")
    assert notes == ()


def test_a_word_that_yaml_takes_for_a_truth_value_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.meta.yaml").write_text("title: Yes\nlanguage: no\n")
    expected = Metadata(title="Yes", language="no")
    assert sidecar_claim(tmp_path / "a.meta.yaml") == (Claim(Origin.SIDECAR, expected), ())


@pytest.mark.parametrize("name", ["title", "unknown"])
def test_a_number_too_long_to_be_written_costs_the_sidecar_alone(tmp_path: Path, name: str) -> None:
    (read,) = read_folder(tmp_path, {"a.txt": "Title: Gas\n\nText.", "a.meta.yaml": f"{name}: 0x{'f' * 5000}"})
    assert isinstance(read, ReadFile)
    assert read.documents[0].metadata.title == "Gas"


def test_many_unknown_fields_are_told_in_few_notes(tmp_path: Path) -> None:
    (tmp_path / "a.meta.yaml").write_text("".join(f"field{number}: x\n" for number in range(1010)))
    _, notes = sidecar_claim(tmp_path / "a.meta.yaml")
    assert (len(notes), notes[-1]) == (11, "and 1,000 more such fields")


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
    assert read.notes[0].startswith("the sidecar file was not used: it ")


def test_a_sidecar_of_no_file_is_skipped_with_its_reason(tmp_path: Path) -> None:
    _, orphan = read_folder(tmp_path, {"a.txt": "One.", "b.meta.yaml": "title: Oil"})
    assert isinstance(orphan, SkippedFile)
    assert (orphan.path, orphan.code) == ("docs/b.meta.yaml", "sidecar")


def test_a_missing_sidecar_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^it cannot be opened: No such file or directory$"):
        sidecar_claim(tmp_path / "gone.meta.yaml")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("title: Oil\n\nauthors: Ann: Bob\n", "line 3: mapping values are not allowed here"),
        ("title: Oil\ndate: [2025\n", "line 3: expected ',' or ']', but got '<stream end>'"),
        ("title: \x01", "character 8: special characters are not allowed"),
    ],
)
def test_a_mistake_in_the_yaml_is_told_with_its_place(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "a.meta.yaml").write_text(content)
    with pytest.raises(DocumentError) as caught:
        sidecar_claim(tmp_path / "a.meta.yaml")
    assert str(caught.value) == f"it is not valid YAML: {problem}"
