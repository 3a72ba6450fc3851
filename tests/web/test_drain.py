"""How a server ends: what is in flight is answered, and nothing keeps it for ever.

A request is held in flight by a pipe in the place of the history, which it reads until the test has written it.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import REPOSITORY
from tests.running import START_TIMEOUT_S, guarded_environment

WAIT_S = 60
SHORT_LIMITS = "import web.serving; web.serving.DRAIN_S = 1; web.serving.END_S = 6"

LINE = (
    b'{"at": "2025-11-28T02:00:00+00:00", "action": "rebuild", "snapshot": "a", "command": "citebox rebuild docs",'
    b' "counts": {"files": 1, "documents": 1, "passages": 1, "sentences": 1}}\n'
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server of an index without a snapshot, whose history is a pipe."""

    process: subprocess.Popen[str]
    address: str
    history: Path
    errors: Path

    def processes(self) -> list[int]:
        """Its own id, and those of all processes below it."""
        found = [self.process.pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


@contextmanager
def started(folder: Path, workers: int, preparation: str = "") -> Iterator[Server]:
    index, errors = folder / "index", folder / "errors"
    index.mkdir()
    os.mkfifo(index / "history.jsonl")
    code = f"{preparation}\nfrom web.cli import main\nmain()"
    with guarded_environment({"TMPDIR": str(folder)}) as environment, errors.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--index", index, "--port=0", f"--workers={workers}"],
            cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=stream, text=True,
        )  # fmt: skip
        try:
            assert process.stdout
            with ThreadPoolExecutor(1) as pool:
                announced = pool.submit(process.stdout.readline).result(START_TIMEOUT_S)
            yield Server(process, announced.split()[-1], index / "history.jsonl", errors)
        finally:
            process.kill()
            process.communicate()


@contextmanager
def in_flight(server: Server) -> Iterator[tuple[Future[httpx.Response], int]]:
    """A request that waits for its end of the pipe to be written, and the other end."""
    with ThreadPoolExecutor(1) as pool:
        request = pool.submit(httpx.get, f"{server.address}/api/v1/history", timeout=WAIT_S, trust_env=False)
        writer = -1

        def is_read() -> bool:
            nonlocal writer
            try:
                writer = os.open(server.history, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                assert error.errno == errno.ENXIO  # nobody reads it yet
            return writer >= 0

        wait_until(is_read)
        try:
            yield request, writer
        finally:
            os.close(writer)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_given_up(request: Future[httpx.Response]) -> bool:
    """Whether the request got an error, or nothing, for an answer."""
    try:
        return request.result(WAIT_S).is_server_error
    except httpx.RemoteProtocolError:
        return True


def refuses(server: Server) -> bool:
    """Whether nothing listens on the port any more."""
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=WAIT_S).close()
    except ConnectionRefusedError:
        return True
    return False


def runs(pid: int) -> bool:
    """Whether the process is there, and not only its exit status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_request_in_flight_is_answered_before_the_server_ends(
    tmp_path: Path, workers: int, number: signal.Signals
) -> None:
    with started(tmp_path, workers) as server:
        processes = server.processes()
        with in_flight(server) as (request, writer):
            server.process.send_signal(number)
            wait_until(lambda: refuses(server))
            assert not request.done()
            os.write(writer, LINE)
        answer = request.result(WAIT_S)
        assert [one["snapshot"] for one in answer.json()["publications"]] == ["a"]
        assert server.process.wait(WAIT_S) == 0
        wait_until(lambda: not any(map(runs, processes)))
        assert "Traceback" not in server.errors.read_text()
        assert not list(tmp_path.glob("citebox-metrics-*"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_request_that_hangs_does_not_keep_the_server(tmp_path: Path, workers: int) -> None:
    with started(tmp_path, workers, SHORT_LIMITS) as server:
        processes = server.processes()
        with in_flight(server) as (request, _):
            server.process.terminate()
            assert server.process.wait(WAIT_S) == 0
            wait_until(lambda: not any(map(runs, processes)))
            assert is_given_up(request)
        assert refuses(server)
        assert "Traceback" not in server.errors.read_text()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_does_not_end_in_time_is_ended_by_force(tmp_path: Path, workers: int) -> None:
    with started(tmp_path, workers, "import web.serving; web.serving.DRAIN_S, web.serving.END_S = 100, 1") as server:
        processes = server.processes()
        with in_flight(server) as (request, _):
            server.process.terminate()
            assert server.process.wait(WAIT_S) == (1 if workers == 1 else 0)
            wait_until(lambda: not any(map(runs, processes)))
            assert request.exception(WAIT_S)


def test_more_hanging_requests_than_threads_do_not_keep_the_server(tmp_path: Path) -> None:
    many = 4 * (os.cpu_count() or 1)
    with started(tmp_path, 1, SHORT_LIMITS) as server, ThreadPoolExecutor(many) as pool, in_flight(server):
        for _ in range(many):
            pool.submit(httpx.get, f"{server.address}/api/v1/history", timeout=WAIT_S, trust_env=False)
        time.sleep(0.5)
        server.process.terminate()
        assert server.process.wait(WAIT_S) == 0
        assert "Traceback" not in server.errors.read_text()
