"""Whether the documents answer the question at all: a probability by logistic regression on three signs.

The coefficients are data: `verdict.json` holds those of the bundled model, `citebox calibrate` fits others to a corpus
and its questions and stores them with the index. They belong to one encoder; for any other the verdict is open.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.errors import CiteboxError
from index.texts import TextStore
from qa.answer_kinds import holds_kind, kind_asked_for
from qa.candidates import EncodedQuestion
from qa.evidence import read_passages
from qa.ranking import weigh
from qa.scoring import RankedPassage

BUNDLED = Path(__file__).with_name("verdict.json")
CALIBRATION_FILE = "calibration.json"
"""In the index folder, beside the snapshots it was made for."""

SURE = 0.85
"""Confidence from which documents are said to answer rather than possibly to."""


class VerdictLabel(StrEnum):
    """The verdict in words."""

    ANSWERED = "answered"
    POSSIBLY = "possibly"
    NOT_HERE = "not in these documents"
    UNCALIBRATED = "uncalibrated"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`confidence` is the probability that the documents answer; `answered` says whether it is more likely than not.

    Both are None where the verdict is not calibrated.
    """

    answered: bool | None
    confidence: float | None
    label: VerdictLabel


@dataclass(frozen=True, slots=True)
class Signs:
    """What the verdict is told by.

    relevance: the best passage's own sum (`qa.ranking.weigh`). unknown: the share of the question's words that no
    passage contains. mismatch: 1 where the best sentence holds nothing of the kind that is asked for
    (`qa.answer_kinds`), else 0.
    """

    relevance: float
    unknown: float
    mismatch: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the regression, the encoder they are for, and where they are from."""

    model_sha256: str
    intercept: float
    coefficients: Mapping[str, float]  # by the names of `Signs`
    fitted_on: str
    answerable: int  # questions
    unanswerable: int

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


class CalibrationError(CiteboxError):
    """A stored calibration that cannot be used, or questions that none can be fitted to."""


def read_calibration(path: Path) -> Calibration:
    """The calibration stored at `path`. Raises CalibrationError for a file that holds none."""
    try:
        calibration = Calibration(**json.loads(path.read_text(encoding="utf-8")))
        numbers = [calibration.intercept, *(calibration.coefficients[name] for name in Signs.__slots__)]
        if not all(map(math.isfinite, numbers)):
            raise ValueError("a coefficient is no finite number")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CalibrationError(
            f"{path} cannot be read as a calibration ({type(error).__name__}: {error}); "
            "delete it, and run citebox calibrate again for a new one"
        ) from error
    return calibration


def calibration_for(index_folder: Path, model_sha256: str) -> Calibration | None:
    """The calibration of the index, else the bundled one; None where neither is for the model of that hash."""
    own = index_folder / CALIBRATION_FILE
    paths = [own, BUNDLED] if own.exists() else [BUNDLED]
    return next((known for known in map(read_calibration, paths) if known.model_sha256 == model_sha256), None)


def signs(texts: TextStore, question: EncodedQuestion, ranked: Sequence[RankedPassage]) -> Signs | None:
    """The signs by what `question` found, in any order; None where it found nothing."""
    if not ranked:
        return None
    kind = kind_asked_for(question.text)
    mismatch = False
    if kind is not None:
        (best,) = read_passages(texts, [max(ranked, key=lambda found: found.signals.sentence)])
        mismatch = not holds_kind(kind, best.evidence[0].text, question.text)
    return Signs(
        relevance=max(weigh(found.signals) for found in ranked),
        unknown=len(question.unknown) / max(len(question.words), 1),
        mismatch=float(mismatch),
    )


def judge(told: Signs | None, calibration: Calibration | None) -> Verdict:
    """The verdict by the signs; without any, nothing was found that could answer."""
    if told is None:
        return Verdict(answered=False, confidence=0.0, label=VerdictLabel.NOT_HERE)
    if calibration is None:
        return Verdict(answered=None, confidence=None, label=VerdictLabel.UNCALIBRATED)
    weights = calibration.coefficients
    logit = calibration.intercept + sum(weights[name] * value for name, value in asdict(told).items())
    confidence = 1 / (1 + math.exp(-max(min(logit, 700.0), -700.0)))
    answered = confidence >= 0.5
    label = (
        VerdictLabel.ANSWERED if confidence >= SURE else VerdictLabel.POSSIBLY if answered else VerdictLabel.NOT_HERE
    )
    return Verdict(answered, confidence, label)
