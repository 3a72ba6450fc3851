import time
import unicodedata

import pytest
from ftfy import fix_encoding
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import _MAYBE_MOJIBAKE, _MOJIBAKE_FIXES, clean_line


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
    if not _MAYBE_MOJIBAKE.search(text) and not any("\ufb00" <= letter <= "\ufb06" for letter in text):
        assert clean_line(text) == unicodedata.normalize("NFC", text)


@given(text=st.text() | st.text(st.sampled_from("ÃÂâ€™œé©\u00a0\u200b\u00ad\u0080\u0093РїС aA\u0301ﬁ"), max_size=20))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)


@given(text=st.text(st.sampled_from("ÃÂâ€™œé©°\u00a0\u0093РїСЂСѓaÅï»¿ðŸ˜"), max_size=12))
def test_a_line_that_is_not_looked_into_has_no_mojibake_to_repair(text: str) -> None:
    assert _MAYBE_MOJIBAKE.search(text) or fix_encoding(text, _MOJIBAKE_FIXES) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("ﬁnance oﬃce ﬂow", "finance office flow", id="ligatures"),
        pytest.param("the cafÃ©", "the café", id="UTF-8 read as Latin-1"),
        pytest.param("the portâ€™s â€œpilotâ€\x9d ship", "the port’s “pilot” ship", id="UTF-8 read as Windows-1252"),
        pytest.param("voilÃ\u00a0 ici", "voilà ici", id="a no-break space that was part of a letter"),
        pytest.param("don\x92t", "don’t", id="Windows-1252 read as Latin-1"),
        pytest.param("РїСЂРёРІРµС‚", "привет", id="UTF-8 read as Windows-1251"),
    ],
)
def test_damage_of_fonts_and_encodings_is_repaired(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "“Quoted”, ‘quoted’ – and — dashed…",
        "R&amp;D <b>in</b> &lt;tags&gt;",
        "Ｆｕｌｌ width ｶﾅ and ½ × 10³ µm",
        "Стороны «согласовали» список проектов; ёлка",
        "À São João, où “É” naïf — Ibáñez, Köln, Łódź, Příliš žluťoučký kůň",
        "VÃO, MÃE, NÃO: ÂNGELO",
        "می\u200cخواهم",
        "👩\u200d👧 and 🇵🇰",
        "ĳs, ǆ, ſ and ŉ",
        "Ὅμηρος, हिन्दी, ไทย, 中文，日本語",
        "5 € – £3 ± 2°",
    ],
)
def test_what_is_no_damage_stays(text: str) -> None:
    assert clean_line(text) == text


def test_plain_text_is_cleaned_fast() -> None:
    line = "The harbour board met on the quay and kept the crane. " * 20
    started = time.perf_counter()
    for _ in range(1000):
        clean_line(line)
    assert len(line) * 1000 / (time.perf_counter() - started) > 5_000_000  # a quarter of what slow machines reach
