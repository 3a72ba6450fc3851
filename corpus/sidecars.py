"""Sidecar files: `report.pdf.meta.yaml`, or `report.meta.yaml`, states the metadata of `report.pdf`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from corpus.errors import DocumentError
from corpus.formats.fields import metadata_field, metadata_from_fields
from corpus.formats.yaml_fields import load_fields, yaml_problem
from corpus.metadata import Claim
from corpus.origins import Origin

SIDECAR_SUFFIX = ".meta.yaml"

KNOWN_FIELDS = "title, authors, date, publisher, url, language"
"""The fields of a sidecar as a note names them; other names that they go by are read too."""
_HINTS = {"published": "write it as 2025-11-28", "authors": "write it as a name or a list of names"}
LONGEST_QUOTE = 40
"""Characters of a name or value that a note repeats."""
MOST_NOTES = 10


def sidecar_claim(location: Path) -> tuple[Claim, tuple[str, ...]]:
    """What the sidecar at `location` states, and notes on the fields in it that cannot be used.

    Raises DocumentError for one that is not a YAML mapping.
    """
    try:
        fields = load_fields(location.read_bytes())
        if not isinstance(fields, dict):
            raise DocumentError("sidecar", "it holds no fields like title: ... and date: ...")
        claim, notes = Claim(Origin.SIDECAR, metadata_from_fields(fields)), tuple(_notes(fields))
    except OSError as error:
        raise DocumentError("sidecar", f"it cannot be opened: {error.strerror or error}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DocumentError("sidecar", f"it is not valid YAML: {yaml_problem(error)}") from error
    if len(notes) > MOST_NOTES:
        notes = (*notes[:MOST_NOTES], f"and {len(notes) - MOST_NOTES:,} more such fields")
    return claim, notes


def _notes(fields: Mapping[object, object]) -> Iterator[str]:
    for name, value in fields.items():
        field = metadata_field(name)
        if field is None:
            yield f"unknown field {_quoted(name)}; known are {KNOWN_FIELDS}"
        elif not _is_readable(field, value):
            hint = _HINTS.get(field, "write it as one text, in quotation marks")
            yield f"{_quoted(name)} {_shown(value)} cannot be read; {hint}"


def _is_readable(field: str, value: object) -> bool:
    """Whether all of the value can be used; one that is left empty states nothing."""
    if value is None or value in ("", []):
        return True
    if field == "authors" and isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return bool(getattr(metadata_from_fields({field: value}), field))


def _shown(value: object) -> str:
    # Lists and mappings may be huge, as YAML repeats what it holds by reference.
    return f"(a {type(value).__name__})" if isinstance(value, (list, dict, set)) else repr(_quoted(value))


def _quoted(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
