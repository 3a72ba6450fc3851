"""Web pages: main content and metadata by trafilatura."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document as Extraction

from corpus.decoding import decode
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.fields import language_code
from corpus.formats.markup import CELL_SEPARATOR, element_text, element_text_and_tail
from corpus.works import Block, BlockKind, Work

_HEADING_LEVEL = re.compile(r"h([1-6])")
_DECLARED_ENCODING = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
PRESCAN_BYTES = 1024
"""How far into a page browsers look for its encoding (HTML Standard, "prescan a byte stream")."""


def read(content: bytes) -> list[Work]:
    """One work: the main content of the page, without menus, sidebars and footers."""
    declared = _DECLARED_ENCODING.search(content[:PRESCAN_BYTES])
    page = load_html(decode(content, declared[1].decode("ascii") if declared else None))
    if page is None:
        raise DocumentError("no-text", "this is no web page")
    language = page.get("lang")
    extraction = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        # Only dates the page declares: one found somewhere in its text is as often another event's.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(extraction, Extraction) or extraction.body is None:
        raise DocumentError("no-text", "no main text was found in this page")
    return [Work(_metadata(extraction, language), tuple(_blocks(extraction.body)))]


def _metadata(extraction: Extraction, language: str | None) -> Metadata:
    author = extraction.author
    return Metadata(
        title=extraction.title,
        authors=tuple(author.split("; ")) if author else (),
        published=extraction.date,
        publisher=extraction.sitename,
        url=extraction.url,
        language=language_code(language),
    )


def _blocks(body: Element) -> Iterator[Block]:
    """The blocks of trafilatura's simplified tree, whose elements are those of TEI."""
    for element in body:
        match element.tag:
            case "head":
                level = _HEADING_LEVEL.search(element.get("rend", ""))
                yield Block(BlockKind.HEADING, element_text(element), int(level[1]) if level else 2)
            case "list":
                for text in _items(element):
                    yield Block(BlockKind.ITEM, text)
            case "table":
                for row in element.iter("row"):
                    yield Block(BlockKind.ROW, CELL_SEPARATOR.join(element_text(cell) for cell in row.iter("cell")))
            case "quote" | "div" if len(element) and not (element.text or "").strip():
                yield from _blocks(element)
            case _:
                yield Block(BlockKind.PARAGRAPH, element_text(element))
        yield Block(BlockKind.PARAGRAPH, element.tail or "")


def _items(element: Element) -> Iterator[str]:
    """The items of a list in reading order; a list inside an item divides it."""
    for item in element:
        text = item.text or ""
        for child in item:
            if child.tag == "list":
                yield text
                yield from _items(child)
                text = child.tail or ""
            else:
                text += element_text_and_tail(child)
        yield text
