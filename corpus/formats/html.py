"""Web pages: the content the page marks as such, all of a page that has nothing else, or what trafilatura finds."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from copy import deepcopy
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element
from lxml.etree import iterwalk
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extraction

from corpus.cleaning import clean_line
from corpus.datelines import claims_from_lines
from corpus.decoding import decode
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.html_blocks import NOT_SHOWN, SET_APART, blocks, parse_html
from corpus.formats.html_prose import holds_prose
from corpus.formats.json_ld import json_ld_claims
from corpus.formats.markup import CELL_SEPARATOR, element_text, element_text_and_tail
from corpus.formats.page_metadata import page_claim, page_title
from corpus.formats.text import heading_claim
from corpus.metadata import Claim
from corpus.residue import is_prose
from corpus.works import Block, BlockKind, Work

_HEADING_LEVEL = re.compile(r"h([1-6])")
_DECLARED_ENCODING = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
PRESCAN_BYTES = 1024
"""How far into a page browsers look for its encoding (HTML Standard, "prescan a byte stream")."""

_SIMPLE = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "dl", "table", "pre", "blockquote", "figure", "hr", "address"}
)
_WRAPPERS = frozenset({"div", "section", "center", "header"})
_SITE_FURNITURE = ".//nav|.//aside|.//header[not(.//h1)]|.//footer|.//form|.//table//table"
_SITE_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_FURNITURE = frozenset({"nav", "aside", "footer", "form", "button"})
_NO_PROSE = _FURNITURE | {"a", "script", "style", "template"}
_NOTES = frozenset({"aside", "footer"})
# The class of a heading or a cell tells what it is about, as does the id of an anchor.
_NAMED_FURNITURE = frozenset({"div", "section", "ul", "ol", "p", "span", "a"})
_FURNITURE_WORDS = frozenset(
    {
        "ad", "ads", "advert", "advertisement", "breadcrumb", "breadcrumbs", "comments", "cookie", "cookies",
        "editsection", "newsletter", "promo", "recommended", "related", "share", "sidebar", "social", "subscribe",
    }
)  # fmt: skip
# With one of the second words a container is what it says, whatever is in it.
_CONTAINERS = (
    (frozenset({"cookie", "cookies"}), frozenset({"banner", "bar", "consent", "notice", "popup", "modal", "overlay"})),
    (frozenset({"comment"}), frozenset({"form", "list", "respond", "section", "thread"})),
    (frozenset({"comments"}), frozenset({"comments"})),
    (frozenset({"commentlist"}), frozenset({"commentlist"})),
    (frozenset({"newsletter"}), frozenset({"form", "sign", "signup", "subscribe", "subscription"})),
)
_POST_CLASS = re.compile(r"(?:category|tag|post)-.*|hentry")
"""Classes by which WordPress tells what a post is about."""
_SITE_WORDS = _FURNITURE_WORDS | {"banner", "footer", "header", "menu", "nav", "navbar", "navigation", "toolbar"}
_PERMALINKS = frozenset({"¶", "§", "#", "🔗"})
"""Texts of the links to themselves that headings have in documentation."""
_NO_LETTERS = re.compile(r"[^a-z]+")

SMALLEST_ARTICLE = 1 / 3
"""Share of a page's text that an article has when it is the content and no teaser."""
WRAPPER = 0.8
"""Share of the text from which an element is what holds the content, whatever it is called."""
LARGEST_CONTAINER = 1 / 2
"""Share of the text from which a banner or a list of comments is taken for the content."""
CLEAR_ARTICLE = 0.6
"""Share of the text from which one of several articles is what the page is about."""
LARGEST_TEASER = 0.1
"""Share of the text up to which an article beside such a one is a teaser."""
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
        content = _without_furniture(root)
        found = tuple(blocks(content))
        if found:
            return _Content(_with_headline(page, found), content if len(_outermost_articles(content)) < 2 else None)
    if _is_simple(body):
        return _Content(tuple(blocks(_without_furniture(body))))
    main = _main_content(body)
    return replace(main, blocks=_with_headline(page, main.blocks))


def _main_content(body: Element) -> _Content:
    """What trafilatura takes for the content, with the prose it misses; all but furniture where it finds too little.

    The lines above the prose are looked through for dates before it leaves them out.
    """
    rest = _without_furniture(body)
    for header in [
        header for header in rest.iter("header") if isinstance(header, HtmlElement) and not _has_headline(header)
    ]:
        header.drop_tree()
    everything = tuple(blocks(rest))
    extraction = bare_extraction(deepcopy(rest), include_comments=False, favor_recall=True)
    if isinstance(extraction, Extraction) and extraction.body is not None:
        found = tuple(_blocks(extraction.body))
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
        return article if article is not None and _has_headline(article) and _is_most(article, main) else main
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


def _has_headline(element: Element) -> bool:
    return element.find(".//h1") is not None


def _is_most(article: Element, around: Element) -> bool:
    return _prose_length(article) >= SMALLEST_ARTICLE * _prose_length(around) > 0


