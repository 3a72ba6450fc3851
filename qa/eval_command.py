"""`citebox eval`."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.models import locate_model
from index.rebuild import rebuild
from index.terminal import DEFAULT_INDEX, JsonOption, TerminalProgress
from qa.evaluate import Evaluation, evaluate_documents, evaluate_passages
from qa.evaluation_data import read_beir, read_questions
from qa.evaluation_report import write_report
from qa.reranker import Reranker, load_reranker
from qa.reranker_option import RerankerOption
from qa.run_files import TEST, Comparison, compare, read_run, write_run
from qa.search import Searcher


def eval_command(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A BEIR folder or a questions file.", exists=True)],
    index: Annotated[
        Path | None, typer.Option("--index", help="Where to index a BEIR corpus, or the index to ask questions of.")
    ] = None,
    run: Annotated[Path | None, typer.Option(help="Write the ranking to this file, in TREC's run format.")] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="A run file to test for a significant difference.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page with plots and the worst questions here.")] = None,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval, evidence and verdict on judged questions."""
    saved = read_run(compare_with) if compare_with else None
    evaluate = _evaluate_beir if path.is_dir() else _evaluate_questions
    evaluation = evaluate(path, index, load_reranker(reranker) if reranker else None)
    comparison = compare(evaluation, saved, compare_with) if saved is not None and compare_with else None
    if as_json:
        document = evaluation.document(str(path))
        print(json.dumps(document | ({"comparison": comparison.document()} if comparison else {}), ensure_ascii=False))
    else:
        _print_evaluation(str(path), evaluation, comparison)
    if run:
        write_run(run, evaluation.run)
    if report:
        write_report(report, str(path), evaluation, comparison)


def _print_evaluation(title: str, evaluation: Evaluation, comparison: Comparison | None) -> None:
    table = Table(title=Text(f"{title}: {evaluation.queries} questions"), title_justify="left")
    table.add_column("metric")
    table.add_column("value", justify="right")
    for name, value in evaluation.metrics.items():
        table.add_row(name, f"{value:.4f}")
    for name, value in evaluation.latency_ms.items():
        table.add_row(f"latency {name}", f"{value:.1f} ms")
    console = Console()
    console.print(table)
    if comparison is None:
        return
    against = Table(title=Text(f"against {comparison.path}, {TEST}"), title_justify="left")
    for column in ("metric", "before", "now", "difference", "p"):
        against.add_column(column, justify="left" if column == "metric" else "right")
    for name, metric in comparison.metrics.items():
        figures = (f"{metric.before:.4f}", f"{metric.now:.4f}", f"{metric.difference:+.4f}", metric.shown_p_value)
        against.add_row(name, *figures)
    console.print(against)
    if comparison.unknown:
        told = (
            f"{comparison.unknown} of the run's {comparison.results} results are not in this index and count as wrong"
        )
        console.print(Text(told))


def _evaluate_beir(folder: Path, index: Path | None, reranker: Reranker | None) -> Evaluation:
    collection = read_beir(folder)
    progress = TerminalProgress()
    encoder = prepare_encoder(locate_model(), progress)
    with _index_folder(index) as index_folder:
        location = IndexLocation(index_folder)
        with FileReader() as reader:
            rebuild(location, make_sources([collection.corpus]), encoder, reader, progress)
        searcher = Searcher.open(location.published(), reranker=reranker)
        with progress.stage("asking", len(collection.queries)) as advance:
            return evaluate_documents(searcher, collection.queries, collection.qrels, advance)


def _evaluate_questions(path: Path, index: Path | None, reranker: Reranker | None) -> Evaluation:
    queries = read_questions(path)
    given = index or Path(os.environ.get("CITEBOX_INDEX", DEFAULT_INDEX))
    searcher = Searcher.open(IndexLocation(given).published(), reranker=reranker)
    with TerminalProgress().stage("asking", len(queries)) as advance:
        return evaluate_passages(searcher, queries, advance)


@contextmanager
def _index_folder(given: Path | None) -> Iterator[Path]:
    """`given`, or a temporary folder; never the index of CITEBOX_INDEX, which a BEIR corpus would replace."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="citebox-eval-") as folder:
        yield Path(folder)
