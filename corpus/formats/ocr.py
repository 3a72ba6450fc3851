"""Text of pages that are only pictures, by Tesseract."""

import math
from collections.abc import Iterator
from statistics import median

import pypdfium2
import pytesseract

from corpus.formats.pdf_text import PageText, Word, make_spans

DOTS_PER_INCH = 300
"""Tesseract's documentation advises it."""
MOST_PIXELS = 40_000_000
"""Of the picture of a page, some 40 MB; a larger page is drawn smaller."""
POINTS_PER_INCH = 72


def recognise(page: pypdfium2.PdfPage) -> PageText | None:
    """The text that Tesseract sees on `page`, or None where it sees none, fails or is not installed."""
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, math.sqrt(MOST_PIXELS / (width * height)))
    picture = page.render(scale=scale, grayscale=True).to_pil()
    try:
        found = pytesseract.image_to_data(picture, output_type=pytesseract.Output.DICT)
    except (pytesseract.TesseractError, OSError):  # OSError: not installed, or no room for its temporary files
        return None
    words = list(_words(found, scale))
    return PageText(width, height, tuple(make_spans(words)), is_recognised=True) if words else None


def _words(found: dict[str, list[str | int]], scale: float) -> Iterator[Word]:
    """The words; each is as high as its line, so that those of a line stand level."""
    columns = ("level", "left", "top", "width", "height")
    rows = [tuple(int(found[name][position]) for name in columns) for position in range(len(found["level"]))]
    line_heights = [height for level, _, _, _, height in rows if level == 4]
    # Height of the ink of a line, about that of ascender and descender.
    size = median(line_heights) / scale if line_heights else 1.0
    line_top = line_bottom = 0.0
    for (level, left, top, width, height), text in zip(rows, found["text"], strict=True):
        if level == 4:
            line_top, line_bottom = top / scale, (top + height) / scale
        elif level == 5 and str(text).strip():
            yield Word(str(text).strip(), left / scale, line_top, (left + width) / scale, line_bottom, size, False)
