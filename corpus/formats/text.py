"""Plain text: optional header lines (`Title: ...`), paragraphs, headings as short lines above prose."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, zip_longest

import yaml
from frontmatter import parse as parse_front_matter

from corpus.decoding import decode
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.fields import FIELD_NAMES, metadata_from_fields
from corpus.works import Block, BlockKind, Work, first_heading

_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}):[ \t]+(\S.*)")
_BULLET = re.compile(r"(?:[•▪◦‣*–-]|\d{1,3}[.)]|\(\d{1,3}\))\s+\S")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")

NARROWEST_WRAP, WIDEST_WRAP = 40, 120
"""Length in characters of the longest line of a paragraph that can have been wrapped by hand."""
HEADING_CHARACTERS = 90
HEADING_WORDS = 14


def read(content: bytes) -> list[Work]:
    """One work; its title is the header's, else a heading that opens the text."""
    fields, body = split_fields(decode(content))
    body_blocks = tuple(blocks(body))
    metadata = metadata_from_fields(fields)
    return [Work(with_title(metadata, first_heading(body_blocks)), body_blocks)]


def split_fields(text: str) -> tuple[dict[str, object], str]:
    """Fields stated before the text, and the text: YAML front matter between `---` lines, or `Name: value` lines.

    Raises DocumentError `front-matter` when the front matter is not valid YAML.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("---\n"):
        try:
            fields, body = parse_front_matter(text)
        except (yaml.YAMLError, ValueError) as error:
            problem = " ".join(str(error).split())
            raise DocumentError("front-matter", f"the front matter is not valid YAML: {problem}") from error
        return (fields, body) if fields else ({}, text)  # else the lines only separate, and what they enclose is text
    return _split_header_lines(text)


def with_title(metadata: Metadata, title: str | None) -> Metadata:
    """`metadata`, with `title` where it states none."""
    return metadata if metadata.title else replace(metadata, title=title)


def _split_header_lines(text: str) -> tuple[dict[str, object], str]:
    """Header lines are those at the top whose names are known; a speaker's name before a colon is none of them.

    A line that begins with a space goes on with the one above it.
    """
    lines = text.lstrip("\n").split("\n")
    fields: dict[str, str] = {}
    name = ""
    for position, line in enumerate(lines):
        match = _HEADER_LINE.fullmatch(line.rstrip())
        if match and match[1].strip().lower() in FIELD_NAMES:
            name = match[1]
            fields[name] = match[2]
        elif name and line.strip() and line[0].isspace():
            fields[name] += f" {line.strip()}"
        else:
            return dict(fields), "\n".join(lines[position:])
    return dict(fields), ""


def blocks(text: str) -> Iterator[Block]:
    lines = [line for paragraph in re.split(r"\n\s*\n", text) for line in _unwrapped(paragraph)]
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if _BULLET.match(line):
            yield Block(BlockKind.ITEM, line)
        elif _is_heading(line, following):
            yield Block(BlockKind.HEADING, line, level=1)
        else:
            yield Block(BlockKind.PARAGRAPH, line)


def _unwrapped(paragraph: str) -> Iterator[str]:
    """The lines of a paragraph, with those joined that were one before it was wrapped by hand."""
    items: list[list[str]] = []
    for line in filter(None, map(str.strip, paragraph.split("\n"))):
        if not items or _BULLET.match(line):
            items.append([])
        items[-1].append(line)
    for lines in items:
        if _is_wrapped(lines):
            yield " ".join(lines)
        elif _is_wrapped(lines[1:]):  # a heading directly above wrapped prose
            yield lines[0]
            yield " ".join(lines[1:])
        else:
            yield from lines


def _is_wrapped(lines: list[str]) -> bool:
    """Whether each line but the last is full: the first word of the next would have made it the longest."""
    if len(lines) < 2:
        return False
    longest = max(map(len, lines))
    if not NARROWEST_WRAP <= longest <= WIDEST_WRAP:
        return False
    return all(len(line) + 1 + len(following.split(" ", 1)[0]) > longest for line, following in pairwise(lines))


def _is_heading(line: str, following: str) -> bool:
    """A short line that is no sentence, above a line that is at least one."""
    if len(line) > HEADING_CHARACTERS or len(line.split()) > HEADING_WORDS:
        return False
    if not line[0].isalnum() or line[0].islower():
        return False
    ends_like_prose = line[-1] in ".,;:!…" or (line[-1] == "?" and not line.isupper())
    return not ends_like_prose and len(following) > HEADING_CHARACTERS and bool(_SENTENCE_END.search(following))
