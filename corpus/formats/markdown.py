"""Markdown (CommonMark with tables) by markdown-it-py; front matter by python-frontmatter."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from lxml.etree import ParserError
from lxml.html import fragment_fromstring
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.decoding import decode
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.markup import CELL_SEPARATOR, element_text
from corpus.formats.text import heading_claim, split_fields
from corpus.works import Block, BlockKind, Work

DEEPEST_NESTING = 100
"""Lists and quotes inside each other; markdown-it leaves out what lies deeper, and stops at 20 unless told."""

_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read(content: SourceContent) -> list[Work]:
    """One work; its title is the front matter's, else a heading that opens the text."""
    stated, body = split_fields(decode(content.data))
    tokens = _parser().parse(body)
    if any(token.level >= DEEPEST_NESTING - 1 for token in tokens):
        raise DocumentError("nesting", f"lists or quotes are nested deeper than {DEEPEST_NESTING // 2} levels")
    blocks = tuple(_blocks(tokens))
    return [Work((stated, heading_claim(blocks)), blocks)]


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": DEEPEST_NESTING}).enable(["table", "strikethrough"])


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    level = 0
    depth_of_lists = 0
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "list_item_open":
                depth_of_lists += 1
            case "list_item_close":
                depth_of_lists -= 1
            case "tr_open":
                row = []
            case "tr_close":
                yield Block(BlockKind.ROW, CELL_SEPARATOR.join(row or ()))
                row = None
            case "inline":
                text = _inline_text(token.children or ())
                if row is not None:
                    row.append(text)
                elif level:
                    yield Block(BlockKind.HEADING, text, level)
                else:
                    yield Block(BlockKind.ITEM if depth_of_lists else BlockKind.PARAGRAPH, text)
            case "html_block":
                yield Block(BlockKind.PARAGRAPH, _html_text(token.content))
            case "fence" | "code_block":
                for line in token.content.splitlines():
                    yield Block(BlockKind.ROW, line)


def _html_text(markup: str) -> str:
    try:
        return element_text(fragment_fromstring(markup, create_parent="div"))
    except ParserError:  # a doctype, say: nothing in it is text
        return ""


def _inline_text(tokens: Sequence[Token]) -> str:
    """What a reader sees: no emphasis marks, no link targets; an image by its description."""
    pieces = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak") or _LINE_BREAK.fullmatch(token.content):
            pieces.append("\n")
        elif token.type in ("text", "code_inline", "image"):
            pieces.append(token.content)
    return "".join(pieces)
