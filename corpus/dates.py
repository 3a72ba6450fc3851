"""Dates as documents state them, kept at the precision that is known."""

import calendar
import datetime
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
"""Pattern of the English name of a month, whole or shortened, to be matched without regard to case."""

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_BASES = (datetime.datetime(2001, 2, 3, 4, 5), datetime.datetime(2014, 9, 27, 18, 30))
_LENGTH_OF_PERIOD: dict[str | None, int] = {"year": 4, "month": 7, "day": 10}


@lru_cache(maxsize=10_000)  # dateparser takes milliseconds, and rows of a table share their dates
def parse_date(text: str) -> str | None:
    """The date written in `text` as ISO 8601 (2025, 2025-11 or 2025-11-28), or None.

    None too where the writing leaves open which date is meant: no year, or 3/4/2025.
    """
    text = text.strip()
    if _ISO.fullmatch(text):
        return _iso_date(text)
    if not _YEAR.search(text):
        return None
    # A reading that turns on the order of day and month, or on today, is a guess.
    readings = {_read(text, order, base) for order in ("DMY", "MDY") for base in _BASES}
    return readings.pop() if len(readings) == 1 else None


def first_day(iso_date: str) -> str:
    """The first day of an ISO date of any precision. Raises ValueError for what `parse_date` would not return."""
    return _days(iso_date)[0].isoformat()


def last_day(iso_date: str) -> str:
    """The last day of an ISO date of any precision. Raises ValueError for what `parse_date` would not return."""
    return _days(iso_date)[1].isoformat()


def _iso_date(text: str) -> str | None:
    try:
        _days(text)
    except ValueError:
        return None
    return text


def _days(iso_date: str) -> tuple[datetime.date, datetime.date]:
    match = _ISO.fullmatch(iso_date)
    if match is None:
        raise ValueError(f"{iso_date!r} is not a date of the form 2025, 2025-11 or 2025-11-28")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    if day is None:
        first = datetime.date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    return datetime.date(year, month, day), datetime.date(year, month, day)


def _read(text: str, order: str, base: datetime.datetime) -> str | None:
    found = _parser(order, base).get_date_data(text)
    if found is None or found.date_obj is None or found.period not in _LENGTH_OF_PERIOD:
        return None
    return str(found.date_obj.date().isoformat()[: _LENGTH_OF_PERIOD[found.period]])


@cache
def _parser(order: str, base: datetime.datetime) -> "DateDataParser":
    from dateparser.date import DateDataParser  # slow to import: only where dates are read

    settings = {"DATE_ORDER": order, "RELATIVE_BASE": base, "REQUIRE_PARTS": ["year"]}
    return DateDataParser(languages=["en"], settings=settings)
