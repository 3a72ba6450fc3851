"""What a PDF says about itself: XMP, the information dictionary, and the title on its first page."""

import datetime
import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PdfReader
from pypdf.generic import TextStringObject

from corpus.dates import parse_date
from corpus.documents import Metadata
from corpus.formats.fields import language_code
from corpus.metadata import Claim
from corpus.origins import Origin

# What pypdf finds odd in a file is no news: PDFium has read it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_NO_TITLE = re.compile(
    r"untitled.*|\(?unspecified\)?|\(?anonymous\)?|none|null|title|document\s*\d*|powerpoint presentation|slide \d+|"
    r"(?:microsoft )?(?:word|excel|powerpoint)\s*-\s.*|presentation\s*\d*|.*\.[a-z]{3,4}|.*\.(?:docx|xlsx|pptx|tex|ps)|"
    r"[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"\(?anonymous\)?|\(?unspecified\)?|unknown|none|null|author|user|admin(?:istrator)?|owner|[\W\d_]*|"
    r".*\b\w+\.(?:com|io|net|org)\b.*",  # a service that made the file
    re.IGNORECASE,
)
_PDF_DATE = re.compile(r"(?:D:)?(\d{4})(?:(\d{2})(?:(\d{2}))?)?")
_EARLIEST_YEAR = 1985
"""No PDF is older than its forerunners; an earlier year is that of a clock that was not set."""


def claims_of(data: bytes, properties: dict[str, str]) -> Iterator[Claim]:
    """The claims of a file: of its XMP, and of `properties`, its information dictionary."""
    xmp, language = _read_catalog(data)
    if xmp is not None:
        yield Claim(Origin.XMP, xmp)
    title, author = properties.get("Title", ""), properties.get("Author", "")
    # A number for a title is the work of a converter, which then names itself as the author.
    by_machine = bool(title.strip()) and bool(re.fullmatch(r"[\W\d_]+", title))
    authors = _authors([author]) if not by_machine else ()
    yield Claim(Origin.PROPERTIES, Metadata(title=_title(title), authors=authors, language=language_code(language)))
    yield Claim(Origin.CREATION_DATE, Metadata(published=_pdf_date(properties.get("CreationDate", ""))))


def _read_catalog(data: bytes) -> tuple[Metadata | None, str | None]:
    """The document's XMP and its language."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        root = reader.root_object
        language = root.get("/Lang")
        stated = str(language) if isinstance(language, TextStringObject) else None
        packet = reader.xmp_metadata
        return (_xmp(packet) if packet is not None else None), stated
    except Exception:  # damage here, of which pypdf raises all kinds, is no reason to lose the text
        return None, None


def _xmp(packet: Any) -> Metadata:
    titles = packet.dc_title or {}
    dates = [parse_date(date[:10]) for date in map(_date_text, packet.dc_date or ()) if date]
    languages = packet.dc_language or ()
    publishers = packet.dc_publisher or ()
    return Metadata(
        title=_title(titles.get("x-default") or next(iter(titles.values()), "")),
        authors=_authors(packet.dc_creator or ()),
        published=next(filter(None, dates), None),
        publisher=next(iter(publishers), None),
        language=language_code(next(iter(languages), None)),
    )


def _date_text(date: Any) -> str:
    return date.date().isoformat() if isinstance(date, datetime.datetime) else str(date)


def _title(text: str) -> str | None:
    return None if _NO_TITLE.fullmatch(text.strip()) else text


def _authors(names: Sequence[str]) -> tuple[str, ...]:
    """The names, one each; only a semicolon is sure to part two."""
    parts = [part.strip() for name in names for part in name.split(";")]
    return tuple(part for part in parts if part and not _NO_AUTHOR.fullmatch(part))


def _pdf_date(text: str) -> str | None:
    match = _PDF_DATE.match(text)
    if match is None or int(match[1]) < _EARLIEST_YEAR:
        return None
    return parse_date("-".join(part for part in match.groups() if part))
