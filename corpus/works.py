"""What a format's reader hands over, and how it becomes a `Document`.

A reader recognises blocks (headings, paragraphs, list items, table rows) and metadata; the text of the document,
with the spans of its headings, is put together here, the same way for every format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from corpus.cleaning import clean_line
from corpus.documents import Document, Heading, Metadata, make_document_id


class BlockKind(Enum):
    """What a block of text is; items and rows follow each other without a blank line."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the document to be: whitespace inside it, line breaks included, collapses to single spaces."""

    kind: BlockKind
    text: str
    level: int = 0  # of a heading, from 1


@dataclass(frozen=True, slots=True)
class Work:
    """One readable work as its format's reader saw it. `part` as in `Document`."""

    metadata: Metadata
    blocks: tuple[Block, ...]
    part: str = ""


def assemble(work: Work, path: str, source_sha256: str) -> Document:
    """The document of `work`: clean lines, one block each, with the spans of its headings.

    A work without any text gives a document whose `text` is empty.
    """
    pieces: list[str] = []
    headings: list[Heading] = []
    length = 0
    previous: BlockKind | None = None
    for block in work.blocks:
        line = clean_line(block.text)
        if not line:
            continue
        separator = _separator(previous, block.kind)
        start = length + len(separator)
        pieces += (separator, line)
        length = start + len(line)
        if block.kind is BlockKind.HEADING:
            headings.append(Heading(level=block.level, start=start, end=length))
        previous = block.kind
    return Document(
        document_id=make_document_id(path, work.part),
        path=path,
        part=work.part,
        source_sha256=source_sha256,
        text="".join(pieces),
        metadata=_clean_metadata(work.metadata),
        headings=tuple(headings),
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


def _clean_metadata(metadata: Metadata) -> Metadata:
    def cleaned(value: str | None) -> str | None:
        return (clean_line(value) or None) if value else None

    return Metadata(
        title=cleaned(metadata.title),
        authors=tuple(author for author in map(clean_line, metadata.authors) if author),
        published=metadata.published,
        publisher=cleaned(metadata.publisher),
        url=cleaned(metadata.url),
        language=cleaned(metadata.language),
    )
