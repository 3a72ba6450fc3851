"""Citebox beside txtai and Haystack: quality, speed and memory on one BEIR folder with one embedding model.

Run: python -m tests.benchmarks.peers DATASETS/squad-dev [--queries N] [--environment DIR]

Each system runs alone in a process of its own, offline, on the processor, and is asked one question after the other for
ten results (`tests.benchmarks.peer_process` has their set-ups). All compute with one thread: with more, what else the
machine does can slow one system tenfold. Building is timed from the corpus file to readiness, with the model loaded;
Citebox embeds every sentence beside the passages. Answering is timed with the question's encoding. Citebox returns
passages with citations, of a document maybe several, so that its ten can be of fewer documents; its memory is that of
the main process, without the workers that read files.
The peers are installed into environments of their own, with the versions of constraints.txt where they share packages.
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from index.models import locate_model
from qa.evaluate import Judgements, values_per_query
from qa.evaluation_data import BeirFolder, EvaluationError, EvaluationQuery, Qrels, read_beir
from tests.conftest import REPOSITORY
from tests.running import guarded_environment

METRICS = ("ndcg@10", "mrr@10", "recall@5")


@dataclass(frozen=True, slots=True)
class Peer:
    """A system by its name in `peer_process`, and what pip installs for it; nothing where it is here already."""

    name: str
    title: str
    requirements: tuple[str, ...] = ()


SYSTEMS = (
    Peer("citebox", "Citebox"),
    Peer("txtai", "txtai", ("torch", "faiss-cpu", "txtai==9.14.0")),
    # 3.4.1 is the same code and wants a later certifi than constraints.txt has
    Peer("haystack", "Haystack", ("torch", "haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0")),
)


class PeerError(Exception):
    """A system that cannot be installed or run; its row says so."""


def main(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A BEIR folder.", exists=True, file_okay=False)],
    queries: Annotated[
        int | None, typer.Option(min=1, help="Ask so many of the judged questions, evenly spaced; all unless given.")
    ] = None,
    environment: Annotated[
        Path | None, typer.Option(file_okay=False, help="Install the peers here and keep them for the next time.")
    ] = None,
) -> None:
    """Compare Citebox with txtai and Haystack."""
    try:
        collection = read_beir(folder)
    except EvaluationError as error:
        raise typer.BadParameter(str(error)) from error
    judged = [query for query in collection.queries if query.query_id in collection.qrels]
    asked = evenly_spaced(judged, queries or len(judged))
    qrels = {query.query_id: collection.qrels[query.query_id] for query in asked}
    table = Table(
        "system", *METRICS, "build s", "question p50 ms", "p95 ms", "peak MB",
        title=f"{folder.name}, {len(asked)} questions, all-MiniLM-L6-v2", title_justify="left",
    )  # fmt: skip
    with ExitStack() as stack:
        installed = environment or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for peer in SYSTEMS:
            try:
                result = run(peer, installed_python(peer, installed), collection, asked)
            except PeerError as error:
                table.add_row(f"{peer.title}: {error}")
            else:
                table.add_row(f"{peer.title} {result['version']}", *_figures(result, qrels))
    Console(width=140).print(table)


def evenly_spaced(queries: Sequence[EvaluationQuery], count: int) -> list[EvaluationQuery]:
    """`count` of `queries` in their order, from all over them, as neighbours ask of the same document; at most all."""
    count = min(count, len(queries))
    return [queries[place * len(queries) // count] for place in range(count)]


def measure(qrels: Qrels, rankings: Mapping[str, Sequence[str]]) -> list[float]:
    """`METRICS` as means over all judged questions; one without a relevant document counts 0."""
    run = {
        query_id: tuple((name, -float(place)) for place, name in enumerate(ranking))
        for query_id, ranking in rankings.items()
    }
    values = values_per_query(METRICS, Judgements(qrels, {}, any_counts=False), run)
    return [float(np.mean(list(values[name].values()))) for name in METRICS]


def run(peer: Peer, python: str, collection: BeirFolder, asked: Sequence[EvaluationQuery]) -> dict[str, Any]:
    """What `peer_process` writes of `peer`. Raises PeerError when it fails or tries to reach another machine."""
    added = {
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
    }
    _tell(f"running {peer.title}")
    with tempfile.TemporaryDirectory() as temporary:
        queries, result = Path(temporary) / "queries.json", Path(temporary) / "result.json"
        queries.write_text(json.dumps({query.query_id: query.text for query in asked}), encoding="utf-8")
        arguments = map(str, (locate_model().folder, collection.corpus.resolve(), queries, result))
        try:
            with guarded_environment(added) as guarded:
                _call([python, "-m", "tests.benchmarks.peer_process", peer.name, *arguments], "failed", guarded)
        except AssertionError as error:  # the guard's
            raise PeerError(f"failed: {error}") from error
        document: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return document


def installed_python(peer: Peer, installed: Path) -> str:
    """The Python that has `peer`, which is installed where it is not. Raises PeerError with the last word of pip."""
    if not peer.requirements:
        return sys.executable
    folder = installed.resolve() / peer.name
    python = folder / "bin" / "python"
    _tell(f"installing {peer.title} in {folder}")
    if not python.exists():
        venv.create(folder, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--constraint", str(REPOSITORY / "constraints.txt")]
    _call([*command, *peer.requirements], "cannot be installed")
    return str(python)


def _call(command: Sequence[str], failure: str, environment: Mapping[str, str] | None = None) -> None:
    called = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if called.returncode:
        last_line = (called.stderr.strip().splitlines() or [""])[-1]
        raise PeerError(f"{failure} (exit status {called.returncode}): {last_line}")


def _figures(result: Mapping[str, Any], qrels: Qrels) -> list[str]:
    p50, p95 = np.percentile(result["took_ms"], (50, 95))
    quality = [f"{value:.4f}" for value in measure(qrels, result["rankings"])]
    return [*quality, f"{result['build_s']:.1f}", f"{p50:.1f}", f"{p95:.1f}", f"{result['peak_mb']:.0f}"]


def _tell(doing: str) -> None:
    print(doing, file=sys.stderr)


if __name__ == "__main__":
    typer.run(main)
