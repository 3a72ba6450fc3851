"""The words of a question as the index knows them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import Snapshot, open_snapshot
from qa.query import make_query
from qa.question_terms import Correction, question_terms
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]
Open = Callable[[dict[str, str | bytes]], Snapshot]

FILES: dict[str, str | bytes] = {
    "a.txt": "Pakistan imports crude oil from Russia. Its refineries process it. Deliveries were many.",
    "b.txt": "A long-haul tanker carries 20 billion barrels, says the WHO. The US lent $5bn in FY2018.",
    "c.txt": "Insulin is made in Lahore. They will do it again.",
}
GERMAN = "---\nlanguage: de\n---\nDie Lieferungen der Raffinerie begannen im Krieg. The war, sagte er."


@pytest.fixture
def index(build: Build, tmp_path: Path) -> Open:
    def snapshot_of(files: dict[str, str | bytes]) -> Snapshot:
        build(files)
        return open_snapshot(IndexLocation(tmp_path / "index").published())

    return snapshot_of


@pytest.fixture
def snapshot(index: Open) -> Snapshot:
    return index(FILES)


def test_terms_come_once_each_in_order_of_first_use(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "Oil of Russia: crude oil, oils")
    assert known.terms == ("oil", "russia", "crude")
    assert known.text == "Oil of Russia: crude oil, oils"


def test_each_word_keeps_its_terms_as_it_was_typed(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "Were DELIVERIES of 20bn in FY2018?")
    assert known.words == {"DELIVERIES": ("deliveri",), "20bn": ("20", "billion"), "FY2018": ("fy", "2018")}


def test_a_misspelt_word_is_put_right_in_text_and_terms(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "Does Pakistna import cruude oil?")
    assert known.corrections == (Correction("Pakistna", "Pakistan"), Correction("cruude", "crude"))
    assert known.text == "Does Pakistan import crude oil?"
    assert known.terms == ("pakistan", "import", "crude", "oil")
    assert known.unknown == ()


def test_a_misspelt_possessive_keeps_its_ending(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "Pakistna's oil")
    assert (known.text, known.terms) == ("Pakistan's oil", ("pakistan", "oil"))


def test_a_word_misspelt_twice_is_put_right_twice(snapshot: Snapshot) -> None:
    assert question_terms(snapshot, "insuln and insuln").text == "insulin and insulin"


def test_a_word_known_in_another_form_is_not_misspelt(snapshot: Snapshot) -> None:
    assert question_terms(snapshot, "importing refinery").corrections == ()


def test_a_word_like_no_other_is_unknown_and_counts_all_the_same(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "Does Pakistan enrich uranium?")
    assert known.unknown == ("enrich", "uranium")
    assert known.terms == ("pakistan", "enrich", "uranium")
    assert known.corrections == ()


def test_a_number_is_never_taken_for_another(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "oil in 2019")
    assert (known.corrections, known.unknown) == ((), ("2019",))


def test_the_possessive_of_a_known_word_is_known(snapshot: Snapshot) -> None:
    assert question_terms(snapshot, "Pakistan’s").words == {"Pakistan": ("pakistan",)}


@pytest.mark.parametrize(
    ("compound", "terms"),
    [
        ("long-haul", ("long", "haul", "longhaul")),
        ("longhaul", ("longhaul",)),
        ("crude-oil", ("crude", "oil")),
        ("US-Russia", ("us", "russia")),
    ],
)
def test_of_a_compound_count_the_parts_and_the_whole_that_are_known(
    snapshot: Snapshot, compound: str, terms: tuple[str, ...]
) -> None:
    known = question_terms(snapshot, compound)
    assert (known.terms, known.unknown, known.corrections) == (terms, (), ())


def test_words_that_ask_are_left_out_where_something_is_said(snapshot: Snapshot) -> None:
    assert question_terms(snapshot, "Who will tell us how much insulin they do have?").terms == ("insulin",)


def test_words_that_ask_count_where_nothing_else_is_left(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "What do you do?")
    assert known.words == {"What": ("what",), "do": ("do",), "you": ("you",)}


@pytest.mark.parametrize(("question", "terms"), [("Who is the WHO?", ("who",)), ("the US and us", ("us",))])
def test_a_name_in_capitals_does_not_ask(snapshot: Snapshot, question: str, terms: tuple[str, ...]) -> None:
    assert question_terms(snapshot, question).terms == terms


def test_a_question_of_stop_words_has_no_terms(snapshot: Snapshot) -> None:
    known = question_terms(snapshot, "is it the")
    assert (known.terms, known.unknown, known.corrections) == ((), (), ())


def test_words_are_stemmed_as_the_documents_that_use_them_are(index: Open) -> None:
    snapshot = index({**FILES, "de.md": GERMAN})
    known = question_terms(snapshot, "Lieferung an die Raffinerie, deliveries to refineries")
    assert known.words["Lieferung"] == ("liefer",)
    assert known.words["deliveries"] == ("deliveri",)
    assert known.words["refineries"] == ("refineri",)
    assert "Lieferung" not in known.unknown


def test_a_stop_word_of_most_passages_that_hold_it_is_one(index: Open) -> None:
    snapshot = index({**FILES, "de.md": GERMAN})
    known = question_terms(snapshot, "What is the price of insulin in the war with Russia?")
    assert "the" not in known.terms
    assert "with" not in known.terms
    assert {"the", "is", "with"}.isdisjoint(known.unknown)


def test_a_stop_word_of_one_language_counts_where_another_uses_it(index: Open) -> None:
    snapshot = index({**FILES, "de.md": GERMAN, "d.txt": "The war in Ukraine.", "e.txt": "After the war."})
    assert question_terms(snapshot, "the war").terms == ("war",)


def test_an_answer_tells_what_was_put_right_and_what_is_unknown(snapshot: Snapshot) -> None:
    answer = Searcher(snapshot, HashingEncoder()).ask(make_query("Does Pakistna enrich uranium?"))
    assert answer.question == "Does Pakistna enrich uranium?"
    assert answer.corrections == (Correction("Pakistna", "Pakistan"),)
    assert answer.absent == ("enrich", "uranium")
    assert answer.hits[0].citation.path == "docs/a.txt"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_question_has_terms_of_words_that_stand_in_it(snapshot: Snapshot, question: str) -> None:
    known = question_terms(snapshot, question)
    assert all(word in question for word in known.words)
    assert set(known.unknown) <= set(known.words)
    assert {correction.word for correction in known.corrections} <= set(known.words)
    assert len(known.terms) == len(set(known.terms))
