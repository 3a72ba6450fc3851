"""What stands between a new snapshot and its publication: questions it must answer well enough."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.progress import Progress

if TYPE_CHECKING:  # it would bring numpy with it, which neither the history nor the list of commands needs
    from index.encoder import Encoder

GATE_DEPTH = 5
"""Passages among which a right one must stand: recall@5."""


@dataclass(frozen=True, slots=True)
class WorseQuestion:
    """A question whose first right passage stands lower than in the published snapshot; ranks from 1, None for none."""

    question: str
    before: int
    now: int | None


@dataclass(frozen=True, slots=True)
class GateResult:
    """How well a new snapshot answers the questions at `path`, and the published one, where there is one to ask."""

    path: str
    asked: int
    recall: float  # share of questions with a right passage among the first `GATE_DEPTH`
    min_recall: float
    published_recall: float | None
    worse: tuple[WorseQuestion, ...]

    @property
    def passed(self) -> bool:
        """Whether the new snapshot may be published."""
        return self.recall >= self.min_recall


Gate = Callable[[Path, Path | None, "Encoder", Progress], GateResult]
"""Asks the new snapshot, in the first folder, and the published one, in the second."""

GateMaker = Callable[[Path, float], Gate]
"""Makes the gate of a questions file and a least recall; a file that cannot be used raises a CiteboxError at once.

What asks questions lies to the right of this package, so commands take it from their context: `typer.Context.obj`.
"""
