"""`citebox ask`, `citebox explain` and `citebox eval`."""

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
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation
from index.models import locate_model
from index.rebuild import rebuild
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, TerminalProgress
from qa.answer_document import answer_document
from qa.calibrate import collect_signs, fit, write_calibration
from qa.evaluate import Evaluation, evaluate_documents, evaluate_passages
from qa.evaluation_data import read_beir, read_questions
from qa.evaluation_report import write_report
from qa.explain import explain, explanation_document
from qa.query import DEFAULT_TOP_K, MAX_TOP_K, QueryError, make_query
from qa.reranker import RERANKED, Reranker, load_reranker
from qa.run_files import TEST, Comparison, compare, read_run, write_run
from qa.search import Answer, Hit, Searcher
from qa.verdict import VerdictLabel, judge
from qa.verdict_metrics import verdict_metrics

RerankerOption = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        envvar="CITEBOX_RERANKER",
        help=f"A cross-encoder, a folder or a name on the hub, to put the best {RERANKED} passages in order. Slow.",
    ),
]


def ask_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know.")],
    index: IndexOption = DEFAULT_INDEX,
    top_k: Annotated[int, typer.Option("--top-k", help=f"How many passages, 1 to {MAX_TOP_K}.")] = DEFAULT_TOP_K,
    source: Annotated[
        list[str] | None, typer.Option(help="Only this path, folder, path pattern or publisher; repeatable.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only documents of this date or later, e.g. 2025-11.")] = None,
    until: Annotated[str | None, typer.Option(help="Only documents of this date or earlier.")] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Only documents in this language, e.g. en; repeatable.")
    ] = None,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer QUESTION with ranked passages and their citations."""
    try:
        query = make_query(question, top_k, sources=source or (), since=since, until=until, languages=language or ())
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    loaded = load_reranker(reranker) if reranker else None
    answer = Searcher.open(IndexLocation(index).published(), reranker=loaded).ask(query)
    if as_json:
        print(json.dumps(answer_document(answer), ensure_ascii=False))
    else:
        _print_answer(answer)


def explain_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What was asked.")],
    document: Annotated[str, typer.Option(help="A document's id, or the path of its file or the end of it.")],
    index: IndexOption = DEFAULT_INDEX,
    top_k: Annotated[int, typer.Option("--top-k", help=f"Among how many passages, 1 to {MAX_TOP_K}.")] = DEFAULT_TOP_K,
    as_json: JsonOption = False,
) -> None:
    """Tell why a document is, or is not, among the answers to QUESTION."""
    searcher = Searcher.open(IndexLocation(index).published())
    try:
        explanation = explain(searcher, question, document, top_k)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        print(json.dumps(explanation_document(explanation), ensure_ascii=False))
    else:
        print("\n".join(explanation.sentences()))


def calibrate_command(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="Questions, answerable ones and others.", exists=True)
    ],
    index: IndexOption = DEFAULT_INDEX,
    as_json: JsonOption = False,
) -> None:
    """Fit the verdict to this index and QUESTIONS, and store it with the index."""
    location = IndexLocation(index)
    searcher = Searcher.open(location.published())
    queries = read_questions(questions)
    with TerminalProgress().stage("asking", len(queries)) as advance:
        told, answerable = collect_signs(searcher, queries, advance)
    calibration = fit(told, answerable, searcher.snapshot.manifest.encoder.sha256, str(questions))
    path = write_calibration(location.folder, calibration)
    confidences = [judge(one, calibration).confidence or 0.0 for one in told]
    figures = {name: round(value, 4) for name, value in verdict_metrics(answerable, confidences).items()}
    if as_json:
        print(json.dumps({"path": str(path), **calibration.document(), "metrics": figures}, ensure_ascii=False))
        return
    console = Console(markup=False, highlight=False)
    counts = f"{calibration.answerable} answerable and {calibration.unanswerable} unanswerable questions"
    console.print(f"calibrated on {counts}; servers take it up with the next snapshot or start", soft_wrap=True)
    console.print(", ".join(f"{name} {value:.3f}" for name, value in figures.items()) + " (on the same questions)")
    console.print(f"stored in {path}", soft_wrap=True)


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
    encoder = SentenceTransformerEncoder(locate_model())
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


def _print_answer(answer: Answer) -> None:
    console = Console(highlight=False, markup=False)
    soft_wrap = not console.is_terminal  # a quotation that is piped on keeps its lines
    if answer.corrections:
        taken = ", ".join(f"{correction.word} as {correction.replacement}" for correction in answer.corrections)
        console.print(Text(f"Took {taken}."))
    console.print(_verdict(answer))
    if answer.absent:
        console.print(Text(f"No passage contains: {', '.join(answer.absent)}", style="yellow"))
    if answer.unread_files and not answer.verdict.answered:
        told = f"Files that may answer but could not be read: {answer.unread_files} (citebox status tells why)"
        console.print(Text(told, style="yellow"))
    independence = answer.independence
    if independence.independent_texts < independence.documents:
        told = f"{independence.documents} documents, independent texts: {independence.independent_texts}"
        console.print(Text(told, style="dim"))
    for hit in answer.hits:
        console.print()
        console.print(Text(f"[{hit.rank}] {hit.citation.title}", style="bold"))
        console.print(_marked(hit), soft_wrap=soft_wrap)
        if console.no_color or not console.is_terminal:  # where a mark cannot be seen, the evidence is quoted
            for evidence in hit.evidence:
                console.print(Text(f"→ {evidence.text}"), soft_wrap=soft_wrap)
        console.print(Text(hit.citation.label, style="dim"), soft_wrap=soft_wrap)
        for copy in hit.also_in:
            console.print(Text(f"also in {copy.path}", style="dim"))


def _verdict(answer: Answer) -> Text:
    if not answer.hits:
        return Text("No passage passes these filters and exclusions.", style="bold yellow")
    match answer.verdict.label:
        case VerdictLabel.ANSWERED:
            return Text("These passages seem to answer this:", style="bold green")
        case VerdictLabel.POSSIBLY:
            return Text("These passages possibly answer this:", style="bold yellow")
        case VerdictLabel.NOT_HERE:
            return Text("The answer does not seem to be in these documents. The nearest passages:", style="bold yellow")
        case VerdictLabel.UNCALIBRATED:
            told = "The nearest passages. Whether they answer is not known for this model: see citebox calibrate --help"
            return Text(told, style="bold yellow")


def _marked(hit: Hit) -> Text:
    """The passage with its evidence in colour."""
    text = Text(hit.passage.text)
    for evidence in hit.evidence:
        text.stylize("bold black on yellow", evidence.start, evidence.end)
    return text
