"""Servers to be measured, each in processes of its own: started, found ready, weighed, and ended whatever happens."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.load import LoadError, connect, get
from tests.conftest import REPOSITORY
from tests.running import guarded_environment

START_TIMEOUT_S = 120
END_TIMEOUT_S = 25


class ServerError(Exception):
    """A server that did not start; says what it wrote last."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on this port; its processes are those of one session, by the id of the first."""

    port: int
    session: int

    def memory_mb(self) -> tuple[float, float]:
        """Resident memory of all its processes (Linux), and their share of it: what several use counts once."""
        rollups = [_read(process / "smaps_rollup") for process in _processes_of(self.session)]
        rss, pss = (
            sum(int(line.split()[1]) for rollup in rollups for line in rollup.splitlines() if line.startswith(kind))
            for kind in ("Rss:", "Pss:")
        )
        return rss / 1024, pss / 1024


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(command: Sequence[str], port: int, path: str, environment: dict[str, str]) -> Iterator[Server]:
    """The server that `command` starts, once it answers `path`. Raises ServerError where it does not.

    It cannot reach beyond this machine, and ends with all its processes.
    """
    with guarded_environment(environment) as guarded, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=guarded, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            if not _is_ready(process, port, path):
                output.seek(0)
                last_lines = output.read().decode(errors="replace").strip().splitlines()[-3:]
                raise ServerError(f"the server did not start: {' / '.join(last_lines)}")
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for left in _processes_of(process.pid):  # workers that outlived it
                os.kill(int(left.name), signal.SIGKILL)


def _is_ready(process: subprocess.Popen[bytes], port: int, path: str) -> bool:
    deadline = time.monotonic() + START_TIMEOUT_S
    connection = connect(port)
    while time.monotonic() < deadline and process.poll() is None:
        try:
            get(connection, path)
        except LoadError:
            time.sleep(0.2)
        else:
            connection.close()
            return True
    return False


def _processes_of(session: int) -> list[Path]:
    """Where Linux tells of each process of that session; none on other systems."""
    return [process for process in Path("/proc").glob("[0-9]*") if _session_of(process) == session]


def _session_of(process: Path) -> int | None:
    try:
        return os.getsid(int(process.name))
    except OSError:  # it has ended
        return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
