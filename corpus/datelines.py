"""Dates that a work states in its own first lines: "Updated 28 November 2025", or the dateline of a report.

A line of author and date tells the author too.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.cleaning import clean_line
from corpus.dates import MONTH_NAME, parse_date
from corpus.documents import Metadata
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.sentences import ends_sentence
from corpus.works import Block, BlockKind

BLOCKS_LOOKED_AT = 12
OPENING_PARAGRAPHS = 2
"""How many paragraphs of sentences may carry the dateline: above the report's own there can be a caption."""

LONGEST_STAMP = 160
"""Length in characters of a line in which a page still tells its date."""

_MONTH = rf"{MONTH_NAME}\.?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NAMED_DATE = rf"(?:{_DAY}\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+{_DAY},?\s+\d{{4}})"
_NUMBERED_DATE = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})"
FULL_DATE = rf"(?:{_WEEKDAY})?(?:{_NAMED_DATE}|{_NUMBERED_DATE})"
"""Pattern of a date with its year, to be matched without regard to case."""

_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*\(?(?:[A-Z]{2,5})?(?:[+-]\d{1,2}(?::?\d{2})?)?\)?)?"
_TIME_OF_DAY = rf"(?:(?:T|,?\s+(?:at\s+|[-–|]\s*)?){_CLOCK})"
_UNIT = r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)"
_RELATIVE = (
    rf"(?:(?:about\s+|over\s+)?(?:an?|\d+)\s*{_UNIT}(?:,?\s+(?:and\s+)?\d+\s*{_UNIT})*\s+ago"
    rf"|(?:just|right)\s+now|moments?\s+ago|(?:today|yesterday)(?:{_TIME_OF_DAY})?)"
)
_CHANGED = r"(?:last\s+)?(?:updated?|modified|edited|revised)"
_PUBLISHED = r"(?:first\s+)?(?:published|posted)|publication\s+date|date\s+published"
_MOMENT = rf"(?:{FULL_DATE}{_TIME_OF_DAY}?|(?:{_CLOCK},?\s+(?:on\s+)?)?{FULL_DATE}|{_RELATIVE})"
PAGE_STAMP = rf"(?:{_CHANGED}|{_PUBLISHED})(?:\s*[:–—-]\s*|\s+)(?:(?:on|at)\s*:?\s*)?{_MOMENT}"
"""Pattern of a statement of a web page when it was published or changed, to be matched without regard to case."""

_STAMP_LINE = re.compile(rf"\W*{PAGE_STAMP}(?:(?:\s*[,;|•·/–—-]\s*|\s+){PAGE_STAMP}){{0,2}}\W*", re.IGNORECASE)
# Parts of the line below a headline: "By Ann Mills · Published 4 May 2031 · 3 min read".
_PART = re.compile(r"\s*[|•·]\s*")
_PARTICLE = r"(?:al|bin|da|de|del|della|den|der|di|dos|du|el|ibn|la|le|ten|ter|ul|van|von)"
_PERSON = r"[^\W\d_a-z][\w.'’-]*(?:(?: " + _PARTICLE + r"){0,2} [^\W\d_a-z][\w.'’-]*){1,3}"
_BYLINE = re.compile(rf"(?i:by) (?P<people>{_PERSON}(?:(?:, | and | & ){_PERSON}){{0,3}})")
_BETWEEN_PEOPLE = re.compile(r", | and | & ")
_READING_TIME = re.compile(r"\d+[ -]?min(?:ute)?s?\.?(?:[ -]read(?:ing)?(?: time)?)?", re.IGNORECASE)
_DATE_PART = re.compile(rf"{FULL_DATE}{_TIME_OF_DAY}?", re.IGNORECASE)
_STATED_DATE = rf"\W+(?:(?:on|at)\W+)?(?:{_CLOCK},?\s+(?:on\s+)?)?({FULL_DATE})"
_PUBLISHED_STAMP = re.compile(rf"(?:{_PUBLISHED}){_STATED_DATE}", re.IGNORECASE)
_CHANGED_STAMP = re.compile(rf"{_CHANGED}{_STATED_DATE}", re.IGNORECASE)

