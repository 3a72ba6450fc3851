import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import LONGEST_RUN, ends_sentence, is_prose, segment


def sentences_of(text: str, language: str = "en") -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in segment(text, language)]


def test_a_full_stop_ends_a_sentence() -> None:
    assert sentences_of("The talks ended early. Nobody signed anything! Why was that so?") == [
        "The talks ended early.",
        "Nobody signed anything!",
        "Why was that so?",
    ]


def test_a_newline_ends_a_sentence() -> None:
    assert sentences_of("A line without a stop\nand another one\n\nand a third") == [
        "A line without a stop",
        "and another one",
        "and a third",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Khan met the minister on Monday.",
        "Members of the U.S. Senate asked for a report.",
        "It was signed by J. R. Smith in Moscow.",
        "Prices rose, e.g. for diesel fuel.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("February 2022. The prime minister flew to Moscow.", id="a date"),
        pytest.param("No. The two sides never agreed on a price.", id="an answer"),
        pytest.param("TTP. The group fights the government.", id="a term"),
    ],
)
def test_a_label_stays_with_the_sentence_it_runs_into(text: str) -> None:
    assert sentences_of(text) == [text]


def test_a_short_sentence_at_the_end_of_its_line_stands_alone() -> None:
    assert sentences_of("Did they sign a contract? They did.\nThen it rained in Karachi.") == [
        "Did they sign a contract?",
        "They did.",
        "Then it rained in Karachi.",
    ]


def test_offsets_count_code_points() -> None:
    text = "👩‍👩‍👧 Famılies came 😀. Ölpreise 𝔘 rose."
    spans = [(sentence.start, sentence.end) for sentence in segment(text, "en")]
    assert spans == [(0, text.index(" Öl")), (text.index("Öl"), len(text))]


def test_only_the_stretch_asked_for_is_cut() -> None:
    text = "First one here. Second one here. Third one here."
    start, end = text.index("Second"), text.index(" Third")
    assert [(s.start, s.end) for s in segment(text, "en", start, end)] == [(start, end)]


@pytest.mark.parametrize("language", ["de", "ru", "ur", "zh", "klingon", ""])
def test_every_language_has_sentences(language: str) -> None:
    assert "".join(sentences_of("One two three. Four five six.", language)).startswith("One two three.")


def test_a_language_has_its_own_full_stop() -> None:
    text = "وفد ماسکو پہنچ گیا۔ مذاکرات دو دن جاری رہے۔"
    assert sentences_of(text, "ur") == ["وفد ماسکو پہنچ گیا۔", "مذاکرات دو دن جاری رہے۔"]


texts = st.text(max_size=80) | st.text("aB.!? \n«»“”\"'()👩\u200d1é。", max_size=80)


@settings(deadline=None)
@given(text=texts, language=st.sampled_from(["en", "de", "zh", "ur"]))
def test_sentences_are_in_order_and_leave_out_nothing_but_whitespace(text: str, language: str) -> None:
    position = 0
    for sentence in segment(text, language):
        assert not text[position : sentence.start].strip()
        assert sentence.start < sentence.end
        position = sentence.end
    assert not text[position:].strip()


@settings(deadline=None)
@given(text=texts)
def test_a_sentence_is_one_line_without_space_around_it(text: str) -> None:
    for sentence in sentences_of(text):
        assert sentence == sentence.strip()
        assert "\n" not in sentence


def test_short_sentences_of_a_script_without_spaces_stay_apart() -> None:
    assert sentences_of("会议在莫斯科举行。双方讨论了石油供应。", "zh") == [
        "会议在莫斯科举行。",
        "双方讨论了石油供应。",
    ]


def test_a_line_longer_than_is_looked_at_in_one_go_gives_each_sentence() -> None:
    sentences = [f"The port took {number} cargoes on “that” day." for number in range(1_000)]
    text = " ".join(sentences)
    assert len(text) > 3 * LONGEST_RUN
    assert [text[found.start : found.end] for found in segment(text, "en")] == sentences


def test_a_long_line_without_an_end_of_a_sentence_is_one() -> None:
    text = "word " * LONGEST_RUN + "word"
    assert [(found.start, found.end) for found in segment(text, "en")] == [(0, len(text))]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        pytest.param("The crane stays.", True, id="a full stop"),
        pytest.param("“Does it stay?”", True, id="a mark within quotation marks"),
        pytest.param("It stays (for now).", True, id="a mark behind a bracket"),
        pytest.param("It stays:", False, id="a colon"),
        pytest.param("The crane (1931)", False, id="a bracket alone"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_sentence_ends_with_its_mark(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_a_line_is_prose_when_it_is_long_and_ends_like_a_sentence() -> None:
    long = "The board decided that the old crane on the north quay will be repaired before the winter comes"
    assert [is_prose(line) for line in (f"{long}.", long, "The crane stays.")] == [True, False, False]
