"""Web pages: the content the page marks as such, all of a page that has nothing else, or what trafilatura finds."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element
from lxml.html import HtmlElement

from corpus.cleaning import clean_line
from corpus.datelines import claims_from_lines
from corpus.decoding import decode
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.html_blocks import NOT_SHOWN, SET_APART, blocks, parse_html
from corpus.formats.html_extraction import extracted_blocks
from corpus.formats.html_furniture import (
    has_headline,
    has_site_furniture,
    outermost_articles,
    prose_length,
    without_furniture,
)
from corpus.formats.json_ld import json_ld_claims
from corpus.formats.markup import element_text
from corpus.formats.page_metadata import page_claim, page_title
from corpus.formats.text import heading_claim
from corpus.metadata import Claim
from corpus.sentences import is_prose
from corpus.works import Block, BlockKind, Work

_DECLARED_ENCODING = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
PRESCAN_BYTES = 1024
"""How far into a page browsers look for its encoding (HTML Standard, "prescan a byte stream")."""

_SIMPLE = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "dl", "table", "pre", "blockquote", "figure", "hr", "address"}
)
_WRAPPERS = frozenset({"div", "section", "center", "header"})

SMALLEST_ARTICLE = 1 / 3
"""Share of a page's text that an article has when it is the content and no teaser."""
SMALLEST_EXTRACTION = 250
"""Characters below which trafilatura falls back on all text of the page, run together."""
MOST_LINKS = 0.3
"""Share of its text that is links up to which a page without any marks can be all content."""


def read(content: SourceContent) -> list[Work]:
    """One work: the main content of the page, without menus, sidebars and footers."""
    return [work_of_page(content.data)]


def work_of_page(data: bytes, encoding: str | None = None) -> Work:
    """The main content of a web page, in the encoding told with it or else in it.

    Raises DocumentError `no-text` when there is no such content.
    """
    page = parse_html(decode(data, encoding or declared_encoding(data)))
    if page is None:
        raise DocumentError("no-text", "this is no web page")
    content = _content(page)
    found = content.blocks
    if not any(clean_line(block.text) for block in found):
        raise DocumentError("no-text", "no main text was found in this page")
    headlines = [block.text for block in found if block.kind is BlockKind.HEADING and block.level == 1]
    headline = clean_line(headlines[0]) if len(headlines) == 1 else None
    claims = (*json_ld_claims(page), page_claim(page, headline, content.article), heading_claim(found))
    return Work((*claims, *content.claims), found)


@dataclass(frozen=True, slots=True)
class _Content:
    """The content of a page: its blocks, the one article it is if the page marks it, and what its lines claim."""

    blocks: tuple[Block, ...]
    article: Element | None = None
    claims: tuple[Claim, ...] = ()


def declared_encoding(data: bytes) -> str | None:
    """The label of the encoding that the page names at its beginning."""
    declared = _DECLARED_ENCODING.search(data[:PRESCAN_BYTES])
    return declared[1].decode("ascii") if declared else None


def _content(page: Element) -> _Content:
    body = page.find(".//body")
    body = page if body is None else body
    root = _marked_content(body)
    if root is not None:
        content = without_furniture(root)
        found = tuple(blocks(content))
        if found:
            return _Content(_with_headline(page, found), content if len(outermost_articles(content)) < 2 else None)
    if _is_simple(body):
        return _Content(tuple(blocks(without_furniture(body))))
    main = _main_content(body)
    return replace(main, blocks=_with_headline(page, main.blocks))


def _main_content(body: Element) -> _Content:
    """What trafilatura takes for the content, with the prose it misses; all but furniture where it finds too little.

    The lines above the prose are looked through for dates before it leaves them out.
    """
    rest = without_furniture(body)
    for header in [
        header for header in rest.iter("header") if isinstance(header, HtmlElement) and not has_headline(header)
    ]:
        header.drop_tree()
    everything = tuple(blocks(rest))
    found = extracted_blocks(rest)
    if sum(len(block.text) for block in found) >= SMALLEST_EXTRACTION:
        return _Content(_with_all_prose(found, everything), claims=tuple(claims_from_lines(everything)))
    return _Content(everything)


