"""Text of pages that are only pictures, by Tesseract."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pypdfium2
import pytesseract

from corpus.formats.pdf_text import PageText, Word, make_spans

DOTS_PER_INCH = 300
"""Tesseract's documentation advises it."""
MOST_PIXELS = 40_000_000
"""Of the picture of a page, some 40 MB; a larger page is drawn smaller."""
POINTS_PER_INCH = 72
SECONDS = 120
"""For a page, after which Tesseract is ended; an ordinary one takes a few."""

# Tesseract names its models by codes of three letters.
_MODELS = {
    "ar": "ara", "az": "aze", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin", "hr": "hrv",
    "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ka": "kat", "kk": "kaz", "ko": "kor", "lt": "lit", "lv": "lav",
    "nb": "nor", "nl": "nld", "nn": "nor", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk",
    "sl": "slv", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "chi_sim",
}  # fmt: skip


def recognise(page: pypdfium2.PdfPage, language: str | None = None) -> PageText | None:
    """The text that Tesseract sees on `page`, or None where it sees none, fails, is too slow or is not installed.

    It is read as text in `language` (a code like `de`, which the document states) where Tesseract has that language
    installed, and otherwise in Tesseract's default, English.
    """
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, math.sqrt(MOST_PIXELS / (width * height)))
    picture = page.render(scale=scale, grayscale=True).to_pil()
    try:
        with _one_thread():
            found = pytesseract.image_to_data(
                picture, lang=_model(language), output_type=pytesseract.Output.DICT, timeout=SECONDS
            )
    except (RuntimeError, OSError):  # RuntimeError: failed, or too slow; OSError: not installed, or no room on the disk
        return None
    words = list(_words(found, scale))
    return PageText(width, height, tuple(make_spans(words)), is_recognised=True) if words else None


def _model(language: str | None) -> str | None:
    """The name of Tesseract's model for `language`, if it is installed."""
    model = _MODELS.get(language or "", language)
    return model if model in pytesseract.get_languages() else None


@contextmanager
def _one_thread() -> Iterator[None]:
    """Tesseract with one thread, unless the environment says otherwise: with two, a page took five times as long."""
    if "OMP_THREAD_LIMIT" in os.environ:
        yield
        return
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        del os.environ["OMP_THREAD_LIMIT"]


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
