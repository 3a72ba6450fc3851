"""Passages and questions made of few: as many as wanted, none twice, the same each time."""

from itertools import islice

from tests.benchmarks.recombining import questions

ASKED = ["When was the mill closed?", "Who owns the port of Gwadar?", "What did the loan for the furnace cost?"]


def test_questions_are_those_asked_and_then_others_none_twice() -> None:
    given = list(islice(questions(ASKED, seed=1), 12))
    assert sorted(given[:3]) == sorted(ASKED)
    assert len({*given}) == 12


def test_the_same_seed_gives_the_same_questions() -> None:
    assert list(islice(questions(ASKED, 1), 12)) == list(islice(questions(ASKED, 1), 12))


def test_questions_end_when_all_were_given() -> None:
    assert list(questions(["one two three"], seed=1)) == ["one two three"]
