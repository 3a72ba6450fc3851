"""Citations: where a passage stands, for programs in fields and for people in a label."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.documents import Page, page_at
from corpus.origins import Origin
from index.texts import StoredDocument, StoredPassage


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage stands. `start` and `end` count code points of the document's text."""

    document_id: str
    title: str
    authors: tuple[str, ...]
    published: str | None
    published_from: str | None  # where the date was found (corpus.metadata.Origin)
    publisher: str | None
    url: str | None
    path: str
    section: str | None
    page: int | None  # on which the passage begins, from 1
    page_label: str | None  # the number printed on that page, where the file tells it
    start: int
    end: int
    sha256: str  # of the document's text as UTF-8
    source_sha256: str  # of the source file
    permalink: str
    label: str


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another document with the same text."""

    document_id: str
    title: str
    path: str


def cite(document: StoredDocument, passage: StoredPassage, pages: Sequence[Page]) -> Citation:
    """The citation of `passage` in `document`, which holds its text and has `pages`, or none."""
    metadata = document.metadata
    first = page_at(pages, passage.start)
    return Citation(
        document_id=document.document_id,
        title=display_title(document),
        authors=metadata.authors,
        published=metadata.published,
        published_from=metadata.origins.get("published"),
        publisher=metadata.publisher,
        url=metadata.url,
        path=document.path,
        section=passage.section or None,
        page=first.number if first else None,
        page_label=first.label if first else None,
        start=passage.start,
        end=passage.end,
        sha256=document.sha256,
        source_sha256=document.source_sha256,
        permalink=permalink(document.document_id, passage.passage_id),
        label=_label(document, passage, pages),
    )


def also_in(document: StoredDocument) -> AlsoIn:
    """A document as one with the same text names it."""
    return AlsoIn(document.document_id, display_title(document), document.path)


def display_title(document: StoredDocument) -> str:
    """The title, or for a work without one the name of its file (and its part of the file)."""
    if document.metadata.title:
        return document.metadata.title
    name = PurePosixPath(document.path).name
    return f"{name} ({document.part})" if document.part else name


def display_page(page: Page) -> str:
    """A page as people look it up: by the number printed on it, and by its place in the file where that differs."""
    if page.label in (None, str(page.number)):
        return str(page.number)
    return f"{page.label} ({page.number} of the file)"


def permalink(document_id: str, passage_id: str) -> str:
    """The address of a passage in its document's page, relative to the server."""
    return f"/documents/{document_id}#p-{passage_id}"


def display_date(iso_date: str) -> str:
    """An ISO date of any precision as people write it: 2025, November 2025, 28 November 2025."""
    match iso_date.count("-"):
        case 0:
            return iso_date
        case 1:
            return f"{datetime.date.fromisoformat(f'{iso_date}-01'):%B %Y}"
        case _:
            day = datetime.date.fromisoformat(iso_date)
            return f"{day.day} {day:%B %Y}"


def display_published(published: str, published_from: str | None) -> str:
    """The date as people write it; one that is only that of the file says so."""
    shown = display_date(published)
    return f"file created {shown}" if published_from == Origin.CREATION_DATE.value else shown


def _label(document: StoredDocument, passage: StoredPassage, pages: Sequence[Page]) -> str:
    metadata = document.metadata
    parts = [
        f"“{display_title(document)}”" if metadata.title else document.path,
        ", ".join(metadata.authors),
        metadata.publisher,
        display_published(metadata.published, metadata.origins.get("published")) if metadata.published else None,
        f"section “{passage.section}”" if passage.section else None,
        _page_range(pages, passage),
        f"characters {passage.start:,}–{passage.end:,}",
        document.path if metadata.title else None,
    ]
    return ", ".join(part for part in parts if part)


def _page_range(pages: Sequence[Page], passage: StoredPassage) -> str | None:
    first, last = page_at(pages, passage.start), page_at(pages, passage.end - 1)
    if first is None or last is None:
        return None
    if first == last:
        return f"page {display_page(first)}"
    return f"pages {display_page(first)}–{display_page(last)}"
