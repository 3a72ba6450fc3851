"""Figures of the confidence on data small enough to work out by hand."""

import numpy as np
import pytest

from qa.verdict_metrics import (
    area_under_risk_coverage,
    expected_calibration_error,
    reliability,
    risk_coverage,
    verdict_metrics,
)


def test_the_calibration_error_is_the_mean_gap_between_confidence_and_share_answerable() -> None:
    # two questions at 0.9 of which one is answerable (gap 0.4), two at 0.1 of which none is (gap 0.1)
    assert expected_calibration_error([True, False, False, False], [0.9, 0.9, 0.1, 0.1]) == pytest.approx(0.25)


def test_a_confidence_of_1_belongs_to_the_last_bin() -> None:
    (bin_,) = reliability([True, True], [1.0, 0.95])
    assert bin_.questions == 2


def test_the_risk_at_a_coverage_is_the_share_of_the_most_confident_that_is_not_answerable() -> None:
    coverages, risks = risk_coverage([False, True, True, False], [0.1, 0.9, 0.5, 0.7])
    assert coverages.tolist() == [0.25, 0.5, 0.75, 1]
    assert risks.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])


def test_the_area_under_the_curve_is_the_mean_risk() -> None:
    area = area_under_risk_coverage([False, True, True, False], [0.1, 0.9, 0.5, 0.7])
    assert area == pytest.approx(np.mean([0, 1 / 2, 1 / 3, 1 / 2]))


def test_the_order_of_questions_of_equal_confidence_does_not_matter() -> None:
    equal = [0.5] * 3
    for answerable in ([True, True, False], [False, True, True]):
        assert area_under_risk_coverage(answerable, equal) == pytest.approx(1 / 3)


def test_questions_of_one_kind_give_no_figures() -> None:
    assert verdict_metrics([True, True], [0.3, 0.7]) == {}
