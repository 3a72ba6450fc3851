"""What the readers state about the labelled files, beside what the labels have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.documents import Metadata
from corpus.formats.content import ReadingOptions
from corpus.metadata import FIELDS
from corpus.origins import Origin
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile
from tests.corpus.labelled_files import LabelledFile, labelled_files

FILES = labelled_files()


@dataclass(frozen=True)
class Finding:
    """A field of a document in a labelled file: what the label has, what was read."""

    file: LabelledFile
    field: str
    label: object
    stated: object

    @property
    def is_right(self) -> bool:
        return self.stated == self.label


@cache
def findings() -> tuple[Finding, ...]:
    """Every field of every label; a file or document that was not read states nothing."""
    return tuple(finding for file in FILES for finding in _findings(file))


def read(file: LabelledFile) -> ReadFile | SkippedFile:
    with TemporaryDirectory() as folder:
        location = Path(folder, file.name)
        location.write_bytes(file.data)
        sidecar = None
        if file.sidecar is not None:
            sidecar = Path(folder, f"{file.name}.meta.yaml")
            sidecar.write_text(file.sidecar, encoding="utf-8")
        return read_file(SourceFile(f"labelled/{file.name}", location, sidecar), ReadingOptions())


def precision(found: Sequence[Finding]) -> float:
    """The share of what is stated that is right."""
    stated = [finding for finding in found if finding.stated]
    return sum(finding.is_right for finding in stated) / len(stated) if stated else 1.0


def recall(found: Sequence[Finding]) -> float:
    """The share of what the labels have that is stated."""
    labelled = [finding for finding in found if finding.label]
    return sum(finding.is_right for finding in labelled) / len(labelled) if labelled else 1.0


def _findings(file: LabelledFile) -> Iterator[Finding]:
    result = read(file)
    documents = result.documents if isinstance(result, ReadFile) else ()
    for position, label in enumerate(file.labels):
        stated = documents[position].metadata if position < len(documents) else Metadata()
        for field in FIELDS:
            by_words = stated.origins.get(field) == Origin.WORDS.value  # which the file does not state
            yield Finding(file, field, getattr(label, field), None if by_words else getattr(stated, field))
