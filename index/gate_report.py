"""What a gate found, for the terminal."""

from index.gate import GATE_DEPTH, GateResult


def gate_lines(result: GateResult) -> list[str]:
    """The recall and its floor, then a line for each question that got worse."""
    published = ""
    if result.published_recall is not None:
        published = f" (published snapshot: {result.published_recall:.4f})"
    recall = f"recall@{GATE_DEPTH} {result.recall:.4f} of {result.asked} questions, floor {result.min_recall:.4f}"
    return [
        recall + published,
        *(f"worse: {_rank(one.before)} before, {_rank(one.now)} now: {one.question}" for one in result.worse),
    ]


def _rank(rank: int | None) -> str:
    return "not found" if rank is None else f"rank {rank}"
