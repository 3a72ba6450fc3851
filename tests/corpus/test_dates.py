import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dates import first_day, last_day, parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025", "2025"),
        ("2025-11", "2025-11"),
        ("2025-11-28", "2025-11-28"),
        (" 2025-11-28\n", "2025-11-28"),
        ("2025-11-05T10:00:00Z", "2025-11-05"),
        ("2025/11/05", "2025-11-05"),
        ("18 September 2025", "2025-09-18"),
        ("November 5th, 2025", "2025-11-05"),
        ("Sept 2025", "2025-09"),
        ("Fri, 28 Nov 2025 10:00:00 GMT", "2025-11-28"),
        ("28.11.2025", "2025-11-28"),
        ("11/28/2025", "2025-11-28"),
        ("4/4/2025", "2025-04-04"),
    ],
)
def test_a_date_is_read_at_the_precision_it_states(text: str, iso: str) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3/4/2025", id="day or month first"),
        pytest.param("05.11.2025", id="day or month first, with points"),
        pytest.param("12 March", id="no year"),
        pytest.param("yesterday", id="relative"),
        pytest.param("2025-02-30", id="no such day"),
        pytest.param("0000", id="no such year"),
        pytest.param("spring 2024", id="a season"),
        pytest.param("not dated", id="no date"),
        pytest.param("", id="empty"),
    ],
)
def test_a_date_left_open_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-04", "2025-04-01", "2025-04-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-11-28", "2025-11-28", "2025-11-28"),
    ],
)
def test_a_partial_date_spans_its_days(iso: str, first: str, last: str) -> None:
    assert (first_day(iso), last_day(iso)) == (first, last)


@pytest.mark.parametrize("text", ["", "25", "2025-1-1", "2025-13", "2025-02-30", "28 November 2025"])
def test_days_are_told_of_iso_dates_only(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        first_day(text)
    with pytest.raises(ValueError, match=r"."):
        last_day(text)


@given(date=st.dates())
def test_an_iso_date_is_read_as_it_stands(date: datetime.date) -> None:
    assert parse_date(date.isoformat()) == first_day(date.isoformat()) == last_day(date.isoformat()) == date.isoformat()


@given(date=st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 1, 1)))
@settings(max_examples=20, deadline=None)
def test_a_written_month_leaves_no_doubt(date: datetime.date) -> None:
    assert parse_date(f"{date:%d %B %Y}") == parse_date(f"{date:%B} {date.day}, {date:%Y}") == date.isoformat()


@given(text=st.text(max_size=30) | st.from_regex(r"[0-9a-z /:.-]{0,12}[12][0-9]{3}[0-9a-z /:.-]{0,12}", fullmatch=True))
@settings(max_examples=60, deadline=None)
def test_whatever_is_read_as_a_date_has_days(text: str) -> None:
    found = parse_date(text)
    assert found is None or first_day(found) <= last_day(found)


@pytest.mark.parametrize("text", ["10:30 2024", "today 2024", "yesterday 1999", "2024 days ago", "1 hour ago 2024"])
def test_a_reading_that_turns_on_today_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["２０２５", "2025-13-01", "2025-00"])
def test_what_only_looks_like_an_iso_date_is_none(text: str) -> None:
    assert parse_date(text) is None
