"""An index that was copied to another machine, where neither its documents nor the index it came from are."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from index.location import CURRENT_FILE, LOCK_FILE, IndexLocation
from index.lock import Owner, owner_of
from index.report import RebuildReport
from index.snapshot import open_snapshot
from index.verification import verify_snapshot
from qa.answer_document import answer_document
from qa.query import make_query
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder
from tests.running import run_citebox

Build = Callable[[dict[str, str | bytes]], RebuildReport]

FILES: dict[str, str | bytes] = {
    "oil.md": "# Oil\n\nRussia sold oil to Pakistan. It was dear.",
    "tea.txt": "Tea is grown in Assam. It is sold in Lahore.",
}
QUESTIONS = ("Who sold oil?", "Where is tea grown?", "Who invented chess?")


def copy_whole(index: Path, target: Path) -> None:
    shutil.copytree(index, target)


def copy_what_serves(index: Path, target: Path) -> None:
    """The published snapshot, and the file that says which it is: no lock, no cache, no history."""
    published = IndexLocation(index).published()
    shutil.copytree(published, target / "snapshots" / published.name)
    shutil.copy(index / CURRENT_FILE, target)


Copy = Callable[[Path, Path], None]
copies = pytest.mark.parametrize("copy", [copy_whole, copy_what_serves])


def answers(index: Path) -> list[dict[str, Any]]:
    """What is answered from the index, without how long it took."""
    with closing(open_snapshot(IndexLocation(index).published())) as snapshot:
        searcher = Searcher(snapshot, HashingEncoder())
        documents = [answer_document(searcher.ask(make_query(question, 5))) for question in QUESTIONS]
    return [document | {"took_ms": None} for document in documents]


@copies
def test_a_copy_gives_the_same_answers_and_verifies(build: Build, tmp_path: Path, copy: Copy) -> None:
    build(FILES)
    expected = answers(tmp_path / "index")
    assert [passage["text"] for passage in expected[0]["passages"]]
    copy(tmp_path / "index", tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "index")
    shutil.rmtree(tmp_path / "docs")
    assert answers(tmp_path / "elsewhere") == expected
    verification = verify_snapshot(IndexLocation(tmp_path / "elsewhere").published(), HashingEncoder())
    assert verification.problems == ()
    assert verification.checked.retrieved


@copies
def test_a_copy_can_be_rebuilt_from_other_documents(build: Build, tmp_path: Path, copy: Copy) -> None:
    build(FILES)
    copy(tmp_path / "index", tmp_path / "elsewhere" / "index")
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "elsewhere" / "index").rename(tmp_path / "index")
    report = build({"steel.txt": "Steel was dear."})
    assert report.counts.documents == len(FILES) + 1
    assert IndexLocation(tmp_path / "index").published_id() == report.snapshot


def test_the_commands_work_on_current_and_its_snapshot_alone(sample_index: Path, tmp_path: Path) -> None:
    copy_what_serves(sample_index, tmp_path / "index")
    asked = [
        run_citebox("ask", "How many licences?", "--index", index, "--json")
        for index in (sample_index, tmp_path / "index")
    ]
    original, copied = (json.loads(result.stdout) | {"took_ms": None} for result in asked)
    assert original["passages"]
    assert copied == original
    status = run_citebox("status", "--index", tmp_path / "index")
    assert status.returncode == 0, status.stderr


def test_the_record_of_a_lock_on_another_machine_is_no_obstacle(build: Build, tmp_path: Path) -> None:
    build(FILES)
    elsewhere = Owner("citebox rebuild", 1, "another-machine", "2025-06-01T02:00:00+00:00")
    lock = tmp_path / "index" / LOCK_FILE
    lock.write_text(json.dumps(asdict(elsewhere)), encoding="utf-8")
    assert owner_of(lock) is None
    assert build({"steel.txt": "Steel was dear."}).counts.documents == len(FILES) + 1
