"""What surrounds the content of a web page: navigation, sidebars, forms, comments, teasers of other articles."""

import re
from collections.abc import Iterator, Mapping, Set
from copy import deepcopy
from dataclasses import dataclass

from lxml.etree import _Element as Element
from lxml.etree import iterwalk
from lxml.html import HtmlElement

from corpus.formats.html_prose import holds_prose
from corpus.formats.markup import element_text

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

WRAPPER = 0.8
"""Share of the text from which an element is what holds the content, whatever it is called."""
LARGEST_CONTAINER = 1 / 2
"""Share of the text from which a banner or a list of comments is taken for the content."""
CLEAR_ARTICLE = 0.6
"""Share of the text from which one of several articles is what the page is about."""
LARGEST_TEASER = 0.1
"""Share of the text up to which an article beside such a one is a teaser."""


def without_furniture(root: Element) -> Element:
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


def has_site_furniture(body: Element) -> bool:
    """Whether the page has anything that pages of a site have around their content."""
    if body.xpath(_SITE_FURNITURE) or any(element.get("role") in _SITE_ROLES for element in body.iterdescendants()):
        return True
    return any(not _SITE_WORDS.isdisjoint(_words(element)) for element in body.iter(*_NAMED_FURNITURE, "table"))


def prose_length(root: Element) -> int:
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


def has_headline(element: Element) -> bool:
    """Whether a heading of the first level is in `element`."""
    return element.find(".//h1") is not None


def outermost_articles(content: Element) -> list[Element]:
    """The articles in `content` that are in no other article."""
    articles = set(content.iterdescendants("article"))
    return [article for article in articles if articles.isdisjoint(article.iterancestors())]


@dataclass(frozen=True, slots=True)
class _Measures:
    """Of all elements of a content the lengths that `prose_length` gives, and those around quotations."""

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
    articles = outermost_articles(content)
    length = prose_length(content)
    if any(prose_length(article) > CLEAR_ARTICLE * length for article in articles):
        for article in articles:
            is_short = prose_length(article) < LARGEST_TEASER * length
            if is_short and not has_headline(article) and isinstance(article, HtmlElement):
                yield article


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
