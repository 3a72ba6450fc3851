"""Citations and their labels."""

import pytest

from corpus.documents import Metadata
from index.texts import StoredDocument, StoredPassage
from qa.citations import cite, display_date

PASSAGE = StoredPassage(3, "p" * 20, 1, 1234, 1890, "text", "Energy > Oil", range(2))


def document(metadata: Metadata, part: str = "") -> StoredDocument:
    return StoredDocument("d" * 20, 1, "news/steel.md", part, "f" * 64, "e" * 64, metadata, range(2, 5), 5000)


def test_a_label_says_what_by_whom_when_and_where() -> None:
    metadata = Metadata("The mill", ("A. Khan", "B. Ivanova"), "2025-11-28", "The Daily")
    assert cite(document(metadata), PASSAGE).label == (
        "“The mill”, A. Khan, B. Ivanova, The Daily, 28 November 2025, section “Energy > Oil”, "
        "characters 1,234–1,890, news/steel.md"
    )


def test_a_label_leaves_out_what_nobody_knows() -> None:
    bare = StoredPassage(3, "p" * 20, 1, 0, 9, "text", "", range(2))
    assert cite(document(Metadata()), bare).label == "news/steel.md, characters 0–9"


def test_a_work_without_title_goes_by_its_file_and_its_part() -> None:
    assert cite(document(Metadata(), part="17"), PASSAGE).title == "steel.md (17)"


def test_a_permalink_names_the_document_and_the_passage() -> None:
    assert cite(document(Metadata()), PASSAGE).permalink == f"/documents/{'d' * 20}#p-{'p' * 20}"


@pytest.mark.parametrize(
    ("iso", "shown"), [("2025", "2025"), ("2025-11", "November 2025"), ("2025-11-03", "3 November 2025")]
)
def test_a_date_is_shown_at_the_precision_that_is_known(iso: str, shown: str) -> None:
    assert display_date(iso) == shown
