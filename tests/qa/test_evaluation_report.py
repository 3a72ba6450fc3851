"""The report, from outcomes made by hand."""

import re
from pathlib import Path

import pytest
from lxml import html

from qa.evaluate import Evaluation, FirstHit, Judgements, Outcome
from qa.evaluation_data import EvaluationError, EvaluationQuery, EvidencePage
from qa.evaluation_report import WORST, render_report, worst_outcomes, write_report
from qa.run_files import compare


def outcome(
    name: str, first_right: int | None = 1, confidence: float = 0.9, answerable: bool = True, judged: bool = True
) -> Outcome:
    query = EvaluationQuery(name, f"Question {name}?", (f"answer {name}",), answerable)
    return Outcome(query, confidence, (("tea", 0.5),), FirstHit("Tea", "It grows."), judged, first_right)


def evaluation(*outcomes: Outcome) -> Evaluation:
    judged = {found.query.query_id: {"tea": 1} for found in outcomes if found.query.answerable}
    judgements = Judgements(judged, {"tea": "tea"}, any_counts=False)
    by_signal = {"dense": 0.5, "lexical": 0.25, "sentence": 0.75, "whole": 1.0}
    both_kinds = len({found.query.answerable for found in outcomes}) == 2
    metrics = {"mrr@10": 0.8125} | ({"verdict_auroc": 0.75} if both_kinds else {})
    return Evaluation("snapshot", metrics, by_signal, outcomes, judgements, (1.0, 2.0, 4.0))


def headings(page: str) -> list[str]:
    return [element.text_content() for element in html.fromstring(page).iter("h3")]


def test_the_figures_are_in_the_table() -> None:
    page = html.fromstring(render_report("data", evaluation(outcome("a")), None))
    rows = {row[0].text_content(): row[1].text_content() for row in page.iter("tr")}
    assert rows["mrr@10"] == "0.8125"
    assert rows["latency p50"] == "2.0 ms"


def test_questions_of_both_kinds_give_all_plots() -> None:
    page = render_report("data", evaluation(outcome("a"), outcome("b", answerable=False)), None)
    assert headings(page)[:4] == ["Quality by signal", "Reliability of the confidence", "Risk and coverage", "Latency"]
    assert page.count("<svg") == 4


def test_plots_the_data_cannot_give_are_left_out() -> None:
    assert headings(render_report("data", evaluation(outcome("a")), None)) == ["Quality by signal", "Latency"]


def test_the_page_asks_nothing_of_the_network_and_runs_no_scripts() -> None:
    page = render_report("data", evaluation(outcome("a"), outcome("b", answerable=False)), None)
    assert not re.search(r"https?:|<script|<link|<img|\bsrc=|url\(", page)


def test_what_people_wrote_is_escaped() -> None:
    page = render_report("<b>data</b>", evaluation(outcome("<script>", first_right=None)), None)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "Question &lt;script&gt;?" in page


def test_a_wrong_question_is_shown_with_what_was_returned_and_expected() -> None:
    page = html.fromstring(render_report("data", evaluation(outcome("a", first_right=None)), None))
    (item,) = page.iter("li")
    told = [" ".join(element.text_content().split()) for element in item.iter("dd")]
    assert told == ["Tea: It grows.", "answer a", "not found", "0.90"]


def test_a_question_that_knows_only_its_page_expects_the_page() -> None:
    query = EvaluationQuery("a", "Where?", (), True, (EvidencePage("a.pdf", 3),))
    found = Outcome(query, 0.9, (), None, True, None)
    assert "a.pdf, page 3" in render_report("data", evaluation(found), None)


def test_later_right_hits_are_worse_and_right_ones_are_left_out() -> None:
    outcomes = [outcome("first", 1), outcome("second", 2), outcome("none", None), outcome("tenth", 10)]
    assert [found.query.query_id for found in worst_outcomes(outcomes)] == ["none", "tenth", "second"]


def test_an_unanswerable_question_is_as_bad_as_it_is_confident() -> None:
    outcomes = [
        outcome("unsure", None, 0.4, answerable=False),
        outcome("sure", None, 0.97, answerable=False),
        outcome("second", 2),
    ]
    assert [found.query.query_id for found in worst_outcomes(outcomes)] == ["sure", "second"]


def test_a_question_of_which_nothing_is_known_is_not_among_the_worst() -> None:
    assert worst_outcomes([outcome("a", None, judged=False)]) == []


def test_only_so_many_of_the_worst_are_shown() -> None:
    assert len(worst_outcomes([outcome(str(number), None) for number in range(WORST + 5)])) == WORST


def test_a_comparison_is_shown() -> None:
    made = evaluation(outcome("a"), outcome("b"))
    compared = compare(made, {"a": (("tea", 1.0),)}, Path("old.run"))
    assert "Against old.run" in render_report("data", made, compared)


def test_a_report_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_report(tmp_path / "nowhere" / "a.html", "data", evaluation(outcome("a")), None)
