"""What a command imports: importing torch alone takes longer than answering may."""

import inspect
import re
import subprocess
import sys
import urllib.request
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.running import COMMAND, guarded_environment, run_citebox
from web.cli import COMMANDS

MODELS = {"torch", "transformers", "sentence_transformers"}
READING = {
    "charset_normalizer", "datasketch", "dateparser", "docutils", "ftfy", "mammoth", "openpyxl", "pebble", "pptx",
    "py3langid", "pypdf", "pypdfium2", "semantic_text_splitter", "trafilatura",
}  # fmt: skip
NOT_TO_ANSWER = MODELS | READING | {"huggingface_hub", "ir_measures", "scipy", "sklearn"}
SEARCHING = {"faiss", "numpy", "onnxruntime", "tantivy", "tokenizers"}
SERVING = {"fastapi", "jinja2", "prometheus_client", "uvicorn"}

LOG_IMPORTS = {"PYTHONPROFILEIMPORTTIME": "1"}
"""Makes Python name every module on standard error when it was imported."""

QUESTION = "How many offshore licences were awarded?"


def imported(log: str) -> set[str]:
    """The packages that were imported."""
    return set(re.findall(r"^import time: +\d+ \| +\d+ \| +(\w+)", log, re.MULTILINE))


def imported_by(*arguments: str | Path) -> set[str]:
    ended = run_citebox(*arguments, **LOG_IMPORTS)
    assert ended.returncode == 0, ended.stderr[-1000:]
    packages = imported(ended.stderr)
    assert "typer" in packages
    return packages


def test_the_list_of_commands_is_shown_without_what_the_commands_need() -> None:
    packages = imported_by("--help")
    assert packages.isdisjoint(NOT_TO_ANSWER | SEARCHING | SERVING | {"pydantic", "qa"})


def test_the_status_is_shown_without_what_a_search_needs(sample_index: Path) -> None:
    assert imported_by("status", "--index", sample_index).isdisjoint(NOT_TO_ANSWER | SEARCHING | SERVING)


def test_a_question_is_answered_without_what_reads_trains_or_serves(sample_index: Path) -> None:
    packages = imported_by("ask", QUESTION, "--index", sample_index)
    assert packages >= SEARCHING
    assert packages.isdisjoint(NOT_TO_ANSWER | SERVING)


def test_a_server_answers_without_what_reads_or_trains(sample_index: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with guarded_environment(LOG_IMPORTS) as environment, log.open("w") as stream:
        command = [*COMMAND, "serve", "--index", str(sample_index), "--port", "0"]
        server = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=stream, text=True
        )
        try:
            assert server.stdout
            address = server.stdout.readline().split()[-1]
            asked = urllib.request.urlopen(f"{address}/?q=offshore+licences", timeout=60)
            assert "licences" in asked.read().decode()
        finally:
            server.terminate()
            server.communicate(timeout=60)
    packages = imported(log.read_text())
    assert packages >= SEARCHING | SERVING
    assert packages.isdisjoint(NOT_TO_ANSWER)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_line_of_its_own_help(name: str) -> None:
    command = getattr(import_module(COMMANDS[name].module), f"{name}_command")
    assert COMMANDS[name].help == (inspect.getdoc(command) or "").splitlines()[0]


def test_onnx_runtime_reports_nothing_and_leaves_no_identifier(tmp_path: Path) -> None:
    program = "import index.onnx_encoder, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with guarded_environment(places) as environment:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60
        )
    assert (done.stdout.strip(), done.stderr) == ("1", "")
    assert not list(tmp_path.rglob("*"))
