"""`citebox eval` on a questions file: what it writes and prints beside the metrics."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import SAMPLE
from web.cli import app


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    lines = (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(lines[:3]), encoding="utf-8")
    return path


def test_a_run_and_a_report_are_written_and_the_run_compared(
    sample_index: Path, questions: Path, tmp_path: Path
) -> None:
    run, report = tmp_path / "a.run", tmp_path / "a.html"
    arguments = ["eval", str(questions), "--index", str(sample_index)]
    first = CliRunner().invoke(app, [*arguments, "--run", str(run), "--report", str(report)])
    assert first.exit_code == 0
    assert {line.split()[0] for line in run.read_text().splitlines()} == {"1", "2", "3"}
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    second = CliRunner().invoke(app, [*arguments, "--compare", str(run), "--json"])
    compared = json.loads(second.stdout)["comparison"]
    assert compared["test"] == "paired t-test"
    assert {metric["difference"] for metric in compared["metrics"].values()} == {0}
    shown = CliRunner().invoke(app, [*arguments, "--compare", str(run)])
    assert "paired t-test" in shown.stdout
