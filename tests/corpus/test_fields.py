import datetime

import pytest

from corpus.documents import Metadata
from corpus.formats.fields import metadata_from_fields, property_claims
from corpus.metadata import Claim
from corpus.origins import Origin


@pytest.mark.parametrize(
    ("fields", "metadata"),
    [
        pytest.param({"Title": "Oil"}, Metadata(title="Oil"), id="any case"),
        pytest.param({"headline": "Oil"}, Metadata(title="Oil"), id="another name"),
        pytest.param({"title": "", "headline": "Oil"}, Metadata(title="Oil"), id="an empty field is none"),
        pytest.param({"title": 2025}, Metadata(title="2025"), id="a number as title"),
        pytest.param({"author": "Ann; Bob"}, Metadata(authors=("Ann", "Bob")), id="authors in one line"),
        pytest.param({"authors": ["Ann", "Bob"]}, Metadata(authors=("Ann", "Bob")), id="authors as a list"),
        pytest.param({"authors": 5}, Metadata(), id="a number is no author"),
        pytest.param({"authors": ["Ann", 5, None]}, Metadata(authors=("Ann",)), id="nor is one in a list"),
        pytest.param({"title": True, "publisher": True}, Metadata(), id="truth values"),
        pytest.param({"author": "Khan, Ann"}, Metadata(authors=("Khan, Ann",)), id="a comma is part of a name"),
        pytest.param({"date": datetime.date(2025, 11, 5)}, Metadata(published="2025-11-05"), id="a date of YAML"),
        pytest.param({"date": datetime.datetime(2025, 11, 5, 9)}, Metadata(published="2025-11-05"), id="with time"),
        pytest.param({"date": 2025}, Metadata(published="2025"), id="a year"),
        pytest.param({"date": "3/4/2025"}, Metadata(), id="a date left open"),
        pytest.param({"newspaper": "Dawn"}, Metadata(publisher="Dawn"), id="publisher"),
        pytest.param({"lang": "pt-BR"}, Metadata(language="pt"), id="language without region"),
        pytest.param({"lang": "English"}, Metadata(), id="a language by its name"),
        pytest.param({"lang": "x-none"}, Metadata(), id="a language of no kind"),
        pytest.param({"title": ["a"], "date": {}, "language": []}, Metadata(), id="values of the wrong kind"),
        pytest.param({"colour": "red"}, Metadata(), id="unknown"),
    ],
)
def test_known_fields_become_metadata(fields: dict[str, object], metadata: Metadata) -> None:
    assert metadata_from_fields(fields) == metadata


def test_a_name_that_is_no_string_does_no_harm() -> None:
    assert metadata_from_fields({2024: "x", True: "y", "title": "T"}).title == "T"


@pytest.mark.parametrize("name", ["publication date", "Publication_Date", "PUBLICATION-DATE"])
def test_spaces_underscores_and_hyphens_in_names_are_equal(name: str) -> None:
    assert metadata_from_fields({name: "2025-11-05"}).published == "2025-11-05"


@pytest.mark.parametrize("created", ["2025-11-05T10:30:00Z", "2025-11-05", " 2025-11-05T00:00:00.123"])
def test_the_day_of_creation_is_a_claim(created: str) -> None:
    assert Claim(Origin.CREATION_DATE, Metadata(published="2025-11-05")) in property_claims(Metadata(), created)


def test_another_time_on_the_day_of_a_template_is_a_claim() -> None:
    claim = Claim(Origin.CREATION_DATE, Metadata(published="2026-07-18"))
    assert claim in property_claims(Metadata(), "2026-07-18T09:00:00")


@pytest.mark.parametrize(
    "created",
    [
        "2013-12-23T23:15:00Z",
        "2024-01-27T17:51:25.741668001",
        "2026-07-18T17:57:29.056095000",
        "1601-01-01T00:00:00Z",
        "1980-01-01",
        "soon",
        "",
        None,
    ],
)
def test_a_day_that_a_program_put_in_is_no_claim(created: str | None) -> None:
    assert len(property_claims(Metadata(), created)) == 1
