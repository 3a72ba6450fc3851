"""What a question demands beside its words."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.operators import holds, read_operators

questions = st.text(st.characters(exclude_categories=["Cs"])) | st.text('ab -"“”’().,\n', max_size=40)


@pytest.mark.parametrize(
    ("question", "text", "phrases", "excluded"),
    [
        pytest.param("crude oil price", "crude oil price", (), (), id="no operators"),
        pytest.param('price of "crude oil"', "price of crude oil", ("crude oil",), (), id="a phrase stays asked for"),
        pytest.param("price of “crude oil”", "price of crude oil", ("crude oil",), (), id="curly quotes"),
        pytest.param('" crude  oil "', "crude oil", ("crude  oil",), (), id="space within the quotes"),
        pytest.param('"oil" or "gas"?', "oil or gas ?", ("oil", "gas"), (), id="two phrases"),
        pytest.param('"oil" "oil"', "oil oil", ("oil",), (), id="a phrase said twice"),
        pytest.param('(see "oil")', "(see oil )", ("oil",), (), id="in brackets"),
        pytest.param("oil -russia", "oil", (), ("russia",), id="an excluded word"),
        pytest.param("oil -Russia, -gas?", "oil", (), ("Russia", "gas"), id="sentence signs behind excluded words"),
        pytest.param("oil -russia -russia", "oil", (), ("russia",), id="a word excluded twice"),
        pytest.param('oil -"from Russia"', "oil", (), ("from Russia",), id="an excluded phrase"),
        pytest.param("oil -“from Russia”", "oil", (), ("from Russia",), id="an excluded phrase in curly quotes"),
        pytest.param('-gas "crude" oil', "crude oil", ("crude",), ("gas",), id="all together"),
        pytest.param("-oil", "", (), ("oil",), id="nothing else"),
        pytest.param("-long-haul oil", "oil", (), ("long-haul",), id="an excluded compound"),
        pytest.param("long-haul oil", "long-haul oil", (), (), id="a compound"),
        pytest.param("oil - gas", "oil - gas", (), (), id="a dash"),
        pytest.param("below -40 degrees", "below -40 degrees", (), (), id="a negative number"),
        pytest.param('pipes of 5" and 6" width', 'pipes of 5" and 6" width', (), (), id="inches"),
        pytest.param('a "lone quote', 'a "lone quote', (), (), id="a lone quote"),
        pytest.param('"" and " " and “”', '"" and " " and “”', (), (), id="empty quotes"),
        pytest.param("what's the 'price'", "what's the 'price'", (), (), id="single quotes"),
    ],
)
def test_a_question_is_read_as_text_phrases_and_exclusions(
    question: str, text: str, phrases: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    demands = read_operators(question)
    assert (demands.text, demands.phrases, demands.excluded) == (text, phrases, excluded)
    assert demands.any == bool(phrases or excluded)


@pytest.mark.parametrize(
    ("phrase", "text", "held"),
    [
        pytest.param("crude oil", "The crude oil came.", True, id="as it stands"),
        pytest.param("Crude OIL", "cRude oil", True, id="in any case"),
        pytest.param("crude  oil", "crude\n oil", True, id="in any spacing"),
        pytest.param("crude oil", "crude, oil", False, id="not across signs"),
        pytest.param("oil crude", "crude oil", False, id="in this order alone"),
        pytest.param("oil", "boil oils", False, id="whole words"),
        pytest.param("oils", "oil", False, id="not by stem"),
        pytest.param("don't", "We don’t.", True, id="a curly apostrophe in the text"),
        pytest.param("don’t", "We don't.", True, id="a curly apostrophe in the phrase"),
        pytest.param('the "cap"', "the “cap”", True, id="quotes of either kind"),
        pytest.param("$20", "It cost US$20.", True, id="a sign at its beginning"),
        pytest.param("5%", "by 5%of it", True, id="a sign at its end"),
        pytest.param("$2", "It cost $20.", False, id="not half a number"),
        pytest.param("a.c", "abc", False, id="signs stand for themselves"),
        pytest.param("STRASSE", "Straße", True, id="case by Unicode"),
        pytest.param(unicodedata.normalize("NFD", "café"), unicodedata.normalize("NFC", "café"), True, id="composed"),
        pytest.param("cafe", "café", False, id="accents matter"),
    ],
)
def test_a_phrase_is_held_verbatim_but_for_case_spacing_and_quotes(phrase: str, text: str, held: bool) -> None:
    assert holds(text, phrase) == held


@given(question=questions)
def test_any_question_can_be_read(question: str) -> None:
    demands = read_operators(question)
    assert all(said.strip() == said != "" for said in (*demands.phrases, *demands.excluded))
    assert demands.text == " ".join(demands.text.split())


@given(question=questions)
def test_what_is_demanded_of_a_question_without_quotes_and_dashes_is_nothing(question: str) -> None:
    plain = "".join(character for character in question if character not in '-"“')
    assert not read_operators(plain).any


@given(before=st.text("ab .,"), phrase=st.text("ab ", min_size=1).filter(str.strip), after=st.text("ab .,"))
def test_a_phrase_between_spaces_is_held(before: str, phrase: str, after: str) -> None:
    assert holds(f"{before} {phrase} {after}", phrase)


@pytest.mark.parametrize("question", ["“ " * 1_000, '" “' * 650, '"' + " " * 1_998, "-" * 2_000], ids=repr)
def test_quotes_without_end_are_read_at_once(question: str) -> None:
    started = time.process_time()
    read_operators(question)
    assert time.process_time() - started < 1
