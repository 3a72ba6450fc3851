"""Metadata from named fields: front matter, header lines, rows of a table, document properties."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corpus.dates import parse_date
from corpus.documents import Metadata
from corpus.metadata import Claim, Origin

# Names as `field_name` gives them, the most telling first.
_NAMES = {
    "title": ("title", "headline"),
    "authors": ("author", "authors", "by", "byline"),
    "published": (
        "date", "published", "publication date", "published at", "published on", "date published", "publish date",
        "pub date",
    ),
    "publisher": ("publisher", "newspaper", "site", "publication", "source name"),
    "url": ("url", "link", "permalink", "article url", "web url"),
    "language": ("language", "lang"),
}  # fmt: skip

FIELD_NAMES = frozenset(name for names in _NAMES.values() for name in names) | {
    "publication_date", "published_at", "source", "sources",
}  # fmt: skip
"""Names, in lower case, by which a header line is recognised; sources are common there but not metadata of the work."""

_TEMPLATE_DATES = frozenset({"2013-12-23", "2013-01-27"})
"""Creation dates of the templates from which python-docx and python-pptx start every file."""
_EARLIEST_CREATION = "1985"
"""What programs give as earlier dates (1601, 1899, 1970, 1980) are zeros of their clocks."""


def metadata_from_fields(fields: Mapping[Any, object]) -> Metadata:
    """Metadata from the fields that are known; others are ignored, and a date that cannot be read is left out."""
    by_name = {field_name(name): value for name, value in fields.items()}

    def first(field: str) -> object:
        return next((by_name[name] for name in _NAMES[field] if by_name.get(name)), None)

    return Metadata(
        title=_text(first("title")),
        authors=_texts(first("authors")),
        published=_date(first("published")),
        publisher=_text(first("publisher")),
        url=_text(first("url")),
        language=language_code(_text(first("language"))),
    )


def field_name(name: object) -> str:
    """The name of a field as names are compared: in lower case, with single spaces for underscores and hyphens."""
    return " ".join(str(name).lower().replace("_", " ").replace("-", " ").split())


def language_code(tag: str | None) -> str | None:
    """The language of a tag like en-GB or en_GB, in lower case and without its region."""
    return tag.strip().lower().replace("_", "-").partition("-")[0] or None if tag else None


def property_claims(stated: Metadata, created: str | None) -> list[Claim]:
    """What document properties claim; `created` is an ISO date, with or without time, often that of a template."""
    authors = tuple(filter(None, map(str.strip, stated.authors)))
    claims = [Claim(Origin.PROPERTIES, replace(stated, title=stated.title or None, authors=authors))]
    day = parse_date((created or "").strip().partition("T")[0])
    if day and day > _EARLIEST_CREATION and day not in _TEMPLATE_DATES:
        claims.append(Claim(Origin.CREATION_DATE, Metadata(published=day)))
    return claims


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, (str, int, float)) else None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text for item in value if (text := _text(item)))
    text = _text(value)
    return tuple(part.strip() for part in text.split(";")) if text else ()


def _date(value: object) -> str | None:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return parse_date(str(value)) if isinstance(value, (str, int)) else None
