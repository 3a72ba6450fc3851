"""`citebox rebuild` and `citebox status`."""

import datetime
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from corpus.sources import make_sources
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation, RebuildError
from index.manifest import read_manifest, verify_files
from index.models import BUNDLED_NAME, locate_model
from index.progress import Advance
from index.rebuild import rebuild
from index.report import FileOutcome, RebuildReport, file_counts, read_outcomes, skipped_files
from index.snapshot import REPORT_FILE

IndexOption = Annotated[
    Path, typer.Option("--index", envvar="CITEBOX_INDEX", help="The index folder.", file_okay=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

DEFAULT_INDEX = Path("citebox-index")

_messages = Console(stderr=True)


class TerminalProgress:
    """Bars on a terminal, a line per stage elsewhere; all on standard error."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """See `index.progress.Progress.stage`."""
        if not _messages.is_terminal:
            _messages.print(f"{name} ({total})")
            yield lambda _: None
            return
        columns = (
            TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Bars(*columns, console=_messages) as bars:
            task = bars.add_task(name, total=total)
            yield lambda done: bars.advance(task, done)


def rebuild_command(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Folders or files to read.", exists=True)],
    index: IndexOption = DEFAULT_INDEX,
    model: Annotated[
        str, typer.Option(help="A sentence-transformers model: the bundled one, a folder, or a name on the hub.")
    ] = BUNDLED_NAME,
    as_json: JsonOption = False,
) -> None:
    """Read, chunk, embed, index, verify and publish the documents in SOURCE."""
    made = make_sources(sources)
    encoder = SentenceTransformerEncoder(locate_model(model, download=True))
    try:
        report = rebuild(IndexLocation(index), made, encoder, TerminalProgress())
    except KeyboardInterrupt as interrupt:
        raise RebuildError("interrupted before anything was published; run the command again") from interrupt
    if as_json:
        print(json.dumps(report.summary(), ensure_ascii=False))
    else:
        _print_report(report)


def status_command(index: IndexOption = DEFAULT_INDEX, as_json: JsonOption = False) -> None:
    """Show the published snapshot, its counts and age, and what became of every file."""
    location = IndexLocation(index)
    folder = location.published()
    manifest = read_manifest(folder)
    verify_files(folder, manifest, [REPORT_FILE])
    outcomes = read_outcomes(folder / REPORT_FILE)
    files = file_counts(outcomes)
    others = [path.name for path in location.snapshots() if path != folder]
    if as_json:
        document = {
            "snapshot": manifest.snapshot_id,
            "built_at": manifest.built_at,
            "model": manifest.encoder.model,
            "files": files,
            "documents": manifest.counts.documents,
            "passages": manifest.counts.passages,
            "sentences": manifest.counts.sentences,
            "sources": [{"name": source.name, "location": source.location} for source in manifest.sources],
            "skipped": skipped_files(outcomes),
            "other_snapshots": others,
        }
        print(json.dumps(document, ensure_ascii=False))
        return
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(manifest.built_at)
    table = Table(show_header=False, box=None)
    table.add_row("snapshot", manifest.snapshot_id)
    table.add_row("built", f"{manifest.built_at} ({_age(age)} ago)")
    table.add_row("model", manifest.encoder.model)
    table.add_row("sources", "\n".join(f"{source.name} ({source.location})" for source in manifest.sources))
    table.add_row("files", ", ".join(f"{count} {status}" for status, count in files.items() if count))
    table.add_row("documents", str(manifest.counts.documents))
    table.add_row("passages", str(manifest.counts.passages))
    table.add_row("sentences", str(manifest.counts.sentences))
    table.add_row("other snapshots", "\n".join(others) or "none")
    console = _console()
    console.print(table)
    _print_not_indexed(console, outcomes)


def _print_report(report: RebuildReport) -> None:
    summary = report.summary()
    files, seconds = summary["files"], summary["seconds"]
    table = Table(title="Rebuild", title_justify="left")
    table.add_column("")
    table.add_column("count", justify="right")
    table.add_column("seconds", justify="right")
    table.add_row("files found", str(files["found"]), "")
    table.add_row("  indexed", str(files["indexed"]), "")
    table.add_row("  duplicate", str(files["duplicate"]), "")
    table.add_row("  skipped", str(files["skipped"]), "", end_section=True)
    table.add_row("documents read", str(summary["documents"]), f"{seconds['read']:.1f}")
    table.add_row("passages and", str(summary["passages"]), "")
    table.add_row("sentences embedded", str(summary["sentences"]), f"{seconds['embed']:.1f}")
    table.add_row("indexed, verified, published", "", f"{seconds['total'] - seconds['read'] - seconds['embed']:.1f}")
    table.add_row("total", "", f"{seconds['total']:.1f}")
    console = _console()
    console.print(table)
    _print_not_indexed(console, report.outcomes)
    console.print(f"published snapshot {report.snapshot}", soft_wrap=True)


def _print_not_indexed(console: Console, outcomes: Sequence[FileOutcome]) -> None:
    for outcome in outcomes:
        if outcome.status in ("skipped", "duplicate"):
            console.print(f"{outcome.status} {outcome.path}: {outcome.reason}", soft_wrap=True)


def _console() -> Console:
    """Standard output; square brackets in names and reasons are text, not markup."""
    return Console(markup=False, highlight=False)


def _age(age: datetime.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