_AGENCY = r"\s*\([^()]{2,40}\)"
_DASH = r"\s*(?::|--?|–|—)\s+"
_CAPITALS = r"[^\W\d_a-z][^\W\d_a-z.'’-]*"
_NAME = r"[^\W\d_a-z][\w.'’-]*"
# A place in capitals; one that is not could be a person who is quoted, unless an agency is named.
_DATELINE = re.compile(
    rf"(?P<place>{_CAPITALS}(?: {_CAPITALS}){{0,3}})(?:, ?{_NAME}(?: {_NAME}){{0,2}})?"
    rf"(?:(?:,|{_DASH}| )\s*\(?(?P<date>(?i:{FULL_DATE}))\)?)?(?:,?{_AGENCY})?{_DASH}\S"
)
_AGENCY_DATELINE = re.compile(
    rf"(?P<place>{_NAME}(?: {_NAME}){{0,3}})(?:, ?{_NAME}(?: {_NAME}){{0,2}})?"
    rf"(?:,|{_DASH}| )\s*(?P<date>(?i:{FULL_DATE})),?{_AGENCY}{_DASH}\S"
)
_NO_PLACE = frozenset(
    {
        "ADVISORY", "ANNOUNCEMENT", "CLARIFICATION", "CORRECTED", "CORRECTION", "DEADLINE", "DRAFT", "EDITOR",
        "EDITORS", "EDITOR'S", "EDITOR’S", "EFFECTIVE", "EMBARGO", "EMBARGOED", "EXPIRES", "FINAL", "MEETING",
        "MINUTES", "NOTE", "NOTICE", "RECAST", "REFILE", "REPORT", "REVISED", "REVISION", "STATUS", "TO", "UNTIL",
        "UPDATE", "UPDATED", "VALID", "VERSION",
    }
)  # fmt: skip
_FEWEST_WORDS = 6


def claims_from_lines(blocks: Sequence[Block]) -> list[Claim]:
    """What the first lines of a work tell about its date, and a line with author and date about its author.

    Only whole dates, and none from within a sentence.
    """
    top = [block for block in blocks[:BLOCKS_LOOKED_AT] if block.kind is not BlockKind.ROW]
    lines = [clean_line(line) for block in top for line in block.text.splitlines() if len(line) <= LONGEST_STAMP]
    bylines = [parts for line in lines if (parts := _byline_parts(line))]
    stated = (
        (
            Origin.PAGE_LINES,
            Metadata(authors=_authors(bylines), published=_stamped_date(lines) or _byline_date(bylines)),
        ),
        (Origin.DATELINE, Metadata(published=_dateline_date(top))),
    )
    return [Claim(origin, metadata) for origin, metadata in stated if metadata != Metadata()]


def _byline_parts(line: str) -> list[str]:
    """The parts of a line that names an author beside a date and nothing else, but for how long reading takes."""
    parts = _PART.split(line)
    is_byline = [bool(_BYLINE.fullmatch(part)) for part in parts]
    is_date = [bool(_STAMP_LINE.fullmatch(part) or _DATE_PART.fullmatch(part)) for part in parts]
    known = (
        by or date or _READING_TIME.fullmatch(part) for part, by, date in zip(parts, is_byline, is_date, strict=True)
    )
    return parts if sum(is_byline) == 1 and any(is_date) and all(known) else []


def _authors(bylines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The people of the only such line; of several each can be about something else."""
    people = [match["people"] for parts in bylines for part in parts if (match := _BYLINE.fullmatch(part))]
    return tuple(_BETWEEN_PEOPLE.split(people[0])) if len(people) == 1 else ()


def _byline_date(bylines: Sequence[Sequence[str]]) -> str | None:
    if len(bylines) != 1:
        return None
    dates = [part for part in bylines[0] if _DATE_PART.fullmatch(part)]
    return _stamped_date(bylines[0]) or (_whole_date(dates[0]) if len(dates) == 1 else None)


def _stamped_date(lines: Sequence[str]) -> str | None:
    """The date in a line that says when the page was published, else in one that says when it was changed."""
    stamps = [line for line in lines if _STAMP_LINE.fullmatch(line)]
    for pattern in (_PUBLISHED_STAMP, _CHANGED_STAMP):
        for line in stamps:
            for match in pattern.finditer(line):
                if date := _whole_date(match[1]):
                    return date
    return None


def _dateline_date(blocks: Sequence[Block]) -> str | None:
    """The date in the first dateline; a dateline without a whole date tells none, and hides no later one."""
    for line in _opening_paragraphs(blocks):
        match = _DATELINE.match(line) or _AGENCY_DATELINE.match(line)
        if match and not _NO_PLACE.intersection(match["place"].upper().split()):
            return _whole_date(match["date"]) if match["date"] else None
    return None


def _opening_paragraphs(blocks: Sequence[Block]) -> Iterator[str]:
    paragraphs = (clean_line(block.text) for block in blocks if block.kind is BlockKind.PARAGRAPH)
    sentences = (line for line in paragraphs if len(line.split()) >= _FEWEST_WORDS and ends_sentence(line))
    for _, line in zip(range(OPENING_PARAGRAPHS), sentences, strict=False):
        yield line


def _whole_date(text: str) -> str | None:
    date = parse_date(text)
    return date if date and len(date) == len("2025-11-28") else None
