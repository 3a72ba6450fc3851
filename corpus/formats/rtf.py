"""Rich text by striprtf, which gives it as plain text; headings and lists are recognised as in plain text.

Foot- and endnotes, text boxes and the information group are taken out first: striprtf passes over them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from striprtf.striprtf import rtf_to_text

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import text as plain_text
from corpus.formats.content import SourceContent
from corpus.formats.fields import property_claims
from corpus.formats.markup import CELL_SEPARATOR
from corpus.formats.text import heading_claim
from corpus.metadata import Claim
from corpus.works import Block, BlockKind, Work

_SIGNATURE = b"{\\rtf"
_CODE_PAGE = re.compile(r"\\ansicpg(\d{1,5})")
# Groups that do not stay in the text: what is read apart, what was deleted, and what is not shown.
_APART_OR_BRACE = re.compile(
    r"\{\s*(?:\\\*\s*)?\\(?P<name>footnote|shptxt|info|deleted|fldinst|listtext)(?![a-z])|\\.|[{}]", re.DOTALL
)
_ASIDES = ("footnote", "shptxt")
_FONT_TABLE = re.compile(r"\{\s*\\fonttbl(?![a-z])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LINE_BREAK = re.compile(r"(?<!\\)\\line(?![a-z])")
_PROPERTY = r"\{\s*(?:\\\*\s*)?\\%s(?![a-z])"
_BETWEEN_ASIDES = "\x1f"  # occurs in no text
_CREATED = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read(content: SourceContent) -> list[Work]:
    """One work; foot- and endnotes and the words of text boxes stand at its end. Tracked changes count as accepted.

    Raises DocumentError `rtf` for what is no rich text or damaged, `undecodable` for characters that its encoding
    does not have.
    """
    data = content.data.lstrip().rstrip(b"\0 \r\n")
    if not data.startswith(_SIGNATURE):
        raise DocumentError("rtf", "is no rich text; give it the suffix of the format that it has")
    code_page = _CODE_PAGE.search(data[:1000].decode("latin-1"))
    encoding = f"cp{code_page[1]}" if code_page else "cp1252"
    body, apart = _take_apart(_decoded(data, encoding))
    fonts = _font_table(body)  # which tells the encodings
    asides = _BETWEEN_ASIDES.join(f"{{{group.inside()}}}" for group in apart if group.name in _ASIDES)
    texts = [_plain_lines(body, encoding), *_plain_lines(f"{{{fonts}{asides}}}", encoding).split(_BETWEEN_ASIDES)]
    found = tuple(block for text in texts for block in _blocks(text))
    infos = [group.inside() for group in apart if group.name == "info"]
    claims = [claim for info in infos[:1] for claim in _properties(info, encoding)]
    return [Work((*claims, heading_claim(found)), found)]


def _decoded(data: bytes, encoding: str) -> str:
    """The file as text. Most are ASCII; the last resort gives every byte, as pictures in binary form need it."""
    for candidate in ("utf-8", encoding):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


@dataclass(frozen=True, slots=True)
class _Group:
    """A group that does not stay in the text, or the whole text: by its name, and how many groups it stands in."""

    name: str
    depth: int
    pieces: list[str] = field(default_factory=list)

    def inside(self) -> str:
        return "".join(self.pieces)


def _take_apart(text: str) -> tuple[str, list[_Group]]:
    """The text without the groups that do not stay in it, and these groups in order; one pass, however they nest."""
    whole = _Group("", 0)
    apart: list[_Group] = []
    around = [whole]
    depth = position = 0
    for token in _APART_OR_BRACE.finditer(text):
        group = around[-1]
        if token["name"] and (group is whole or group.name in _ASIDES):
            group.pieces.append(text[position : token.start()])
            if token["name"] == "listtext":
                group.pieces.append(r"{\bullet\tab}")
            around.append(_Group(token["name"], depth))
            apart.append(around[-1])
            position = token.end()
        if token[0].startswith("{"):
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if group is not whole and depth == group.depth:
                group.pieces.append(text[position : token.start()])
                around.pop()
                position = token.end()
    around[-1].pieces.append(text[position:])
    return whole.inside(), apart


def _font_table(text: str) -> str:
    start = _FONT_TABLE.search(text)
    return text[start.start() : _group_end(text, start.end())] if start else ""


def _group_end(text: str, position: int) -> int:
    """Where the group ends that `position` is in."""
    depth = 1
    for token in _BRACE.finditer(text, position):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if not depth:
            return token.end()
    return len(text)


def _blocks(text: str) -> Iterator[Block]:
    """The blocks of plain text, where each line is a paragraph; and rows, which end with a bar."""
    paragraphs: list[str] = []
    for line in text.split("\n"):
        if line.endswith("|"):
            yield from plain_text.blocks("\n\n".join(paragraphs))
            paragraphs.clear()
            yield Block(BlockKind.ROW, CELL_SEPARATOR.join(line[:-1].split("|")))
        else:
            paragraphs.append(line)
    yield from plain_text.blocks("\n\n".join(paragraphs))


def _plain_lines(rtf: str, encoding: str) -> str:
    """The plain text of `rtf`, a line for each paragraph."""
    return _plain(_LINE_BREAK.sub(r"\\tab", rtf), encoding)


def _plain(rtf: str, encoding: str) -> str:
    try:
        text = str(rtf_to_text(rtf, encoding=encoding, errors="strict"))  # type: ignore[no-untyped-call]
    except (UnicodeDecodeError, LookupError) as error:
        raise DocumentError("undecodable", f"holds characters that its encoding does not have: {error}") from error
    except (OverflowError, ValueError) as error:
        raise DocumentError("rtf", f"holds characters that do not exist ({error}); save the file anew") from error
    # Characters beyond the first 65,536 are written as two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _properties(info: str, encoding: str) -> list[Claim]:
    created = _CREATED.search(info)
    stated = Metadata(
        title=_property(info, "title", encoding),
        authors=tuple((_property(info, "author", encoding) or "").split(";")),
    )
    return property_claims(stated, "{}-{:0>2}-{:0>2}".format(*created.groups()) if created else None)


def _property(info: str, name: str, encoding: str) -> str | None:
    """The value of a group; the last one, as programs put the one in Unicode after that in their own encoding."""
    groups = list(re.finditer(_PROPERTY % name, info))
    if not groups:
        return None
    start = groups[-1].end()
    return _plain("{" + info[start : _group_end(info, start)], encoding).strip()
