"""Several works in one text, told apart by structure: front matter, header lines, or headlines that pages repeat."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import yaml

from corpus.cleaning import clean_line
from corpus.formats.fields import FIELD_NAMES
from corpus.formats.yaml_fields import load_fields
from corpus.residue_rules import residue_rule
from corpus.sentences import PROSE_CHARACTERS, ends_sentence
from corpus.works import Block, BlockKind

LONGEST_FRONT_MATTER = 60
"""Lines of front matter within a text."""
LONGEST_HEADER = 30
"""Header lines within a text."""
FEWEST_FIELDS = 2
"""Known fields, one of them a title, that make lines within a text the header of another work."""
HEADLINE_WORDS = range(3, 31)
LINES_BETWEEN = 8
"""How many lines a page puts between its headline and the repetition of it: captions, bylines, buttons."""
LONGEST_CAPTION = 400
MOST_CAPTIONS = 2
LINES_BEFORE_PROSE = 10
"""How many lines may stand between the repeated headline and the first sentence: teasers, buttons."""

_TITLES = frozenset({"title", "headline"})
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}):[ \t]+(\S.*)")
_KEY = re.compile(r"[A-Za-z][\w -]{0,30}:(?:\s|$)")
_RULE = "---"
_SEPARATOR = re.compile(r"[-=_*#~•\s]*")
_CREDIT = re.compile(r"\([^()]{2,60}\)\.?$")
_SENTENCE_WORDS = 5


@dataclass(frozen=True, slots=True)
class TextPart:
    """The text of a work, beginning with what states its fields, and lines above that belong to it."""

    above: str
    text: str


@dataclass(frozen=True, slots=True)
class HeadlinedBlocks:
    """The blocks of a work, and its headline where the page repeats it."""

    headline: str | None
    blocks: tuple[Block, ...]


def split_header_lines(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The fields that the first of `lines` state, and how many lines those are.

    Header lines are those whose names are known; a speaker's name before a colon is none of them. A line that begins
    with a space goes on with the one above it.
    """
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
            return fields, position
    return fields, len(lines)


def parts_with_fields(text: str) -> list[TextPart]:
    """The works of `text` that each state their fields; one part where they are not clearly several."""
    lines = text.split("\n")
    for find in (_front_matters, _headers):
        starts = list(find(lines))
        if len(starts) > 1:
            return _cut(lines, starts)
    return [TextPart("", text)]


def works_with_headlines(blocks: Sequence[Block]) -> list[HeadlinedBlocks]:
    """The works in `blocks`, each begun by a headline that is repeated above its prose; one where they are not several.

    The first of the two lines becomes a heading.
    """
    openings = list(_openings(blocks))
    marked = list(blocks)
    if not openings or (len(openings) == 1 and any(map(_is_sentence, blocks[: openings[0][0]]))):
        return [HeadlinedBlocks(None, tuple(blocks))]
    for start, again in openings:
        marked[start] = replace(blocks[start], kind=BlockKind.HEADING, level=1)
        marked[again] = replace(blocks[again], kind=BlockKind.PARAGRAPH, level=0)
    starts = [start for start, _ in openings]
    headlines: list[str | None] = [blocks[start].text for start in starts]
    if any(map(_is_sentence, blocks[: starts[0]])):
        starts, headlines = [0, *starts], [None, *headlines]
    ends = [*starts[1:], len(blocks)]
    starts[0] = 0
    return [
        HeadlinedBlocks(headline, tuple(marked[start:end]))
        for headline, start, end in zip(headlines, starts, ends, strict=True)
    ]


