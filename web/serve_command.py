"""`citebox serve`."""

import os
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from index.terminal import DEFAULT_INDEX, IndexOption
from qa.reranker import load_reranker
from qa.reranker_option import RerankerOption

ANNOUNCE_TIMEOUT_S = 120


def serve_command(
    index: IndexOption = DEFAULT_INDEX,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1)] = 1,
    reranker: RerankerOption = None,
) -> None:
    """Serve the web pages and the HTTP API over the published snapshot."""
    from web.serving import listen, serve  # only this command needs a server

    os.environ["CITEBOX_INDEX"] = str(Path(index).resolve())  # read by every worker (web/settings.py)
    if reranker:
        load_reranker(reranker)  # one that cannot be had ends the command here, and not every worker
        os.environ["CITEBOX_RERANKER"] = reranker
    listener = listen(host, port)
    address = f"http://{_in_url(host)}:{listener.getsockname()[1]}"
    threading.Thread(target=_announce, args=(address,), daemon=True).start()
    serve(listener, workers)


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
