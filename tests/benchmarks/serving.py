"""One question, and many at the same time, over HTTP: `citebox serve` beside txtai's API, same passages, same model.

Run: python -m tests.benchmarks.serving [FOLDER] [--environment DIR] [--work DIR]

The passages are those of a BEIR folder, or of the sample corpus, and others made of their sentences
(`tests.benchmarks.recombining`); no question is asked twice of a server, so that no cache helps. Servers run one at a
time, offline. txtai is served as its documentation says, by uvicorn, over an index of cosines alone with the texts
stored (`tests.benchmarks.txtai_index`); Citebox ranks by both indexes and sentences, and cites.

txtai leaves threads to OpenMP, by default as many as there are cores, which wait for each other in busy loops: fast on
a quiet machine, and slowed by twenty times when anything else runs. So it is measured at each of `TXTAI_THREADS`, and
of each figure its best is what Citebox is compared with.
"""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Annotated
from urllib.parse import quote

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from corpus.documents import Document
from corpus.reading import ReadFile
from corpus.sources import find_files, make_sources
from corpus.workers import FileReader
from index.models import locate_model
from qa.evaluation_data import EvaluationError, read_beir, read_questions
from qa.query import DEFAULT_TOP_K
from tests.benchmarks.load import Load, LoadError, ask_in_turn, ask_together
from tests.benchmarks.peers import Peer, PeerError, installed_python
from tests.benchmarks.recombining import TooFewSentencesError, passages, questions
from tests.benchmarks.server_process import ServerError, free_port, serving
from tests.conftest import REPOSITORY, SAMPLE
from tests.running import COMMAND, guarded_environment

SEED = 6
CLIENTS = 32
WARM_UP = 50
"""Questions before those that are timed."""
WARM_UP_S = 3
"""How long many clients ask before what they get counts: until then a second worker may not be ready."""
WORKERS = (1, 2)
CITEBOX = "Citebox"
TXTAI = Peer("txtai", "txtai", ("torch", "faiss-cpu", "txtai[api]==9.14.0"))
TXTAI_THREADS = {
    "as it comes": {},
    "1 thread": {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"},
    "threads that sleep": {"OMP_WAIT_POLICY": "PASSIVE"},
}
"""What is added to its environment; more ways to share out threads than its documentation has."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server's command without its port, what it needs of its environment, and the path that asks a question."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a server was measured at."""

    p50_ms: float
    p99_ms: float
    load: Load
    rss_mb: float
    pss_mb: float


def main(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="A BEIR folder.", exists=True, file_okay=False)
    ] = None,
    environment: Annotated[
        Path | None, typer.Option(file_okay=False, help="Measure txtai, too; it is installed here once.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(file_okay=False, help="Keep passages and indexes here for the next time.")
    ] = None,
    size: Annotated[int, typer.Option("--passages", min=10, help="Passages of the index.")] = 10_000,
    in_turn: Annotated[int, typer.Option("--questions", min=10, help="Questions one after the other.")] = 1_000,
    seconds: Annotated[float, typer.Option(min=1, help=f"How long {CLIENTS} clients ask.")] = 20,
) -> None:
    """Compare the servers of Citebox and txtai."""
    signal.signal(signal.SIGTERM, _end)
    asked = _asked(folder)
    table = Table(
        "server", "workers", "p50 ms", "p99 ms", f"answers/s, {CLIENTS} clients", "failed", "RSS MB", "PSS MB",
        title=f"{size:,} passages of {(folder or SAMPLE).name}, {in_turn} questions in turn, {seconds:g} s together",
        title_justify="left",
    )  # fmt: skip
    told: list[str] = []
    with ExitStack() as stack:
        kept = work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place = kept.resolve() / f"{(folder or SAMPLE).name}-{size}"
        try:
            corpus = _write_corpus(place, folder, size)
        except TooFewSentencesError as error:
            raise typer.BadParameter(str(error), param_hint="--passages") from error
        try:
            systems = [_citebox(corpus)]
        except subprocess.CalledProcessError as error:
            raise typer.Exit(1) from error  # the rebuild has said why
        if environment:
            try:
                systems += _txtai(corpus, environment)
            except (PeerError, subprocess.CalledProcessError) as error:
                told.append(f"txtai was not measured: {error}")
        else:
            told.append("txtai was not measured: name a folder to install it in with --environment")
        for workers in WORKERS:
            measured: dict[str, Figures] = {}
            for system in systems:
                try:
                    figures = _measure(system, workers, questions(asked, SEED), in_turn, seconds)
                except (ServerError, LoadError) as error:
                    told.append(f"{system.title} with {workers} workers: {error}")
                    continue
                measured[system.title] = figures
                table.add_row(system.title, str(workers), *_row(figures))
                told += [f"{system.title} with {workers} workers: {why}" for why in sorted({*figures.load.failures})]
            if compared := _ratios(measured):
                told.append(f"with {workers} workers: {compared}")
    Console(width=140).print(table)
    print(*told, sep="\n")


