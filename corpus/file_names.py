"""What the name of a file tells: its words, and the date of publication where people wrote one beside the title."""

import datetime
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from corpus.dates import MONTH_NAME, parse_date
from corpus.documents import Metadata
from corpus.metadata import Claim
from corpus.origins import Origin

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

_SUFFIX = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,5}){1,2}$")
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_BEFORE, _AFTER = r"(?:^|(?<=[\s_.,()\[\]+-]))", r"(?=$|[\s_.,()\[\]+-])"
# Digits on the other side of the separator make it a longer number: an id, a time, a range.
_NO_DIGITS_BEFORE = r"(?<!\d[._-])(?<!\d\s)"
_NO_DIGITS_AFTER = r"(?![\s._-]\d+(?:[\s._-]|$))"
_DAY_FORMS = (
    re.compile(
        rf"{_BEFORE}{_NO_DIGITS_BEFORE}{_YEAR}(?P<separator>[-_.])(?P<month>\d\d)(?P=separator)(?P<day>\d\d){_AFTER}"
        rf"(?!(?P=separator)\d)(?![\s._-]\d+[._-]\d)"
    ),
    re.compile(rf"^{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=[\s_-]|$){_NO_DIGITS_AFTER}"),
    re.compile(rf"(?<=[\s_-]){_NO_DIGITS_BEFORE}{_YEAR}(?P<month>\d\d)(?P<day>\d\d)$"),
)
_NAMED_DAY = re.compile(
    rf"{_BEFORE}{_NO_DIGITS_BEFORE}(?:(?P<day>\d{{1,2}})[\s_-]?(?P<month>{MONTH_NAME})|"
    rf"(?P<month2>{MONTH_NAME})[\s_-](?P<day2>\d{{1,2}}),?)[\s_-]?{_YEAR}{_AFTER}",
    re.IGNORECASE,
)
_MONTH_FORMS = (
    re.compile(rf"^{_YEAR}[-_](?P<month>\d\d)(?=[\s_-]|$)(?![\s._-]\d)"),
    re.compile(rf"(?P<word>[^\W\d_]+)?[\s_-]+{_NO_DIGITS_BEFORE}{_YEAR}[-_](?P<month>\d\d)$"),
)
_NUMBERED = frozenset(
    {
        "act", "bill", "case", "circular", "cve", "din", "doc", "docket", "document", "en", "id", "iec", "iso", "no",
        "nr", "number", "order", "paper", "ref", "resolution", "rfc", "rule", "standard", "v", "ver", "version", "wp",
    }
)  # fmt: skip
"""Words before a year and a number that is no month: "WP 2020-05" is the fifth working paper."""
_LETTER_BEFORE_YEAR = re.compile(rf"(?<=[^\W\d_])(?={_YEAR}(?!\d))")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}$")
_WORD_SEPARATORS = re.compile(r"[\s_.-]+")


def words_of_name(path: str) -> str:
    """The words in the name of the file at `path`, without its ending: "ACME_FY2018-report.pdf", ACME FY 2018 report.

    Empty for a name without letters, which says nothing.
    """
    name = PurePosixPath(path).name
    stem = _LETTER_BEFORE_YEAR.sub(" ", _ENDING.sub("", name))
    return _WORD_SEPARATORS.sub(" ", stem).strip() if any(map(str.isalpha, stem)) else ""


def claim_from_name(name: str) -> Claim:
    """The date in a file's name, as that of publication, where it stands apart and no other is in the name."""
    stem = _SUFFIX.sub("", name).strip()
    days = set(_days(stem))
    dates = days or set(_months(stem))
    return Claim(Origin.FILE_NAME, Metadata(published=dates.pop() if len(dates) == 1 else None))


def _days(stem: str) -> Iterator[str]:
    for pattern in _DAY_FORMS:
        for match in pattern.finditer(stem):
            if date := _iso_date(match["year"], match["month"], match["day"]):
                yield date
    for match in _NAMED_DAY.finditer(stem):
        day, month = match["day"] or match["day2"], match["month"] or match["month2"]
        date = parse_date(f"{day} {month} {match['year']}")
        if date and _iso_date(*date.split("-")):
            yield date


def _months(stem: str) -> Iterator[str]:
    for pattern in _MONTH_FORMS:
        match = pattern.search(stem)
        if match is None or (match.groupdict().get("word") or "").lower() in _NUMBERED:
            continue
        is_range = int(match["month"]) > int(match["year"]) % 100  # 2011-12: the two years, it may be
        if not is_range and (date := _iso_date(match["year"], match["month"], "01")):
            yield date[: len("2025-11")]


def _iso_date(year: str, month: str, day: str) -> str | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return date.isoformat() if EARLIEST_YEAR <= date.year <= LATEST_YEAR else None
