import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.gate import GATE_DEPTH, GateResult, WorseQuestion
from index.gate_report import gate_lines
from index.location import IndexLocation
from index.manifest import SnapshotError, read_manifest
from index.progress import SilentProgress
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.evaluate import evaluate_passages
from qa.evaluation_data import EvaluationError, read_questions
from qa.gate import recall_gate
from qa.search import Searcher
from tests.conftest import SAMPLE
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]

TEA = {"question": "Where does tea grow?", "expect": ["grows in Assam"]}
OIL = {"question": "Where does oil lie?", "expect": ["no such fragment", "under  Basra"]}
CUP = {"question": "Who won the cup?", "expect": [], "answerable": False}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a questions file."""

    def write_questions(*questions: dict[str, object]) -> Path:
        path = tmp_path / "questions.jsonl"
        path.write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
        return path

    return write_questions


@pytest.fixture
def snapshots(build: Build, tmp_path: Path) -> tuple[Path, Path]:
    """One that tells of tea and oil, and a later one that lost the tea."""
    location = IndexLocation(tmp_path / "index")
    first = build({"tea.txt": "Tea grows in Assam.", "oil.txt": "Oil lies under Basra."}).snapshot
    (tmp_path / "docs" / "tea.txt").unlink()
    return location.snapshot(first), location.snapshot(build({}).snapshot)


def asked(path: Path, new: Path, published: Path | None, min_recall: float = 0.9) -> GateResult:
    return recall_gate(path, min_recall)(new, published, HashingEncoder(), SilentProgress())


def test_a_snapshot_is_held_to_the_share_of_answerable_questions_it_finds(
    snapshots: tuple[Path, Path], write: Callable[..., Path]
) -> None:
    result = asked(write(TEA, OIL, CUP), snapshots[1], None)
    assert (result.asked, result.recall, result.passed) == (2, 0.5, False)
    assert (result.published_recall, result.worse) == (None, ())
    assert asked(write(TEA, OIL, CUP), snapshots[0], None).recall == 1


def test_what_got_worse_is_told_question_by_question(snapshots: tuple[Path, Path], write: Callable[..., Path]) -> None:
    path = write(TEA, OIL)
    result = asked(path, snapshots[1], snapshots[0])
    assert result == GateResult(str(path), 2, 0.5, 0.9, 1.0, (WorseQuestion("Where does tea grow?", 1, None),))


def test_what_got_better_is_not_told_as_worse(snapshots: tuple[Path, Path], write: Callable[..., Path]) -> None:
    result = asked(write(TEA, OIL), snapshots[0], snapshots[1])
    assert (result.recall, result.published_recall, result.worse) == (1, 0.5, ())


def test_a_right_passage_that_fell_among_the_first_is_worse(
    build: Build, tmp_path: Path, write: Callable[..., Path]
) -> None:
    location = IndexLocation(tmp_path / "index")
    before = location.snapshot(build({"oil.txt": "Oil lies under Basra."}).snapshot)
    now = location.snapshot(build({"sea.txt": "Where does oil lie? It lies under the sea."}).snapshot)
    result = asked(write(OIL), now, before)
    assert result.recall == 1
    assert result.worse == (WorseQuestion("Where does oil lie?", 1, 2),)


def test_pages_are_right_where_no_fragment_is_given(build: Build, tmp_path: Path, write: Callable[..., Path]) -> None:
    report = (SAMPLE / "reports" / "changing-gauge.pdf").read_bytes()
    folder = IndexLocation(tmp_path / "index").snapshot(build({"gauge.pdf": report}).snapshot)
    evidence = [{"document": "gauge.pdf", "page": page} for page in (1, 2, 3)]
    assert asked(write({"question": "gauge", "evidence": evidence}), folder, None).recall == 1
    assert asked(write({"question": "gauge", "evidence": [evidence[0] | {"page": 99}]}), folder, None).recall == 0


@pytest.mark.parametrize("harm", ["damaged", "gone", "another encoder"])
def test_a_published_snapshot_that_cannot_be_asked_does_not_fail_the_gate(
    snapshots: tuple[Path, Path], write: Callable[..., Path], harm: str
) -> None:
    published, new = snapshots
    match harm:
        case "damaged":
            (published / "texts.sqlite").write_bytes(b"x")
        case "gone":
            shutil.rmtree(published)
        case _:
            manifest = read_manifest(published)
            replace(manifest, encoder=replace(manifest.encoder, sha256="0" * 64)).write(published)
    result = asked(write(OIL), new, published)
    assert (result.passed, result.published_recall, result.worse) == (True, None, ())


def test_a_new_snapshot_that_cannot_be_asked_is_an_error(
    snapshots: tuple[Path, Path], write: Callable[..., Path]
) -> None:
    published, new = snapshots
    (new / "texts.sqlite").write_bytes(b"x")
    with pytest.raises(SnapshotError, match=r"texts\.sqlite"):
        asked(write(OIL), new, published)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        ("{", "line 1 is not JSON"),
        (json.dumps(CUP), "has no answerable question, so recall cannot be measured"),
    ],
    ids=["missing", "no JSON", "nothing answerable"],
)
def test_a_questions_file_that_cannot_be_used_is_told_before_anything_is_asked(
    tmp_path: Path, content: str | None, told: str
) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=rf"questions\.jsonl.*{told}"):
        recall_gate(path, 0.9)


def test_the_recall_is_that_of_an_evaluation(build: Build, tmp_path: Path, write: Callable[..., Path]) -> None:
    files: dict[str, str | bytes] = {f"{place}.txt": f"Oil lies under {place}." for place in ("Basra", "Baku", "Lagos")}
    published = IndexLocation(tmp_path / "index").snapshot(build(files | {"tea.txt": "Tea grows in Assam."}).snapshot)
    nowhere = {"question": "Where does oil lie?", "expect": ["under Perth"]}
    path = write(TEA, OIL, CUP, nowhere)
    result = asked(path, published, published)
    with closing(open_snapshot(published)) as snapshot:
        evaluation = evaluate_passages(Searcher(snapshot, HashingEncoder()), read_questions(path), lambda _: None)
    assert round(result.recall, 4) == evaluation.metrics[f"recall@{GATE_DEPTH}"] == 0.6667
    assert (result.published_recall, result.worse) == (result.recall, ())


def test_the_terminal_shows_the_recall_and_what_got_worse() -> None:
    worse = (WorseQuestion("Who sold [oil]?", 1, 3), WorseQuestion("Who bought it?", 2, None))
    assert gate_lines(GateResult("q.jsonl", 50, 0.82, 0.9, 0.94, worse)) == [
        "recall@5 0.8200 of 50 questions, floor 0.9000 (published snapshot: 0.9400)",
        "worse: rank 1 before, rank 3 now: Who sold [oil]?",
        "worse: rank 2 before, not found now: Who bought it?",
    ]
    assert gate_lines(GateResult("q.jsonl", 3, 1.0, 0.9, None, ())) == ["recall@5 1.0000 of 3 questions, floor 0.9000"]
