"""The formats Citebox reads. To add one, write its module and add its line here (and to the README's table)."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import cast

from corpus.formats.content import SourceContent
from corpus.works import Work

Reader = Callable[[SourceContent], list[Work]]
"""Content of a source file to the works in it. Raises DocumentError, and nothing else, for a file it cannot read."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its file name suffixes (lower case, with the dot), and the module here that reads it."""

    name: str
    suffixes: tuple[str, ...]
    module: str

    def read(self, content: SourceContent) -> list[Work]:
        """See `Reader`. The module, and the library behind it, is loaded when the first file needs it."""
        reader = cast(Reader, importlib.import_module(f"corpus.formats.{self.module}").read)
        return reader(content)


FORMATS = (
    Format("Plain text", (".txt",), "text"),
    Format("Markdown", (".md", ".markdown"), "markdown"),
    Format("reStructuredText", (".rst",), "rst"),
    Format("HTML", (".html", ".htm", ".xhtml"), "html"),
    Format("MHTML (saved web page)", (".mhtml", ".mht"), "mhtml"),
    Format("PDF", (".pdf",), "pdf"),
    Format("Word", (".docx",), "docx"),
    Format("PowerPoint", (".pptx",), "pptx"),
    Format("Excel", (".xlsx",), "xlsx"),
    Format("OpenDocument text", (".odt",), "odt"),
    Format("EPUB", (".epub",), "epub"),
    Format("Rich text", (".rtf",), "rtf"),
    Format("Mail", (".eml",), "eml"),
    Format("JSON Lines, a document a row", (".jsonl",), "jsonl"),
    Format("CSV, a document a row", (".csv",), "csv"),
)

_BY_SUFFIX = {suffix: format_ for format_ in FORMATS for suffix in format_.suffixes}


def format_of(path: PurePath) -> Format | None:
    """The format of a file by its suffix, or None for a type that Citebox does not read."""
    return _BY_SUFFIX.get(path.suffix.lower())
