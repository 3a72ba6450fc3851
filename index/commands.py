"""`citebox rebuild` and `citebox status`."""

import datetime
import json
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from corpus.formats.content import ReadingOptions, RowFields
from corpus.sources import make_sources
from corpus.workers import MEMORY_MB, SECONDS, SECONDS_WITH_OCR, FileReader, ReadingLimits
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation, RebuildError
from index.manifest import read_manifest, verify_files
from index.models import BUNDLED_NAME, locate_model
from index.progress import Advance
from index.rebuild import RebuildOptions, rebuild
from index.report import (
    FileOutcome,
    FileStatus,
    RebuildReport,
    file_counts,
    read_outcomes,
    residue_counts,
    skipped_files,
)
from index.snapshot import REPORT_FILE

IndexOption = Annotated[
    Path, typer.Option("--index", envvar="CITEBOX_INDEX", help="The index folder.", file_okay=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

DEFAULT_INDEX = Path("citebox-index")

_messages = Console(stderr=True)


class TerminalProgress:
    """Bars on a terminal, a line per stage elsewhere; all on standard error."""

    def __init__(self) -> None:
        self._interrupted = False

    def interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """Handle SIGINT. Where it strikes a library that drops the exception, the next step raises it again."""
        self._interrupted = True
        raise KeyboardInterrupt

    def _step(self, _done: int) -> None:
        if self._interrupted:
            raise KeyboardInterrupt

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """See `index.progress.Progress.stage`."""
        if not _messages.is_terminal:
            _messages.print(f"{name} ({total})")
            yield self._step
            return
        columns = (
            TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Bars(*columns, console=_messages) as bars:
            task = bars.add_task(name, total=total)

            def advance(done: int) -> None:
                self._step(done)
                bars.advance(task, done)
                if bars.tasks[task].completed > total:  # files of archives were not counted before
                    bars.update(task, total=bars.tasks[task].completed)

            yield advance


def rebuild_command(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Folders or files to read.", exists=True)],
    index: IndexOption = DEFAULT_INDEX,
    model: Annotated[
        str, typer.Option(help="A sentence-transformers model: the bundled one, a folder, or a name on the hub.")
    ] = BUNDLED_NAME,
    retry_failed: Annotated[
        bool, typer.Option(help="Read only files that the published snapshot could not read or does not have.")
    ] = False,
    follow_links: Annotated[bool, typer.Option(help="Follow symbolic links that lead out of a SOURCE.")] = False,
    ocr: Annotated[bool, typer.Option(help="Recognise the text of pages that are only pictures (Tesseract).")] = False,
    text_field: Annotated[str | None, typer.Option(help="The field of a row that holds its text.")] = None,
    title_field: Annotated[str | None, typer.Option(help="The field of a row that holds its title.")] = None,
    date_field: Annotated[str | None, typer.Option(help="The field of a row that holds its date.")] = None,
    url_field: Annotated[str | None, typer.Option(help="The field of a row that holds its address.")] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            min=1,
            help=f"Seconds that reading one file may take; {SECONDS:g} unless told, {SECONDS_WITH_OCR:g} with --ocr.",
        ),
    ] = None,
    memory_limit: Annotated[int, typer.Option(min=256, help="Megabytes that reading one file may take.")] = MEMORY_MB,
    as_json: JsonOption = False,
) -> None:
    """Read, chunk, embed, index, verify and publish the documents in SOURCE."""
    made = make_sources(sources)
    reading = ReadingOptions(RowFields(text_field, title_field, date_field, url_field), ocr)
    progress = TerminalProgress()
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, progress.interrupt)
    limits = ReadingLimits(time_limit or (SECONDS_WITH_OCR if ocr else SECONDS), memory_limit)
    if ocr and shutil.which("tesseract") is None:
        raise typer.BadParameter(
            "--ocr needs Tesseract, which is not installed (Debian: apt-get install tesseract-ocr)"
        )
    encoder = SentenceTransformerEncoder(locate_model(model, download=True))
    try:
        with FileReader(reading, limits) as reader:
            options = RebuildOptions(follow_links, retry_failed)
            report = rebuild(IndexLocation(index), made, encoder, reader, progress, options)
    except KeyboardInterrupt as interrupt:
        raise RebuildError("interrupted before anything was published; run the command again") from interrupt
    if as_json:
        print(json.dumps(report.summary(), ensure_ascii=False))
    else:
        _print_report(report)


def _end(number: int, _: FrameType | None) -> None:
    """End as if interrupted, so that nothing half made is left behind."""
    sys.exit(128 + number)


