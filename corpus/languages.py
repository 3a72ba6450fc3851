"""The language of a text that does not tell its own, by py3langid (Lui and Baldwin, langid.py, 2012)."""

import re
from functools import cache
from typing import Any

FEWEST_LETTERS = 200
"""A shorter text is no sure sign of its language."""
CERTAIN = 0.99
"""Probability from which a language is believed: a wrong one is worse than none."""

_ENOUGH_CHARACTERS = 4_000
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the language that `text` is surely written in, or None."""
    opening = _NOT_LETTERS.sub(" ", text[:_ENOUGH_CHARACTERS])
    if len(opening.replace(" ", "")) < FEWEST_LETTERS:
        return None
    language, probability = _identifier().classify(opening)
    return str(language) if probability >= CERTAIN and len(language) == 2 else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # costs tenths of a second: only where texts are read

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
