"""Whether the documents answer: signs, the verdict by them, and whose coefficients it is made with."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.location import IndexLocation
from index.models import locate_model
from index.report import RebuildReport
from index.snapshot import open_snapshot
from index.texts import EVERY_DOCUMENT
from qa.calibrate import write_calibration
from qa.ranking import weigh
from qa.search import Searcher
from qa.verdict import (
    BUNDLED,
    SURE,
    Calibration,
    CalibrationError,
    Signs,
    VerdictLabel,
    calibration_for,
    judge,
    read_calibration,
    signs,
)
from tests.calibrations import always
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]

SIGNS = Signs(relevance=0.5, unknown=0.0, mismatch=0.0)
NOTHING_COUNTS = dict.fromkeys(Signs.__slots__, 0.0)
BY_RELEVANCE = replace(always(0.5), intercept=-2.0, coefficients={**NOTHING_COUNTS, "relevance": 4.0})


@pytest.fixture
def searcher(build: Build, tmp_path: Path) -> Searcher:
    build({"a.txt": "The mill closed in 2015. It made steel.", "b.txt": "Tea grows in the hills."})
    return Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())


def told(searcher: Searcher, question: str) -> Signs:
    found = searcher.retrieve(question, EVERY_DOCUMENT, 100).signs
    assert found is not None
    return found


@given(lower=st.floats(-1, 1), higher=st.floats(-1, 1))
def test_confidence_rises_with_a_sign_that_speaks_for_an_answer_and_is_a_probability(
    lower: float, higher: float
) -> None:
    lower, higher = sorted((lower, higher))
    less, more = (judge(replace(SIGNS, relevance=value), BY_RELEVANCE) for value in (lower, higher))
    assert less.confidence is not None
    assert more.confidence is not None
    assert 0 <= less.confidence <= more.confidence <= 1


@pytest.mark.parametrize("name", Signs.__slots__)
def test_every_sign_counts_by_its_own_coefficient(name: str) -> None:
    one = replace(always(0.5), coefficients={**NOTHING_COUNTS, name: 10.0})
    assert judge(Signs(0, 0, 0), one).confidence == 0.5
    assert (judge(replace(Signs(0, 0, 0), **{name: 1.0}), one).confidence or 0) > 0.99


@pytest.mark.parametrize(
    ("confidence", "answered", "label"),
    [
        (SURE + 0.001, True, "answered"),
        (SURE - 0.001, True, "possibly"),
        (0.501, True, "possibly"),
        (0.499, False, "not in these documents"),
        (0.001, False, "not in these documents"),
    ],
)
def test_confidence_has_three_words(confidence: float, answered: bool, label: str) -> None:
    verdict = judge(SIGNS, always(confidence))
    assert verdict.confidence == pytest.approx(confidence)
    assert (verdict.answered, verdict.label) == (answered, label)


@pytest.mark.parametrize(("intercept", "confidence"), [(1e6, 1.0), (-1e6, 0.0)])
def test_however_far_the_signs_are_confidence_is_a_number(intercept: float, confidence: float) -> None:
    assert judge(SIGNS, replace(always(0.5), intercept=intercept)).confidence == pytest.approx(confidence)


def test_without_a_calibration_the_verdict_is_open() -> None:
    verdict = judge(SIGNS, None)
    assert (verdict.answered, verdict.confidence, verdict.label) == (None, None, VerdictLabel.UNCALIBRATED)


@pytest.mark.parametrize("calibration", [always(0.99), None], ids=["calibrated", "uncalibrated"])
def test_nothing_found_is_not_here(calibration: Calibration | None) -> None:
    verdict = judge(None, calibration)
    assert (verdict.answered, verdict.confidence, verdict.label) == (False, 0.0, VerdictLabel.NOT_HERE)


def test_the_signs_are_those_of_the_best_passages_in_any_order(searcher: Searcher) -> None:
    question = searcher.encode("Which mill made steel?")
    ranked = searcher.retrieve("Which mill made steel?", EVERY_DOCUMENT, 100).ranked
    known = signs(searcher.snapshot.texts, question, ranked)
    assert known is not None
    assert known == signs(searcher.snapshot.texts, question, ranked[::-1])
    assert known.relevance == max(weigh(found.signals) for found in ranked)
    assert (known.unknown, known.mismatch) == (0.0, 0.0)


def test_unknown_words_are_a_share_of_the_words_of_the_question(searcher: Searcher) -> None:
    assert told(searcher, "Does the mill enrich uranium or steel?").unknown == 0.5


def test_a_question_without_words_has_signs_too(searcher: Searcher) -> None:
    assert told(searcher, "?").unknown == 0.0


def test_an_answer_of_another_kind_is_a_mismatch(searcher: Searcher) -> None:
    assert told(searcher, "When did the mill close?").mismatch == 0.0
    assert told(searcher, "When does tea grow in the hills?").mismatch == 1.0


def test_nothing_found_gives_no_signs(searcher: Searcher) -> None:
    assert signs(searcher.snapshot.texts, searcher.encode("steel"), []) is None


def test_the_bundled_calibration_can_be_read() -> None:
    assert set(Signs.__slots__) <= set(read_calibration(BUNDLED).coefficients)


def test_the_bundled_calibration_is_for_the_bundled_model(tmp_path: Path) -> None:
    assert calibration_for(tmp_path, locate_model().sha256) == read_calibration(BUNDLED)


def test_the_calibration_of_the_index_comes_before_the_bundled_one(tmp_path: Path) -> None:
    own = always(0.7, read_calibration(BUNDLED).model_sha256)
    write_calibration(tmp_path, own)
    assert calibration_for(tmp_path, own.model_sha256) == own


def test_a_calibration_for_another_model_is_left_aside(tmp_path: Path) -> None:
    write_calibration(tmp_path, always(0.7, "another"))
    bundled = read_calibration(BUNDLED)
    assert calibration_for(tmp_path, bundled.model_sha256) == bundled
    assert calibration_for(tmp_path, "a third") is None


def test_an_index_with_another_model_gets_an_open_verdict(searcher: Searcher) -> None:
    assert searcher.retrieve("steel", EVERY_DOCUMENT, 1).verdict.label is VerdictLabel.UNCALIBRATED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"{}",
        json.dumps(always(0.5).document() | {"more": 1}).encode(),
        json.dumps(always(0.5).document() | {"intercept": "high"}).encode(),
        json.dumps(always(0.5).document() | {"intercept": float("nan")}).encode(),
        json.dumps(always(0.5).document() | {"coefficients": {"relevance": 1}}).encode(),
        json.dumps(always(0.5).document() | {"coefficients": dict.fromkeys(Signs.__slots__, "1")}).encode(),
        json.dumps(always(0.5).document() | {"coefficients": [1, 1, 1, 1]}).encode(),
    ],
    ids=[
        "empty",
        "bytes",
        "cut off",
        "list",
        "no field",
        "unknown",
        "word",
        "NaN",
        "missing sign",
        "words",
        "nameless",
    ],
)
def test_a_damaged_calibration_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(content)
    with pytest.raises(CalibrationError, match="delete it") as refused:
        calibration_for(tmp_path, "any")
    assert str(path) in str(refused.value)
