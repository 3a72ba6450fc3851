"""What happened to every source file of a rebuild: `report.json`, and what `rebuild --json` prints."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from index.manifest import Counts

FileStatus = Literal["indexed", "unchanged", "duplicate", "skipped"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One source file. `code` and `reason` tell why it was skipped or what it duplicates."""

    path: str
    status: FileStatus
    documents: int = 0
    passages: int = 0
    code: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall time of the stages; `total` includes verifying and publishing."""

    read: float
    embed: float
    index: float
    total: float


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """The account of a rebuild: the outcomes are as many as the files found."""

    snapshot: str
    counts: Counts
    seconds: Seconds
    outcomes: tuple[FileOutcome, ...]

    def summary(self) -> dict[str, Any]:
        """The document that `rebuild --json` prints."""
        return {
            "snapshot": self.snapshot,
            "published": True,  # one that cannot be published raises
            "files": file_counts(self.outcomes),
            "documents": self.counts.documents,
            "passages": self.counts.passages,
            "sentences": self.counts.sentences,
            "seconds": asdict(self.seconds),
            "skipped": skipped_files(self.outcomes),
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


def write_outcomes(path: Path, outcomes: tuple[FileOutcome, ...]) -> None:
    """Write `report.json`: every source file with its outcome."""
    document = {"files": [asdict(outcome) for outcome in outcomes]}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_outcomes(path: Path) -> tuple[FileOutcome, ...]:
    """The outcomes in a `report.json` that was verified."""
    return tuple(FileOutcome(**fields) for fields in json.loads(path.read_text(encoding="utf-8"))["files"])
