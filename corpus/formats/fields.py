"""Metadata from named fields: front matter, header lines, rows of a table, document properties."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corpus.dates import parse_date
from corpus.documents import Metadata
from corpus.metadata import Claim
from corpus.origins import Origin

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

_TEMPLATE_TIMES = (
    "2013-12-23", "2013-01-27",  # python-docx, python-pptx
    # odfdo's texts, by version: to the second, as people wrote documents on these days too
    "2009-08-25T15:21:27", "2024-01-27T17:51:25", "2026-07-18T17:57:29",
)  # fmt: skip
"""Creation dates, or how they begin, of the templates from which these libraries start every file."""
_EARLIEST_CREATION = "1985"
"""What programs give as earlier dates (1601, 1899, 1970, 1980) are zeros of their clocks."""

_ISO_639_1 = re.compile(r"[a-z]{2}")


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


def metadata_field(name: object) -> str | None:
    """The field of Metadata that a field of this name states, or None for one that is not known."""
    return next((field for field, names in _NAMES.items() if field_name(name) in names), None)


def field_name(name: object) -> str:
    """The name of a field as names are compared: in lower case, with single spaces for underscores and hyphens."""
    return " ".join(str(name).lower().replace("_", " ").replace("-", " ").split())


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code in a tag like en-GB or en_GB; None where it has none, as a name of a language."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0] if tag else ""
    return code if _ISO_639_1.fullmatch(code) else None


def property_claims(stated: Metadata, created: str | None) -> list[Claim]:
    """What document properties claim; `created` is an ISO date, with or without time, often that of a template."""
    authors = tuple(filter(None, map(str.strip, stated.authors)))
    claims = [Claim(Origin.PROPERTIES, replace(stated, title=stated.title or None, authors=authors))]
    created = (created or "").strip()
    day = parse_date(created.partition("T")[0])
    if day and day > _EARLIEST_CREATION and not created.startswith(_TEMPLATE_TIMES):
        claims.append(Claim(Origin.CREATION_DATE, Metadata(published=day)))
    return claims


def _text(value: object) -> str | None:
    # A title can be a number (1984); a truth value is what YAML makes of a word like "no".
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str) and item)
    return tuple(part.strip() for part in value.split(";")) if isinstance(value, str) and value else ()


def _date(value: object) -> str | None:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return parse_date(_text(value) or "")
