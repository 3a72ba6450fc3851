"""Word documents by mammoth, which follows content controls, text boxes, notes and tracked changes.

python-docx, the alternative, gives none of these. What mammoth in turn leaves out (simple fields, equations, old
line breaks, headings of a house style) is first put in terms that it knows.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree
from lxml.etree import _Element as Element
from lxml.html import document_fromstring

from corpus.errors import DocumentError
from corpus.formats import html_blocks
from corpus.formats.content import SourceContent
from corpus.formats.packages import core_properties, damaged, open_package, parse_part, read_part
from corpus.formats.text import heading_claim
from corpus.works import Block, Work

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT_ROOTS = frozenset({f"{_W}document", f"{_W}footnotes", f"{_W}endnotes"})
_TRANSPARENT = frozenset(
    {f"{_W}{name}" for name in ("fldSimple", "ruby", "rubyBase", "dir", "bdo")} | {f"{_M}oMathPara"}
)
"""Elements that mammoth leaves out with all that is in them, which a page shows (all but the `rt` of a ruby)."""
_SPACE_KEPT = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}

_LOOKS = (f"{_W}latentStyles", f"{_W}rPr", f"{_W}tblStylePr", f"{_W}tblPr")
"""Parts of a style that mammoth does not use, and takes most of its time to parse."""

_HEADING_NAME = re.compile(r"heading ([1-9])", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})
DEEPEST_HEADING = 6
"""The last level that HTML has; Word's levels 7 to 9 become this one."""

_STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name^='toc '] => !
"""
"""The lines of a table of contents are left out: they repeat the headings."""
_NOTE_MARK = re.compile(r"#(?:footnote|endnote)(?:-ref)?-.*")


def read(content: SourceContent) -> list[Work]:
    """One work; foot- and endnotes stand at its end, their marks are left out. Tracked changes count as accepted."""
    package = open_package(content.data)
    found = tuple(_blocks(package))
    return [Work((*core_properties(package), heading_claim(found)), found)]


def _blocks(package: zipfile.ZipFile) -> Iterator[Block]:
    try:
        result = mammoth.convert_to_html(
            _in_known_terms(package),
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _: {}),
        )
    except (KeyError, OSError) as error:
        raise DocumentError("package", "is no Word document; save it as one (.docx)") from error
    except ExpatError as error:
        raise damaged(error) from error
    if not result.value.strip():
        return
    page = document_fromstring(result.value)
    for link in page.iter("a"):
        if _NOTE_MARK.fullmatch(link.get("href", "")):
            link.text = None
    yield from html_blocks.blocks(page)


def _in_known_terms(package: zipfile.ZipFile) -> io.BytesIO:
    """The package with the parts that hold text rewritten, and without pictures."""
    levels = _heading_levels(package)
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w") as target:
        for name in dict.fromkeys(package.namelist()):
            if name.endswith("/") or "/media/" in name or "/embeddings/" in name:
                continue
            root = parse_part(package, name) if name.endswith(".xml") else None
            if root is not None and root.tag in _TEXT_ROOTS:
                _rewrite(root, levels)
                part = etree.tostring(root)
            elif root is not None and root.tag == f"{_W}styles":
                etree.strip_elements(root, *_LOOKS)
                part = etree.tostring(root)
            else:
                part = read_part(package, name)
            target.writestr(name, part)
    rewritten.seek(0)
    return rewritten


def _heading_levels(package: zipfile.ZipFile) -> Mapping[str, int]:
    """The level of each paragraph style, by its id, that is a heading or is based on one."""
    root = parse_part(package, "word/styles.xml")
    if root is None:
        return {}
    bases: dict[str, str | None] = {}
    levels: dict[str, int] = {}
    for style in root.iterfind(f"{_W}style[@{_W}type='paragraph']"):
        style_id = style.get(f"{_W}styleId", "")
        bases[style_id] = _value(style.find(f"{_W}basedOn"))
        name = _HEADING_NAME.fullmatch(_value(style.find(f"{_W}name")) or "")
        level = int(name[1]) if name else _outline_level(style)
        if level is not None:
            levels[style_id] = level
    for style_id in bases:
        seen = {style_id}
        base = bases[style_id]
        while style_id not in levels and base is not None and base not in seen:
            seen.add(base)
            if base in levels:
                levels[style_id] = levels[base]
            base = bases.get(base)
    return {style_id: level for style_id, level in levels.items() if level}


def _outline_level(element: Element) -> int | None:
    """From 1; 0 for body text, None where it is not stated."""
    stated = _value(element.find(f"{_W}pPr/{_W}outlineLvl"))
    if stated is None or not stated.isdecimal():
        return None
    return int(stated) + 1 if int(stated) < 9 else 0


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(f"{_W}val")


def _rewrite(root: Element, levels: Mapping[str, int]) -> None:
    for element in list(root.iter("*")):
        if element.tag == f"{_W}p":
            _mark_heading(element, levels)
        elif element.tag == f"{_W}r":
            hidden = element.find(f"{_W}rPr/{_W}vanish")
            if hidden is not None and _value(hidden) not in _OFF:
                element.clear()
        elif element.tag == f"{_W}cr":
            element.tag = f"{_W}br"
        elif element.tag in _TRANSPARENT:
            element.tag = f"{_W}smartTag"  # of which mammoth takes what is in it
        elif element.tag == f"{_M}oMath":
            _replace_equation(element)
        elif element.tag in (f"{_W}drawing", f"{_MC}AlternateContent"):
            _keep_text_boxes(element)


def _mark_heading(paragraph: Element, levels: Mapping[str, int]) -> None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return
    style = properties.find(f"{_W}pStyle")
    level = _outline_level(paragraph)
    if level is None:
        level = levels.get(_value(style) or "")
    if level:
        if style is None:
            style = etree.Element(f"{_W}pStyle")
            properties.insert(0, style)
        style.set(f"{_W}val", f"Heading{min(level, DEEPEST_HEADING)}")


def _keep_text_boxes(drawing: Element) -> None:
    """Puts the text boxes in a drawing where mammoth looks for them, if no fallback gives them once more."""
    fallback = drawing.find(f"{_MC}Fallback")
    parent = drawing.getparent()
    boxes = list(drawing.iter(f"{_W}txbxContent"))
    if fallback is None and boxes and (parent is None or parent.tag != f"{_MC}Choice"):
        tail = drawing.tail
        drawing.clear()
        drawing.tail = tail
        drawing.tag = f"{_W}pict"
        drawing.extend(boxes)


def _replace_equation(equation: Element) -> None:
    text, tail = _linear(equation), equation.tail
    equation.clear()
    equation.tail = tail
    equation.tag = f"{_W}r"
    etree.SubElement(equation, f"{_W}t", _SPACE_KEPT).text = text


def _linear(element: Element) -> str:
    """An equation in one line: fractions with a slash, powers with ^, indices with _."""
    if element.tag == f"{_M}t":
        return element.text or ""
    before = {f"{_M}den": "/", f"{_M}sup": "^", f"{_M}sub": "_"}.get(element.tag, "")
    text = "".join(_linear(child) for child in element)
    if element.tag in (f"{_M}num", f"{_M}den", f"{_M}sup", f"{_M}sub") and len(text) > 1 and not text.isalnum():
        text = f"({text})"
    return before + text if text else ""
