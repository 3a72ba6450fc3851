"""Blocks of HTML that is all content: what stands in it becomes text, each piece once and in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import ErrorTypes, ParserError, iterwalk
from lxml.etree import _Element as Element
from lxml.html import HTMLParser, document_fromstring

from corpus.errors import DocumentError
from corpus.formats.markup import CELL_SEPARATOR
from corpus.works import Block, BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = frozenset({"td", "th"})
NOT_SHOWN = frozenset({"script", "style", "template", "noscript", "head", "svg", "iframe", "rp"})
# What browsers set apart; every other element, an unknown one too, is part of the line it stands in.
SET_APART = frozenset(_HEADINGS) | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li",
    "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "search", "section",
    "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp",
}  # fmt: skip


def parse_html(markup: str) -> Element | None:
    """The root of the page that `markup` is, however damaged; None when nothing is in it.

    Raises DocumentError `nesting` where elements are so deep inside each other that the parser leaves the rest out.
    """
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = document_fromstring(markup.encode("utf-8"), parser=parser)
    except ParserError:
        return None
    if any(error.type == ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise DocumentError("nesting", "elements are nested too deep to be read whole")
    return root


def blocks(root: Element) -> Iterator[Block]:
    """The blocks in `root`, an element of HTML names without namespaces; its tail is no part of it.

    A row of a table is one block, and so is a line of preformatted text. A row that only lays out the page (there are
    headings or a table in it) gives the blocks that are in its cells.
    """
    walk = _Walk()
    events = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event == "start":
            if element.tag in NOT_SHOWN:
                events.skip_subtree()
            else:
                yield from walk.enter(element)
            continue
        if event == "end":
            yield from walk.leave(element)
        if element is not root:
            walk.add(element.tail)
    yield from walk.end_block()


@dataclass(slots=True)
class _Walk:
    """Where a walk through the elements is, and the text it has met since the last block ended."""

    pieces: list[str] = field(default_factory=list)
    after_break: bool = False
    level: int = 0  # of the heading around
    lists: int = 0  # items around
    preformatted: int = 0  # elements around
    row: Element | None = None  # the one around that becomes one block
    cells: list[str] = field(default_factory=list)  # of that row, those that have ended

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.after_break &= text.isspace()

    def enter(self, element: Element) -> Iterator[Block]:
        tag = element.tag
        if tag in SET_APART:
            yield from self._part()
        match tag:
            case "br":
                yield from self._break_line()
            case "li":
                self.lists += 1
            case "pre":
                self.preformatted += 1
            case "tr" if self.row is None and not _lays_out(element):
                self.row = element
            case _ if tag in _HEADINGS:
                self.level = _HEADINGS[tag]
        self.add(element.text)

    def leave(self, element: Element) -> Iterator[Block]:
        tag = element.tag
        if element is self.row:
            yield from self._end_row()
        elif self.row is not None and tag in _CELLS:
            self._end_cell()
        elif tag in _HEADINGS and self.row is None:
            yield from self.end_block()
        elif tag in SET_APART:
            yield from self._part()
        match tag:
            case "li":
                self.lists -= 1
            case "pre":
                self.preformatted -= 1
            case _ if tag in _HEADINGS:
                self.level = 0

    def end_block(self) -> Iterator[Block]:
        text = "".join(self.pieces)
        self.pieces.clear()
        self.after_break = False
        if self.preformatted:
            yield from (Block(BlockKind.ROW, line) for line in text.splitlines() if line.strip())
        elif not text.strip():
            return
        elif self.level:
            yield Block(BlockKind.HEADING, text, self.level)
        else:
            yield Block(BlockKind.ITEM if self.lists else BlockKind.PARAGRAPH, text)

    def _part(self) -> Iterator[Block]:
        """Ends the block, or inside a row and a heading, which stay one block, only the line."""
        if self.row is not None or self.level:
            self.pieces.append("\n")
        else:
            yield from self.end_block()

    def _break_line(self) -> Iterator[Block]:
        """A break parts words; two of them part paragraphs, as pages written by hand have it."""
        if self.after_break and not self.preformatted:
            yield from self._part()
        else:
            self.pieces.append("\n")
            self.after_break = True

    def _end_cell(self) -> None:
        self.cells.append("".join(self.pieces).strip())
        self.pieces.clear()

    def _end_row(self) -> Iterator[Block]:
        if "".join(self.pieces).strip():  # text of the row that is in none of its cells
            self._end_cell()
        if any(self.cells):
            yield Block(BlockKind.ROW, CELL_SEPARATOR.join(self.cells))
        self.pieces.clear()
        self.cells.clear()
        self.row = None


def _lays_out(row: Element) -> bool:
    if next(row.iterdescendants("table", *_HEADINGS), None) is not None:
        return True
    cells = [cell for cell in row if cell.tag in _CELLS]
    return len(cells) == 1 and any(element.tag in SET_APART for element in cells[0].iterdescendants())
