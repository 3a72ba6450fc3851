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


def element_text(element: Element) -> str:
    """The text in `element`, with line breaks around all that is not inline."""
    return (element.text or "") + "".join(map(element_text_and_tail, element))


def element_text_and_tail(element: Element) -> str:
    """The text in `element`, set off by line breaks unless it is inline, and the text after it."""
    tail = element.tail or ""
    if not isinstance(element.tag, str) or element.tag in _NO_TEXT:  # comments and instructions have no name
        return tail
    text = element_text(element)
    return (text if element.tag in _INLINE else f"\n{text}\n") + tail
