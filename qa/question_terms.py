"""A question's words as the index knows them: its terms, what was misspelt, and what no passage contains."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from index.analysis import analyzer, words
from index.snapshot import Snapshot

QUESTION_WORDS = frozenset(
    (
        *("what", "which", "who", "whom", "whose", "when", "where", "why", "how", "many", "much"),
        *("do", "does", "did", "has", "have", "had", "were", "can", "could", "will", "would", "should"),
        *("i", "me", "my", "we", "our", "us", "you", "your", "about", "any", "some", "tell", "give", "show"),
    )
)
"""English words that ask rather than say what is asked about; they count only where nothing else is left."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and the known word it was taken for."""

    word: str
    replacement: str


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question with its misspelt words put right, and its distinct terms in order of first use.

    `words` gives the terms of each word as it was typed. `unknown` are the words that no passage contains and that
    resemble none; their terms count all the same, as a passage that lacks them covers less of the question.
    """

    text: str
    words: dict[str, tuple[str, ...]]
    corrections: tuple[Correction, ...]
    unknown: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The distinct terms in order of their first use."""
        return tuple(dict.fromkeys(term for terms in self.words.values() for term in terms))


def question_terms(snapshot: Snapshot, text: str) -> QuestionTerms:
    """The terms of the question `text`, each word stemmed as the documents that use it most stem it."""
    asked = list(words(text))
    saying = [word for word in asked if not _asks(text[word.start : word.end])]
    terms: dict[str, tuple[str, ...]] = {}
    corrections: dict[tuple[int, int], Correction] = {}
    unknown: dict[str, None] = {}
    for span, counted_as in groupby(saying or asked, key=lambda word: (word.start, word.end)):
        typed = text[slice(*span)]
        stemmed = [term for word in counted_as if (term := _term(snapshot, word.text))]
        known = [term for term in stemmed if snapshot.lexical.frequency(term)]
        numbers = [term for term in stemmed if term not in known and term.isdigit()]
        if numbers:  # a year or an amount that is nowhere matters, whatever stands beside it
            unknown[typed] = None
            known += numbers
        elif stemmed and not known:
            nearest = snapshot.lexical.nearest_word(typed.lower())
            if nearest and (term := _term(snapshot, nearest)):
                corrections[span] = Correction(typed, nearest.capitalize() if typed[:1].isupper() else nearest)
                known = [term]
            else:
                unknown[typed] = None
                known = stemmed
        if known:
            terms[typed] = tuple(known)
    return QuestionTerms(_corrected(text, corrections), terms, tuple(corrections.values()), tuple(unknown))


def _asks(typed: str) -> bool:
    """Whether a word only asks; in capitals it is a name, as WHO and US are."""
    word = typed.lower()
    return word in QUESTION_WORDS and typed in (word, word.capitalize())


def _term(snapshot: Snapshot, word: str) -> str | None:
    """What `word` is counted as in the language that uses it most; None for a stop word.

    That is one which most of the passages that hold it leave out: "war" is one in German and none in English.
    """
    by_language = [analyzer(language).term(word) for language in snapshot.texts.languages]
    term = max(filter(None, by_language), key=snapshot.lexical.frequency, default=None)
    if term and None in by_language:
        counting, holding = snapshot.lexical.frequency(term), snapshot.lexical.word_frequency(word)
        return term if counting > holding / 2 else None
    return term


def _corrected(text: str, corrections: Mapping[tuple[int, int], Correction]) -> str:
    for (start, end), correction in sorted(corrections.items(), reverse=True):
        text = text[:start] + correction.replacement + text[end:]
    return text
