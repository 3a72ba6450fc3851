"""Web pages: main content and metadata by trafilatura."""

import codecs
import re
from collections.abc import Iterator

from lxml.etree import _Element as Element
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extraction

from corpus.decoding import decode
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.markdown import CELL_SEPARATOR
from corpus.works import Block, BlockKind, Work

_HEADING_LEVEL = re.compile(r"h([1-6])")
_DECLARED_ENCODING = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
PRESCAN_BYTES = 1024
"""How far into a page browsers look for its encoding (HTML Standard, "prescan a byte stream")."""


def read(content: bytes) -> list[Work]:
    """One work: the main content of the page, without menus, sidebars and footers."""
    page = _decode_page(content)
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
    return [Work(_metadata(extraction), tuple(_blocks(extraction.body)))]


def _decode_page(content: bytes) -> str:
    declared = _DECLARED_ENCODING.search(content[:PRESCAN_BYTES])
    if declared and not content.startswith(codecs.BOM_UTF8):
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common; the bytes themselves tell
    return decode(content)


def _metadata(extraction: Extraction) -> Metadata:
    author = extraction.author
    return Metadata(
        title=extraction.title,
        authors=tuple(author.split("; ")) if author else (),
        published=extraction.date,
        publisher=extraction.sitename,
        url=extraction.url,
        language=extraction.language,
    )


def _blocks(body: Element) -> Iterator[Block]:
    """The blocks of trafilatura's simplified tree, whose elements are those of TEI."""
    for element in body:
        match element.tag:
            case "head":
                level = _HEADING_LEVEL.search(element.get("rend", ""))
                yield Block(BlockKind.HEADING, _text(element), int(level[1]) if level else 2)
            case "list":
                for item in element.iter("item"):
                    yield Block(BlockKind.ITEM, _text_outside_lists(item))
            case "table":
                for row in element.iter("row"):
                    yield Block(BlockKind.ROW, CELL_SEPARATOR.join(_text(cell) for cell in row.iter("cell")))
            case "quote" | "div" if len(element) and not (element.text or "").strip():
                yield from _blocks(element)
            case _:
                yield Block(BlockKind.PARAGRAPH, _text(element))
        yield Block(BlockKind.PARAGRAPH, element.tail or "")


def _text(element: Element) -> str:
    own = "\n" if element.tag == "lb" else element.text or ""
    return own + "".join(map(_text_and_tail, element))


def _text_and_tail(element: Element) -> str:
    return _text(element) + (element.tail or "")


def _text_outside_lists(item: Element) -> str:
    return (item.text or "") + "".join(
        (child.tail or "") if child.tag == "list" else _text_and_tail(child) for child in item
    )
