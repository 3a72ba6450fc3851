"""`citebox verify`."""

import json
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table

from corpus.workers import FileReader
from index.encoder import Encoder
from index.encoders import load_encoder
from index.location import IndexLocation
from index.manifest import SnapshotError, read_manifest
from index.models import EncoderError
from index.snapshot import open_snapshot
from index.source_check import CitedFile, SourceCheck, SourceStatus, check_sources
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, plain_console, tell
from index.verification import Checked, Verification, verify_snapshot

MOST_FILES = 100
"""Printed of each status; --json has all of them."""


def verify_command(
    index: IndexOption = DEFAULT_INDEX,
    snapshot: Annotated[str | None, typer.Option(help="Another snapshot than the published one, by its id.")] = None,
    sources: Annotated[
        bool, typer.Option("--sources", help="Check too whether every citation still stands in today's files.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check that a snapshot is undamaged and holds what it promises; exit code 1 where it does not."""
    location = IndexLocation(index)
    folder = _folder(location, snapshot)
    verification = verify_snapshot(folder, _encoder(folder))
    compared = _compare_sources(folder, location) if sources and not verification.problems else None
    if sources and compared is None:
        tell("the sources were not looked at, for what a damaged index cites is not known")
    stands = compared is None or compared.lost == 0
    if as_json:
        document = {
            "snapshot": folder.name,
            "ok": not verification.problems and stands,
            "checked": asdict(verification.checked),
            "problems": list(verification.problems),
            "sources": _source_document(compared) if compared else None,
        }
        print(json.dumps(document, ensure_ascii=False))
    else:
        _print(plain_console(), folder.name, verification, compared)
    if verification.problems or not stands:
        raise typer.Exit(1)


def _folder(location: IndexLocation, snapshot_id: str | None) -> Path:
    """Of the published snapshot, or of the one of that id."""
    if snapshot_id is None:
        return location.published()
    known = {folder.name: folder for folder in location.snapshots()}
    if snapshot_id not in known:
        there = ", ".join(known) or "none"
        raise typer.BadParameter(f"{location.folder} has no snapshot {snapshot_id!r}; there are: {there}")
    return known[snapshot_id]


def _encoder(folder: Path) -> Encoder | None:
    """The encoder that the snapshot was built with; None, saying so, where it is not to be had."""
    try:
        built = read_manifest(folder).encoder
        encoder = load_encoder(folder, built)
    except SnapshotError:
        return None  # which verifying tells
    except EncoderError as error:
        tell(f"whether passages are found again by their text was not checked: {error}")
        return None
    if difference := built.differs(encoder.record):
        tell(
            "whether passages are found again by their text was not checked: the index was built with model "
            f"{built.model} ({difference[0]}), and the one here is another ({difference[1]})"
        )
        return None
    return encoder


def _compare_sources(folder: Path, location: IndexLocation) -> SourceCheck:
    with closing(open_snapshot(folder)) as snapshot, FileReader(snapshot.manifest.reading) as reader:
        return check_sources(snapshot, location.folder, reader)


def _source_document(compared: SourceCheck) -> dict[str, Any]:
    return {
        "files": _statuses(compared),
        "citations": {"checked": compared.citations, "lost": compared.lost},
        "absent": [asdict(source) for source in compared.absent_sources],
        "differing": [
            {
                "path": file.path,
                "status": file.status,
                "passages": file.passages,
                "lost": file.lost_count,
                "lost_passages": list(file.lost),
                "reason": file.reason,
            }
            for file in _differing(compared)
        ],
    }


def _statuses(compared: SourceCheck) -> dict[str, int]:
    counts = Counter(file.status for file in compared.files)
    return {status: counts[status] for status in get_args(SourceStatus)}


def _differing(compared: SourceCheck) -> list[CitedFile]:
    return [file for file in compared.files if file.status != "unchanged"]


def _print(console: Console, snapshot_id: str, verification: Verification, compared: SourceCheck | None) -> None:
    table = Table(title=f"Verify {snapshot_id}", title_justify="left", show_header=False)
    for what, amount in _amounts(verification.checked):
        table.add_row(what, amount)
    if compared:
        table.add_section()
        table.add_row("citations looked for in the sources", f"{compared.citations:,}")
        for status, count in _statuses(compared).items():
            table.add_row(f"files {status}", f"{count:,}")
    console.print(table)
    for problem in verification.problems:
        console.print(f"problem: {problem}", soft_wrap=True)
    if compared:
        _print_sources(console, compared)
    if verification.problems:
        console.print(f"{len(verification.problems):,} problems were found")
    else:
        console.print("no problem was found in the index")


def _amounts(checked: Checked) -> list[tuple[str, str]]:
    retrieved = "not checked" if checked.retrieved is None else f"{checked.retrieved:,}"
    return [
        ("files hashed", f"{checked.files:,} ({checked.bytes / 1e6:,.1f} MB)"),
        ("texts", f"{checked.texts:,}"),
        ("documents", f"{checked.documents:,}"),
        ("passages and their vectors", f"{checked.passages:,}"),
        ("sentences and their vectors", f"{checked.sentences:,}"),
        ("passages found again by their text", retrieved),
    ]


def _print_sources(console: Console, compared: SourceCheck) -> None:
    for source in compared.absent_sources:
        console.print(f"SOURCE {source.name} is not on this machine: {source.location} does not exist", soft_wrap=True)
    printed: Counter[str] = Counter()
    for file in _differing(compared):
        printed[file.status] += 1
        if file.status == "absent" or printed[file.status] > MOST_FILES:
            continue
        console.print(f"{file.status:10} {file.path}{_remark(file)}", soft_wrap=True)
    for status, count in printed.items():
        if count > MOST_FILES and status != "absent":
            console.print(f"{status:10} and {count - MOST_FILES:,} more files")
    if compared.lost:
        console.print(f"{compared.lost:,} of {compared.citations:,} citations do not stand in today's files")
    else:
        console.print(f"all {compared.citations:,} citations stand in today's files")


def _remark(file: CitedFile) -> str:
    if file.status == "new":
        return ""
    reason = f" ({file.reason})" if file.reason else ""
    if not file.lost_count:
        return f"{reason}: all {file.passages:,} citations stand"
    named = f": {', '.join(file.lost)}" if file.lost else ""
    more = ", ..." if file.lost and file.lost_count > len(file.lost) else ""
    return f"{reason}: {file.lost_count:,} of {file.passages:,} citations lost{named}{more}"
