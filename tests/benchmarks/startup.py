"""How soon commands on the sample index are done, or answer, and how much memory a serving process takes.

Run: python -m tests.benchmarks.startup [RUNS]

Times are medians of RUNS (7) starts of the installed command, each in a process of its own; one start before them does
not count, after which files are in the disk's cache and the hashes of the snapshot are remembered. A server is asked as
soon as it listens; its time ends when the page with the first answer is whole. Its memory is read after `QUESTIONS`
different questions: Rss is all that is resident, Pss counts what it shares with other processes in part.
"""

import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table

from tests.conftest import SAMPLE
from tests.running import guarded_environment

CITEBOX = str(Path(sys.executable).with_name("citebox"))
RUNS = 7
QUESTIONS = 100
QUESTION = "How many offshore licences were awarded?"
TIMEOUT_S = 120

HELP_S, ASK_S, SERVE_S, MEMORY_MB = 0.25, 1.0, 1.5, 350
"""Targets."""


def main(runs: int = RUNS) -> None:
    table = Table("", "median", "least", "most", "target", "met", title="Starting on the sample index")
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder, "index"))
        _run("rebuild", str(SAMPLE), "--index", index)
        timed: Sequence[tuple[str, Callable[[], float], float | None]] = (
            ("citebox --help", lambda: _run("--help"), HELP_S),
            ("citebox ask --help", lambda: _run("ask", "--help"), None),
            ("citebox status", lambda: _run("status", "--index", index), None),
            ("citebox ask QUESTION", lambda: _run("ask", QUESTION, "--index", index), ASK_S),
            ("citebox serve, to the first answer", lambda: _first_answer(index), SERVE_S),
        )
        for name, start, target in timed:
            start()
            seconds = [start() for _ in range(runs)]
            median = statistics.median(seconds)
            figures = (f"{figure:.3f} s" for figure in (median, min(seconds), max(seconds)))
            table.add_row(name, *figures, *_judged(median, target, "s"))
        for name, megabytes in _memory(index).items():
            target = MEMORY_MB if name == "VmRSS" else None
            table.add_row(f"serving, {name}", f"{megabytes:.0f} MB", "", "", *_judged(megabytes, target, "MB"))
    Console(width=110).print(table)


def _judged(found: float, target: float | None, unit: str) -> tuple[str, str]:
    return ("", "") if target is None else (f"{target:g} {unit}", "yes" if found <= target else "no")


def _run(*arguments: str) -> float:
    """Seconds until the command has ended, and ended well."""
    with guarded_environment({}) as environment:
        started = time.perf_counter()
        subprocess.run([CITEBOX, *arguments], env=environment, capture_output=True, check=True, timeout=TIMEOUT_S)
        return time.perf_counter() - started


def _first_answer(index: str) -> float:
    """Seconds from the start of a server until the first question is answered."""
    started = time.perf_counter()
    with _server(index) as (_, address):
        _ask(address, QUESTION)
        return time.perf_counter() - started


def _memory(index: str) -> dict[str, float]:
    """Megabytes of a server that answered `QUESTIONS` questions, by the kernel's name for what they count."""
    lines = {line for path in sorted(SAMPLE.rglob("*.md")) for line in path.read_text(encoding="utf-8").splitlines()}
    questions = sorted(" ".join(line.split()[:12]) for line in lines if len(line.split()) >= 6)[:QUESTIONS]
    assert len(set(questions)) == QUESTIONS
    with _server(index) as (pid, address):
        for question in questions:
            _ask(address, question)
        told = Path(f"/proc/{pid}/status").read_text() + Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {name: int(size) / 1024 for name, size in re.findall(r"^(VmRSS|VmHWM|Pss):\s+(\d+) kB", told, re.MULTILINE)}


@contextmanager
def _server(index: str) -> Iterator[tuple[int, str]]:
    """Process id and address of a server that listens; who asks waits until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [CITEBOX, "serve", "--index", index, "--port", str(port)]
    with guarded_environment({}) as environment:
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(port, server)
            yield server.pid, f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(TIMEOUT_S)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when the port is listened on."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.005)
        else:
            return
    raise RuntimeError("the server does not listen")


def _ask(address: str, question: str) -> None:
    with urlopen(f"{address}/?{urlencode({'q': question})}", timeout=TIMEOUT_S) as answer:
        assert answer.read()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
