"""The gate before a publication: a new snapshot must find what questions with known answers ask for."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.sources import printable
from index.encoder import Encoder
from index.gate import GATE_DEPTH, Gate, GateResult, WorseQuestion
from index.manifest import SnapshotError
from index.progress import Progress
from index.snapshot import open_snapshot
from qa.evaluate import first_right_rank
from qa.evaluation_data import EvaluationError, EvaluationQuery, read_questions
from qa.search import Searcher


def recall_gate(questions: Path, min_recall: float) -> Gate:
    """A gate that passes snapshots with a recall of at least `min_recall` on the answerable ones of `questions`.

    Raises EvaluationError for a file that cannot be read, or has no question whose answer is known.
    """
    queries = [query for query in read_questions(questions) if query.answerable]
    if not queries:
        raise EvaluationError(f"{questions} has no answerable question, so recall cannot be measured; add some")

    def gate(new: Path, published: Path | None, encoder: Encoder, progress: Progress) -> GateResult:
        now = _first_right_ranks(new, queries, encoder, progress, "asking")
        before = _published_ranks(published, queries, encoder, progress)
        return GateResult(
            path=printable(str(questions)),
            asked=len(queries),
            recall=_recall(now),
            min_recall=min_recall,
            published_recall=None if before is None else _recall(before),
            worse=() if before is None else _worse(queries, before, now),
        )

    return gate


def _published_ranks(
    published: Path | None, queries: Sequence[EvaluationQuery], encoder: Encoder, progress: Progress
) -> list[int | None] | None:
    """None where there is nothing to compare with: no snapshot, a damaged one, or one of another format or encoder."""
    if published is None:
        return None
    try:
        return _first_right_ranks(published, queries, encoder, progress, "asking old")
    except SnapshotError:
        return None


def _first_right_ranks(
    folder: Path, queries: Sequence[EvaluationQuery], encoder: Encoder, progress: Progress, stage: str
) -> list[int | None]:
    """For each question the rank of the first right passage in the snapshot. Raises SnapshotError."""
    with closing(open_snapshot(folder)) as snapshot:
        searcher = Searcher(snapshot, encoder)
        ranks = []
        with progress.stage(stage, len(queries)) as advance:
            for query in queries:
                ranks.append(first_right_rank(searcher, query))
                advance(1)
        return ranks


def _recall(ranks: Sequence[int | None]) -> float:
    """Share of all questions with a right passage among the first `GATE_DEPTH`."""
    return sum(rank is not None and rank <= GATE_DEPTH for rank in ranks) / len(ranks)


def _worse(
    queries: Sequence[EvaluationQuery], before: Sequence[int | None], now: Sequence[int | None]
) -> tuple[WorseQuestion, ...]:
    """Questions that were answered among the first `GATE_DEPTH`, and whose first right passage fell or is gone."""
    return tuple(
        WorseQuestion(query.text, first, second)
        for query, first, second in zip(queries, before, now, strict=True)
        if first is not None and first <= GATE_DEPTH and (second is None or second > first)
    )
