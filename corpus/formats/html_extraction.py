"""The main content of a web page as trafilatura finds it (https://trafilatura.readthedocs.io)."""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml.etree import _Element as Element
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extraction

from corpus.formats.markup import CELL_SEPARATOR, element_text, element_text_and_tail
from corpus.works import Block, BlockKind

_HEADING_LEVEL = re.compile(r"h([1-6])")


def extracted_blocks(body: Element) -> tuple[Block, ...]:
    """The blocks of what trafilatura takes for the content of `body`; none where it finds none."""
    extraction = bare_extraction(deepcopy(body), include_comments=False, favor_recall=True)
    if isinstance(extraction, Extraction) and extraction.body is not None:
        return tuple(_blocks(extraction.body))
    return ()


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
