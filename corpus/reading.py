"""Source file to documents. What goes wrong with a file costs that file, and is told by a code and a sentence."""

import hashlib
import logging
from dataclasses import dataclass

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.table import FORMATS, format_of
from corpus.sources import SourceFile, is_regular_file
from corpus.works import assemble

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A source file and the documents in it, at least one."""

    path: str
    sha256: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A source file that gave no document: why, as a code for programs and a reason for people."""

    path: str
    code: str
    reason: str


def read_file(file: SourceFile) -> ReadFile | SkippedFile:
    """The documents of a source file, or why there are none; raises nothing on account of what the file holds."""
    try:
        return _read(file)
    except DocumentError as error:
        return SkippedFile(file.path, error.code, str(error))
    except OSError as error:
        return SkippedFile(file.path, "unreadable", f"cannot be opened: {error.strerror or error}")
    except Exception as error:  # a defect of a parser library must cost one file, not the rebuild
        logger.debug("reading %s failed", file.path, exc_info=True)
        return SkippedFile(file.path, "parser", f"the parser failed on it ({type(error).__name__}: {error})")


def _read(file: SourceFile) -> ReadFile:
    if file.location.is_dir() and file.location.is_symlink():
        raise DocumentError("link", "links to folders are not followed; give that folder to rebuild as well")
    if file.location.is_dir():
        raise DocumentError("unlistable", "the folder cannot be listed; check who may read it")
    format_ = format_of(file.location)
    if format_ is None:
        known = " ".join(suffix for known_format in FORMATS for suffix in known_format.suffixes)
        raise DocumentError(
            "file-type", f"files of type {file.location.suffix or 'without a suffix'} are not read; known are {known}"
        )
    if not is_regular_file(file.location):
        raise DocumentError("not-a-file", "is a pipe, socket or device, not a file")
    content = file.location.read_bytes()
    if not content.strip():
        raise DocumentError("empty", "the file is empty")
    sha256 = hashlib.sha256(content).hexdigest()
    assembled = (assemble(work, file.path, sha256) for work in format_.read(content))
    documents = tuple(document for document in assembled if document.text)
    if not documents:
        raise DocumentError("no-text", "no text was found in it")
    return ReadFile(file.path, sha256, documents)
