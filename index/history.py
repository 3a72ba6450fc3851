"""`history.jsonl`: every publication of an index, in order; one that a gate held back is among them."""

import datetime
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from index.gate import GateResult
from index.location import CURRENT_FILE, IndexLocation
from index.manifest import Counts, SnapshotError, read_manifest

HISTORY_FILE = "history.jsonl"

Action = Literal["rebuild", "rollback", "found"]
"""`found`: a snapshot was published by a command that was killed before it could write this down."""

Standing = Literal["published", "held back", "unknown"]
"""Whether a snapshot was published at some time, or only held back by a gate; the history may not know it."""

NOT_RECORDED = "(not recorded: a command ended before it wrote this)"


@dataclass(frozen=True, slots=True)
class Publication:
    """A line of the history. `published` is false for a snapshot that the gate held back.

    `files` counts source files by their status; a rollback reads none.
    """

    at: str  # ISO 8601, UTC
    action: Action
    snapshot: str
    command: str
    counts: Counts
    published: bool = True
    forced: bool = False
    files: dict[str, int] | None = None
    seconds: float | None = None
    gate: GateResult | None = None


_publication = TypeAdapter(Publication)


def read_history(index_folder: Path) -> tuple[Publication, ...]:
    """All publications, oldest first. Lines that cannot be read, as a crash may leave one, are left out."""
    try:
        lines = (index_folder / HISTORY_FILE).read_bytes().splitlines()
    except OSError:
        return ()
    history = []
    for line in lines:
        try:
            history.append(_publication.validate_json(line))
        except ValidationError:
            continue
    return tuple(history)


def append_history(index_folder: Path, publication: Publication) -> None:
    """Add a line and wait until it is on the disk."""
    line = json.dumps(asdict(publication), ensure_ascii=False).encode("utf-8")
    with (index_folder / HISTORY_FILE).open("ab+") as stream:
        if stream.tell() and not _ends_a_line(stream.fileno(), stream.tell()):
            line = b"\n" + line  # the line before was cut short by a crash
        stream.write(line + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def standing_of(snapshot_id: str, history: Iterable[Publication]) -> Standing:
    """What `history` knows of the snapshot."""
    published = {publication.published for publication in history if publication.snapshot == snapshot_id}
    if not published:
        return "unknown"
    return "published" if True in published else "held back"


def reconcile(location: IndexLocation) -> None:
    """Write down what a command published and, killed, could not write down itself. To be used under the lock.

    A published snapshot that is gone or damaged cannot tell its counts; of it nothing is written.
    """
    try:
        current = location.published_id()
        if current is None or current == _last_published(location.folder):
            return
        counts = read_manifest(location.snapshot(current)).counts
    except SnapshotError:
        return
    published_at = datetime.datetime.fromtimestamp((location.folder / CURRENT_FILE).stat().st_mtime, datetime.UTC)
    found = Publication(published_at.isoformat(timespec="seconds"), "found", current, NOT_RECORDED, counts)
    append_history(location.folder, found)


def _last_published(index_folder: Path) -> str | None:
    return next((one.snapshot for one in reversed(read_history(index_folder)) if one.published), None)


def _ends_a_line(descriptor: int, size: int) -> bool:
    return os.pread(descriptor, 1, size - 1) == b"\n"
