"""PowerPoint presentations by python-pptx: a slide is a page, its title a heading."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture
from pptx.slide import Slide
from pptx.text.text import TextFrame

from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.markup import CELL_SEPARATOR
from corpus.formats.packages import core_properties, damaged, open_package
from corpus.formats.text import heading_claim
from corpus.works import Block, BlockKind, Work

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DIAGRAM_PART = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"

_FURNITURE = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER})
"""What stands on every slide."""
_BULLETED = frozenset({PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY})
"""Placeholders whose paragraphs have bullets unless they say otherwise."""
_BULLETS = frozenset({f"{_A}buChar", f"{_A}buAutoNum", f"{_A}buBlip"})
"""Properties that give any other paragraph one."""

SAME_LINE = 228_600
"""English Metric Units (a quarter of an inch) within which shapes count as side by side."""


def read(content: SourceContent) -> list[Work]:
    """One work: of each slide its title, its shapes from top to bottom, and the speaker's notes."""
    package = open_package(content.data)
    try:
        slides = list(pptx.Presentation(io.BytesIO(content.data)).slides)
    except (PythonPptxError, KeyError, ValueError) as error:
        raise DocumentError("package", "is no PowerPoint presentation; save it as one (.pptx)") from error
    except etree.XMLSyntaxError as error:
        raise damaged(error) from error
    found: list[Block] = []
    without_text = 0
    for number, slide in enumerate(slides, start=1):
        blocks = [block for block in _slide_blocks(slide, number) if block.text.strip()]
        without_text += not blocks and any(True for _ in _pictures(slide.shapes))
        found += blocks
    claims = (*core_properties(package), heading_claim(found))
    return [Work(claims, tuple(found), page_labels=(None,) * len(slides), pages_without_text=without_text)]


def _slide_blocks(slide: Slide, page: int) -> Iterator[Block]:
    _choose_alternatives(slide)
    title = slide.shapes.title
    if title is not None:
        yield Block(BlockKind.HEADING, title.text_frame.text, level=1, page=page)
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape_blocks(shape, page)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is not None:
        for paragraph in notes.paragraphs:
            yield Block(BlockKind.PARAGRAPH, paragraph.text, page=page)


def _choose_alternatives(slide: Slide) -> None:
    """Puts what newer programs show in place of each choice between contents, which python-pptx passes over."""
    for alternatives in list(slide.element.iter(_ALTERNATIVES)):
        parent = alternatives.getparent()
        if parent is not None and len(alternatives):
            for shape in list(alternatives[0]):
                alternatives.addprevious(shape)
            parent.remove(alternatives)


def _in_reading_order(shapes: Iterable[BaseShape]) -> list[BaseShape]:
    """Line by line, each from left to right."""
    lines: list[list[BaseShape]] = []
    for shape in sorted(shapes, key=_top):
        if not lines or _top(shape) > _top(lines[-1][0]) + SAME_LINE:
            lines.append([])
        lines[-1].append(shape)
    return [shape for line in lines for shape in sorted(line, key=lambda shape: shape.left or 0)]


def _top(shape: BaseShape) -> int:
    return shape.top or 0  # a shape may leave its place to the layout


def _shape_blocks(shape: BaseShape, page: int) -> Iterator[Block]:
    if isinstance(shape, GroupShape):
        for member in _in_reading_order(shape.shapes):
            yield from _shape_blocks(member, page)
    elif isinstance(shape, GraphicFrame):
        yield from _frame_blocks(shape, page)
    elif shape.has_text_frame:
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind not in _FURNITURE:
            yield from _text_blocks(shape.text_frame, kind in _BULLETED, page)  # type: ignore[attr-defined]


def _text_blocks(frame: TextFrame, bulleted: bool, page: int) -> Iterator[Block]:
    for paragraph in frame.paragraphs:
        properties = paragraph._p.pPr
        has_bullet = bulleted
        if properties is not None:
            stated = {child.tag for child in properties}
            has_bullet = f"{_A}buNone" not in stated if bulleted else not stated.isdisjoint(_BULLETS)
        yield Block(BlockKind.ITEM if has_bullet else BlockKind.PARAGRAPH, paragraph.text, page=page)


def _frame_blocks(frame: GraphicFrame, page: int) -> Iterator[Block]:
    if frame.has_table:
        for row in frame.table.rows:
            cells = [cell.text for cell in row.cells if not cell.is_spanned]
            yield Block(BlockKind.ROW, CELL_SEPARATOR.join(cells), page=page)
    elif frame.has_chart:
        chart = frame.chart
        if chart.has_title and chart.chart_title.has_text_frame:
            yield Block(BlockKind.PARAGRAPH, chart.chart_title.text_frame.text, page=page)
    else:
        for identifiers in frame.element.iter(f"{_DIAGRAM}relIds"):
            diagram = identifiers.get(_DIAGRAM_PART, "")
            if diagram in frame.part.rels:
                yield from _diagram_blocks(frame.part.related_part(diagram).blob, page)


def _diagram_blocks(data: bytes, page: int) -> Iterator[Block]:
    """The texts of a SmartArt diagram, in the order in which it keeps them."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for paragraph in root.iter(f"{_A}p"):
        yield Block(BlockKind.ITEM, "".join(text.text or "" for text in paragraph.iter(f"{_A}t")), page=page)


def _pictures(shapes: Iterable[Any]) -> Iterator[Picture]:
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _pictures(shape.shapes)
        elif isinstance(shape, Picture):
            yield shape
