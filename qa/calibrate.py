"""Fits the verdict to judged questions: `citebox calibrate`, and the coefficients that are bundled."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.progress import Advance
from index.texts import EVERY_DOCUMENT
from qa.candidates import DEPTH
from qa.evaluation_data import EvaluationQuery
from qa.search import Searcher
from qa.verdict import CALIBRATION_FILE, Calibration, CalibrationError, Signs

FEWEST = 20
"""Questions of either kind; fewer say nothing of the rest."""


def collect_signs(
    searcher: Searcher, queries: Sequence[EvaluationQuery], advance: Advance
) -> tuple[list[Signs], list[bool]]:
    """The signs of each question that finds anything, and whether it is answerable."""
    told: list[Signs] = []
    answerable: list[bool] = []
    for query in queries:
        found = searcher.retrieve(query.text, EVERY_DOCUMENT, DEPTH).signs
        if found is not None:
            told.append(found)
            answerable.append(query.answerable)
        advance(1)
    return told, answerable


def fit(
    told: Sequence[Signs],
    answerable: Sequence[bool],
    model_sha256: str,
    fitted_on: str,
    weights: Sequence[float] | None = None,
) -> Calibration:
    """Logistic regression of `answerable` on the signs, in which each question counts by its weight, 1 unless told.

    The signs are standardised for the fit, so that the penalty (L2, C=1) treats them alike. Raises CalibrationError
    for too few questions of either kind.
    """
    from sklearn.linear_model import LogisticRegression  # seconds to import

    covered = np.array(answerable, dtype=bool)
    if min(covered.sum(), (~covered).sum()) < FEWEST:
        raise CalibrationError(
            f"{fitted_on} has {covered.sum()} answerable and {(~covered).sum()} unanswerable questions; "
            f'a calibration needs at least {FEWEST} of either (one that is not has "answerable": false)'
        )
    names = list(Signs.__slots__)
    values = np.array([[asdict(one)[name] for name in names] for one in told])
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(max_iter=1000).fit((values - mean) / spread, covered, sample_weight=weights)
    coefficients = model.coef_[0] / spread
    return Calibration(
        model_sha256=model_sha256,
        intercept=round(float(model.intercept_[0] - coefficients @ mean), 4),
        coefficients={name: round(float(value), 4) for name, value in zip(names, coefficients, strict=True)},
        fitted_on=fitted_on,
        answerable=int(covered.sum()),
        unanswerable=int((~covered).sum()),
    )


def write_calibration(index_folder: Path, calibration: Calibration) -> Path:
    """Store the calibration with the index, at once or not at all; where it is afterwards.

    Raises CalibrationError where the folder cannot be written.
    """
    path = index_folder / CALIBRATION_FILE
    pending = path.with_suffix(".tmp")
    try:
        pending.write_text(json.dumps(calibration.document(), indent=2) + "\n", encoding="utf-8")
        pending.replace(path)
    except OSError as error:
        raise CalibrationError(f"{path} cannot be written: {error.strerror}") from error
    return path
