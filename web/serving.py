"""uvicorn's server, in one process or several, that ends within a time limit whatever hangs in it.

On SIGTERM or SIGINT it takes no new connections, and requests in flight are answered. What is not answered after
`DRAIN_S` is given up; what has not ended by `END_S` is ended by force.
"""

import os
import signal
import socket
import tempfile
import threading
import time
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess

from corpus.errors import CiteboxError

DRAIN_S = 10
END_S = 20


class ServeError(CiteboxError):
    """A server that cannot start."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at that address. Raises ServeError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ServeError(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another with --host or --port"
        ) from error
    listener.set_inheritable(True)
    return listener


def serve(listener: socket.socket, workers: int) -> None:
    """Answer on `listener` until a signal ends it. Raises ServeError where several workers cannot share metrics."""
    config = uvicorn.Config(
        "web.app:application",
        factory=True,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
    )
    if workers == 1:
        os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)  # another program's, if any
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        _Server(config).run(sockets=[listener])
        return
    try:
        shared = tempfile.TemporaryDirectory(prefix="citebox-metrics-")
    except OSError as error:
        raise ServeError(
            f"several workers share their metrics in a temporary folder, which cannot be made: {error}; "
            "name a folder that can be written in TMPDIR, or serve with one worker"
        ) from error
    with shared as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # workers inherit it; read when prometheus_client is imported
        _Workers(config, [listener]).run()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End the process at once: uvicorn raises the signal again when it has drained, and a hung thread would stay."""
    os._exit(0)


class _Server(uvicorn.Server):
    """One process."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, for which there is a limit: opening a snapshot, say, cannot be interrupted."""
        if not self.should_exit:
            force = threading.Timer(END_S, os._exit, (1,))
            force.daemon = True
            force.start()
        super().handle_exit(sig, frame)


class _Workers(Multiprocess):
    """Several processes on one port, each of which is replaced when it dies."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._pids: set[int | None] = set()

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died, and take them out of the metrics."""
        from prometheus_client.multiprocess import mark_process_dead  # reads the environment when imported

        super().keep_subprocess_alive()
        alive = {process.pid for process in self.processes}
        for pid in self._pids - alive:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
        self._pids = alive

    def terminate_all(self) -> None:
        """Let no more connections in, and tell the workers to end."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for the workers, but not for ever."""
        deadline = time.monotonic() + END_S
        for process in self.processes:
            process.process.join(max(0, deadline - time.monotonic()))
            if process.process.is_alive():
                process.kill()
        super().join_all()
