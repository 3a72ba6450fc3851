"""`citebox rebuild`."""

import json
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, get_args

import typer
from rich.table import Table

from corpus.formats.content import ReadingOptions, RowFields
from corpus.sources import make_sources
from corpus.workers import MEMORY_MB, SECONDS, SECONDS_WITH_OCR, FileReader, ReadingLimits
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation, RebuildError
from index.models import BUNDLED_NAME, locate_model
from index.rebuild import RebuildOptions, rebuild
from index.remarks import print_remarks, residue_line
from index.report import FileStatus, RebuildReport
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, TerminalProgress, plain_console


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
    console = plain_console()
    console.print(table)
    if residue := residue_line(report.outcomes):
        console.print(f"lines of web pages left out: {residue}", soft_wrap=True)
    print_remarks(console, report.outcomes)
    console.print(f"published snapshot {report.snapshot}", soft_wrap=True)
