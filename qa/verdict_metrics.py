"""How good the confidence is: does it tell answerable questions from others, and does it mean what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Questions of like confidence: how many, their mean confidence, and the share of them that is answerable."""

    questions: int
    confidence: float
    answerable: float


def verdict_metrics(answerable: Sequence[bool], confidences: Sequence[float]) -> dict[str, float]:
    """Figures of the confidence by name; nothing where all questions are of one kind.

    `verdict_auroc`: the chance that an answerable question gets more confidence than one that is not.
    `verdict_ece`: see `expected_calibration_error`. `verdict_aurc`: see `area_under_risk_coverage`.
    """
    if len(set(answerable)) < 2:
        return {}
    from sklearn.metrics import roc_auc_score  # a second to import

    covered = np.array(answerable)
    called_answered = np.array(confidences) >= 0.5
    return {
        "verdict_auroc": float(roc_auc_score(covered, confidences)),
        "verdict_ece": expected_calibration_error(answerable, confidences),
        "verdict_aurc": area_under_risk_coverage(answerable, confidences),
        "answerable_called_answered": float(called_answered[covered].mean()),
        "unanswerable_called_unanswered": float((~called_answered)[~covered].mean()),
    }


def reliability(answerable: Sequence[bool], confidences: Sequence[float]) -> list[ReliabilityBin]:
    """The questions in `BINS` bins of equal width of confidence, lowest first; empty bins are left out."""
    confidence, covered = np.array(confidences), np.array(answerable)
    bin_of = np.minimum((confidence * BINS).astype(int), BINS - 1)  # a confidence of 1 belongs to the last bin
    return [
        ReliabilityBin(int(inside.sum()), float(confidence[inside].mean()), float(covered[inside].mean()))
        for inside in (bin_of == number for number in np.unique(bin_of))
    ]


def expected_calibration_error(answerable: Sequence[bool], confidences: Sequence[float]) -> float:
    """Mean distance of confidence and share answerable over the bins of `reliability`, each by its questions.

    0 is best. As Guo, Pleiss, Sun and Weinberger (On Calibration of Modern Neural Networks, 2017) define it.
    """
    bins = reliability(answerable, confidences)
    return sum(bin_.questions * abs(bin_.confidence - bin_.answerable) for bin_ in bins) / len(answerable)


def risk_coverage(answerable: Sequence[bool], confidences: Sequence[float]) -> tuple[NDArray[np.float64], ...]:
    """Coverages 1/n, 2/n, ... 1, and the risk at each.

    At coverage k/n the k questions of most confidence are answered, and the risk is the share of them that is not
    answerable. Questions of equal confidence come in any order: the risk among them is the mean over all orders.
    """
    wrong = ~np.array(answerable)
    levels, level_of = np.unique(-np.array(confidences), return_inverse=True)
    answered = np.concatenate([[0], np.cumsum(np.bincount(level_of, minlength=len(levels)))])
    errors = np.concatenate([[0], np.cumsum(np.bincount(level_of, weights=wrong, minlength=len(levels)))])
    count = np.arange(1, len(wrong) + 1)
    return count / len(wrong), np.interp(count, answered, errors) / count


def area_under_risk_coverage(answerable: Sequence[bool], confidences: Sequence[float]) -> float:
    """The area under the risk-coverage curve: the mean of its risks over the coverages 1/n to 1.

    Lower is better; confidence that knows nothing gets the share of unanswerable questions, and even one that knows
    all gets more than 0, as everything is answered in the end. The curve is that of Geifman and
    El-Yaniv (Selective Classification for Deep Neural Networks, 2017), the classifier being one that answers and the
    error a question the documents do not answer.
    """
    _, risks = risk_coverage(answerable, confidences)
    return float(risks.mean())
