"""Metadata from named fields: front matter, header lines, rows of a table."""

import datetime
from collections.abc import Mapping
from typing import Any

from corpus.dates import parse_date
from corpus.documents import Metadata

_NAMES = {
    "title": ("title", "headline"),
    "authors": ("author", "authors", "by", "byline"),
    "published": ("date", "published", "publication date", "publication_date", "published_at"),
    "publisher": ("publisher", "newspaper", "site", "publication"),
    "url": ("url", "link", "permalink"),
    "language": ("language", "lang"),
}

FIELD_NAMES = frozenset(name for names in _NAMES.values() for name in names) | {"source", "sources"}
"""Names, in lower case, by which a header line is recognised; sources are common there but not metadata of the work."""


def metadata_from_fields(fields: Mapping[Any, object]) -> Metadata:
    """Metadata from the fields that are known; others are ignored, and a date that cannot be read is left out."""
    by_name = {str(name).strip().lower(): value for name, value in fields.items()}

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


def language_code(tag: str | None) -> str | None:
    """The language of a tag like en-GB or en_GB, in lower case and without its region."""
    return tag.strip().lower().replace("_", "-").partition("-")[0] or None if tag else None


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
