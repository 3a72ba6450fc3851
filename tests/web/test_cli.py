"""The `citebox` command in the terminal: real processes, no network."""

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.location import IndexLocation
from index.manifest import read_manifest
from index.models import locate_model
from index.report import RebuildReport
from qa.calibrate import write_calibration
from tests.calibrations import always
from tests.conftest import REPOSITORY, SAMPLE, write_files
from tests.hashing_encoder import HashingEncoder
from tests.running import COMMAND, run_citebox
from web.cli import app

Build = Callable[[dict[str, str | bytes]], RebuildReport]


def test_help_lists_the_commands() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("rebuild", "ask", "explain", "serve", "status", "eval", "calibrate"):
        assert command in result.output


def test_rebuild_then_ask_answers_from_several_sources_without_a_network(tmp_path: Path) -> None:
    write_files(tmp_path / "news", {"permits.txt": "The ministry granted 41 drilling permits in March 2024.\n"})
    write_files(tmp_path / "notes", {"deep/tea.md": "# Tea\n\nTea prices rose by nine percent.\n"})
    index = tmp_path / "index"

    rebuilt = run_citebox("rebuild", tmp_path / "news", tmp_path / "notes", "--index", index, "--json")
    assert rebuilt.returncode == 0, rebuilt.stderr
    report = json.loads(rebuilt.stdout)
    assert report["files"] == {"found": 2, "indexed": 2, "unchanged": 0, "duplicate": 0, "skipped": 0}
    assert report["published"] is True

    asked = run_citebox("ask", "How many drilling permits were granted?", "--index", index, "--json")
    assert asked.returncode == 0, asked.stderr
    first = json.loads(asked.stdout)["passages"][0]
    assert first["highlights"][0]["text"] == "The ministry granted 41 drilling permits in March 2024."
    assert first["citation"]["path"] == "news/permits.txt"


def test_ask_prints_the_passage_its_evidence_and_its_citation(sample_index: Path) -> None:
    result = run_citebox("ask", "How many offshore licences were awarded?", "--index", sample_index, "--top-k", "1")
    assert result.returncode == 0, result.stderr
    assert "[1] " in result.stdout
    assert "→ " in result.stdout
    assert "sample/briefs/offshore-exploration.md" in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("confidence", "told"),
    [
        (0.95, "These passages seem to answer this:"),
        (0.7, "These passages possibly answer this:"),
        (0.1, "The answer does not seem to be in these documents."),
        (None, "Whether they answer is not known for this model: see citebox calibrate --help"),
    ],
    ids=str,
)
def test_ask_prints_the_verdict_in_words(
    build: Build, without_model: None, tmp_path: Path, confidence: float | None, told: str
) -> None:
    build({"oil.txt": "Oil was sold.", "film.mp4": b"film"})
    if confidence is not None:
        write_calibration(tmp_path / "index", always(confidence))
    printed = CliRunner().invoke(app, ["ask", "Was oil sold?", "--index", str(tmp_path / "index")])
    assert printed.exit_code == 0
    output = " ".join(printed.output.split())
    assert told in output
    unread = "Files that may answer but could not be read: 1 (citebox status tells why)"
    assert (unread in output) is (confidence in (0.1, None))


def test_ask_prints_corrections_and_missing_words(build: Build, without_model: None, tmp_path: Path) -> None:
    build({"oil.txt": "Oil was sold in Karachi."})
    printed = CliRunner().invoke(app, ["ask", 'Was "red oil" sold in Karahci?', "--index", str(tmp_path / "index")])
    assert printed.exit_code == 0
    lines = printed.output.splitlines()
    assert lines[0] == "Took Karahci as Karachi."
    assert "No passage contains: red, red oil" in lines


def test_ask_keeps_to_a_language(build: Build, without_model: None, tmp_path: Path) -> None:
    build({"oil.md": "---\nlanguage: en\n---\nOil was sold.", "ufer.md": "---\nlanguage: de\n---\nOil am Ufer."})
    arguments = ["ask", "oil", "--language", "de", "--json", "--index", str(tmp_path / "index")]
    answer = json.loads(CliRunner().invoke(app, arguments).output)
    assert [hit["citation"]["path"] for hit in answer["passages"]] == ["docs/ufer.md"]


def test_what_stops_a_calibration_is_told_in_a_line(sample_index: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text('{"question": "Who asked?", "answerable": false}', encoding="utf-8")
    result = run_citebox("calibrate", few, "--index", sample_index)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "few.jsonl has 0 answerable and 1 unanswerable questions" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (sample_index / "calibration.json").exists()


def test_explain_says_why_a_document_is_not_among_the_answers(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"tea.txt": "Tea is grown in the hills.", "oil.txt": "Oil is drilled at sea.", "film.mp4": b"film"})
    monkeypatch.setattr("qa.search.load_encoder", lambda *_: HashingEncoder())
    arguments = ["explain", "Who drilled oil?", "--index", str(tmp_path / "index"), "--top-k", "1", "--document"]
    told = CliRunner().invoke(app, [*arguments, "tea.txt"])
    assert told.exit_code == 0
    assert told.output.startswith("docs/tea.txt is not among the answers.\n")

    as_json = CliRunner().invoke(app, [*arguments, "film.mp4", "--json"])
    assert json.loads(as_json.output)["outcome"] == "skipped"

    unnamed = CliRunner().invoke(app, [*arguments, ""])
    assert (unnamed.exit_code, "no document is named" in " ".join(unnamed.output.split())) == (2, True)


