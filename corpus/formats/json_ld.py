"""What a web page says about its article in JSON-LD (schema.org)."""

import html
import json
from collections.abc import Iterator
from typing import Any

from lxml.etree import _Element as Element

from corpus.cleaning import clean_line
from corpus.documents import Metadata
from corpus.formats.fields import language_code
from corpus.formats.page_metadata import absolute_url, page_headlines, person, published_on, without_site
from corpus.metadata import Claim
from corpus.origins import Origin

_ARTICLES = frozenset(
    {
        "AdvertiserContentArticle", "AnalysisNewsArticle", "Article", "AskPublicNewsArticle", "BackgroundNewsArticle",
        "BlogPosting", "Book", "Chapter", "LiveBlogPosting", "NewsArticle", "OpinionNewsArticle", "Report",
        "ReportageNewsArticle", "ReviewNewsArticle", "SatiricalArticle", "ScholarlyArticle", "SocialMediaPosting",
        "TechArticle", "Thesis",
    }
)  # fmt: skip
_PAGES = frozenset({"AboutPage", "FAQPage", "ItemPage", "MedicalWebPage", "QAPage", "WebPage"})
DEEPEST_NESTING = 20
"""Lists and graphs inside each other that are looked into."""

Node = dict[str, Any]


def json_ld_claims(page: Element) -> list[Claim]:
    """What the page claims about its article, then about itself.

    Where it describes several of a kind, that one counts whose headline is the page's, and else none.
    """
    headlines = page_headlines(page)
    nodes = [node for data in _scripts(page) for node in _nodes(data)]
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    claims = []
    for types in (_ARTICLES, _PAGES):
        stated = [_metadata(node, known) for node in nodes if _types(node) & types]
        if len({metadata.title for metadata in stated}) > 1:
            stated = [metadata for metadata in stated if clean_line(metadata.title or "").casefold() in headlines]
        if len({metadata.title for metadata in stated}) == 1:
            claims += [Claim(Origin.JSON_LD, metadata) for metadata in stated]
    return claims


def _scripts(page: Element) -> Iterator[object]:
    """The data of the scripts that hold JSON-LD; one that is not valid JSON claims nothing."""
    for script in page.iter("script"):
        if script.get("type", "").strip().lower().partition(";")[0] == "application/ld+json":
            try:
                yield json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue


def _nodes(data: object, depth: int = 0) -> Iterator[Node]:
    if depth > DEEPEST_NESTING:
        return
    if isinstance(data, list):
        for item in data:
            yield from _nodes(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _nodes(data.get("@graph"), depth + 1)
        if _types(data) & _PAGES:
            yield from _nodes(data.get("mainEntity"), depth + 1)


def _types(node: Node) -> frozenset[str]:
    """The types of the node by their names in schema.org, whose address may stand before them."""
    names = (name for name in _items(node.get("@type")) if isinstance(name, str))
    return frozenset(name.rpartition("/")[2].rpartition(":")[2] for name in names)


def _metadata(node: Node, known: dict[str, Node]) -> Metadata:
    def follow(value: object) -> object:
        """The node that stands elsewhere in the page when `value` only refers to it."""
        identity = value.get("@id") if isinstance(value, dict) and "name" not in value else None
        return known.get(identity, value) if isinstance(identity, str) else value

    publisher = next(filter(None, (_name(follow(item)) for item in _items(node.get("publisher")))), None)
    site = next(filter(None, (_name(follow(item)) for item in _items(node.get("isPartOf")))), None)
    authors = (person(_name(follow(item))) for item in _items(node.get("author")))
    address = node.get("url") or node.get("mainEntityOfPage")
    return Metadata(
        title=without_site(_text(node.get("headline")) or _text(node.get("name")), publisher or site),
        authors=tuple(dict.fromkeys(filter(None, authors))),
        published=published_on(node.get("datePublished")),
        publisher=publisher,
        url=absolute_url(address.get("@id") or address.get("url") if isinstance(address, dict) else address),
        language=_language(node.get("inLanguage")),
    )


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(value: object) -> str | None:
    return _text(value.get("name") if isinstance(value, dict) else value)


def _text(value: object) -> str | None:
    value = next(iter(value), None) if isinstance(value, list) else value
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _language(value: object) -> str | None:
    """A tag as it is, or the alternate name of a Language."""
    return language_code(_text(value.get("alternateName") if isinstance(value, dict) else value))
