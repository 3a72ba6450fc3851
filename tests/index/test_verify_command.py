"""`citebox verify`: what it prints, and its exit code."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import Result
from typer.testing import CliRunner

from corpus.formats.content import ReadingOptions
from index import verify_command
from index.location import IndexLocation
from index.manifest import EncoderRecord
from index.models import EncoderError
from index.report import RebuildReport
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader
from web.cli import app

Build = Callable[[dict[str, str | bytes]], RebuildReport]
Verify = Callable[..., Result]


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Run `citebox verify` on the index that `build` makes, with its encoder."""

    class SharedReader:
        def __init__(self, options: ReadingOptions) -> None:
            assert options == ReadingOptions()

        def __enter__(self) -> Any:
            return shared_reader()

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(verify_command, "load_encoder", lambda *_: HashingEncoder())
    monkeypatch.setattr(verify_command, "FileReader", SharedReader)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["verify", "--index", str(tmp_path / "index"), *arguments])

    return run


def test_a_whole_index_is_said_to_be_whole_with_counts(build: Build, verify: Verify) -> None:
    snapshot = build({"a.txt": "Oil was sold. Gas was not."}).snapshot
    result = verify()
    assert result.exit_code == 0
    assert snapshot in result.stdout
    assert "files hashed" in result.stdout
    assert "no problem was found in the index" in result.stdout


def test_json_gives_one_document(build: Build, verify: Verify) -> None:
    report = build({"a.txt": "Oil was sold. Gas was not."})
    document = json.loads(verify("--json").stdout)
    assert set(document) == {"snapshot", "ok", "checked", "problems", "sources"}
    assert (document["snapshot"], document["ok"], document["problems"]) == (report.snapshot, True, [])
    assert document["sources"] is None
    assert document["checked"]["passages"] == report.counts.passages
    assert document["checked"]["retrieved"] == report.counts.passages


def test_damage_is_named_and_the_exit_code_is_1(build: Build, verify: Verify, tmp_path: Path) -> None:
    build({"a.txt": "Oil was sold."})
    path = IndexLocation(tmp_path / "index").published() / "sentences.npy"
    path.write_bytes(path.read_bytes()[:-1])
    result = verify()
    assert result.exit_code == 1
    assert f"problem: the index is damaged: {path} is not as it was written" in result.stdout
    document = json.loads(verify("--json", "--sources").stdout)
    assert document["ok"] is False
    assert document["sources"] is None
    assert str(path) in document["problems"][0]


def test_another_snapshot_is_verified_by_its_id(build: Build, verify: Verify, tmp_path: Path) -> None:
    first = build({"a.txt": "Oil was sold."}).snapshot
    build({"b.txt": "Gas was sold."})
    assert json.loads(verify("--snapshot", first, "--json").stdout)["snapshot"] == first
    (IndexLocation(tmp_path / "index").snapshot(first) / "report.json").unlink()
    assert verify("--snapshot", first).exit_code == 1
    assert verify().exit_code == 0


@pytest.mark.parametrize("given", ["nonsense", ".", "..", ""])
def test_a_snapshot_that_is_not_there_is_wrong_usage(build: Build, verify: Verify, given: str) -> None:
    there = build({"a.txt": "Oil was sold."}).snapshot
    result = verify("--snapshot", given)
    assert result.exit_code == 2
    assert there[:20] in result.output


def test_without_the_model_what_it_is_needed_for_is_left_out_and_said(
    build: Build, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> NoReturn:
        raise EncoderError("no model 'hashing'")

    build({"a.txt": "Oil was sold."})
    monkeypatch.setattr(verify_command, "load_encoder", missing)
    result = verify("--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["checked"]["retrieved"] is None
    assert "found again by their text was not checked: no model 'hashing'" in result.stderr


def test_another_model_is_not_taken_for_the_one_of_the_index(
    build: Build, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Another(HashingEncoder):
        @property
        def record(self) -> EncoderRecord:
            return replace(super().record, sha256="f" * 64)

    build({"a.txt": "Oil was sold."})
    monkeypatch.setattr(verify_command, "load_encoder", lambda *_: Another())
    result = verify("--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["checked"]["retrieved"] is None
    assert "the one here is another" in result.stderr


def test_citations_that_stand_are_counted(build: Build, verify: Verify, tmp_path: Path) -> None:
    build({"a.txt": "Oil was sold.", "b.txt": "Gas was sold."})
    (tmp_path / "docs" / "new.txt").write_text("Tea was sold.")
    result = verify("--sources")
    assert result.exit_code == 0
    assert "new        docs/new.txt" in result.stdout
    assert "all 2 citations stand in today's files" in result.stdout


def test_a_lost_citation_makes_the_exit_code_1(build: Build, verify: Verify, tmp_path: Path) -> None:
    build({"a.txt": "Oil was sold.", "b.txt": "Gas was sold."})
    (tmp_path / "docs" / "a.txt").write_text("Oil was bought.")
    (tmp_path / "docs" / "b.txt").unlink()
    result = verify("--sources")
    assert result.exit_code == 1
    assert "changed    docs/a.txt: 1 of 1 citations lost: " in result.stdout
    assert "missing    docs/b.txt: 1 of 1 citations lost" in result.stdout
    assert "2 of 2 citations do not stand in today's files" in result.stdout
    document = json.loads(verify("--sources", "--json").stdout)
    assert (document["ok"], document["problems"]) == (False, [])
    assert document["sources"]["files"]["changed"] == 1
    assert document["sources"]["citations"] == {"checked": 2, "lost": 2}
    assert [file["status"] for file in document["sources"]["differing"]] == ["changed", "missing"]


def test_a_source_that_is_not_on_this_machine_is_said(build: Build, verify: Verify, tmp_path: Path) -> None:
    build({"a.txt": "Oil was sold."})
    shutil.rmtree(tmp_path / "docs")
    result = verify("--sources")
    assert result.exit_code == 1
    assert f"SOURCE docs is not on this machine: {tmp_path / 'docs'} does not exist" in result.stdout


def test_of_many_files_the_first_are_printed(
    build: Build, verify: Verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_command, "MOST_FILES", 2)
    build({"a.txt": "Oil was sold."})
    for number in range(5):
        (tmp_path / "docs" / f"new{number}.txt").write_text("Tea was sold.")
    result = verify("--sources")
    assert "new        and 3 more files" in result.stdout
    assert "new3.txt" not in result.stdout
