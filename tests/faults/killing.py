"""Rebuilds that are killed, each in a process of its own.

To start one costs seconds, most of which go into imports. So one process imports everything and computes nothing, and
forks off a rebuild whenever it is told to: `python -m tests.faults.killing`, which speaks JSON, a line for each.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from tests.faults.write_steps import WriteSteps

REPOSITORY = Path(__file__).parent.parent.parent
POLL_S = 0.002
REBUILD_TIMEOUT_S = 120
ORPHANS_TIMEOUT_S = 60
"""Within which the processes that read files must have ended when their rebuild is dead; they may just be starting."""
BECOME_SUBREAPER = 36
"""The number of Linux's prctl by which orphans become children of this process."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a rebuild ended: `exit` is minus the number of the signal that killed it.

    `steps` are its write steps if they were watched, the one it was killed at included, and `orphans` says whether
    processes it had started did not end after it.
    """

    exit: int
    seconds: float
    orphans: bool
    printed: str
    steps: tuple[str, ...] = ()

    @property
    def killed(self) -> bool:
        """Whether it was killed, and not done before."""
        return self.exit == -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Order:
    """Which rebuild to do, of `docs` into `index`.

    With `steps` a rebuild without a model, which reads files in its own process and whose write steps are watched;
    else the real command. It is killed `after` so many seconds, or `at` that step.
    """

    docs: str
    index: str
    steps: bool = False
    after: float | None = None
    at: int | None = None


class RebuildProcesses:
    """Rebuilds in processes of their own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def command(self, docs: Path, index: Path, kill_after: float | None = None) -> Ended:
        """`citebox rebuild` with the bundled model, killed after so many seconds."""
        return self._run(Order(str(docs), str(index), after=kill_after))

    def watched(self, docs: Path, index: Path, kill_at: int | None = None) -> Ended:
        """A rebuild with `HashingEncoder`, killed at the write step of that number, which counts from 1."""
        return self._run(Order(str(docs), str(index), steps=True, at=kill_at))

    def _run(self, order: Order) -> Ended:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        ended = json.loads(self._process.stdout.readline())
        return Ended(**{**ended, "steps": tuple(ended["steps"])})


@contextmanager
def rebuild_processes() -> Iterator[RebuildProcesses]:
    """The process that forks rebuilds off, for the block."""
    with tempfile.TemporaryDirectory() as temporary:  # of which killed rebuilds leave their parts
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killing"],
            cwd=REPOSITORY,
            env={**os.environ, "TMPDIR": temporary},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:  # which closes its input, and it ends
            yield RebuildProcesses(process)


def main() -> None:
    """Do what the lines of standard input order."""
    import_all()
    ctypes.CDLL(None).prctl(BECOME_SUBREAPER, 1)
    for line in sys.stdin:
        ended = fork_off(Order(**json.loads(line)))
        print(json.dumps(asdict(ended)), flush=True)


def import_all() -> None:
    """What a rebuild imports. Nothing may compute yet: FAISS hangs in the fork of a process that used OpenMP."""
    import faiss  # noqa: F401
    import tantivy  # noqa: F401
    import torch  # noqa: F401
    from sentence_transformers import SentenceTransformer  # noqa: F401

    import web.cli  # noqa: F401


def fork_off(order: Order) -> Ended:
    """The rebuild, to its end or its death, and until the processes that it started have ended too."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as log:
        started = time.monotonic()
        pid = os.fork()
        if not pid:
            _exit_with(lambda: _rebuild(order, log), printed)
        status = _wait(pid, started + REBUILD_TIMEOUT_S if order.after is None else started + order.after)
        seconds = time.monotonic() - started
        orphans = _outlive(pid)
        printed.seek(0)
        log.seek(0)
        steps = tuple(log.read().decode().splitlines())
        return Ended(os.waitstatus_to_exitcode(status), seconds, orphans, printed.read().decode(), steps)


def _exit_with(run: Callable[[], None], printed: BinaryIO) -> None:
    """Run it in this process, which is a group of its own, and end with it."""
    code: object = 1
    try:
        os.setsid()
        for stream in (1, 2):
            os.dup2(printed.fileno(), stream)
        run()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def _rebuild(order: Order, log: BinaryIO) -> None:
    if order.steps:
        from tests.faults.watched_rebuild import rebuild_in_process

        WriteSteps(log.fileno(), order.at).watch()
        rebuild_in_process(Path(order.docs), Path(order.index))
        return
    from web.cli import main as citebox

    sys.argv = ["citebox", "rebuild", order.docs, "--index", order.index]
    citebox()


def _wait(pid: int, deadline: float) -> int:
    """The status that the process ends with; it is killed when time is up. Only it: those it started are orphaned."""
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(POLL_S)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _outlive(group: int) -> bool:
    """Whether processes of that group, which are orphans, do not end by themselves; they are ended then."""
    deadline = time.monotonic() + ORPHANS_TIMEOUT_S
    try:
        while time.monotonic() < deadline:
            if os.waitpid(-group, os.WNOHANG) == (0, 0):
                time.sleep(POLL_S)
        os.killpg(group, signal.SIGKILL)
        while True:
            os.waitpid(-group, 0)
    except (ChildProcessError, ProcessLookupError):
        return time.monotonic() >= deadline


if __name__ == "__main__":
    main()
