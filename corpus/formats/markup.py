"""Text of marked-up elements, as HTML and the formats built like it have them."""

from lxml.etree import _Element as Element

CELL_SEPARATOR = " | "
"""Stands between the cells of a table's row."""

# Those of HTML, and of the TEI that trafilatura makes of it.
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "hi", "i", "ins", "kbd",
        "mark", "q", "ref", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    }
)  # fmt: skip
_NO_TEXT = frozenset({"script", "style", "template"})


def element_text(element: Element, without: str | None = None) -> str:
    """The text in `element`, lines broken around all that is not inline; `without` leaves out children of that tag."""
    pieces = [element.text or ""]
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else None  # comments and instructions have none
        if tag is not None and tag not in _NO_TEXT and tag != without:
            text = element_text(child, without)
            pieces.append(text if tag in _INLINE else f"\n{text}\n")
        pieces.append(child.tail or "")
    return "".join(pieces)
