"""What a format's reader hands over, and how it becomes a `Document`.

A reader recognises blocks (headings, paragraphs, list items, table rows) and metadata; the text of the document,
with the spans of its headings and pages, is put together here, the same way for every format.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from corpus.cleaning import clean_line
from corpus.documents import Document, Heading, Metadata, Page, make_document_id
from corpus.languages import detect_language
from corpus.metadata import Claim, believe
from corpus.origins import Origin


class BlockKind(Enum):
    """What a block of text is; items and rows follow each other without a blank line."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


PAGE_BREAK = "\f"
"""Stands in the text of a block of a paged work where it goes on on the next page."""


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the document to be: whitespace inside it, line breaks included, collapses to single spaces."""

    kind: BlockKind
    text: str
    level: int = 0  # of a heading, from 1
    page: int = 0  # on which it begins, from 1; 0 in a work without pages


@dataclass(frozen=True, slots=True)
class Work:
    """One readable work as its format's reader saw it. `part` as in `Document`.

    A paged work gives the label of each of its pages, or None for a page that has none, and its blocks in order of
    their pages. `pages_without_text` counts those that hold something, but nothing that can be read. `notes` tell
    people what could not be taken in.
    """

    claims: tuple[Claim, ...]
    blocks: tuple[Block, ...]
    part: str = ""
    page_labels: tuple[str | None, ...] = ()
    pages_without_text: int = 0
    notes: tuple[str, ...] = ()


def assemble(work: Work, path: str, source_sha256: str, more_claims: Iterable[Claim] = ()) -> Document:
    """The document of `work`: clean lines, one block each, with the spans of its headings and pages.

    `more_claims` are those about the file it is from. A work without any text gives a document whose `text` is empty.
    """
    pieces: list[str] = []
    headings: list[Heading] = []
    page_starts: dict[int, int] = {}
    length = 0
    previous: BlockKind | None = None
    for block in work.blocks:
        lines = [clean_line(part) for part in (block.text.split(PAGE_BREAK) if work.page_labels else [block.text])]
        separator = _separator(previous, block.kind)
        start = length
        for page, line in enumerate(lines, start=block.page):
            if not line:
                continue
            pieces += (separator, line)
            if length == start:
                start += len(separator)
            page_starts.setdefault(page, length + len(separator))
            length += len(separator) + len(line)
            separator = " "
        if length == start:
            continue
        if block.kind is BlockKind.HEADING:
            headings.append(Heading(level=block.level, start=start, end=length))
        previous = block.kind
    text = "".join(pieces)
    by_words = Claim(Origin.WORDS, Metadata(language=detect_language(text)))
    return Document(
        document_id=make_document_id(path, work.part),
        path=path,
        part=work.part,
        source_sha256=source_sha256,
        text=text,
        metadata=believe((*work.claims, *more_claims, by_words)),
        headings=tuple(headings),
        pages=_pages(work.page_labels, page_starts, length),
    )


def first_heading(blocks: Sequence[Block]) -> str | None:
    """The text of the block that opens the work, when it is a heading."""
    if blocks and blocks[0].kind is BlockKind.HEADING:
        return blocks[0].text
    return None


def _separator(previous: BlockKind | None, kind: BlockKind) -> str:
    if previous is None:
        return ""
    together = kind is previous and kind in (BlockKind.ITEM, BlockKind.ROW)
    return "\n" if together else "\n\n"


def _pages(labels: Sequence[str | None], starts: dict[int, int], end: int) -> tuple[Page, ...]:
    """All pages; one without text begins, and ends, where the next one begins."""
    pages: list[Page] = []
    start = end
    for number in range(len(labels), 0, -1):
        start = starts.get(number, start)
        pages.append(Page(number, start, labels[number - 1]))
    return tuple(reversed(pages))
