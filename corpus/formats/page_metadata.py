"""What a web page declares about itself in its head: meta elements, title, canonical address."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from corpus.cleaning import clean_line
from corpus.dates import parse_date
from corpus.documents import Metadata
from corpus.formats.fields import language_code
from corpus.formats.html_prose import elements_above_prose
from corpus.formats.markup import element_text
from corpus.metadata import Claim
from corpus.origins import Origin

# Names of meta elements in lower case, the most telling first. Dates of a change are none of publication.
_TITLE = ("og:title", "citation_title", "dc.title", "dcterms.title", "headline", "twitter:title", "title")
_AUTHORS = ("author", "article:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "published_time",
    "publication_date", "date",
)  # fmt: skip
_PUBLISHER = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "publisher")

_SEPARATOR = r"\s*[|–—·:»«/-]\s*"
_SITE = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{1,60}$")
_CHANGE = re.compile(r"updat|modifi|edited|revised", re.IGNORECASE)
_BY = re.compile(r"by:?\s+", re.IGNORECASE)


def page_claim(page: Element, headline: str | None, article: Element | None = None) -> Claim:
    """What the page declares; `headline` is the one heading of level 1 over its content, where there is one.

    Of the text only marks above the prose of the `article`, if the page marks one, tell something: a time element and
    links to its authors. A name or a date that stands in the text is as often someone else's.
    """
    declared = _declared(page)
    header = tuple(elements_above_prose(article)) if article is not None else ()
    publisher = _first(declared, _PUBLISHER)
    title = _first(declared, _TITLE) or headline or _title_element(page)
    stated = Metadata(
        title=without_site(title, publisher),
        authors=_authors(declared) or _linked_authors(header),
        published=published_on(_first(declared, _PUBLISHED) or _marked_time(page) or _only_time(header)),
        publisher=publisher,
        url=_canonical_url(page) or absolute_url(_first(declared, ("og:url",))),
        language=language_code(page.get("lang") or page.get("xml:lang")),
    )
    return Claim(Origin.PAGE_METADATA, stated)


def without_site(title: str | None, site: str | None) -> str | None:
    """The title of a page without the name of its site before or after it."""
    if not title or not site:
        return title
    name = re.escape(clean_line(site))
    shorter = re.sub(rf"^{name}{_SEPARATOR}|{_SEPARATOR}{name}$", "", clean_line(title), flags=re.IGNORECASE)
    return shorter or title


def person(value: object) -> str | None:
    """The name of an author, without the word by; None for the address of a profile, which is no name."""
    name = _BY.sub("", clean_line(value), count=1) if isinstance(value, str) else ""
    return None if not name or "://" in name or name.startswith(("@", "www.")) else name


def published_on(value: object) -> str | None:
    """The date in `value`, as ISO 8601 or in words; a time of the day is left out."""
    return parse_date(value) if isinstance(value, str) else None


def absolute_url(value: object) -> str | None:
    """`value` when it is a complete web address."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def page_title(page: Element) -> str:
    """What the page's tab would show."""
    return clean_line(_title_element(page) or "")


def page_headlines(page: Element) -> frozenset[str]:
    """What the page shows as its headline, casefolded: headings of level 1, its title, and that without a site."""
    title = page_title(page)
    shown = [clean_line(element_text(heading)) for heading in page.iter("h1")]
    return frozenset(filter(None, map(str.casefold, (*shown, title, _SITE.sub("", title)))))


def _declared(page: Element) -> Mapping[str, Sequence[str]]:
    declared = defaultdict(list)
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = clean_line(meta.get("content", ""))
        if content:
            declared[name.strip().lower()].append(content)
    return declared


def _first(declared: Mapping[str, Sequence[str]], names: Sequence[str]) -> str | None:
    return next((declared[name][0] for name in names if name in declared), None)


def _authors(declared: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The names under the first of the names for authors that has any."""
    for field in _AUTHORS:
        people = [person(part) for value in declared.get(field, ()) for part in value.split(";")]
        if any(people):
            return tuple(dict.fromkeys(filter(None, people)))
    return ()


def _title_element(page: Element) -> str | None:
    title = page.find(".//head/title")
    return element_text(title) if title is not None else None


def _marked_time(page: Element) -> str | None:
    """The time element that is marked as the day of publication; others tell of anything."""
    marked = (time for time in page.iter("time") if time.get("itemprop") == "datePublished" or "pubdate" in time.attrib)
    return next((time.get("datetime") or element_text(time) for time in marked), None)


def _only_time(header: Sequence[Element]) -> str | None:
    """The whole date of the one time element that tells of no change; several may be of anything."""
    times = [time for time in header if time.tag == "time" and time.get("datetime") and not _tells_change(time)]
    date = published_on(times[0].get("datetime")) if len(times) == 1 else None
    return date if date and len(date) == len("2025-11-28") else None


def _tells_change(time: Element) -> bool:
    above = time.getparent()
    before = time.getprevious()
    label = (above.text if above is not None else "") if before is None else f"{element_text(before)} {before.tail}"
    return bool(_CHANGE.search(f"{time.get('class', '')} {time.get('itemprop', '')} {label} {element_text(time)}"))


def _linked_authors(header: Sequence[Element]) -> tuple[str, ...]:
    links = (link for link in header if link.tag == "a" and "author" in link.get("rel", "").lower().split())
    return tuple(dict.fromkeys(filter(None, (person(element_text(link)) for link in links))))


def _canonical_url(page: Element) -> str | None:
    addresses = (absolute_url(link.get("href")) for link in page.iter("link") if link.get("rel") == "canonical")
    return next(filter(None, addresses), None)
