"""What happened to every source file of a rebuild: `report.json`, and what `rebuild --json` prints."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from index.gate import GateResult
from index.manifest import Counts

REPORT_FILE = "report.json"
"""Of a snapshot: its `FileOutcome`s."""

FileStatus = Literal["indexed", "unchanged", "duplicate", "skipped"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One source file. `code` and `reason` tell why it was skipped; `duplicate_of` names the file with the same text.

    `pages_without_text` could not be read, `residue` counts lines of web pages left out by rule, and `notes` tell what
    else could not be taken in.
    """

    path: str
    status: FileStatus
    documents: int = 0
    passages: int = 0
    code: str | None = None
    reason: str | None = None
    duplicate_of: str | None = None
    pages_without_text: int = 0
    residue: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def remarks(self) -> list[str]:
        """What people should know of the file, as sentences without a full stop."""
        remarks = [self.reason] if self.reason else []
        if self.duplicate_of:
            remarks.append(f"same text as {self.duplicate_of}")
        if self.pages_without_text:
            some = "1 page has" if self.pages_without_text == 1 else f"{self.pages_without_text:,} pages have"
            remarks.append(f"{some} no text layer")
        return [*remarks, *self.notes]


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall time of the stages; `total` includes verifying and the gate."""

    read: float
    embed: float
    index: float
    total: float


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """The account of a rebuild: the outcomes are as many as the files found.

    `published` is false for a snapshot that the gate held back. `embedded` counts the texts, passages and sentences,
    that were embedded now and not known from before. `removed` are the old snapshots that are no more.
    """

    snapshot: str
    published: bool
    counts: Counts
    seconds: Seconds
    outcomes: tuple[FileOutcome, ...]
    embedded: int
    gate: GateResult | None = None
    removed: tuple[str, ...] = ()

    def summary(self) -> dict[str, Any]:
        """The document that `rebuild --json` prints."""
        return {
            "snapshot": self.snapshot,
            "published": self.published,
            "files": file_counts(self.outcomes),
            "documents": self.counts.documents,
            "passages": self.counts.passages,
            "sentences": self.counts.sentences,
            "seconds": asdict(self.seconds),
            "skipped": skipped_files(self.outcomes),
            "pages_without_text": sum(outcome.pages_without_text for outcome in self.outcomes),
            "residue": residue_counts(self.outcomes),
            "embedded": self.embedded,
            "gate": asdict(self.gate) if self.gate else None,
            "removed": list(self.removed),
        }


def file_counts(outcomes: Sequence[FileOutcome]) -> dict[str, int]:
    """Source files found, and how many met with each status."""
    statuses = Counter(outcome.status for outcome in outcomes)
    return {"found": len(outcomes)} | {status: statuses[status] for status in get_args(FileStatus)}


def skipped_files(outcomes: Sequence[FileOutcome]) -> list[dict[str, str | None]]:
    """The files skipped, with code and reason."""
    return [
        {"path": outcome.path, "code": outcome.code, "reason": outcome.reason}
        for outcome in outcomes
        if outcome.status == "skipped"
    ]


def residue_counts(outcomes: Sequence[FileOutcome]) -> dict[str, int]:
    """Lines of web pages left out of all files, by rule (docs/cleaning.md), the most frequent first."""
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update(outcome.residue)
    return dict(counts.most_common())


def write_outcomes(path: Path, outcomes: tuple[FileOutcome, ...]) -> None:
    """Write `report.json`: every source file with its outcome."""
    document = {"files": [asdict(outcome) for outcome in outcomes]}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_outcomes(path: Path) -> tuple[FileOutcome, ...]:
    """The outcomes in a `report.json` that was verified."""
    files = json.loads(path.read_text(encoding="utf-8"))["files"]
    return tuple(FileOutcome(**fields | {"notes": tuple(fields["notes"])}) for fields in files)
