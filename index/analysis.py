"""Words of a text, and the terms that BM25 counts: the same analysis for passages, sentences and questions.

What people write in several ways becomes the same term: 1,577 and 1577, 20bn and 20 billion, $ and dollars, 2025-11-28
and 28 November 2025, U.S. and US, FY2018 and FY 2018, Pakistan's and Pakistan. Of a word with hyphens its parts count
and the whole: long-haul as long, haul and longhaul.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from unicodedata import category, normalize

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from corpus.documents import DEFAULT_LANGUAGE

LANGUAGES = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Those with a Snowball stemmer; words of the others are counted as they stand."""

_STOP_WORDS = frozenset({"da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv"})

_LONGEST_TERM = 64

_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee"}
_MAGNITUDES = {"bn": "billion", "mn": "million", "mln": "million", "tn": "trillion", "trn": "trillion"}
_MAGNITUDES_OF_MONEY = _MAGNITUDES | {"b": "billion", "m": "million", "k": "thousand"}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT_MONTHS = {name[:3]: name for name in _MONTHS if name not in ("march", "may")} | {"sept": "september"}

_SEPARATED = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+"
_NUMBER = rf"{_SEPARATED}|\d+"
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if category(chr(code)).startswith("M"))
"""Accents that stand apart from their letters, and vowel signs: Python counts neither as part of a word."""
_WORD = rf"[^\W_]+(?:[{_MARKS}][^\W_]*)*"  # one mark at a time: a run of them is then matched in one way only
_TOKEN = re.compile(
    rf"""
      (?P<day>(?<![\d-])(?:19|20)\d\d-[01]\d-[0-3]\d(?![\d-]))
    | (?P<money>[$€£¥₹][ ]?(?:{_NUMBER})(?:[ ]?(?:bn|mn|mln|trn|tn|b|m|k))?(?![^\W_]))
    | (?P<amount>(?<![\w.,])(?:{_NUMBER})[ ]?(?:bn|mn|mln|trn|tn)(?![^\W_]))
    | (?P<number>(?<![\w.,])(?:{_SEPARATED})(?![\w]|[.,]\d))
    | (?P<currency>[$€£¥₹])
    | (?P<percent>%|(?<![^\W_])per[ ]cent(?![^\W_]))
    | (?:
        (?P<initials>(?<![^\W_])(?:[^\W\d_]\.){{2,}}(?![^\W_]))
      | (?P<ampersand>(?<![^\W_])(?-i:[A-Z]{{1,3}}&[A-Z]{{1,2}})(?![^\W_]))
      | (?P<compound>{_WORD}(?:[-‐‑]{_WORD})+)
      | (?P<word>{_WORD})
      )(?:['’]s(?![^\W_]))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AMOUNT = re.compile(rf"({_NUMBER})[ ]?(\w*)")
_HYPHEN = re.compile(r"[-‐‑]")
_PART = re.compile(
    r"""
      (?:19|20)\d\d(?=[qh][1-4]$)         # 2023Q4
    | [qh][1-4](?=(?:19|20)\d\d$)         # Q42023
    | [^\W\d_]{2,}(?=(?:19|20)\d\d$)      # FY2018
    | .+
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is counted, at its place `text[start:end]`; a place can hold several."""

    start: int
    end: int
    text: str


def words(text: str) -> Iterator[Word]:
    """The words of `text` in order, in lower case and one spelling."""
    for match in _TOKEN.finditer(text):
        yield from (Word(*match.span(match.lastgroup or 0), word) for word in _spellings(match))


def _spellings(match: re.Match[str]) -> list[str]:
    """The words that a token is counted as."""
    kind = match.lastgroup or "word"
    found = match[kind].lower()
    if not found.isascii():
        found = normalize("NFC", found).replace("\u0307", "")  # the dot that İ leaves in lower case
    if kind == "word" and found.isalpha():
        return [_SHORT_MONTHS.get(found, found)]
    match kind:
        case "day":
            year, month, day = found.split("-")
            return [year, _MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else month, str(int(day))]
        case "initials":
            return [found.replace(".", "")]
        case "money":
            return [_CURRENCIES[found[0]], *_amount(found[1:])]
        case "amount":
            return _amount(found)
        case "number":
            return [_number(found)]
        case "currency":
            return [_CURRENCIES[found]]
        case "percent":
            return ["percent"]
        case "compound":
            parts = _HYPHEN.split(found)
            return [*(word for part in parts for word in _parts(part)), "".join(parts)]
        case "word":
            return _parts(found)
        case _:
            return [found]


def _amount(text: str) -> list[str]:
    amount = _AMOUNT.search(text)
    assert amount is not None  # as the token was found by the same pattern
    number, magnitude = amount.groups()
    return [_number(number), *([_MAGNITUDES_OF_MONEY[magnitude]] if magnitude else [])]


def _number(digits: str) -> str:
    """Without separators of thousands and closing zeros after the point."""
    whole = digits.replace(",", "")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _parts(word: str) -> list[str]:
    return [_SHORT_MONTHS.get(part, part) for part in _PART.findall(word)]


class Analyzer:
    """Makes terms of texts in one language: words without accents and stop words, stemmed (Snowball)."""

    def __init__(self, language: str) -> None:
        """`language` is an ISO 639-1 code; for one without a stemmer, words are counted as they stand."""
        builder = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.lowercase()).filter(Filter.ascii_fold())
        builder = builder.filter(Filter.remove_long(_LONGEST_TERM))
        if language in _STOP_WORDS:
            builder = builder.filter(Filter.stopword(LANGUAGES[language]))
        if language in LANGUAGES:
            builder = builder.filter(Filter.stemmer(LANGUAGES[language]))
        self._analyzer = builder.build()

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order."""
        return list(
            self._analyzer.analyze(" ".join(word for match in _TOKEN.finditer(text) for word in _spellings(match)))
        )

    def term(self, word: str) -> str | None:
        """The term that a word, as `words` gives it, is counted as; None for a stop word."""
        return next(iter(self._analyzer.analyze(word)), None)


@cache
def analyzer(language: str | None) -> Analyzer:
    """The analyzer of texts in `language`, an ISO 639-1 code; None counts as English."""
    return Analyzer(language or DEFAULT_LANGUAGE)
