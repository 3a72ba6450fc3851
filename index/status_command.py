"""`citebox status`."""

import datetime
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from index.location import IndexLocation
from index.lock import format_age
from index.manifest import read_manifest, verify_files
from index.remarks import print_ledger, print_remarks, residue_line
from index.report import file_counts, read_outcomes, residue_counts, skipped_files
from index.snapshot import REPORT_FILE
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, plain_console


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
    table.add_row("built", f"{manifest.built_at} ({format_age(age)} ago)")
    table.add_row("model", manifest.encoder.model)
    table.add_row("sources", "\n".join(f"{source.name} ({source.location})" for source in manifest.sources))
    table.add_row("files", ", ".join(f"{count} {status}" for status, count in counts.items() if count))
    table.add_row("documents", str(manifest.counts.documents))
    table.add_row("passages", str(manifest.counts.passages))
    table.add_row("sentences", str(manifest.counts.sentences))
    table.add_row("other snapshots", "\n".join(others) or "none")
    console = plain_console()
    table.add_row("residue left out", residue_line(outcomes))
    console.print(table)
    if files:
        print_ledger(console, outcomes)
    else:
        print_remarks(console, outcomes)
