"""What may be asked."""

import pytest

from index.texts import EVERY_DOCUMENT
from qa.query import MAX_CHARACTERS, MAX_TOP_K, QueryError, make_query


def test_a_question_is_stripped_of_surrounding_whitespace() -> None:
    assert make_query("  why? \n").text == "why?"


def test_empty_filter_fields_do_not_restrict() -> None:
    query = make_query("why?", sources=["", "  ", "/"], since="", until=" ", document_ids=[""], languages=["", " "])
    assert query.filter == EVERY_DOCUMENT


def test_a_folder_may_end_in_a_slash() -> None:
    assert make_query("why?", sources=["news/2025/"]).filter.sources == ("news/2025",)


@pytest.mark.parametrize("date", ["2025", "2025-11", "2025-11-28"])
def test_filter_dates_may_be_of_any_precision(date: str) -> None:
    query = make_query("why?", since=date, until=date)
    assert (query.filter.since, query.filter.until) == (date, date)


def test_a_language_may_be_written_in_capitals() -> None:
    assert make_query("why?", languages=["EN", " ru "]).filter.languages == ("en", "ru")


def test_exclusions_beside_words_are_a_question() -> None:
    assert make_query("oil -crude").text == "oil -crude"


def test_the_limits_themselves_are_allowed() -> None:
    assert make_query("x" * MAX_CHARACTERS, MAX_TOP_K).top_k == MAX_TOP_K


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"text": ""}, "question"),
        ({"text": " \t\n"}, "question"),
        ({"text": "x" * (MAX_CHARACTERS + 1)}, "question"),
        ({"text": "why \udc80?"}, "question"),
        ({"text": "-crude"}, "question"),
        ({"text": '-crude -"heavy oil"'}, "question"),
        ({"text": "why?", "languages": ["eng"]}, "language"),
        ({"text": "why?", "languages": ["en", "English"]}, "language"),
        ({"text": "why?", "languages": ["e"]}, "language"),
        ({"text": "why?", "languages": ["éé"]}, "language"),
        ({"text": "why?", "languages": ["\ud800"]}, "language"),
        ({"text": "why?", "languages": ["en"] * 101}, "language"),
        ({"text": "why?", "top_k": 0}, "top_k"),
        ({"text": "why?", "top_k": -1}, "top_k"),
        ({"text": "why?", "top_k": MAX_TOP_K + 1}, "top_k"),
        ({"text": "why?", "since": "28 November"}, "since"),
        ({"text": "why?", "since": "2025-13"}, "since"),
        ({"text": "why?", "until": "2025-02-30"}, "until"),
        ({"text": "why?", "sources": ["x"] * 101}, "source"),
        ({"text": "why?", "sources": ["x" * 1001]}, "source"),
        ({"text": "why?", "document_ids": ["\ud800"]}, "document"),
        ({"text": "why?", "since": "2025-12", "until": "2025-11-30"}, "since"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_cannot_be_asked_is_refused_with_the_field(arguments: dict[str, object], field: str) -> None:
    with pytest.raises(QueryError) as refused:
        make_query(**arguments)  # type: ignore[arg-type]
    assert refused.value.field == field
