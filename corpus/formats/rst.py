"""reStructuredText by docutils; what it does not know (directives and roles of Sphinx, say) gives its text too."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from docutils import nodes
from docutils.core import publish_doctree
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.parsers.rst.languages import en
from docutils.utils import new_document, unescape

from corpus.decoding import decode
from corpus.formats.content import SourceContent
from corpus.formats.fields import metadata_from_fields
from corpus.formats.markup import CELL_SEPARATOR
from corpus.formats.text import heading_claim
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Block, BlockKind, Work

_SILENT = 5
_SETTINGS = {
    "_disable_config": True,
    "docinfo_xform": True,
    "file_insertion_enabled": False,
    "halt_level": _SILENT,
    "input_encoding": "unicode",
    "raw_enabled": False,
    "report_level": _SILENT,
}
_DIRECTIVE = re.compile(r"\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([A-Za-z][\w:+.-]*)[ \t]?::")
_ROLE = re.compile(r":([A-Za-z][\w:+.-]*):`|`:([A-Za-z][\w:+.-]*):")
_TITLE_AND_TARGET = re.compile(r"(.+?)\s*<[^<>]*>", re.DOTALL)
# Directives whose argument and content are names of files and modules.
_NO_TEXT_DIRECTIVES = frozenset(
    {"autoclass", "autofunction", "automodule", "autosummary", "currentmodule", "highlight", "index", "literalinclude"}
    | {"module", "py:currentmodule", "py:module", "tabularcolumns", "toctree"}
)
_CODE = ("code-block", "sourcecode")
_DISABLED = re.compile(r"\.\.[ \t]+(?:raw|include)::", re.IGNORECASE)
_TITLES = (nodes.title, nodes.subtitle)
_LEFT_OUT = (
    nodes.comment, nodes.docinfo, nodes.decoration, nodes.image, nodes.meta, nodes.pending, nodes.raw,
    nodes.substitution_definition, nodes.system_message, nodes.target,
)  # fmt: skip


def read(content: SourceContent) -> list[Work]:
    """One work; its metadata are the field list at its top, its title else a heading that opens the text."""
    source = decode(content.data)
    _make_known(source)
    document = publish_doctree(source, settings_overrides=_SETTINGS | {"warning_stream": io.StringIO()})
    found = tuple(_blocks(document, 1 + sum(isinstance(node, _TITLES) for node in document.children)))
    return [Work((Claim(Origin.HEADER_LINES, metadata_from_fields(_fields(document))), heading_claim(found)), found)]


class _UnknownDirective(Directive):  # type: ignore[misc]  # docutils has no types
    """A directive of another program: its argument is a paragraph, its content is read on."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    class _AnyOption(dict[str, Callable[[str], str]]):
        def __bool__(self) -> bool:
            return True

        def __getitem__(self, name: str) -> Callable[[str | None], str]:
            return lambda value: value or ""

    option_spec: ClassVar[Any] = _AnyOption()

    def run(self) -> list[nodes.Node]:
        if self.name.lower() in _NO_TEXT_DIRECTIVES:
            return []
        container = nodes.container()
        if self.arguments:
            container += nodes.paragraph("", *self.state.inline_text(self.arguments[0], self.lineno)[0])
        self.state.nested_parse(self.content, self.content_offset, container)
        return [container]


def _unknown_role(_name: str, rawtext: str, text: str, *_: object) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """The text of a role of another program, or the title that stands before its target."""
    shown = unescape(text)
    titled = _TITLE_AND_TARGET.fullmatch(shown)
    return [nodes.inline(rawtext, titled[1] if titled else shown.removeprefix("~"))], []


class _Code(_UnknownDirective):
    """Code, with options that docutils would not let pass."""

    def run(self) -> list[nodes.Node]:
        return [nodes.literal_block("", "\n".join(self.content))]