def _with_all_prose(found: tuple[Block, ...], everything: Sequence[Block]) -> tuple[Block, ...]:
    """`found`, or where prose is missing there all that stands between the first and the last prose of the page."""
    text = "".join(_letters(block) for block in found)
    is_found = [_letters(block) in text for block in everything]
    prose = [position for position, block in enumerate(everything) if is_prose(clean_line(block.text))]
    if all(is_found[position] for position in prose):
        return found
    first = prose[0]
    while first and everything[first - 1].kind is BlockKind.HEADING:
        first -= 1
    between = range(first, prose[-1] + 1)
    return tuple(block for position, block in enumerate(everything) if is_found[position] or position in between)


def _letters(block: Block) -> str:
    return "".join(block.text.split())


def _marked_content(body: Element) -> Element | None:
    """The element that the page marks as its content, if there is one such element."""
    main = _only(body, _is_main)
    article = _only(body if main is None else main, _is_article)
    if main is not None:
        # The article alone, unless a headline stands above it.
        return article if article is not None and has_headline(article) and _is_most(article, main) else main
    root = article if article is not None else _only(body, _is_article_body)
    return root if root is not None and _is_most(root, body) else None


def _only(element: Element, is_marked: Callable[[Element], bool]) -> Element | None:
    """The one marked element in `element` that is in no other of them, or None when there are several or none."""
    found = set(filter(is_marked, element.iterdescendants()))
    outermost = [one for one in found if found.isdisjoint(one.iterancestors())]
    return outermost[0] if len(outermost) == 1 else None


def _is_main(element: Element) -> bool:
    return element.tag == "main" or element.get("role") == "main"


def _is_article(element: Element) -> bool:
    return element.tag == "article"


def _is_article_body(element: Element) -> bool:
    return "articleBody" in element.get("itemprop", "").split()


def _is_most(article: Element, around: Element) -> bool:
    return prose_length(article) >= SMALLEST_ARTICLE * prose_length(around) > 0


def _with_headline(page: Element, found: tuple[Block, ...]) -> tuple[Block, ...]:
    """`found` under the one headline of the page, when that stands outside its content and begins its title."""
    headlines = [clean_line(element_text(heading)) for heading in page.iter("h1")]
    if len(headlines) != 1 or not headlines[0] or not page_title(page).startswith(headlines[0]):
        return found
    if any(clean_line(block.text) == headlines[0] for block in found):
        return found
    return (Block(BlockKind.HEADING, headlines[0], 1), *found)


def _is_simple(body: Element) -> bool:
    """Whether the page is nothing but content, as one written by hand or converted from an office file."""
    if has_site_furniture(body):
        return False
    links = sum(len(element_text(link).strip()) for link in body.iter("a"))
    if links > MOST_LINKS * (links + prose_length(body)):
        return False
    return _is_plain(_inside_wrappers(body))


def _inside_wrappers(element: Element) -> Element:
    """The innermost of the elements of which each is all that the one around it holds."""
    children = [child for child in element if child.tag not in NOT_SHOWN and isinstance(child.tag, str)]
    stray = (element.text or "") + "".join(child.tail or "" for child in element)
    if len(children) == 1 and children[0].tag in _WRAPPERS and not stray.strip():
        return _inside_wrappers(children[0])
    return element


def _is_plain(element: Element) -> bool:
    """Whether nothing but text and the elements of simple text stands in the element; in divisions without a class."""
    return all(
        child.tag in _SIMPLE
        or child.tag not in SET_APART
        or (child.tag in _WRAPPERS and not child.get("class") and _is_plain(child))
        for child in element
    )
