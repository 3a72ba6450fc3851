"""`citebox rebuild` and `citebox status`."""

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from corpus.sources import make_sources
from index.encoder import Advance, SentenceTransformerEncoder
from index.location import IndexLocation
from index.manifest import read_manifest
from index.models import BUNDLED_NAME, locate_model
from index.rebuild import rebuild
from index.report import RebuildReport, read_outcomes
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
    report = rebuild(IndexLocation(index), made, encoder, TerminalProgress())
    if as_json:
        print(json.dumps(report.summary(), ensure_ascii=False))
    else:
        _print_report(report)


def status_command(index: IndexOption = DEFAULT_INDEX, as_json: JsonOption = False) -> None:
    """Show the published snapshot, its counts and age, and what became of every file."""
    location = IndexLocation(index)
    folder = location.published()
    manifest = read_manifest(folder)
    outcomes = read_outcomes(folder / REPORT_FILE)
    skipped = [outcome for outcome in outcomes if outcome.status == "skipped"]
    others = [path.name for path in location.snapshots() if path != folder]
    if as_json:
        document = {
            "snapshot": manifest.snapshot_id,
            "built_at": manifest.built_at,
            "model": manifest.encoder.model,
            "documents": manifest.counts.documents,
            "passages": manifest.counts.passages,
            "sentences": manifest.counts.sentences,
            "sources": [{"name": source.name, "location": source.location} for source in manifest.sources],
            "skipped": [{"path": file.path, "code": file.code, "reason": file.reason} for file in skipped],
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
    table.add_row("documents", str(manifest.counts.documents))
    table.add_row("passages", str(manifest.counts.passages))
    table.add_row("sentences", str(manifest.counts.sentences))
    table.add_row("skipped", "\n".join(f"{file.path}: {file.reason}" for file in skipped) or "no file")
    table.add_row("other snapshots", "\n".join(others) or "none")
    Console().print(table)


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
    table.add_row("passages embedded", str(summary["passages"]), f"{seconds['embed']:.1f}")
    table.add_row("indexed, verified, published", "", f"{seconds['total'] - seconds['read'] - seconds['embed']:.1f}")
    table.add_row("total", "", f"{seconds['total']:.1f}")
    console = Console()
    console.print(table)
    for outcome in report.outcomes:
        if outcome.status in ("skipped", "duplicate"):
            console.print(f"{outcome.status} {outcome.path}: {outcome.reason}", highlight=False, soft_wrap=True)
    console.print(f"published snapshot {report.snapshot}", highlight=False, soft_wrap=True)


def _age(age: datetime.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