def _make_known(source: str) -> None:
    """Registers the directives and roles of `source` that docutils does not know: it would drop what is in them."""
    scratch = new_document("", get_default_settings(Parser))
    scratch.reporter.report_level = scratch.reporter.halt_level = _SILENT
    for name in {match[1] for match in _DIRECTIVE.finditer(source)}:
        if directives.directive(name, en, scratch)[0] is None:
            directives.register_directive(name.lower(), _UnknownDirective)
    for name in {match[1] or match[2] for match in _ROLE.finditer(source)}:
        if roles.role(name, en, 0, scratch.reporter)[0] is None:
            roles.register_local_role(name, _unknown_role)
    for name in _CODE:
        directives.register_directive(name, _Code)


def _fields(document: nodes.document) -> dict[str, object]:
    """The fields at the top of the document; docutils gives those it knows elements of their own."""
    fields: dict[str, object] = {}
    for element in (field for docinfo in document.findall(nodes.docinfo) for field in docinfo.children):
        if isinstance(element, nodes.field):
            fields[element[0].astext()] = element[1].astext()
        elif isinstance(element, nodes.authors):
            fields["authors"] = [author.astext() for author in element.children]
        else:
            fields[element.tagname] = element.astext()
    return fields


def _blocks(parent: nodes.Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> Iterator[Block]:
    """The blocks in `parent`, whose sections have headings of `level`; its paragraphs are of `kind`."""
    for node in parent.children:
        match node:
            case nodes.system_message():
                yield from _not_understood(node)
            case nodes.title() if isinstance(parent, (nodes.document, nodes.section)):
                yield Block(BlockKind.HEADING, _text(node), level - 1 if isinstance(parent, nodes.section) else 1)
            case nodes.subtitle() if isinstance(parent, nodes.document):
                yield Block(BlockKind.HEADING, _text(node), 2)
            case nodes.section() if "system-messages" not in node["classes"]:
                yield from _blocks(node, level + 1)
            case nodes.topic() if "contents" in node["classes"]:
                continue
            case nodes.literal_block() | nodes.doctest_block():
                yield from (Block(BlockKind.ROW, line) for line in node.astext().splitlines() if line.strip())
            case nodes.line():
                yield Block(BlockKind.ROW, _text(node))
            case nodes.list_item():
                yield from _blocks(node, level, BlockKind.ITEM)
            case nodes.row():
                yield Block(BlockKind.ROW, CELL_SEPARATOR.join(_text(cell) for cell in node.children))
            case nodes.field() | nodes.option_list_item():
                yield Block(BlockKind.ITEM, ": ".join(_text(part) for part in node.children))
            case nodes.footnote() | nodes.citation():
                label, *rest = node.children
                yield Block(kind, f"[{_text(label)}] " + " ".join(map(_text, rest)))
            case nodes.image() if node.get("alt"):
                yield Block(kind, node["alt"])
            case nodes.TextElement() if not isinstance(node, _LEFT_OUT):
                yield Block(kind, _text(node))
            case nodes.Element() if not isinstance(node, _LEFT_OUT):
                yield from _blocks(node, level, kind)


def _not_understood(message: nodes.system_message) -> Iterator[Block]:
    """The source of what has a mistake in it: better shown with its marks than lost."""
    for block in message.findall(nodes.literal_block):
        source = block.astext()
        if not _DISABLED.match(source):
            yield from (Block(BlockKind.ROW, line) for line in source.splitlines() if line.strip())


def _text(node: nodes.Node) -> str:
    if isinstance(node, (nodes.footnote_reference, nodes.citation_reference)):
        return f"[{node.astext()}]"
    if isinstance(node, nodes.Text):
        return str(node.astext())
    if isinstance(node, nodes.image):
        return str(node.get("alt", ""))
    if isinstance(node, _LEFT_OUT):
        return ""
    assert isinstance(node, nodes.Element)
    between = "" if isinstance(node, nodes.TextElement) else "\n"
    return between.join(map(_text, node.children))
