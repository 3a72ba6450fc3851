"""`citebox serve`."""

import contextlib
import logging
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import CiteboxError
from index.terminal import DEFAULT_INDEX, IndexOption
from qa.commands import RerankerOption
from qa.reranker import load_reranker

ANNOUNCE_TIMEOUT_S = 120


class ServeError(CiteboxError):
    """A server that cannot start."""


def serve_command(
    index: IndexOption = DEFAULT_INDEX,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1)] = 1,
    reranker: RerankerOption = None,
) -> None:
    """Serve the web pages and the HTTP API over the published snapshot."""
    import uvicorn  # only this command needs it
    from uvicorn.supervisors import Multiprocess

    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    os.environ["CITEBOX_INDEX"] = str(Path(index).resolve())  # read by every worker (web/settings.py)
    if reranker:
        load_reranker(reranker)  # one that cannot be had ends the command here, and not every worker
        os.environ["CITEBOX_RERANKER"] = reranker
    listener = _listen(host, port)
    address = f"http://{_in_url(host)}:{listener.getsockname()[1]}"
    threading.Thread(target=_announce, args=(address,), daemon=True).start()
    config = uvicorn.Config(
        "web.app:application", factory=True, workers=workers, log_level="warning", access_log=False, server_header=False
    )
    with contextlib.suppress(KeyboardInterrupt):  # how a server is usually ended
        if workers > 1:
            Multiprocess(config, sockets=[listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
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


def _in_url(host: str) -> str:
    """The host as a browser on this machine reaches it."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return "127.0.0.1" if host == "0.0.0.0" else "[::1]"  # noqa: S104
    return f"[{host}]" if ":" in host else host


def _announce(address: str) -> None:
    """Print the address once the server answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is reached without a proxy
    deadline = time.monotonic() + ANNOUNCE_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            with opener.open(f"{address}/healthz", timeout=5):
                print(f"Citebox answers on {address}", flush=True)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