def status_command(
    index: IndexOption = DEFAULT_INDEX,
    files: Annotated[bool, typer.Option("--files", help="List every source file and what became of it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the published snapshot, its counts and age, and what became of the files."""
    location = IndexLocation(index)
    folder = location.published()
    manifest = read_manifest(folder)
    verify_files(folder, manifest, [REPORT_FILE])
    outcomes = read_outcomes(folder / REPORT_FILE)
    counts = file_counts(outcomes)
    others = [path.name for path in location.snapshots() if path != folder]
    if as_json:
        document = {
            "snapshot": manifest.snapshot_id,
            "built_at": manifest.built_at,
            "model": manifest.encoder.model,
            "files": counts,
            "documents": manifest.counts.documents,
            "passages": manifest.counts.passages,
            "sentences": manifest.counts.sentences,
            "sources": [{"name": source.name, "location": source.location} for source in manifest.sources],
            "skipped": skipped_files(outcomes),
            "pages_without_text": sum(outcome.pages_without_text for outcome in outcomes),
            "residue": residue_counts(outcomes),
            "other_snapshots": others,
        }
        if files:
            document["outcomes"] = [asdict(outcome) for outcome in outcomes]
        print(json.dumps(document, ensure_ascii=False))
        return
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(manifest.built_at)
    table = Table(show_header=False, box=None)
    table.add_row("snapshot", manifest.snapshot_id)
    table.add_row("built", f"{manifest.built_at} ({_age(age)} ago)")
    table.add_row("model", manifest.encoder.model)
    table.add_row("sources", "\n".join(f"{source.name} ({source.location})" for source in manifest.sources))
    table.add_row("files", ", ".join(f"{count} {status}" for status, count in counts.items() if count))
    table.add_row("documents", str(manifest.counts.documents))
    table.add_row("passages", str(manifest.counts.passages))
    table.add_row("sentences", str(manifest.counts.sentences))
    table.add_row("other snapshots", "\n".join(others) or "none")
    console = _console()
    table.add_row("residue left out", _residue(outcomes))
    console.print(table)
    if files:
        _print_ledger(console, outcomes)
    else:
        _print_remarks(console, outcomes)


def _print_report(report: RebuildReport) -> None:
    summary = report.summary()
    files, seconds = summary["files"], summary["seconds"]
    table = Table(title="Rebuild", title_justify="left")
    table.add_column("")
    table.add_column("count", justify="right")
    table.add_column("seconds", justify="right")
    table.add_row("files found", str(files["found"]), "")
    for status in get_args(FileStatus):
        table.add_row(f"  {status}", str(files[status]), "", end_section=status == "skipped")
    table.add_row("documents read", str(summary["documents"]), f"{seconds['read']:.1f}")
    table.add_row("passages and", str(summary["passages"]), "")
    table.add_row("sentences embedded", str(summary["sentences"]), f"{seconds['embed']:.1f}")
    table.add_row("indexed, verified, published", "", f"{seconds['total'] - seconds['read'] - seconds['embed']:.1f}")
    table.add_row("total", "", f"{seconds['total']:.1f}")
    console = _console()
    console.print(table)
    if residue := _residue(report.outcomes):
        console.print(f"lines of web pages left out: {residue}", soft_wrap=True)
    _print_remarks(console, report.outcomes)
    console.print(f"published snapshot {report.snapshot}", soft_wrap=True)


def _residue(outcomes: Sequence[FileOutcome]) -> str:
    return ", ".join(f"{count} {rule}" for rule, count in residue_counts(outcomes).items())


def _print_remarks(console: Console, outcomes: Sequence[FileOutcome]) -> None:
    """A line for each file of which there is more to say than that it was indexed."""
    for outcome in outcomes:
        if remarks := outcome.remarks():
            console.print(f"{outcome.status} {outcome.path}: {'; '.join(remarks)}", soft_wrap=True)


def _print_ledger(console: Console, outcomes: Sequence[FileOutcome]) -> None:
    """A line for every file."""
    for outcome in outcomes:
        counts = f" (documents: {outcome.documents}, passages: {outcome.passages})" if outcome.documents else ""
        remarks = "".join(f"; {remark}" for remark in outcome.remarks())
        console.print(f"{outcome.status:9} {outcome.path}{counts}{remarks}", soft_wrap=True)


def _console() -> Console:
    """Standard output; square brackets in names and reasons are text, not markup."""
    return Console(markup=False, highlight=False)


def _age(age: datetime.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
