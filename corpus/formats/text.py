"""Plain text: optional header lines (`Title: ...`), paragraphs, headings as short lines above prose or a rule.

A file may hold several works; lines that a web page adds are looked through, and left for `corpus.residue`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import yaml
from frontmatter import parse as parse_front_matter

from corpus.decoding import decode
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.fields import metadata_from_fields
from corpus.formats.several import TextPart, parts_with_fields, split_header_lines, works_with_headlines
from corpus.formats.yaml_fields import FrontMatterHandler, yaml_problem
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.residue_rules import residue_rule
from corpus.sentences import is_prose
from corpus.works import Block, BlockKind, Work, first_heading

_BULLET = re.compile(r"(?:[•▪◦‣*–-]|\d{1,3}[.)]|\(\d{1,3}\))\s+\S")
_LATER_NUMBER = re.compile(r"(?!1[.)])\d")

NARROWEST_WRAP, WIDEST_WRAP = 40, 120
"""Length in characters of the longest line of a paragraph that can have been wrapped by hand."""
_RULE = re.compile(r"([=_*~-])(?: ?\1){2,}")
_SETEXT_LEVELS = {"=": 1, "-": 2}
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)

HEADING_CHARACTERS = 90
HEADING_WORDS = 14


def read(content: SourceContent) -> list[Work]:
    """The works of the file, mostly one; a title is the header's, else a headline the page repeats or that opens it.

    A web page under the name of a text is read as the page it is. Raises DocumentError `front-matter` when the front
    matter is not valid YAML.
    """
    text = decode(content.data).replace("\r\n", "\n").replace("\r", "\n")
    if _HTML.match(text):
        from corpus.formats import html  # which itself needs this module

        return html.read(content)
    works = [work for part in parts_with_fields(text) for work in _works(part)]
    if len(works) == 1:
        return works
    return [replace(work, part=str(number)) for number, work in enumerate(works, start=1)]


def _works(part: TextPart) -> Iterator[Work]:
    stated, body = split_fields(part.text)
    claims = [stated]  # of the first work: a header above several headlines is no header of those below
    for found in works_with_headlines((*blocks(part.above), *blocks(body))):
        if found.headline:
            claims.append(Claim(Origin.OPENING_HEADING, Metadata(title=found.headline)))
        else:
            claims.append(heading_claim(found.blocks))
        yield Work(tuple(claims), found.blocks)
        claims = []


def split_fields(text: str) -> tuple[Claim, str]:
    """What is stated before the text, and the text: YAML front matter between `---` lines, or `Name: value` lines.

    Raises DocumentError `front-matter` when the front matter is not valid YAML.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("---\n"):
        try:
            fields, body = parse_front_matter(text, handler=FrontMatterHandler())
        except (yaml.YAMLError, ValueError) as error:
            problem = yaml_problem(error)
            raise DocumentError("front-matter", f"the front matter is not valid YAML: {problem}") from error
        # Without fields the lines only separate, and what they enclose is text.
        return Claim(Origin.FRONT_MATTER, metadata_from_fields(fields)), body if fields else text
    lines = text.lstrip("\n").split("\n")
    header, length = split_header_lines(lines)
    return Claim(Origin.HEADER_LINES, metadata_from_fields(header)), "\n".join(lines[length:])


def heading_claim(blocks: Sequence[Block]) -> Claim:
    """The title that a heading at the very beginning gives; furniture of a page above it does not count."""
    start = next((position for position, block in enumerate(blocks) if not residue_rule(block.text)), 0)
    return Claim(Origin.OPENING_HEADING, Metadata(title=first_heading(blocks[start:])))


def blocks(text: str) -> Iterator[Block]:
    """The lines of `text` as blocks: items, headings and paragraphs; a rule of `=` or `-` makes a heading of a line.

    Other lines that are nothing but a rule are left out.
    """
    following = ""  # the next line that is not of a page's furniture
    found = []
    for line, level in reversed([line for paragraph in re.split(r"\n\s*\n", text) for line in _lines(paragraph)]):
        is_residue = residue_rule(line) is not None
        if level:
            found.append(Block(BlockKind.HEADING, line, level))
        elif _BULLET.match(line):
            found.append(Block(BlockKind.ITEM, line))
        elif not is_residue and _is_heading(line, following):
            found.append(Block(BlockKind.HEADING, line, level=1))
        else:
            found.append(Block(BlockKind.PARAGRAPH, line))
        following = following if is_residue else line
    yield from reversed(found)


def _lines(paragraph: str) -> Iterator[tuple[str, int]]:
    """The lines of a paragraph, unwrapped, with the level of those that a rule below makes headings, else 0."""
    run: list[str] = []
    for line in filter(str.strip, paragraph.split("\n")):
        rule = _RULE.fullmatch(line.strip())
        if not rule:
            run.append(line)
            continue
        underlined = (
            run.pop() if len(run) == 1 and rule[1] in _SETEXT_LEVELS and _can_be_heading(run[0].strip()) else ""
        )
        yield from ((line, 0) for line in _unwrapped(run))
        run.clear()
        if underlined:
            yield underlined.strip(), _SETEXT_LEVELS[rule[1]]
    yield from ((line, 0) for line in _unwrapped(run))


def _can_be_heading(line: str) -> bool:
    is_short = len(line) <= HEADING_CHARACTERS and len(line.split()) <= HEADING_WORDS
    return is_short and line[-1] not in ".,;:" and not _BULLET.match(line)


def _unwrapped(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph, with those joined that were one before it was wrapped by hand."""
    items: list[list[str]] = []
    indent = 0  # of the first line of the item
    for raw in lines:
        line = raw.strip()
        if items and _goes_on(raw, items[-1][0], indent):
            items[-1][-1] += f" {line}"
            continue
        if not items or _begins_item(line, items[-1]) or residue_rule(line) or residue_rule(items[-1][-1]):
            items.append([])
            indent = _indent(raw)
        items[-1].append(line)
    for item in items:
        if _is_wrapped(item):
            yield " ".join(item)
        elif _is_wrapped(item[1:]):  # a heading directly above wrapped prose
            yield item[0]
            yield " ".join(item[1:])
        else:
            yield from item


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _goes_on(raw: str, item: str, indent: int) -> bool:
    """Whether a line is the rest of an item with this indent: set in, and neither an item nor furniture."""
    line = raw.strip()
    if _indent(raw) <= indent or not _BULLET.match(item) or _BULLET.match(line):
        return False
    return line[0].islower() or not residue_rule(line)


def _begins_item(line: str, above: list[str]) -> bool:
    """Whether `line` has a bullet; a number other than 1 in a wrapped sentence is none."""
    if not _BULLET.match(line):
        return False
    in_sentence = len(above[-1]) >= NARROWEST_WRAP and above[-1][-1].isalnum() and not _BULLET.match(above[0])
    return not (in_sentence and _LATER_NUMBER.match(line))


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
    return not ends_like_prose and is_prose(following)