def test_explain_fails_for_a_document_that_the_index_does_not_know(sample_index: Path) -> None:
    result = run_citebox("explain", "Why?", "--index", sample_index, "--document", "nowhere.txt")
    assert result.returncode == 1
    assert "'nowhere.txt'" in result.stderr
    assert "Traceback" not in result.stderr


def test_ask_without_an_index_says_how_to_build_one(tmp_path: Path) -> None:
    result = run_citebox("ask", "Anything?", "--index", tmp_path / "none")
    assert result.returncode == 1
    assert result.stdout == ""
    assert "citebox rebuild" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask", "", "--index", "x"], "empty"),
        (["ask", "x" * 10_000, "--index", "x"], "10,000 characters"),
        (["ask", "why?", "--top-k", "0"], "top_k is 0"),
        (["ask", "why?", "--top-k", "10000"], "top_k is 10000"),
        (["ask", "why?", "--since", "yesterday"], "'yesterday'"),
        (["ask", "why?", "--until", "2025-02-30"], "'2025-02-30'"),
        (["ask", "why?", "--language", "English"], "'english'"),
        (["ask", "--", "-crude"], "only says what to leave out"),
        (["calibrate", "/no/such/file"], "/no/such/file"),
        (["calibrate"], "QUESTIONS"),
        (["rebuild", "/no/such/folder"], "/no/such/folder"),
        (["rebuild"], "SOURCE"),
        (["serve", "--port", "99999"], "--port"),
        (["nonsense"], "nonsense"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value)[:40],
)
def test_wrong_usage_exits_with_2_and_names_what_is_wrong(arguments: list[str], named: str) -> None:
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "400", "TERM": "dumb"})
    assert result.exit_code == 2
    assert named in " ".join(result.output.split())


def test_an_empty_folder_is_told_and_publishes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run_citebox("rebuild", tmp_path / "empty", "--index", tmp_path / "index")
    assert result.returncode == 1
    assert "no files found" in result.stderr
    assert "Traceback" not in result.stderr
    assert IndexLocation(tmp_path / "index").published_id() is None


