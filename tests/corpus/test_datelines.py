import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.datelines import BLOCKS_LOOKED_AT, claims_from_lines
from corpus.documents import Metadata
from corpus.origins import Origin
from corpus.works import Block, BlockKind

PROSE = "The harbour board met on the quay and decided that the old crane will be repaired."


def dates_of(*lines: str) -> list[tuple[Origin, str | None]]:
    claims = claims_from_lines([Block(BlockKind.PARAGRAPH, line) for line in lines])
    return [(claim.origin, claim.metadata.published) for claim in claims]


@pytest.mark.parametrize(
    "line",
    [
        "Updated 4 May 2031",
        "Last updated: May 4, 2031, 10:45 AM GMT",
        "Last Updated on May 4th, 2031 7:38 pm",
        "Updated 10:45, 4 May 2031",
        "Published: 4 May 2031",
        "Published on Sun, 4 May 2031 14:02 IST",
        "Posted: 2031-05-04T10:45:00+05:00",
        "Published: 4 May 2031 | Updated: 6 May 2031 09:11 (GMT+3)",
        "Updated: 6 May 2031 | Published: 4 May 2031",
        "Updated 4 May, 2031",
    ],
)
def test_a_line_of_the_page_tells_the_date(line: str) -> None:
    assert dates_of("Crane", line, PROSE) == [(Origin.PAGE_LINES, "2031-05-04")]


def test_the_day_of_publication_goes_before_that_of_a_change() -> None:
    assert dates_of("Updated 6 May 2031", "Published 4 May 2031") == [(Origin.PAGE_LINES, "2031-05-04")]


@pytest.mark.parametrize(
    "opening",
    [
        "NORTH QUAY, May 4, 2031: ",
        "MOSCOW, 4 May 2031 (Agency) — ",
        "NEW YORK, N.Y., May 4, 2031 (Wire) -- ",
        "LONDON — May 4, 2031 — ",
        "Oslo, 4 May 2031 (Agency) – ",
    ],
)
def test_a_dateline_tells_the_date(opening: str) -> None:
    assert dates_of("Crane", opening + PROSE) == [(Origin.DATELINE, "2031-05-04")]


def test_a_dateline_below_a_caption_tells_the_date() -> None:
    assert dates_of("Crane", PROSE, f"NORTH QUAY, May 4, 2031: {PROSE}") == [(Origin.DATELINE, "2031-05-04")]


@pytest.mark.parametrize(
    "line",
    [
        "Updated 3 min 21 sec ago",
        "Updated yesterday",
        "Updated 3/4/2031",
        "Updated 4 May",
        "Updated May 2031",
        "Updated in 2031",
        "Published in 2031",
        "Updated figures of 4 May 2031",
        "Updated on 4 May 2031, the rules now cover every fishing boat in the port.",
        "The rules were last updated 4 May 2031",
        "Published on 4 May 2031, the report names three firms in the port.",
        "4 May 2031",
        "Deadline: 4 May 2031",
        f"NORTH QUAY: {PROSE}",
        f"NORTH QUAY, May 4: {PROSE}",
        f"NORTH QUAY, May 2031: {PROSE}",
        f"NORTH QUAY, 3/4/2031: {PROSE}",
        f"NORTH QUAY, 31 April 2031: {PROSE}",
        f"LONDON (Wire) — {PROSE}",
        f"On 4 May 2031: {PROSE}",
        f"In Moscow, 4 May 2031 was a day of rest; {PROSE}",
        f"Ann Mills, 4 May 2031: {PROSE}",
        f"CORRECTION, 4 May 2031: {PROSE}",
        f"UPDATE, 4 May 2031: {PROSE}",
        f"DEADLINE: 4 May 2031 — {PROSE}",
        "On May 4, 2031 the harbour board met on the quay for two hours.",
        "NORTH QUAY was sold on May 4, 2031: the board had met twice.",
    ],
)
def test_other_lines_tell_no_date(line: str) -> None:
    assert dates_of("Crane", line, PROSE) == []


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Sam Orr · Published 4 May 2031 · 3 min read", ("Sam Orr",)),
        ("By Sam Orr | 4 May 2031", ("Sam Orr",)),
        ("Published 4 May 2031 • By Sam Orr and Ana de la Cruz", ("Sam Orr", "Ana de la Cruz")),
        ("Updated 4 May 2031 | By Sam Orr and Ida Lund, Jo Berg", ("Sam Orr", "Ida Lund", "Jo Berg")),
    ],
)
def test_a_line_of_author_and_date_tells_both(line: str, people: tuple[str, ...]) -> None:
    claims = claims_from_lines([Block(BlockKind.PARAGRAPH, text) for text in ("Crane", line, PROSE)])
    assert [claim.metadata for claim in claims] == (
        [Metadata(authors=people, published="2031-05-04")] if people else []
    )


@pytest.mark.parametrize(
    "line",
    [
        "By Sam Orr",
        "By the harbour | 4 May 2031",
        "By Sam Orr | Opening on 4 May 2031",
        "Sam Orr | 4 May 2031",
        "By Sam Orr | 4 May",
        "Concert | 4 May 2031 | By Sam Orr",
    ],
)
def test_a_line_with_more_than_author_and_date_tells_no_date(line: str) -> None:
    assert [date for _, date in dates_of("Crane", line, PROSE) if date] == []


def test_only_the_first_lines_are_looked_at() -> None:
    assert dates_of(*["Crane"] * BLOCKS_LOOKED_AT, "Updated 4 May 2031", f"NORTH QUAY, May 4, 2031: {PROSE}") == []


def test_a_row_of_a_table_tells_no_date() -> None:
    assert claims_from_lines([Block(BlockKind.ROW, "Updated 4 May 2031")]) == []


@given(st.lists(st.text() | st.text("Updated 4May2031:,-—()", max_size=40), max_size=4))
def test_any_lines_can_be_looked_at(lines: list[str]) -> None:
    dates_of(*lines)
