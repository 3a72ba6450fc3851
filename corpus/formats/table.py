"""The formats Citebox reads. To add one, write its module and add its line here (and to the README's table)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from corpus.formats import html, jsonl, markdown, text
from corpus.works import Work

Reader = Callable[[bytes], list[Work]]
"""Content of a source file to the works in it. Raises DocumentError, and nothing else, for a file it cannot read."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its file name suffixes (lower case, with the dot)."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader


FORMATS = (
    Format("Plain text", (".txt",), text.read),
    Format("Markdown", (".md", ".markdown"), markdown.read),
    Format("HTML", (".html", ".htm", ".xhtml"), html.read),
    Format("JSON Lines", (".jsonl",), jsonl.read),
)

_BY_SUFFIX = {suffix: format_ for format_ in FORMATS for suffix in format_.suffixes}


def format_of(path: PurePath) -> Format | None:
    """The format of a file by its suffix, or None for a type that Citebox does not read."""
    return _BY_SUFFIX.get(path.suffix.lower())