def _end(number: int, _frame: FrameType | None) -> None:
    """Handle SIGTERM: leave in good order, so that no server is left behind, even if told twice."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + number)


def _asked(folder: Path | None) -> list[str]:
    try:
        found = read_beir(folder).queries if folder else read_questions(SAMPLE / "questions.jsonl")
    except EvaluationError as error:
        raise typer.BadParameter(str(error), param_hint="FOLDER") from error
    return [query.text for query in found]


def _write_corpus(place: Path, folder: Path | None, size: int) -> Path:
    """A BEIR corpus of `size` passages, each of them a document; the same for the same arguments.

    Raises TooFewSentencesError where the folder has too few to make so many.
    """
    place.mkdir(parents=True, exist_ok=True)
    source = folder / "corpus.jsonl" if folder else SAMPLE
    with FileReader() as reader:
        results = list(reader.read(find_files(make_sources([source]), place)))
    documents: list[Document] = [found for read in results if isinstance(read, ReadFile) for found in read.documents]
    made = passages(documents, size, SEED)
    corpus = place / "corpus.jsonl"
    with corpus.open("w", encoding="utf-8") as lines:
        for number, passage in enumerate(made):
            row = {"_id": str(number), "title": passage.title, "text": passage.text}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return corpus


def _citebox(corpus: Path) -> Served:
    index = corpus.parent / "citebox"
    _run([*COMMAND, "rebuild", str(corpus), "--index", str(index)])
    return Served(
        CITEBOX,
        (*COMMAND, "serve", "--index", str(index)),
        {},
        f"/api/v1/ask?top_k={DEFAULT_TOP_K}&q=",
    )


def _txtai(corpus: Path, environment: Path) -> list[Served]:
    """Its server at each of `TXTAI_THREADS`."""
    python = installed_python(TXTAI, environment)
    index, model = corpus.parent / "txtai", str(locate_model().folder)
    if not index.exists():
        _run([python, "-m", "tests.benchmarks.txtai_index", model, str(corpus), str(index)])
    config = corpus.parent / "txtai.yml"
    settings = {"path": str(index), "writable": False, "embeddings": {"path": model, "content": True, "gpu": False}}
    config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    return [
        Served(
            f"txtai, {title}",
            (python, "-m", "uvicorn", "txtai.api:app", "--host", "127.0.0.1", "--log-level", "warning"),
            {"CONFIG": str(config), "HF_HUB_OFFLINE": "1", **threads},
            f"/search?limit={DEFAULT_TOP_K}&query=",
        )
        for title, threads in TXTAI_THREADS.items()
    ]


def _run(command: Sequence[str]) -> None:
    """Runs it to its end, with its progress on standard error. Raises CalledProcessError where it fails."""
    with guarded_environment({"HF_HUB_OFFLINE": "1"}) as guarded:
        subprocess.run(command, cwd=REPOSITORY, env=guarded, stdout=sys.stderr, check=True)


def _measure(system: Served, workers: int, asked: Iterator[str], in_turn: int, seconds: float) -> Figures:
    port = free_port()
    command = (*system.command, "--port", str(port), "--workers", str(workers))
    paths = (system.path + quote(question) for question in asked)
    print(f"asking {system.title} with {workers} workers", file=sys.stderr)
    with serving(command, port, system.path + "warm+up", system.environment) as server:
        ask_in_turn(port, islice(paths, WARM_UP))
        p50, p99 = np.percentile(ask_in_turn(port, islice(paths, in_turn)), (50, 99))
        ask_together(port, paths, CLIENTS, WARM_UP_S)
        load = ask_together(port, paths, CLIENTS, seconds)
        return Figures(float(p50), float(p99), load, *server.memory_mb())


def _row(figures: Figures) -> list[str]:
    load = figures.load
    return [
        f"{figures.p50_ms:.1f}",
        f"{figures.p99_ms:.1f}",
        f"{load.per_second:.0f} (asking takes {load.client_cpu_s / load.seconds:.0%} of a core)",
        str(len(load.failures)),
        f"{figures.rss_mb:.0f}",
        f"{figures.pss_mb:.0f}",
    ]


def _ratios(measured: Mapping[str, Figures]) -> str:
    """Citebox's figures beside the best of txtai's; "" where not both were measured."""
    ours = measured.get(CITEBOX)
    theirs = [figures for title, figures in measured.items() if title != CITEBOX]
    if ours is None or not theirs:
        return ""
    p50 = ours.p50_ms / min(figures.p50_ms for figures in theirs)
    per_second = ours.load.per_second / max(figures.load.per_second for figures in theirs)
    return f"Citebox's p50 is {p50:.2f} of txtai's, its answers per second {per_second:.1f} times txtai's"


if __name__ == "__main__":
    typer.run(main)
