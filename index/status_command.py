"""`citebox status`."""

import datetime
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from index.disk_usage import size_bytes
from index.history import Publication, Standing, read_history, standing_of
from index.location import CURRENT_FILE, LOCK_FILE, IndexLocation
from index.lock import Owner, format_age, owner_of
from index.manifest import Manifest, SnapshotError, read_manifest, verify_files
from index.remarks import print_ledger, print_remarks, residue_line
from index.report import REPORT_FILE, FileOutcome, file_counts, read_outcomes, residue_counts, skipped_files
from index.retention import listed
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, plain_console

SHOWN_PUBLICATIONS = 5


@dataclass(frozen=True, slots=True)
class OtherSnapshot:
    """A snapshot that is not the published one."""

    snapshot: str
    standing: Standing
    bytes: int


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of an index without asking it; `changing` is the command that changes it now, if there is one."""

    manifest: Manifest
    outcomes: tuple[FileOutcome, ...]
    bytes: int  # of the published snapshot
    others: tuple[OtherSnapshot, ...]  # oldest first
    cache_bytes: int
    changing: Owner | None
    publications: tuple[Publication, ...]  # the last ones, latest first

    def document(self) -> dict[str, object]:
        """The document that `status --json` prints."""
        counts = self.manifest.counts
        return {
            "snapshot": self.manifest.snapshot_id,
            "built_at": self.manifest.built_at,
            "model": self.manifest.encoder.model,
            "files": file_counts(self.outcomes),
            "documents": counts.documents,
            "passages": counts.passages,
            "sentences": counts.sentences,
            "sources": [{"name": source.name, "location": source.location} for source in self.manifest.sources],
            "skipped": skipped_files(self.outcomes),
            "pages_without_text": sum(outcome.pages_without_text for outcome in self.outcomes),
            "residue": residue_counts(self.outcomes),
            "other_snapshots": [other.snapshot for other in self.others],
            "bytes": {
                "published": self.bytes,
                "others": sum(other.bytes for other in self.others),
                "cache": self.cache_bytes,
            },
            "others": [asdict(other) for other in self.others],
            "changing": asdict(self.changing) if self.changing else None,
            "publications": [asdict(publication) for publication in self.publications],
        }


def status_command(
    index: IndexOption = DEFAULT_INDEX,
    files: Annotated[bool, typer.Option("--files", help="List every source file and what became of it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the published snapshot, its counts and age, and what became of the files."""
    status = read_status(IndexLocation(index))
    if as_json:
        outcomes = {"outcomes": [asdict(outcome) for outcome in status.outcomes]} if files else {}
        print(json.dumps(status.document() | outcomes, ensure_ascii=False))
        return
    console = plain_console()
    _print_status(console, status, datetime.datetime.now(datetime.UTC))
    if files:
        print_ledger(console, status.outcomes)
    else:
        print_remarks(console, status.outcomes)


def read_status(location: IndexLocation) -> Status:
    """The status of the index; reading it is enough. Raises SnapshotError where nothing sound is published."""
    published = _published(location)
    manifest = read_manifest(published)
    verify_files(published, manifest, [REPORT_FILE])
    history = read_history(location.folder)
    return Status(
        manifest=manifest,
        outcomes=read_outcomes(published / REPORT_FILE),
        bytes=size_bytes(published),
        others=tuple(
            OtherSnapshot(folder.name, standing_of(folder.name, history), size_bytes(folder))
            for folder in location.snapshots()
            if folder != published
        ),
        cache_bytes=size_bytes(location.cache_folder),
        changing=owner_of(location.folder / LOCK_FILE),
        publications=history[: -SHOWN_PUBLICATIONS - 1 : -1],
    )


def _published(location: IndexLocation) -> Path:
    published = location.published()
    if published in location.snapshots():
        return published
    rollback = f"publish another with `citebox rollback --to SNAPSHOT --index {location.folder}` ({listed(location)})"
    remedy = f"{rollback}, or rebuild the index" if location.snapshots() else "rebuild the index"
    raise SnapshotError(f"{location.folder / CURRENT_FILE} names {published.name!r}, which is not there; {remedy}")


def _print_status(console: Console, status: Status, now: datetime.datetime) -> None:
    manifest = status.manifest
    age = now - datetime.datetime.fromisoformat(manifest.built_at)
    counts = file_counts(status.outcomes)
    table = Table(show_header=False, box=None)
    table.add_row("snapshot", manifest.snapshot_id)
    table.add_row("built", f"{manifest.built_at} ({format_age(age)} ago)")
    table.add_row("model", manifest.encoder.model)
    table.add_row("sources", "\n".join(f"{source.name} ({source.location})" for source in manifest.sources))
    table.add_row("files", ", ".join(f"{count} {became}" for became, count in counts.items() if count))
    table.add_row("documents", str(manifest.counts.documents))
    table.add_row("passages", str(manifest.counts.passages))
    table.add_row("sentences", str(manifest.counts.sentences))
    others = [f"{other.snapshot} ({other.standing}, {decimal(other.bytes)})" for other in status.others]
    table.add_row("other snapshots", "\n".join(others) or "none")
    others_bytes = sum(other.bytes for other in status.others)
    on_disk = f"{decimal(status.bytes)}, others {decimal(others_bytes)}, cache {decimal(status.cache_bytes)}"
    table.add_row("on disk", on_disk)
    table.add_row("residue left out", residue_line(status.outcomes))
    table.add_row("publications", "\n".join(map(_line, status.publications)) or "none written down")
    table.add_row("being changed by", status.changing.described(now) if status.changing else "nobody")
    console.print(table)


def _line(publication: Publication) -> str:
    forced = ", forced" if publication.forced else ""
    outcome = "published" if publication.published else "held back by its gate"
    gate = publication.gate
    recall = f", recall {gate.recall:.4f} of {gate.min_recall:.4f}" if gate else ""
    return f"{publication.at} {publication.action}: {publication.snapshot} {outcome}{forced}{recall}"
