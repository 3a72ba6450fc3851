import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.file_names import claim_from_name, words_of_name
from corpus.origins import Origin


def date_of(name: str) -> str | None:
    return claim_from_name(name).metadata.published


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2031-05-04_crane.pdf", "2031-05-04"),
        ("20310504-crane.txt", "2031-05-04"),
        ("crane_20310504.txt", "2031-05-04"),
        ("20310504.txt", "2031-05-04"),
        ("crane (2031-05-04).md", "2031-05-04"),
        ("crane_2031-05-04_final.tar.gz", "2031-05-04"),
        ("2031_05_04_crane.md", "2031-05-04"),
        ("2031.05.04 crane.html", "2031-05-04"),
        ("2031-05-04 5 facts.txt", "2031-05-04"),
        ("minutes 4 May 2031.docx", "2031-05-04"),
        ("May-04-2031-crane.html", "2031-05-04"),
        ("crane 2031-05.md", "2031-05"),
        ("2031-05_crane.md", "2031-05"),
        ("2031-05.md", "2031-05"),
    ],
)
def test_a_date_that_stands_apart_is_that_of_publication(name: str, date: str) -> None:
    assert date_of(name) == date


@pytest.mark.parametrize(
    "name",
    [
        "annual-report-2018.pdf",
        "2018.pdf",
        "2018 crane.txt",
        "2010-12 report.txt",
        "annual report 2011-12.pdf",
        "budget 2024-25.pdf",
        "2024-2025.pdf",
        "WP 2031-05.pdf",
        "ISO-2031-05.pdf",
        "case 2031-05.txt",
        "IMG_20310504_103045.jpg",
        "20310504_103045.txt",
        "20310504103045.txt",
        "article-20310504-2.html",
        "scan20310504.pdf",
        "003_9f6c20310504aee0.txt",
        "120310504.txt",
        "12031-05-04.txt",
        "1234-2031-05-04.txt",
        "id-2031-05-04-33.txt",
        "2031-13-01 crane.txt",
        "2031-02-30 crane.txt",
        "20311399.txt",
        "1899-05-04.txt",
        "2101-05-04.txt",
        "31 April 2031.txt",
        "2031-05-01_2031-05-04 crane.md",
        "crane 2031.05.md",
        "crane-202505.md",
        "04-05-2031.txt",
        "crane 2031-5.md",
        "May crane.txt",
        "CVE-2031-0504.txt",
        "2031/05/04",
        "",
        ".txt",
    ],
)
def test_other_names_tell_no_date(name: str) -> None:
    assert date_of(name) is None


def test_a_name_tells_nothing_but_a_date() -> None:
    claim = claim_from_name("2031-05-04_crane.pdf")
    assert claim.origin is Origin.FILE_NAME
    assert (claim.metadata.title, claim.metadata.authors) == (None, ())


@given(
    day=st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)), title=st.sampled_from(["crane", "old crane"])
)
@settings(max_examples=50, deadline=None)
def test_every_day_is_found_before_and_after_a_title(day: datetime.date, title: str) -> None:
    written = day.isoformat()
    compact = written.replace("-", "")
    for name in (f"{written} {title}.md", f"{title}_{written}.md", f"{compact}-{title}.txt", f"{title} {compact}.txt"):
        assert date_of(name) == written


@given(st.text() | st.text("0123456789-_. may", max_size=30))
def test_any_name_can_be_looked_at(name: str) -> None:
    claim_from_name(name)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("reports/ACME_FY2018_report.pdf", "ACME FY 2018 report"),
        ("archive.zip/minutes.of-the_council.docx", "minutes of the council"),
        ("The Crane.md", "The Crane"),
        ("ACME_2023Q2_10Q.pdf", "ACME 2023Q2 10Q"),
        ("crane20310504.txt", "crane20310504"),
        ("notes 3.5", "notes 3 5"),
        ("2031-05-04.txt", ""),
        (".txt", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_name(path: str, words: str) -> None:
    assert words_of_name(path) == words


@given(st.text())
def test_any_name_gives_words_in_one_line(path: str) -> None:
    words = words_of_name(path)
    assert words == " ".join(words.split())
