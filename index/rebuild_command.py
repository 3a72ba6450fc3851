"""`citebox rebuild`."""

import json
import shlex
import shutil
import signal
import sys
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.table import Table

from corpus.formats.content import ReadingOptions, RowFields
from corpus.sources import make_sources, printable
from corpus.workers import MEMORY_MB, SECONDS, SECONDS_WITH_OCR, FileReader, ReadingLimits
from index.encoders import prepare_encoder
from index.gate import GateMaker
from index.gate_report import gate_lines
from index.location import IndexLocation, RebuildError
from index.manifest import Device, Precision
from index.models import BUNDLED_NAME, locate_model
from index.rebuild import RebuildOptions, rebuild
from index.remarks import print_remarks, residue_line
from index.report import FileStatus, RebuildReport
from index.retention import DEFAULT_KEEP
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, TerminalProgress, plain_console


def rebuild_command(
    context: typer.Context,
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Folders or files to read.", exists=True)],
    index: IndexOption = DEFAULT_INDEX,
    model: Annotated[
        str, typer.Option(help="A sentence-transformers model: the bundled one, a folder, or a name on the hub.")
    ] = BUNDLED_NAME,
    precision: Annotated[
        Precision | None,
        typer.Option(help="What the model computes in: 8-bit integers, or 32-bit floats; int8 unless --device cuda."),
    ] = None,
    device: Annotated[
        Device, typer.Option(help="What embeds the documents: the processor, or a GPU in 16-bit floats.")
    ] = "cpu",
    full: Annotated[
        bool, typer.Option("--full", help="Read and embed everything anew, also what did not change.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read again what could not be read, or not wholly, unchanged or not.")
    ] = False,
    questions: Annotated[
        Path | None,
        typer.Option(help="Publish only if these questions are answered well enough.", exists=True, dir_okay=False),
    ] = None,
    min_recall: Annotated[
        float | None, typer.Option(min=0, max=1, help="The least recall@5 on --questions to publish at.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Publish whatever --questions say; written down.")] = False,
    keep: Annotated[
        int, typer.Option(min=1, help="Snapshots to keep; the published one, and those being read, always stay.")
    ] = DEFAULT_KEEP,
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
    if (questions is None) != (min_recall is None):
        raise typer.BadParameter("--questions and --min-recall go together: which questions, and how well answered")
    if force and questions is None:
        raise typer.BadParameter("--force publishes what --questions would hold back; give those too")
    made = make_sources(sources)
    make_gate: GateMaker = context.obj
    gate = make_gate(questions, min_recall) if questions is not None and min_recall is not None else None
    if device == "cuda" and precision == "int8":
        raise typer.BadParameter("a GPU computes in floats; leave --precision away, or --device")
    reading = ReadingOptions(RowFields(text_field, title_field, date_field, url_field), ocr)
    progress = TerminalProgress()
    signal.signal(signal.SIGTERM, progress.terminate)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, progress.interrupt)
    limits = ReadingLimits(time_limit or (SECONDS_WITH_OCR if ocr else SECONDS), memory_limit)
    if ocr and shutil.which("tesseract") is None:
        raise typer.BadParameter(
            "--ocr needs Tesseract, which is not installed (Debian: apt-get install tesseract-ocr)"
        )
    encoder = prepare_encoder(
        locate_model(model, download=True), progress, precision or ("fp32" if device == "cuda" else "int8"), device
    )
    try:
        with FileReader(reading, limits) as reader:
            options = RebuildOptions(
                command=printable(shlex.join(["citebox", *sys.argv[1:]])),
                follow_links=follow_links,
                full=full,
                retry_failed=retry_failed,
                keep=keep,
                gate=gate,
                force=force,
            )
            report = rebuild(IndexLocation(index), made, encoder, reader, progress, options)
    except KeyboardInterrupt as interrupt:
        raise RebuildError("interrupted") from interrupt
    if as_json:
        print(json.dumps(report.summary(), ensure_ascii=False))
    else:
        _print_report(report)
    if not report.published:
        raise RebuildError(
            f"snapshot {report.snapshot} is kept, but not published: recall is below --min-recall; mend the documents "
            f"or the questions, or publish it all the same with: citebox rollback --to {report.snapshot}"
        )


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
    table.add_row("passages", str(summary["passages"]), "")
    table.add_row("sentences", str(summary["sentences"]), "")
    table.add_row("texts embedded now", str(report.embedded), f"{seconds['embed']:.1f}")
    table.add_row("indexed and verified", "", f"{seconds['total'] - seconds['read'] - seconds['embed']:.1f}")
    table.add_row("total", "", f"{seconds['total']:.1f}")
    console = plain_console()
    console.print(table)
    if residue := residue_line(report.outcomes):
        console.print(f"lines of web pages left out: {residue}", soft_wrap=True)
    print_remarks(console, report.outcomes)
    for line in gate_lines(report.gate) if report.gate else ():
        console.print(line, soft_wrap=True)
    if report.removed:
        console.print(f"old snapshots removed: {', '.join(report.removed)}", soft_wrap=True)
    if report.published:
        console.print(f"published snapshot {report.snapshot}", soft_wrap=True)
