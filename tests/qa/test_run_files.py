"""TREC runs: written, read back, compared."""

from pathlib import Path

import pytest
from scipy.stats import ttest_rel

from qa.evaluate import Evaluation, Judgements, Outcome, Run
from qa.evaluation_data import EvaluationError, EvaluationQuery, Qrels
from qa.run_files import compare, read_run, write_run

RUN: Run = {"q1": (("tea", 0.5), ("oil", 0.25), ("rail", 0.25)), "q2": (("rail", 0.125),)}
QRELS: Qrels = {"q1": {"tea": 1}, "q2": {"oil": 1}, "q3": {"rail": 1}}


def evaluation(run: Run, qrels: Qrels = QRELS) -> Evaluation:
    outcomes = tuple(
        Outcome(EvaluationQuery(query_id, "?", (), True), 1.0, ranking, None, True, None)
        for query_id, ranking in run.items()
    )
    same_as = {"tea": "tea", "oil": "oil", "rail": "rail", "tea-again": "tea"}
    return Evaluation("snapshot", {}, {}, outcomes, Judgements(qrels, same_as, any_counts=False), (1.0,))


def test_a_line_of_a_run_has_the_six_columns_of_trec(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN)
    assert (tmp_path / "run").read_text().splitlines()[1] == "q1 Q0 oil 2 0.25 citebox"


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN)
    assert read_run(tmp_path / "run") == RUN


def test_equal_scores_are_read_in_order_of_rank(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("q Q0 a 2 1.0 x\nq Q0 b 1 1.0 x\n")
    assert [found for found, _ in read_run(tmp_path / "run")["q"]] == ["b", "a"]


def test_an_id_with_a_space_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="two words"):
        write_run(tmp_path / "run", {"q": (("two words", 1.0),)})


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("q Q0 a 1 1.0 x\nq Q0 a one 1.0 x\n")
    with pytest.raises(EvaluationError, match="line 2"):
        read_run(tmp_path / "run")


def test_a_run_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_run(tmp_path / "nowhere")


def test_the_difference_is_that_of_the_means() -> None:
    now: Run = {"q1": (("tea", 1.0),), "q2": (("oil", 1.0),), "q3": (("rail", 1.0),)}
    before: Run = {"q1": (("tea", 1.0),), "q2": (("rail", 1.0), ("oil", 0.5)), "q3": ()}
    compared = compare(evaluation(now), before, Path("run")).metrics["mrr@10"]
    assert (compared.before, compared.now, compared.difference) == (0.5, 1, 0.5)


def test_the_p_value_is_that_of_the_paired_t_test() -> None:
    now: Run = {"q1": (("tea", 1.0),), "q2": (("oil", 1.0),), "q3": (("rail", 1.0),)}
    before: Run = {"q1": (("tea", 1.0),), "q2": (("rail", 1.0), ("oil", 0.5)), "q3": ()}
    compared = compare(evaluation(now), before, Path("run")).metrics["mrr@10"]
    assert compared.p_value == pytest.approx(ttest_rel([1, 1, 1], [1, 0.5, 0]).pvalue)


def test_a_run_does_not_differ_from_itself() -> None:
    compared = compare(evaluation(RUN), RUN, Path("run"))
    assert {(metric.difference, metric.p_value) for metric in compared.metrics.values()} == {(0, 1)}


def test_one_question_has_no_p_value() -> None:
    now: Run = {"q1": (("tea", 1.0),)}
    compared = compare(evaluation(now, {"q1": {"tea": 1}}), {"q1": (("oil", 1.0),)}, Path("run"))
    assert compared.document()["metrics"]["mrr@10"]["p_value"] is None


def test_a_copy_in_the_run_counts_as_the_document_it_copies() -> None:
    compared = compare(evaluation(RUN), {"q1": (("tea-again", 1.0),)}, Path("run"))
    assert compared.metrics["mrr@10"].before == pytest.approx(1 / 3)


def test_results_that_are_not_in_the_index_are_counted() -> None:
    compared = compare(evaluation(RUN), {"q1": (("gone", 1.0), ("tea", 0.5))}, Path("run"))
    assert (compared.unknown, compared.results) == (1, 2)


def test_a_run_of_other_questions_is_not_compared() -> None:
    with pytest.raises(EvaluationError, match="other data"):
        compare(evaluation(RUN), {"other": (("tea", 1.0),)}, Path("run"))
