"""Dates that a work states in its own first lines: "Updated 28 November 2025", or the dateline of a report."""

import re
from collections.abc import Iterator, Sequence

from corpus.cleaning import clean_line
from corpus.dates import parse_date
from corpus.documents import Metadata
from corpus.metadata import Claim, Origin
from corpus.works import Block, BlockKind

BLOCKS_LOOKED_AT = 12
OPENING_PARAGRAPHS = 2
"""How many paragraphs of sentences may carry the dateline: above the report's own there can be a caption."""

LONGEST_STAMP = 160
"""Length in characters of a line in which a page still tells its date."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
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
_SENTENCE = re.compile(r".*[.!?…][\"'”’»)\]]*$", re.DOTALL)
_FEWEST_WORDS = 6


def claims_from_lines(blocks: Sequence[Block]) -> list[Claim]:
    """What the first lines of a work tell about its date; only whole dates, and none from within a sentence."""
    top = [block for block in blocks[:BLOCKS_LOOKED_AT] if block.kind is not BlockKind.ROW]
    stated = (
        (Origin.PAGE_LINES, _stamped_date([line for block in top for line in block.text.splitlines()])),
        (Origin.DATELINE, _dateline_date(top)),
    )
    return [Claim(origin, Metadata(published=date)) for origin, date in stated if date]


def _stamped_date(lines: Sequence[str]) -> str | None:
    """The date in a line that says when the page was published, else in one that says when it was changed."""
    short = (clean_line(line) for line in lines if len(line) <= LONGEST_STAMP)
    stamps = [line for line in short if _STAMP_LINE.fullmatch(line)]
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
    sentences = (line for line in paragraphs if len(line.split()) >= _FEWEST_WORDS and _SENTENCE.match(line))
    for _, line in zip(range(OPENING_PARAGRAPHS), sentences, strict=False):
        yield line


def _whole_date(text: str) -> str | None:
    date = parse_date(text)
    return date if date and len(date) == len("2025-11-28") else None
