"""Words and terms: what people write in several ways is counted as one."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyzer, analyzer, words

ENGLISH = analyzer("en")

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text("aZé 1205.,-–'’s$€%&/()ßİ\u0308\n", max_size=40)


def terms(text: str) -> list[str]:
    return ENGLISH.terms(text)


@pytest.mark.parametrize(
    "spellings",
    [
        ("1,577", "1577", "1,577.0"),
        ("1,577.50", "1577.5"),
        ("1.50", "1.5"),
        ("20bn", "20 bn", "20 billion", "20BN"),
        ("3.5mn", "3.5 mln", "3.5 million"),
        ("2 trn", "2tn", "2 trillion"),
        ("$", "dollar", "dollars"),
        ("€", "euro", "euros"),
        ("£", "pound", "pounds"),
        ("$20bn", "$20b", "$ 20 bn", "$20 billion", "dollar 20 billion"),
        ("€1.5m", "€1.50mn", "euro 1.5 million"),
        ("£5k", "pound 5 thousand"),
        ("5%", "5 %", "5 percent", "5 per cent"),
        ("28 November 2025", "28 Nov 2025", "28 NOVEMBER, 2025"),
        ("2025-11-08", "2025 Nov 8"),
        ("September", "Sept", "Sep."),
        ("U.S.", "US", "U.S.'s"),
        ("FY2018", "FY 2018", "fy2018"),
        ("Q4 2023", "Q42023"),
        ("2023Q4", "2023 Q4"),
        ("Pakistan", "Pakistan's", "Pakistan’s", "PAKISTAN"),
        ("AT&T", "AT&T's"),
        ("long-haul", "long‑haul", "LONG-HAUL"),
        ("Café", "cafe", unicodedata.normalize("NFD", "Café")),
        ("Köln", "koln", unicodedata.normalize("NFD", "Köln")),
        ("İstanbul", "Istanbul", "istanbul"),
        ("deliveries", "delivery"),
        ("oil_price", "oil price"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_thing_are_the_same_terms(spellings: tuple[str, ...]) -> None:
    assert {spelling: terms(spelling) for spelling in spellings} == dict.fromkeys(spellings, terms(spellings[0]))
    assert terms(spellings[0])


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("28 November 2025", "on 2025-11-28 they met"),
        ("November 2025", "on 2025-11-28 they met"),
        ("long haul flights", "a long-haul flight"),
        ("longhaul flights", "a long-haul flight"),
        ("covid", "COVID-19 spread"),
        ("covid19", "COVID-19 spread"),
        ("20 billion dollars", "$20bn was lent"),
        ("2018", "in FY2018"),
        ("Q4", "in 2023Q4"),
    ],
)
def test_a_question_shares_its_terms_with_a_passage_that_spells_them_otherwise(question: str, passage: str) -> None:
    assert set(terms(question)) <= set(terms(passage))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("oil prices", ["oil", "prices"], id="words"),
        pytest.param("1,57", ["1", "57"], id="no thousands"),
        pytest.param("3.14.15", ["3", "14", "15"], id="a version is no number"),
        pytest.param("2025-13-28", ["2025", "13", "28"], id="a thirteenth month"),
        pytest.param("100m", ["100m"], id="metres may be meant"),
        pytest.param("may 5", ["may", "5"], id="may"),
        pytest.param("U.S", ["u", "s"], id="initials end in a full stop"),
        pytest.param("boys' toys", ["boys", "toys"], id="an apostrophe at the end"),
        pytest.param("it's", ["it"], id="it is"),
        pytest.param("r&d", ["r", "d"], id="an ampersand between small letters"),
        pytest.param("year-on-year", ["year", "on", "year", "yearonyear"], id="a compound, its parts and the whole"),
        pytest.param("per cent", ["percent"], id="per cent"),
        pytest.param("super cent", ["super", "cent"], id="not per cent"),
        pytest.param("हिन्दी", ["हिन्दी"], id="vowel signs are part of their word"),
        pytest.param("", [], id="nothing"),
        pytest.param("?! — …", [], id="signs"),
    ],
)
def test_words_are_counted_in_one_spelling(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_a_word_stands_where_it_was_written_without_its_possessive() -> None:
    text = "In Pakistan's FY2018, $20bn"
    assert [(text[word.start : word.end], word.text) for word in words(text)] == [
        ("In", "in"),
        ("Pakistan", "pakistan"),
        ("FY2018", "fy"),
        ("FY2018", "2018"),
        ("$20bn", "dollar"),
        ("$20bn", "20"),
        ("$20bn", "billion"),
    ]


def test_terms_are_stems_in_order_without_stop_words() -> None:
    assert terms("The Deliveries of CRUDE oils") == ["deliveri", "crude", "oil"]


def test_each_language_has_stems_and_stop_words_of_its_own() -> None:
    assert analyzer("de").terms("Die Lieferungen der Schiffe") == ["liefer", "schiff"]
    assert analyzer("fr").terms("Les livraisons de pétrole") == analyzer("fr").terms("livraison petrole")


def test_a_language_without_a_stemmer_is_counted_as_it_stands() -> None:
    assert analyzer("ur").terms("تیل deliveries the") == ["تیل", "deliveries", "the"]


def test_an_unknown_language_counts_as_english() -> None:
    assert analyzer(None).terms("the deliveries") == ["deliveri"]


@pytest.mark.parametrize(("word", "term"), [("deliveries", "deliveri"), ("the", None)])
def test_a_word_has_its_term_and_a_stop_word_none(word: str, term: str | None) -> None:
    assert ENGLISH.term(word) == term


def test_an_endless_word_is_no_term() -> None:
    assert terms(f"oil {'x' * 100_000}") == ["oil"]


@given(text=texts)
def test_words_of_any_text_are_places_in_it_in_order(text: str) -> None:
    found = list(words(text))
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    for before, after in pairwise(found):
        assert before.end <= after.start or (before.start, before.end) == (after.start, after.end)
    assert all(word.text == word.text.strip() != "" for word in found)


@given(text=texts, language=st.sampled_from(["en", "de", "ta", "tr", "ur"]))
def test_terms_of_any_text_can_be_stored_between_spaces(text: str, language: str) -> None:
    found = Analyzer(language).terms(text)
    assert " ".join(found).split() == found


@given(text=texts)
def test_the_terms_of_a_text_are_those_of_its_words(text: str) -> None:
    assert terms(text) == [term for word in words(text) if (term := ENGLISH.term(word.text))]


@given(text=texts)
def test_composed_and_decomposed_letters_are_the_same_terms(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert terms(unicodedata.normalize("NFD", composed)) == terms(composed)


def test_a_word_under_a_heap_of_accents_is_read_at_once() -> None:
    heaped = "".join(letter + "\u0330\u0349\u033a\u0332" * 12 for letter in "hive")
    assert [word.start for word in words(f"{heaped} oil")] == [0, len(heaped) + 1]
