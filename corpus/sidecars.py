"""Sidecar files: `report.pdf.meta.yaml`, or `report.meta.yaml`, states the metadata of `report.pdf`."""

from pathlib import Path

import yaml

from corpus.errors import DocumentError
from corpus.formats.fields import metadata_from_fields
from corpus.formats.yaml_fields import load_fields
from corpus.metadata import Claim, Origin

SIDECAR_SUFFIX = ".meta.yaml"


def sidecar_claim(location: Path) -> Claim:
    """What the sidecar at `location` states. Raises DocumentError for one that is not a YAML mapping."""
    try:
        fields = load_fields(location.read_bytes())
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        raise DocumentError("sidecar", f"it is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(fields, dict):
        raise DocumentError("sidecar", "it holds no fields like title: ... and date: ...")
    return Claim(Origin.SIDECAR, metadata_from_fields(fields))
