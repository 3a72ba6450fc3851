"""The values the other packages work with: documents, their headings, passages and sentences.

All offsets count Unicode code points; `end` is one past the last character.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ID_LENGTH = 20
"""Hexadecimal digits of an id: 80 bits, so that among a billion ids a collision has odds of one in two million."""

DEFAULT_LANGUAGE = "en"
"""Of texts whose language is not known."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a work says about itself; a field nobody states stays empty rather than guessed."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None  # ISO 8601 at the precision that is known: 2025, 2025-11 or 2025-11-28
    publisher: str | None = None
    url: str | None = None
    language: str | None = None  # ISO 639-1
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)  # field to where its value was found


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line of the document's text; level 1 is the highest."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source file: `number` counts from 1, its text begins at `start` and ends where the next begins.

    `label` is the number printed on it (iv, A-3), where the file tells it.
    """

    number: int
    start: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a span of the document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One readable work taken from a source file.

    `part` tells several works of one file apart ("" when the file is one work). In `text` a newline always ends
    a sentence; readers join the lines of a wrapped paragraph. `pages` are all pages in order, those without text
    included; a work that knows no pages has none.
    """

    document_id: str
    path: str
    part: str
    source_sha256: str
    text: str
    metadata: Metadata = field(default_factory=Metadata)
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the text encoded as UTF-8, hexadecimal."""
        return text_sha256(self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: `document.text[start:end] == text`.

    `section` is the heading path above the passage, outermost first. `context` (title, section and head of the table,
    shortened to fit) is put before the text when it is embedded and its words are counted; it is never shown.
    """

    passage_id: str
    document_id: str
    start: int
    end: int
    text: str
    section: str
    context: str
    sentences: tuple[Sentence, ...]


def text_sha256(text: str) -> str:
    """SHA-256 of `text` encoded as UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def make_document_id(path: str, part: str) -> str:
    """Id of a document; follows the path and the position in the file, not the content."""
    return _digest(path, part)


def make_passage_id(document_sha256: str, start: int, end: int) -> str:
    """Id of a passage; follows the document's text and the span, so a citation survives a moved file."""
    return _digest(document_sha256, str(start), str(end))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:ID_LENGTH]


def embedding_text(context: str, text: str) -> str:
    """What the encoder sees of a passage: its context, then its text."""
    return f"{context}\n{text}" if context else text


def page_at(pages: Sequence[Page], offset: int) -> Page | None:
    """The page on which the character at `offset` stands; None for a document without pages."""
    position = bisect_right(pages, offset, key=lambda page: page.start)
    return pages[position - 1] if position else None
