"""`history.jsonl`: every publication of an index, in order; one that a gate held back is among them."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from index.gate import GateResult
from index.manifest import Counts

HISTORY_FILE = "history.jsonl"

Action = Literal["rebuild", "rollback", "found"]
"""`found`: a snapshot was published by a command that was killed before it could write this down."""


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


def _ends_a_line(descriptor: int, size: int) -> bool:
    return os.pread(descriptor, 1, size - 1) == b"\n"
