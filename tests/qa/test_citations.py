"""Citations and their labels."""

import pytest

from corpus.documents import Metadata, Page
from corpus.origins import Origin
from index.texts import StoredDocument, StoredPassage
from qa.citations import cite, display_date

PASSAGE = StoredPassage(3, "p" * 20, 1, 1234, 1890, "text", "Energy > Oil", range(2))


def document(metadata: Metadata, part: str = "") -> StoredDocument:
    return StoredDocument("d" * 20, 1, "news/steel.md", part, "f" * 64, "e" * 64, metadata, range(2, 5), 5000, 1)


def test_a_label_says_what_by_whom_when_and_where() -> None:
    metadata = Metadata("The mill", ("A. Khan", "B. Ivanova"), "2025-11-28", "The Daily")
    assert cite(document(metadata), PASSAGE, []).label == (
        "“The mill”, A. Khan, B. Ivanova, The Daily, 28 November 2025, section “Energy > Oil”, "
        "characters 1,234–1,890, news/steel.md"
    )


def test_a_label_leaves_out_what_nobody_knows() -> None:
    bare = StoredPassage(3, "p" * 20, 1, 0, 9, "text", "", range(2))
    assert cite(document(Metadata()), bare, []).label == "news/steel.md, characters 0–9"


def test_a_work_without_title_goes_by_its_file_and_its_part() -> None:
    assert cite(document(Metadata(), part="17"), PASSAGE, []).title == "steel.md (17)"


def test_a_permalink_names_the_document_and_the_passage() -> None:
    assert cite(document(Metadata()), PASSAGE, []).permalink == f"/documents/{'d' * 20}#p-{'p' * 20}"


@pytest.mark.parametrize(
    ("iso", "shown"), [("2025", "2025"), ("2025-11", "November 2025"), ("2025-11-03", "3 November 2025")]
)
def test_a_date_is_shown_at_the_precision_that_is_known(iso: str, shown: str) -> None:
    assert display_date(iso) == shown


@pytest.mark.parametrize(
    ("pages", "page", "page_label", "shown"),
    [
        ([Page(1, 0), Page(2, 1000), Page(3, 1900)], 2, None, "page 2, "),
        ([Page(1, 0), Page(2, 1000), Page(3, 1889)], 2, None, "pages 2–3, "),
        ([Page(1, 0), Page(2, 1234), Page(3, 1890)], 2, None, "page 2, "),
        ([Page(1, 0, "i"), Page(2, 1000, "ii")], 2, "ii", "page ii (2 of the file), "),
        ([Page(1, 0, "1")], 1, "1", "page 1, "),
        ([Page(1, 0), Page(2, 1000), Page(3, 1000)], 3, None, "page 3, "),
    ],
    ids=["inside", "across", "exactly", "label", "equal label", "after an empty page"],
)
def test_a_citation_names_the_page(pages: list[Page], page: int, page_label: str | None, shown: str) -> None:
    citation = cite(document(Metadata()), PASSAGE, pages)
    assert (citation.page, citation.page_label) == (page, page_label)
    assert f"section “Energy > Oil”, {shown}characters" in citation.label


def test_a_work_without_pages_is_cited_without_one() -> None:
    citation = cite(document(Metadata()), PASSAGE, [])
    assert (citation.page, citation.page_label) == (None, None)
    assert "page" not in citation.label


def test_a_date_that_is_only_that_of_the_file_says_so() -> None:
    metadata = Metadata("The mill", published="2025-11-28", origins={"published": Origin.CREATION_DATE.value})
    citation = cite(document(metadata), PASSAGE, [])
    assert citation.published_from == "creation date"
    assert "file created 28 November 2025" in citation.label
