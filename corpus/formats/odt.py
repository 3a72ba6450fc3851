"""OpenDocument texts: their elements become those of HTML that show the same.

odfdo is not used: its plain text loses lists and fields, and its Markdown runs the words of a text box together with
those around it.
"""

import itertools
import zipfile
from collections.abc import Mapping

from lxml import etree
from lxml.etree import _Element as Element

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import html_blocks
from corpus.formats.content import SourceContent
from corpus.formats.fields import language_code, property_claims
from corpus.formats.packages import open_package, parse_part, read_part
from corpus.formats.text import heading_claim
from corpus.metadata import Claim
from corpus.works import Work

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_OFFICE = f"{{{_OASIS}:office:1.0}}"
_TEXT = f"{{{_OASIS}:text:1.0}}"
_TABLE = f"{{{_OASIS}:table:1.0}}"
_DRAW = f"{{{_OASIS}:drawing:1.0}}"
_STYLE = f"{{{_OASIS}:style:1.0}}"
_META = f"{{{_OASIS}:meta:1.0}}"
_SVG = f"{{{_OASIS}:svg-compatible:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"

_HTML = {
    f"{_TEXT}p": "p",
    f"{_TEXT}list": "ul",
    f"{_TEXT}list-item": "li",
    f"{_TEXT}list-header": "li",
    f"{_TEXT}section": "div",
    f"{_TEXT}note": "li",
    f"{_TEXT}line-break": "br",
    f"{_TABLE}table": "table",
    f"{_TABLE}table-row": "tr",
    f"{_TABLE}table-cell": "td",
}
_SPACES = frozenset({f"{_TEXT}s", f"{_TEXT}tab"})
_LEFT_OUT = (
    f"{_TEXT}tracked-changes",  # what was deleted
    f"{_TEXT}table-of-content",  # repeats the headings
    f"{_TEXT}note-citation",
    f"{_TEXT}ruby-text",
    f"{_TABLE}covered-table-cell",
    f"{_OFFICE}annotation",
    f"{_OFFICE}binary-data",
    f"{_OFFICE}forms",
    f"{_OFFICE}scripts",
    f"{_SVG}title",
    f"{_SVG}desc",
)
_TITLE_STYLE = "Title"
DEEPEST_HEADING = 6
"""The last level that HTML has; deeper ones become this one."""


def read(content: SourceContent) -> list[Work]:
    """One work; foot- and endnotes stand at its end, their marks are left out. Tracked changes count as accepted.

    Raises DocumentError `encrypted` for a text under a password, `package` for a package that holds no text.
    """
    package = open_package(content.data)
    if b"encryption-data" in read_part(package, "META-INF/manifest.xml"):
        raise DocumentError("encrypted", "is protected by a password; save it without one")
    root = parse_part(package, "content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text") if root is not None else None
    if root is None or body is None:
        raise DocumentError("package", "is no OpenDocument text; save it as one (.odt)")
    etree.strip_elements(body, *_LEFT_OUT, with_tail=False)
    _move_asides(body)
    _rename(body, _parent_styles(root))
    found = tuple(html_blocks.blocks(body))
    return [Work((*_properties(package), heading_claim(found)), found)]


def _properties(package: zipfile.ZipFile) -> list[Claim]:
    root = parse_part(package, "meta.xml")
    meta = root.find(f"{_OFFICE}meta") if root is not None else None
    if meta is None:
        return []
    # The creator is the last one who changed the document.
    author = meta.findtext(f"{_META}initial-creator") or meta.findtext(f"{_DC}creator") or ""
    stated = Metadata(
        title=meta.findtext(f"{_DC}title"),
        authors=tuple(author.split(";")),
        language=language_code(meta.findtext(f"{_DC}language")),
    )
    return property_claims(stated, meta.findtext(f"{_META}creation-date"))


def _move_asides(body: Element) -> None:
    """Puts what is drawn (text boxes, shapes) after the paragraph it stands in, and notes at the end."""
    for note in list(body.iter(f"{_TEXT}note")):
        _detach(note)
        body.append(note)
    for paragraph in list(body.iter(f"{_TEXT}p", f"{_TEXT}h")):
        for shape in reversed([element for element in paragraph.iter("*") if _is_outermost(element, paragraph)]):
            _detach(shape)
            paragraph.addnext(shape)


def _is_outermost(element: Element, paragraph: Element) -> bool:
    """Whether it is drawn and the first such on the way from its paragraph."""
    if not _is_drawn(element):
        return False
    around = itertools.takewhile(lambda ancestor: ancestor is not paragraph, element.iterancestors())
    return not any(map(_is_drawn, around))


def _is_drawn(element: Element) -> bool:
    return str(element.tag).startswith(_DRAW)


def _detach(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    remainder = etree.Element("span")
    remainder.tail, element.tail = element.tail, None
    parent.replace(element, remainder)


def _parent_styles(root: Element) -> Mapping[str, str]:
    """The style that each of the document's own unnamed styles is a variant of."""
    return {
        style.get(f"{_STYLE}name", ""): style.get(f"{_STYLE}parent-style-name", "")
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
    }


def _rename(body: Element, parent_styles: Mapping[str, str]) -> None:
    """Gives all elements in `body` the names of HTML."""
    for element in body.iter("*"):
        style = element.get(f"{_TEXT}style-name", "")
        if element.tag == f"{_TEXT}h":
            stated = element.get(f"{_TEXT}outline-level", "1")
            element.tag = f"h{min(int(stated) if stated.isdecimal() else 1, DEEPEST_HEADING) or 1}"
        elif element.tag == f"{_TEXT}p" and _TITLE_STYLE in (style, parent_styles.get(style)):
            element.tag = "h1"
        elif element.tag in _SPACES:
            element.tag, element.text = "span", " "
        else:
            element.tag = _HTML.get(str(element.tag), "div" if _is_drawn(element) else "span")
