"""The language of a text, told by its words, and what becomes of it in a document."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Metadata
from corpus.languages import FEWEST_LETTERS, detect_language
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Block, BlockKind, Work, assemble

TEXTS = {
    "en": "The caverns near the coast were filled to three quarters, which the operator called a comfortable level. "
    "Negotiators met again after the summer and compared their figures, but nobody wished to name a date for the next "
    "round, as the ministers had not yet agreed.",
    "de": "Die Lieferungen an die Raffinerie begannen im Herbst und wurden seither jedes Jahr erneuert, obwohl die "
    "Preise stiegen. Das Ministerium erklärte, die Verträge seien bis zum Ende des Jahrzehnts gültig und könnten "
    "danach um zwei Jahre verlängert werden.",
    "ru": "Нефть доставляли танкерами в порт, где её перерабатывали на местных заводах. Министерство сообщило, что "
    "поставки продолжатся до конца года, если цена останется прежней. Никто не возражал против этого решения, и "
    "договор подписали в тот же день.",
    "ur": "خام تیل جہازوں کے ذریعے بندرگاہ تک پہنچایا گیا جہاں مقامی کارخانوں میں اسے صاف کیا گیا۔ وزارت نے بتایا "
    "کہ اگر قیمت یہی رہی تو ترسیل سال کے آخر تک جاری رہے گی۔ کسی نے اس فیصلے کی مخالفت نہیں کی اور "
    "معاہدے پر اسی دن دستخط ہو گئے۔ اگلے سال اس میں توسیع کی جائے گی۔",
}


def document_of(text: str, **metadata: str) -> Document:
    claims = (Claim(Origin.FRONT_MATTER, Metadata(**metadata)),)  # type: ignore[arg-type]
    return assemble(Work(claims, (Block(BlockKind.PARAGRAPH, text),)), "docs/a.md", "f" * 64)


@pytest.mark.parametrize("language", TEXTS)
def test_the_words_tell_the_language(language: str) -> None:
    assert detect_language(TEXTS[language]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_short_text_tells_no_language(language: str) -> None:
    assert detect_language(TEXTS[language][:FEWEST_LETTERS]) is None


@pytest.mark.parametrize(
    "text",
    ["", "12 34 " * 300, "x1 " * 150, "_" * 1000, f"{TEXTS['de'][:210]} {TEXTS['en'][:210]} {TEXTS['ru'][:80]}"],
    ids=["empty", "numbers", "few letters among numbers", "no letters", "two languages"],
)
def test_a_text_that_leaves_doubt_tells_no_language(text: str) -> None:
    assert detect_language(text) is None


def test_the_opening_of_a_long_text_is_enough() -> None:
    assert detect_language(TEXTS["en"] * 20 + TEXTS["de"] * 1000) == "en"


@settings(deadline=None)
@given(st.text() | st.text(alphabet="abcdefghij ", min_size=300, max_size=600))
def test_a_language_is_a_code_of_two_letters(text: str) -> None:
    language = detect_language(text)
    assert language is None or (len(language) == 2 and language.isalpha() and language.islower())


def test_a_document_that_does_not_state_its_language_has_that_of_its_words() -> None:
    metadata = document_of(TEXTS["de"]).metadata
    assert metadata.language == "de"
    assert metadata.origins == {"language": "words of the text"}


def test_the_language_that_is_stated_is_believed() -> None:
    metadata = document_of(TEXTS["de"], language="en").metadata
    assert (metadata.language, metadata.origins["language"]) == ("en", "front matter")


def test_a_short_document_has_no_language() -> None:
    metadata = document_of("Oil was sold.").metadata
    assert metadata.language is None
    assert "language" not in metadata.origins
