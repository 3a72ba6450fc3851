"""Rich text by striprtf, which gives it as plain text; headings and lists are recognised as in plain text.

Foot- and endnotes, text boxes and the information group are taken out first: striprtf passes over them.
"""

import re
from collections.abc import Iterator

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
_APART = re.compile(r"(?<!\\)\{\s*(?:\\\*\s*)?\\(footnote|shptxt|info|deleted|fldinst|listtext)(?![a-z])")
_FONT_TABLE = re.compile(r"\{\s*\\fonttbl(?![a-z])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LINE_BREAK = re.compile(r"(?<!\\)\\line(?![a-z])")
_PROPERTY = r"\{\s*(?:\\\*\s*)?\\%s(?![a-z])"
_CREATED = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read(content: SourceContent) -> list[Work]:
    """One work; foot- and endnotes and the words of text boxes stand at its end. Tracked changes count as accepted.

    Raises DocumentError `rtf` for what is no rich text or damaged, `undecodable` for characters that its encoding
    does not have, `nesting` for notes inside notes without end.
    """
    data = content.data.lstrip().rstrip(b"\0 \r\n")
    if not data.startswith(_SIGNATURE):
        raise DocumentError("rtf", "is no rich text; give it the suffix of the format that it has")
    code_page = _CODE_PAGE.search(data[:1000].decode("latin-1"))
    encoding = f"cp{code_page[1]}" if code_page else "cp1252"
    try:
        body, apart = _take_apart(_decoded(data, encoding))
    except RecursionError as error:
        raise DocumentError("nesting", "its notes or text boxes stand inside each other too deep") from error
    fonts = _font_table(body)  # which tells the encodings
    asides = [f"{{{fonts}{inside}}}" for inside in (*apart["footnote"], *apart["shptxt"])]
    found = tuple(block for text in (body, *asides) for block in _blocks(text, encoding))
    claims = [claim for info in apart["info"][:1] for claim in _properties(info, encoding)]
    return [Work((*claims, heading_claim(found)), found)]


def _decoded(data: bytes, encoding: str) -> str:
    """The file as text. Most are ASCII; the last resort gives every byte, as pictures in binary form need it."""
    for candidate in ("utf-8", encoding):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _take_apart(text: str) -> tuple[str, dict[str, list[str]]]:
    """The text without the groups that do not stay in it, and the insides of those groups by their names."""
    kept: list[str] = []
    apart: dict[str, list[str]] = {"footnote": [], "shptxt": [], "info": []}
    position = 0
    for start in _APART.finditer(text):
        if start.start() < position:
            continue
        kept.append(text[position : start.start()])
        position = _group_end(text, start.end())
        name, inside = start[1], text[start.end() : position - 1]
        if name == "info":
            apart[name].append(inside)
        elif name == "listtext":
            kept.append(r"{\bullet\tab}")
        elif name in apart:
            inside, nested = _take_apart(inside)
            apart[name].append(inside)
            for nested_name, groups in nested.items():
                apart[nested_name] += groups
    kept.append(text[position:])
    return "".join(kept), apart


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


def _blocks(rtf: str, encoding: str) -> Iterator[Block]:
    """The blocks of plain text, where each line is a paragraph; and rows, which end with a bar."""
    paragraphs: list[str] = []
    for line in _plain(_LINE_BREAK.sub(r"\\tab", rtf), encoding).split("\n"):
        if line.endswith("|"):
            yield from plain_text.blocks("\n\n".join(paragraphs))
            paragraphs.clear()
            yield Block(BlockKind.ROW, CELL_SEPARATOR.join(line[:-1].split("|")))
        else:
            paragraphs.append(line)
    yield from plain_text.blocks("\n\n".join(paragraphs))


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