def _cut(lines: Sequence[str], starts: Sequence[int]) -> list[TextPart]:
    texts = ["\n".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    above = "\n".join(lines[: starts[0]])
    if any(map(_holds_sentence, lines[: starts[0]])):
        return [TextPart("", above), *(TextPart("", text) for text in texts)]
    return [TextPart(above, texts[0]), *(TextPart("", text) for text in texts[1:])]


def _front_matters(lines: Sequence[str]) -> Iterator[int]:
    """Where front matter begins that text follows."""
    rules = [position for position, line in enumerate(lines) if line.rstrip() == _RULE]
    found: list[tuple[int, int]] = []
    for start, end in pairwise(rules):
        if found and start <= found[-1][1]:
            continue
        if end - start <= LONGEST_FRONT_MATTER and _states_fields(lines[start + 1 : end]):
            found.append((start, end))
    for (start, end), (next_start, _) in pairwise([*found, (len(lines), 0)]):
        if any(line.strip() for line in lines[end + 1 : next_start]):
            yield start


def _states_fields(lines: Sequence[str]) -> bool:
    if not lines or not _KEY.match(lines[0]):
        return False
    try:
        fields = load_fields("\n".join(lines))
    except (yaml.YAMLError, ValueError):
        return False
    known = {str(name).strip().lower() for name in fields} & FIELD_NAMES if isinstance(fields, dict) else set()
    return bool(known & _TITLES) or len(known) >= FEWEST_FIELDS


def _headers(lines: Sequence[str]) -> Iterator[int]:
    """Where header lines with a title begin; nowhere unless sentences follow each of them."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(lines):
        if _HEADER_LINE.match(lines[position]) and (position == 0 or _SEPARATOR.fullmatch(lines[position - 1])):
            fields, length = split_header_lines(lines[position : position + LONGEST_HEADER])
            names = {name.strip().lower() for name in fields}
            if names & _TITLES and len(names) >= FEWEST_FIELDS:
                found.append((position, position + length))
            position += length
        position += 1
    bodies = pairwise([*found, (len(lines), 0)])
    if all(any(map(_holds_sentence, lines[header_end:end])) for (_, header_end), (end, _) in bodies):
        yield from (start for start, _ in found)


def _openings(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Where a headline and its repetition stand, above prose and with nothing but short lines of a page between."""
    keys = [_headline_key(block) for block in blocks]
    often = {key for key, times in Counter(keys).items() if key and times > 1}
    position = 0
    while position < len(blocks):
        again = _repetition(blocks, keys, position) if keys[position] in often else None
        if again is not None and _prose_follows(blocks, again):
            yield position, again
            position = again
        position += 1


def _headline_key(block: Block) -> str | None:
    """What repetitions of a headline have in common, or None of a block that cannot be one."""
    if block.kind in (BlockKind.ITEM, BlockKind.ROW) or len(block.text.split()) not in HEADLINE_WORDS:
        return None
    if block.text.rstrip().endswith((".", ",", ";", ":")) or residue_rule(block.text):
        return None
    return clean_line(block.text).casefold()


def _repetition(blocks: Sequence[Block], keys: Sequence[str | None], start: int) -> int | None:
    is_page, captions = False, 0
    for position in range(start + 1, min(start + LINES_BETWEEN + 2, len(blocks))):
        block = blocks[position]
        if keys[position] == keys[start]:
            return position if is_page and not _repeats(keys[start + 1 : position]) else None
        if block.kind in (BlockKind.ITEM, BlockKind.ROW) or len(block.text) > LONGEST_CAPTION:
            return None
        if residue_rule(block.text):
            is_page = True
        elif _is_caption(block.text):
            captions += 1
            is_page = is_page or bool(_CREDIT.search(block.text))
            if captions > MOST_CAPTIONS:
                return None
    return None


def _repeats(keys: Sequence[str | None]) -> bool:
    """Whether a headline is repeated among `keys`: then a page is begun there, and not around it."""
    headlines = [key for key in keys if key]
    return len(set(headlines)) < len(headlines)


def _is_caption(line: str) -> bool:
    return len(line) > PROSE_CHARACTERS or _holds_sentence(line) or bool(_CREDIT.search(line))


def _prose_follows(blocks: Sequence[Block], again: int) -> bool:
    return any(map(_is_sentence, blocks[again + 1 : again + 1 + LINES_BEFORE_PROSE]))


def _is_sentence(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH and not residue_rule(block.text) and _holds_sentence(block.text)


def _holds_sentence(line: str) -> bool:
    line = line.rstrip()
    return len(line.split()) >= _SENTENCE_WORDS and ends_sentence(line)