def _prose_length(root: Element) -> int:
    """Characters of text that stands in no link and in nothing that is furniture by its name."""
    length = 0
    events = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event == "start":
            if element is not root and element.tag in _NO_PROSE:
                events.skip_subtree()
            else:
                length += len((element.text or "").strip())
        elif element is not root:
            length += len((element.tail or "").strip())
    return length


def _with_headline(page: Element, found: tuple[Block, ...]) -> tuple[Block, ...]:
    """`found` under the one headline of the page, when that stands outside its content and begins its title."""
    headlines = [clean_line(element_text(heading)) for heading in page.iter("h1")]
    if len(headlines) != 1 or not headlines[0] or not page_title(page).startswith(headlines[0]):
        return found
    if any(clean_line(block.text) == headlines[0] for block in found):
        return found
    return (Block(BlockKind.HEADING, headlines[0], 1), *found)


def _without_furniture(root: Element) -> Element:
    """A copy of `root` without what surrounds an article on a page."""
    content = deepcopy(root)
    measures = _measures(content)
    dropped: set[Element] = set()
    for element in list(content.iterdescendants()):
        if element.getparent() in dropped or _is_furniture(element, measures):
            dropped.add(element)
    for element in dropped:
        if element.getparent() not in dropped and isinstance(element, HtmlElement):
            element.drop_tree()
    for teaser in _teasers(content):
        teaser.drop_tree()
    return content


@dataclass(frozen=True, slots=True)
class _Measures:
    """Of all elements of a content the lengths that `_prose_length` gives, and those around quotations."""

    length: int
    lengths: Mapping[Element, int]
    around_quotations: Set[Element]


def _measures(content: Element) -> _Measures:
    lengths: dict[Element, int] = {}
    quoting: set[Element] = set()
    for element in reversed(list(content.iter())):
        length = len((element.text or "").strip())
        for child in element:
            length += len((child.tail or "").strip()) + (0 if child.tag in _NO_PROSE else lengths[child])
        lengths[element] = length
        if any(child in quoting for child in element) or (
            element.tag == "blockquote" and element_text(element).strip()
        ):
            quoting.add(element)
    return _Measures(lengths[content], lengths, quoting)


def _is_furniture(element: Element, measures: _Measures) -> bool:
    """Whether an element of a page is no part of its content.

    A name tells that only of an element without sentences: it may as well be that of what they are about.
    """
    if element.tag == "a":
        if element_text(element).strip() in _PERMALINKS:
            return True
    elif element.tag in _FURNITURE:
        return not _is_wrapper(element, measures) and not (element.tag in _NOTES and _is_note(element))
    if element.tag not in _NAMED_FURNITURE:
        return False
    words = _words(element)
    if any(words & first and words & second for first, second in _CONTAINERS):
        return measures.lengths[element] < LARGEST_CONTAINER * measures.length or not holds_prose(element)
    if _FURNITURE_WORDS.isdisjoint(words) or element in measures.around_quotations or _is_wrapper(element, measures):
        return False
    return not holds_prose(element)


def _is_wrapper(element: Element, measures: _Measures) -> bool:
    """Whether nearly all of the text is in the element: it is the content, whatever it is called."""
    return measures.lengths[element] > WRAPPER * measures.length


def _is_note(element: Element) -> bool:
    """Whether an aside or a footer is one of the article around it, and says something."""
    return next(element.iterancestors("article"), None) is not None and holds_prose(element)


def _teasers(content: Element) -> Iterator[HtmlElement]:
    """The articles that are short, beside one that is most of the content."""
    articles = _outermost_articles(content)
    length = _prose_length(content)
    if any(_prose_length(article) > CLEAR_ARTICLE * length for article in articles):
        for article in articles:
            is_short = _prose_length(article) < LARGEST_TEASER * length
            if is_short and not _has_headline(article) and isinstance(article, HtmlElement):
                yield article


def _outermost_articles(content: Element) -> list[Element]:
    articles = set(content.iterdescendants("article"))
    return [article for article in articles if articles.isdisjoint(article.iterancestors())]


def _words(element: Element) -> set[str]:
    """The words of the element's class and id; an id made of the heading under it says what the section is about."""
    classes = element.get("class", "").lower().split()
    names = " ".join(name for name in classes if not _POST_CLASS.fullmatch(name))
    identity = element.get("id", "").lower()
    if identity and not _names_heading(identity, next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)):
        names += f" {identity}"
    return set(_NO_LETTERS.split(names))


def _names_heading(identity: str, heading: Element | None) -> bool:
    if heading is None:
        return False
    return list(filter(None, _NO_LETTERS.split(identity))) == list(
        filter(None, _NO_LETTERS.split(element_text(heading).lower()))
    )


def _is_simple(body: Element) -> bool:
    """Whether the page is nothing but content, as one written by hand or converted from an office file."""
    if body.xpath(_SITE_FURNITURE) or any(element.get("role") in _SITE_ROLES for element in body.iterdescendants()):
        return False
    if any(not _SITE_WORDS.isdisjoint(_words(element)) for element in body.iter(*_NAMED_FURNITURE, "table")):
        return False
    links = sum(len(element_text(link).strip()) for link in body.iter("a"))
    if links > MOST_LINKS * (links + _prose_length(body)):
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
