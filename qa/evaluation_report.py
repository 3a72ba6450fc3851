"""The report of an evaluation: one HTML page with plots that needs no network, no scripts and no other file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.evaluate import SIGNAL_DEPTH, WHOLE_SCORE, Evaluation, Judgements, Outcome
from qa.evaluation_data import EvaluationError
from qa.run_files import TEST, Comparison
from qa.verdict_metrics import reliability, risk_coverage

WORST = 20
EXPECTED_SHOWN = 3
LATENCY_BINS = 20
CURVE_POINTS = 200
SIGNAL_LABELS = {
    "dense": "dense alone",
    "lexical": "BM25 alone",
    "sentence": "best sentence alone",
    WHOLE_SCORE: "the whole score",
}

Point = tuple[float, float]
"""In shares of a plot's width and height, from its lower left corner."""

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of `LATENCY_BINS` bins of equal width between `low` and `high`."""

    low: float
    high: float
    counts: list[int]


@dataclass(frozen=True, slots=True)
class WorstQuestion:
    """A question that went wrong, with what came first and what should have."""

    outcome: Outcome
    expected: list[str]
    not_shown: int


def write_report(path: Path, title: str, evaluation: Evaluation, comparison: Comparison | None) -> None:
    """Write the report to `path`; `title` names the data. Raises EvaluationError where that cannot be."""
    try:
        path.write_text(render_report(title, evaluation, comparison), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error}") from error


def render_report(title: str, evaluation: Evaluation, comparison: Comparison | None) -> str:
    """The page. Plots of what the data does not tell are left out."""
    answerable = [outcome.query.answerable for outcome in evaluation.outcomes]
    confidences = [outcome.confidence for outcome in evaluation.outcomes]
    both_kinds = "verdict_auroc" in evaluation.metrics
    return _environment.get_template("report.html").render(
        title=title,
        evaluation=evaluation,
        comparison=comparison,
        test=TEST,
        signals=[(SIGNAL_LABELS[name], value) for name, value in evaluation.by_signal.items()],
        signal_depth=SIGNAL_DEPTH,
        reliability=reliability(answerable, confidences) if both_kinds else [],
        risk_curve=_risk_curve(answerable, confidences) if both_kinds else [],
        unanswerable_share=1 - float(np.mean(answerable)),
        latency=_histogram(evaluation.took_ms),
        worst=[_worst_question(outcome, evaluation.judgements) for outcome in worst_outcomes(evaluation.outcomes)],
    )


def worst_outcomes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The `WORST` questions that went most wrong, worst first, of equal ones the most confident.

    The loss of an answerable question is 1 less the reciprocal rank of its first right hit; that of an unanswerable
    one is the confidence in its answer, where that is given at all. Questions nothing is known of are left out.
    """
    wrong = [outcome for outcome in outcomes if _loss(outcome) > 0]
    return sorted(wrong, key=lambda outcome: (-_loss(outcome), -outcome.confidence))[:WORST]


def _loss(outcome: Outcome) -> float:
    if not outcome.query.answerable:
        return outcome.confidence if outcome.confidence >= 0.5 else 0.0
    if not outcome.judged:
        return 0.0
    return 1 - 1 / outcome.first_right if outcome.first_right else 1.0


def _worst_question(outcome: Outcome, judgements: Judgements) -> WorstQuestion:
    query = outcome.query
    expected = [*query.answers, *(f"{page.document}, page {page.page}" for page in query.pages)]
    if not expected:  # then the ids are all that is known
        grades = judgements.qrels.get(query.query_id, {})
        expected = [document_id for document_id, grade in grades.items() if grade > 0]
    return WorstQuestion(outcome, expected[:EXPECTED_SHOWN], max(0, len(expected) - EXPECTED_SHOWN))


def _risk_curve(answerable: Sequence[bool], confidences: Sequence[float]) -> list[Point]:
    """At most `CURVE_POINTS` points of the curve, its last among them."""
    coverages, risks = risk_coverage(answerable, confidences)
    kept = np.unique(np.linspace(0, len(risks) - 1, CURVE_POINTS).astype(int))
    return list(zip(coverages[kept].tolist(), risks[kept].tolist(), strict=True))


def _histogram(took_ms: Sequence[float]) -> Histogram:
    counts, edges = np.histogram(took_ms, LATENCY_BINS)
    return Histogram(float(edges[0]), float(edges[-1]), counts.tolist())
