from pathlib import Path

import pytest

from index.manifest import Counts
from index.report import FileOutcome, RebuildReport, Seconds, read_outcomes, write_outcomes

OUTCOMES = (
    FileOutcome("docs/a.txt", "indexed", 1, 3),
    FileOutcome("docs/b.txt", "duplicate", duplicate_of="docs/a.txt", residue={"follow": 1}),
    FileOutcome("docs/Größe 😀.xyz", "skipped", code="file-type", reason="files of type .xyz are not read"),
    FileOutcome("docs/c.pdf", "indexed", 2, 2, pages_without_text=12, residue={"follow": 2, "tweet": 4}, notes=("B",)),
)
REPORT = RebuildReport("20250101-x", True, Counts(2, 3, 5, 9), Seconds(0.1, 0.2, 0.3, 0.7), OUTCOMES, embedded=7)


def test_the_summary_is_what_the_command_promises() -> None:
    assert REPORT.summary() == {
        "snapshot": "20250101-x",
        "published": True,
        "files": {"found": 4, "indexed": 2, "unchanged": 0, "duplicate": 1, "skipped": 1},
        "documents": 3,
        "passages": 5,
        "sentences": 9,
        "seconds": {"read": 0.1, "embed": 0.2, "index": 0.3, "total": 0.7},
        "skipped": [{"path": "docs/Größe 😀.xyz", "code": "file-type", "reason": "files of type .xyz are not read"}],
        "pages_without_text": 12,
        "residue": {"tweet": 4, "follow": 3},
        "embedded": 7,
        "gate": None,
        "removed": [],
    }


@pytest.mark.parametrize("outcomes", [(), OUTCOMES], ids=["none", "some"])
def test_outcomes_come_back_as_they_were_written(tmp_path: Path, outcomes: tuple[FileOutcome, ...]) -> None:
    write_outcomes(tmp_path / "report.json", outcomes)
    assert read_outcomes(tmp_path / "report.json") == outcomes


def test_a_report_is_readable_by_people(tmp_path: Path) -> None:
    write_outcomes(tmp_path / "report.json", OUTCOMES)
    assert "docs/Größe 😀.xyz" in (tmp_path / "report.json").read_text(encoding="utf-8")


def test_remarks_tell_what_is_to_be_known_of_a_file() -> None:
    assert [outcome.remarks() for outcome in OUTCOMES] == [
        [],
        ["same text as docs/a.txt"],
        ["files of type .xyz are not read"],
        ["12 pages have no text layer", "B"],
    ]


def test_one_page_without_text_is_told_as_one() -> None:
    assert FileOutcome("a.pdf", "indexed", pages_without_text=1).remarks() == ["1 page has no text layer"]
