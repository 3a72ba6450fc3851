"""Source file to documents. What goes wrong with a file costs that file, and is told by a code and a sentence."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from corpus.datelines import claims_from_lines
from corpus.distinct_names import distinct_names
from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.file_names import claim_from_name
from corpus.formats.content import ReadingOptions, SourceContent
from corpus.formats.table import format_of
from corpus.metadata import Claim
from corpus.residue import without_residue
from corpus.sidecars import sidecar_claim
from corpus.sources import SourceFile, is_regular_file
from corpus.works import Work, assemble

logger = logging.getLogger(__name__)

NEEDS_MEMORY = "needs more memory than a file may take (--memory-limit)"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A source file and the documents in it, at least one.

    `residue` counts the lines that were left out because they belong to a web page and not to the work, by rule.
    `notes` tell people what could not be taken in.
    """

    path: str
    sha256: str
    documents: tuple[Document, ...]
    pages_without_text: int = 0
    residue: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A source file that gave no document: why, as a code for programs and a reason for people."""

    path: str
    code: str
    reason: str


def read_file(file: SourceFile, options: ReadingOptions) -> ReadFile | SkippedFile:
    """The documents of a source file, or why there are none; raises nothing on account of what the file holds."""
    if file.skip:
        return SkippedFile(file.path, *file.skip)
    try:
        return _read(file, options)
    except DocumentError as error:
        return SkippedFile(file.path, error.code, _one_line(str(error)))
    except OSError as error:
        return SkippedFile(file.path, "unreadable", f"cannot be opened: {error.strerror or error}")
    except RecursionError:
        return SkippedFile(file.path, "nesting", "its parts are nested too deeply inside each other")
    except MemoryError:
        return SkippedFile(file.path, "memory", NEEDS_MEMORY)
    except Exception as error:  # a defect of a parser library must cost one file, not the rebuild
        logger.debug("reading %s failed", file.path, exc_info=True)
        return parser_failure(file.path, error)


def parser_failure(path: str, error: Exception) -> SkippedFile:
    """The file at `path`, skipped for an error that its parser should not have raised."""
    return SkippedFile(path, "parser", _one_line(f"the parser failed on it ({type(error).__name__}: {error})"))


def _read(file: SourceFile, options: ReadingOptions) -> ReadFile:
    name = PurePosixPath(file.path)  # not the location, which of a file in an archive is a temporary one
    format_ = format_of(name)
    if format_ is None:
        kind = f"files of type {name.suffix}" if name.suffix else "files without a suffix"
        raise DocumentError("file-type", f"{kind} are not read (the README lists those that are)")
    if not is_regular_file(file.location):
        raise DocumentError("not-a-file", "is a pipe, socket or device, not a file")
    data = file.location.read_bytes()
    if not data.strip():
        raise DocumentError("empty", "the file is empty")
    works = _with_distinct_parts(format_.read(SourceContent(data, options)))
    claims, notes = _claims_about(file)
    sha256 = hashlib.sha256(data).hexdigest()
    documents: list[Document] = []
    residue: Counter[str] = Counter()
    for work in works:
        blocks, removed = without_residue(work.blocks)
        document = assemble(replace(work, blocks=blocks), file.path, sha256, [*claims_from_lines(work.blocks), *claims])
        residue += removed
        if document.text:
            documents.append(document)
    if not documents:
        raise DocumentError("no-text", "no text was found in it")
    return ReadFile(
        path=file.path,
        sha256=sha256,
        documents=tuple(documents),
        pages_without_text=sum(work.pages_without_text for work in works),
        residue=dict(residue),
        notes=tuple(map(_one_line, [*notes, *(note for work in works for note in work.notes)])),
    )


def _claims_about(file: SourceFile) -> tuple[Sequence[Claim], Sequence[str]]:
    """What the file's name and its sidecar claim, and notes on what of the sidecar cannot be used."""
    from_name = claim_from_name(PurePosixPath(file.path).name)
    if file.sidecar is None:
        return [from_name], []
    try:
        stated, notes = sidecar_claim(file.sidecar)
    except DocumentError as error:
        return [from_name], [f"the sidecar file was not used: {error}"]
    return [stated, from_name], [f"sidecar file: {note}" for note in notes]


def _with_distinct_parts(works: Iterable[Work]) -> list[Work]:
    """The works; a part that another one has already is numbered, as documents go by it."""
    given = list(works)
    parts = distinct_names([_storable(work.part) for work in given])
    return [replace(work, part=part) for work, part in zip(given, parts, strict=True)]


def _one_line(text: str) -> str:
    return " ".join(_storable(text).split())


def _storable(text: str) -> str:
    """`text` with what UTF-8 cannot hold escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