def test_an_interrupted_rebuild_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [*COMMAND, "rebuild", str(SAMPLE), "--index", str(tmp_path / "index")]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        while not process.stderr.readline().startswith("embedding"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 1
    assert "stopped before anything was published" in told
    assert "Traceback" not in told
    assert list((tmp_path / "index" / "snapshots").iterdir()) == []


def test_rebuild_lists_what_it_skipped_with_the_reason(tmp_path: Path) -> None:
    write_files(
        tmp_path / "docs",
        {"good.txt": "A good file.", "junk.txt": bytes(range(256)), "empty.md": "", "film.mp4": b"film"},
    )
    result = run_citebox("rebuild", tmp_path / "docs", "--index", tmp_path / "index")
    assert result.returncode == 0, result.stderr
    output = " ".join(result.stdout.split())
    assert "skipped docs/junk.txt: holds binary data" in output
    assert "skipped docs/empty.md: the file is empty" in output
    assert "skipped docs/film.mp4: files of type .mp4 are not read" in output


def test_a_damaged_snapshot_is_refused_with_the_name_of_the_file(sample_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    damaged = IndexLocation(index).published() / "passages.faiss"
    content = bytearray(damaged.read_bytes())
    content[1000] ^= 1
    damaged.write_bytes(content)
    result = run_citebox("ask", "How many licences?", "--index", index)
    assert result.returncode == 1
    assert str(damaged) in result.stderr
    assert "Traceback" not in result.stderr


def test_status_shows_the_snapshot_and_what_was_skipped(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path
) -> None:
    report = build({"a.txt": "Some text.", "b.xyz": "other"})
    result = CliRunner().invoke(app, ["status", "--index", str(tmp_path / "index"), "--json"])
    assert result.exit_code == 0
    status = json.loads(result.stdout)
    assert status["snapshot"] == report.snapshot
    assert [file["path"] for file in status["skipped"]] == ["docs/b.xyz"]
    shown = CliRunner().invoke(app, ["status", "--index", str(tmp_path / "index")])
    assert report.snapshot in shown.stdout


def test_the_index_folder_can_come_from_the_environment(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path
) -> None:
    report = build({"a.txt": "Some text."})
    result = CliRunner().invoke(app, ["status", "--json"], env={"CITEBOX_INDEX": str(tmp_path / "index")})
    assert json.loads(result.stdout)["snapshot"] == report.snapshot


def test_serve_names_a_port_that_is_taken(sample_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run_citebox("serve", "--index", sample_index, "--port", str(port))
    assert result.returncode == 1
    assert f"port {port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_eval_of_a_beir_folder_prints_the_metrics(tmp_path: Path) -> None:
    corpus = [{"_id": "a", "title": "Tea", "text": "Tea is grown in Assam."}, {"_id": "b", "text": "Oil is pumped."}]
    queries = [
        {"_id": "q1", "text": "Where is tea grown?", "metadata": {"answers": ["Assam"]}},
        {"_id": "q2", "text": "Who invented chess?", "metadata": {"answerable": False}},
    ]
    write_files(
        tmp_path,
        {
            "corpus.jsonl": "\n".join(map(json.dumps, corpus)),
            "queries.jsonl": "\n".join(map(json.dumps, queries)),
            "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\ta\t1\n",
        },
    )
    result = run_citebox("eval", tmp_path, "--json")
    assert result.returncode == 0, result.stderr
    evaluation = json.loads(result.stdout)
    assert evaluation["queries"] == 2
    assert evaluation["metrics"]["mrr@10"] == 1.0
    assert evaluation["metrics"]["answer_in_evidence@1"] == 1.0
    assert evaluation["metrics"]["verdict_auroc"] == 1.0
    assert set(evaluation["latency_ms"]) == {"p50", "p95", "p99"}


def test_square_brackets_in_names_are_shown_as_they_are(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"good.txt": "A good file.", "minutes [final].docx": b"x", "[/b].xyz": b"x"})
    result = run_citebox("rebuild", tmp_path / "docs", "--index", tmp_path / "index")
    assert result.returncode == 0, result.stderr
    assert "docs/minutes [final].docx" in result.stdout
    assert "docs/[/b].xyz" in result.stdout


def test_status_of_a_damaged_report_names_the_file(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path
) -> None:
    build({"a.txt": "Some text."})
    (IndexLocation(tmp_path / "index").published() / "report.json").write_text("{")
    result = run_citebox("status", "--index", tmp_path / "index")
    assert result.returncode == 1
    assert "report.json" in result.stderr


def test_a_model_folder_is_found_again_from_another_working_directory(tmp_path: Path) -> None:
    (tmp_path / "model").symlink_to(locate_model().folder)
    write_files(tmp_path / "docs", {"a.txt": "The harbour freezes in January."})
    model = os.path.relpath(tmp_path / "model", REPOSITORY)
    rebuilt = run_citebox("rebuild", tmp_path / "docs", "--index", tmp_path / "index", "--model", model)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert read_manifest(IndexLocation(tmp_path / "index").published()).encoder.model.startswith("/")


def test_an_index_that_may_not_be_written_can_be_asked(sample_index: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    for path in (tmp_path / "index").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if shutil.which("setpriv") is None and os.geteuid() == 0:
        pytest.skip("root may write anywhere, and setpriv is not here to give that up")
    give_up = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [*give_up, *COMMAND, "ask", "steel", "--index", str(tmp_path / "index")]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "[1] " in result.stdout


def test_status_lists_every_file_on_request(
    build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path
) -> None:
    build({"a.txt": "Updated 5 May 2025\n\nOil was sold in May.", "b.txt": "Oil was sold in May.", "film.mp4": b"film"})
    listed = CliRunner().invoke(app, ["status", "--files", "--index", str(tmp_path / "index")])
    assert listed.exit_code == 0
    lines = listed.output.splitlines()
    assert "indexed   docs/a.txt (documents: 1, passages: 1)" in lines
    assert "duplicate docs/b.txt (documents: 1, passages: 0); same text as docs/a.txt" in lines
    assert any(line.startswith("skipped   docs/film.mp4; files of type .mp4 are not read") for line in lines)
    assert "1 update-line" in listed.output

    as_json = CliRunner().invoke(app, ["status", "--files", "--json", "--index", str(tmp_path / "index")])
    outcomes = json.loads(as_json.output)["outcomes"]
    assert [(outcome["path"], outcome["status"]) for outcome in outcomes] == [
        ("docs/a.txt", "indexed"),
        ("docs/b.txt", "duplicate"),
        ("docs/film.mp4", "skipped"),
    ]


def test_what_failed_is_read_again_on_request(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "Oil was sold.", "b.md": "---\na: [\n---\nGas was sold."})
    index = tmp_path / "index"
    first = run_citebox("rebuild", tmp_path / "docs", "--index", index, "--json")
    assert json.loads(first.stdout)["files"]["skipped"] == 1, first.stderr
    write_files(tmp_path / "docs", {"b.md": "Gas was sold."})
    second = run_citebox("rebuild", tmp_path / "docs", "--index", index, "--retry-failed", "--json")
    assert second.returncode == 0, second.stderr
    assert json.loads(second.stdout)["files"] == {
        "found": 2, "indexed": 1, "unchanged": 1, "duplicate": 0, "skipped": 0,
    }  # fmt: skip


def test_recognising_text_without_tesseract_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    write_files(tmp_path / "docs", {"a.txt": "Oil was sold."})
    result = CliRunner().invoke(app, ["rebuild", str(tmp_path / "docs"), "--ocr", "--index", str(tmp_path / "index")])
    assert result.exit_code == 2
    assert "Tesseract" in result.output
