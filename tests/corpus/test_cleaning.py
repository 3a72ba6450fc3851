import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import clean_line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("  two \t\n words  ", "two words", id="whitespace collapses"),
        pytest.param("a\u00a0b\u2009c\u3000d\u2028e", "a b c d e", id="typographic spaces"),
        pytest.param("co\u00adoper\u200bate\ufeff\u2060", "cooperate", id="invisible marks"),
        pytest.param("bell\x07 null\x00 escape\x1b", "bell null escape", id="controls"),
        pytest.param("half \ud83d pair", "half pair", id="lone surrogate"),
        pytest.param("e\u0301tude", "étude", id="NFC"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian keeps its non-joiner"),
        pytest.param("👩\u200d👧", "👩\u200d👧", id="emoji keep their joiner"),
        pytest.param(" \n\u200b ", "", id="nothing visible"),
    ],
)
def test_a_line_keeps_what_a_reader_sees(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


@given(text=st.text(st.characters()))
def test_a_clean_line_is_one_line_of_storable_text(text: str) -> None:
    line = clean_line(text)
    line.encode("utf-8")
    assert line.splitlines() in ([], [line])
    assert line == " ".join(line.split())


@given(text=st.text(st.characters(exclude_categories=["C", "Z"])))
def test_visible_characters_all_stay(text: str) -> None:
    assert clean_line(text) == unicodedata.normalize("NFC", text)


@given(text=st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
