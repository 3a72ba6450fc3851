import hashlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.formats.content import ReadingOptions, SourceContent
from corpus.formats.table import FORMATS
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile
from corpus.works import Block, BlockKind, Work

SUFFIXES = [suffix for format_ in FORMATS for suffix in format_.suffixes]


def read_content(folder: Path, name: str, content: bytes) -> ReadFile | SkippedFile:
    location = folder / name
    location.write_bytes(content)
    return read_file(SourceFile(f"docs/{name}", location), ReadingOptions())


def test_a_file_gives_its_documents_and_its_hash(tmp_path: Path) -> None:
    content = b'{"text": "One."}\n{"text": "Two."}'
    found = read_content(tmp_path, "a.jsonl", content)
    assert isinstance(found, ReadFile)
    assert (found.path, found.sha256) == ("docs/a.jsonl", hashlib.sha256(content).hexdigest())
    assert [document.text for document in found.documents] == ["One.", "Two."]
    assert {document.source_sha256 for document in found.documents} == {found.sha256}


def test_a_work_without_text_is_no_document(tmp_path: Path) -> None:
    found = read_content(tmp_path, "a.jsonl", b'{"text": "One."}\n{"text": " "}')
    assert isinstance(found, ReadFile)
    assert len(found.documents) == 1


@pytest.mark.parametrize(
    ("name", "content", "code", "reason"),
    [
        pytest.param("a.xyz", b"text", "file-type", "files of type .xyz are not read", id="file-type"),
        pytest.param("README", b"text", "file-type", "without a suffix", id="no suffix"),
        pytest.param("a.txt", b" \n\t", "empty", "the file is empty", id="empty"),
        pytest.param("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "binary", "holds binary data", id="binary"),
        pytest.param("a.txt", "Grüße aus Köln".encode() + b"\xff", "undecodable", "byte 17", id="undecodable"),
        pytest.param("a.md", b"---\na: [\n---\ntext", "front-matter", "not valid YAML", id="front-matter"),
        pytest.param("a.jsonl", b"nothing", "json", "line 1 is not JSON", id="json"),
        pytest.param("a.html", b"<html></html>", "no-text", "no main text", id="a page without text"),
        pytest.param("a.md", b"<!-- x -->", "no-text", "no text was found", id="no-text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, code: str, reason: str) -> None:
    found = read_content(tmp_path, name, content)
    assert isinstance(found, SkippedFile)
    assert (found.path, found.code) == (f"docs/{name}", code)
    assert reason in found.reason


def test_a_link_to_nothing_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    found = read_file(SourceFile("docs/a.txt", tmp_path / "a.txt"), ReadingOptions())
    assert found == SkippedFile("docs/a.txt", "unreadable", "cannot be opened: No such file or directory")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    found = read_file(SourceFile("docs/a.txt", tmp_path / "a.txt"), ReadingOptions())
    assert found == SkippedFile("docs/a.txt", "not-a-file", "is a pipe, socket or device, not a file")


def test_a_file_not_to_be_read_says_why(tmp_path: Path) -> None:
    found = read_file(SourceFile("docs/sub", tmp_path, skip=("link", "leads out")), ReadingOptions())
    assert found == SkippedFile("docs/sub", "link", "leads out")


def test_a_failing_parser_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(content: SourceContent) -> list[Work]:
        raise ZeroDivisionError("inside the library")

    monkeypatch.setattr("corpus.formats.text.read", fail)
    found = read_content(tmp_path, "a.txt", b"text")
    assert found == SkippedFile(
        "docs/a.txt", "parser", "the parser failed on it (ZeroDivisionError: inside the library)"
    )


def test_parts_nested_too_deeply_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(content: SourceContent) -> list[Work]:
        raise RecursionError

    monkeypatch.setattr("corpus.formats.text.read", fail)
    found = read_content(tmp_path, "a.txt", b"text")
    assert isinstance(found, SkippedFile)
    assert found.code == "nesting"


def test_residue_is_left_out_and_counted(tmp_path: Path) -> None:
    found = read_content(tmp_path, "a.txt", b"Short Url\nFollow\n\nThe mill was closed in 2015.\n\nFollow\n")
    assert isinstance(found, ReadFile)
    assert found.documents[0].text == "The mill was closed in 2015."
    assert found.residue == {"short-url": 1, "follow": 2}


def test_metadata_can_come_from_the_name_and_from_lines_of_the_page(tmp_path: Path) -> None:
    named = read_content(tmp_path, "2025-11-28 mill.txt", b"The mill was closed in 2015.")
    stamped = read_content(tmp_path, "mill.txt", b"Updated 27 November 2025\n\nThe mill was closed in 2015.")
    assert isinstance(named, ReadFile)
    assert isinstance(stamped, ReadFile)
    assert [found.documents[0].metadata.published for found in (named, stamped)] == ["2025-11-28", "2025-11-27"]


def test_works_of_one_part_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work((), (Block(BlockKind.PARAGRAPH, "One."),), part="a")
    monkeypatch.setattr("corpus.formats.text.read", lambda content: [work, work])
    found = read_content(tmp_path, "a.txt", b"text")
    assert isinstance(found, ReadFile)
    assert [document.part for document in found.documents] == ["a", "a (2)"]


def test_pages_without_text_and_notes_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work((), (Block(BlockKind.PARAGRAPH, "One."),), pages_without_text=2, notes=("a note \ud800",))
    monkeypatch.setattr("corpus.formats.text.read", lambda content: [work])
    found = read_content(tmp_path, "a.txt", b"text")
    assert isinstance(found, ReadFile)
    assert (found.pages_without_text, found.notes) == (2, ("a note \\ud800",))


fragments = st.sampled_from(
    [b"---\n", b"Title: x\n", b"# ", b"\n\n", b'{"text": "a"}', b"<p>", b"<html>", b"\xff\xfe", b"\x00", b"\xe9", b"- "]
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(content=st.binary(max_size=120) | st.lists(fragments | st.binary(max_size=8), max_size=20).map(b"".join))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_documents_or_a_reason(suffix: str, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        match read_content(Path(folder), f"a{suffix}", content):
            case ReadFile(documents=documents):
                assert documents
                assert all(document.text.strip() for document in documents)
            case SkippedFile(code=code, reason=reason):
                assert code
                assert reason
