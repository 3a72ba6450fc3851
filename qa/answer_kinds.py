"""The kind of thing a question asks for, and whether a sentence holds one: a number, a date, a name.

Rules for English, after the question classes of Li and Roth (Learning Question Classifiers, 2002); questions they do
not recognise, and those in other languages, ask for anything.
"""

import re
from enum import Enum

from corpus.dates import MONTH_NAME


class AnswerKind(Enum):
    """What the answer must name."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"


_QUESTION_WORD = re.compile(r"\b(?:[Ww]h(?:en|ere|om?|ose|at|ich|y)|[Hh]ow)\b")
"""The first one asks: what happens when? In capitals it is a name, as WHO is."""

_ASKS_FOR = (
    (AnswerKind.DATE, re.compile(r"when\b|(?:what|which) (?:year|date|day|month|decade|century)\b")),
    (
        AnswerKind.NUMBER,
        re.compile(
            r"how (?:many|much|deep|long|far|wide|big|large|high|old|tall|often|fast|heavy)\b"
            r"|what (?:percentage|number|share|price|rate|[a-z]+ rate)\b|what (?:does|did|will|would) .*\bcost\b"
        ),
    ),
    (AnswerKind.NAME, re.compile(r"(?:who|whom|whose|where)\b")),
)

_MONTH = rf"\b(?=[A-Z])(?i:{MONTH_NAME})\b"  # not the verbs may and march
_SAYS = {
    AnswerKind.NUMBER: re.compile(
        r"\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
        r"|dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter|once|twice)\b",
        re.IGNORECASE,
    ),
    AnswerKind.DATE: re.compile(
        rf"\b\d\d? {_MONTH}|{_MONTH} \d\d?\b|{_MONTH}|(?<![\d.,])(?:1\d|20)\d\d(?![.,]?\d)"
        r"|\b(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day|century)\b"
    ),
}
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’-]+|(?<=\| )[A-Z][\w'’-]+")


def kind_asked_for(question: str) -> AnswerKind | None:
    """The kind of answer that `question` asks for, or None where anything may be one."""
    first = _QUESTION_WORD.search(question)
    if first is None:
        return None
    asked = question[first.start() :].lower()
    return next((kind for kind, pattern in _ASKS_FOR if pattern.match(asked)), None)


def holds_kind(kind: AnswerKind, sentence: str, question: str) -> bool:
    """Whether `sentence` holds something of `kind` that `question` does not itself give."""
    if kind is AnswerKind.NAME:
        words = question.lower()
        return any(name.lower() not in words for name in _NAME.findall(sentence))
    given = {said.lower() for said in _SAYS[kind].findall(question)}
    return any(said.lower() not in given for said in _SAYS[kind].findall(sentence))
