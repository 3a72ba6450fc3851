"""What is claimed about a work, by whom, and whom to believe.

A file can name its title in several places that disagree. Readers collect every claim; for each field the most
trusted origin that states it wins, and the document remembers which one that was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.cleaning import clean_line
from corpus.documents import Metadata
from corpus.origins import Origin
from corpus.placeholders import is_person, is_written_title

FIELDS = ("title", "authors", "published", "publisher", "url", "language")


_TRUST = {origin: rank for rank, origin in enumerate(Origin)}


@dataclass(frozen=True, slots=True)
class Claim:
    """What one origin states; its empty fields claim nothing."""

    origin: Origin
    metadata: Metadata


def believe(claims: Iterable[Claim]) -> Metadata:
    """The metadata that `claims` give: each field from the most trusted that states it, with its origin."""
    believed: dict[str, object] = {}
    origins: dict[str, str] = {}
    for claim in sorted(claims, key=lambda claim: _TRUST[claim.origin]):
        stated = _without_placeholders(claim.origin, _clean(claim.metadata))
        for field in FIELDS:
            value = getattr(stated, field)
            if value and field not in believed:
                believed[field] = value
                origins[field] = claim.origin.value
    return Metadata(**believed, origins=origins)  # type: ignore[arg-type]  # fields of a Metadata


def _without_placeholders(origin: Origin, metadata: Metadata) -> Metadata:
    """What somebody wrote; in a mail the sender's address stands for a name."""
    if origin in (Origin.SIDECAR, Origin.MAIL_HEADERS):
        return metadata
    title = metadata.title if metadata.title and is_written_title(metadata.title) else None
    return replace(metadata, title=title, authors=tuple(filter(is_person, metadata.authors)))


def _clean(metadata: Metadata) -> Metadata:
    def cleaned(value: str | None) -> str | None:
        return (clean_line(value) or None) if value else None

    return Metadata(
        title=cleaned(metadata.title),
        authors=tuple(author for author in map(clean_line, metadata.authors) if author),
        published=metadata.published,
        publisher=cleaned(metadata.publisher),
        url=cleaned(metadata.url),
        language=cleaned(metadata.language),
    )
