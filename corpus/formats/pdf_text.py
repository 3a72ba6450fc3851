"""The words of a PDF page with their places, by PDFium, gathered into spans: runs of words with ordinary spaces.

Coordinates are points, measured rightwards and downwards from the top left corner of the page as it is read: pages
and tables that are drawn sideways are turned first.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

LINE_HYPHEN = "\ufffe"
"""Stands at the end of a span for a hyphen that PDFium takes for one of hyphenation."""
WIDEST_SPACE = 0.9
"""Between two words of a span, in font sizes; a wider one parts columns or cells. Justified lines stay below it."""
WIDEST_STRETCHED_SPACE = 6.0
"""In a justified line of few words."""
SAME_GAP = 0.05
"""Difference of two spaces of one justified line, in font sizes."""
BOLD_WEIGHT = 600

_WORD = re.compile(r"[^\s\ufffe\x02]+[\ufffe\x02]?")
_UNREADABLE = re.compile(r"[\W_\ue000-\uf8ff\ufffd]*")
_FONT_NAME_BYTES = 128


class Word(NamedTuple):
    """A word and its box; `size` is that of the font, `turn` its direction in quarters of a counter-clockwise turn."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    turn: int = 0


class Span(NamedTuple):
    """Words that follow each other on one line; `first_width` is that of the first of them.

    `order` counts the spans of a page as the file has them.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    words: int
    first_width: float
    order: int = 0


@dataclass(frozen=True, slots=True)
class PageText:
    """The spans of a page in the order of the file; `aside` is text that runs in another direction than the rest."""

    width: float
    height: float
    spans: tuple[Span, ...]
    aside: tuple[str, ...] = ()
    is_recognised: bool = False  # by OCR, whose sizes are estimates


def page_text(page: pypdfium2.PdfPage) -> PageText | None:
    """The text of `page`, or None when it has none that can be read."""
    left, bottom, right, top = page.get_cropbox()
    text_page = page.get_textpage()
    try:
        words = list(_words(text_page.raw))
    finally:
        text_page.close()
    if all(_UNREADABLE.fullmatch(word.text) for word in words):
        return None
    turns: Counter[int] = Counter()
    for word in words:
        turns[word.turn] += len(word.text)
    ((turn, _),) = turns.most_common(1)
    width, height = (right - left, top - bottom) if turn % 2 == 0 else (top - bottom, right - left)
    corner = ((left, top), (left, bottom), (right, bottom), (right, top))[turn]
    upright = (_turned(word, corner) for word in words if word.turn == turn)
    return PageText(width, height, tuple(make_spans(upright)), tuple(_aside(words, turn)))


def make_spans(words: Iterable[Word]) -> Iterator[Span]:
    """Runs of `words` that follow each other on one line with no more than an ordinary space between them."""
    runs = (run for line in _parts(words, WIDEST_STRETCHED_SPACE) for run in _runs(line))
    return map(_span, runs, count())


def _runs(line: list[Word]) -> Iterable[list[Word]]:
    """The line whole when it is justified prose, however wide the spaces: they are all the same."""
    gaps = [following.left - word.right for word, following in pairwise(line)]
    if len(gaps) > 1 and max(gaps) - min(gaps) < SAME_GAP * line[0].size:
        if 2 * sum(any(map(str.isalpha, word.text)) for word in line) > len(line):  # figures would be those of a table
            return [line]
    elif not gaps or max(gaps) <= WIDEST_SPACE * line[0].size:
        return [line]
    return _parts(line, WIDEST_SPACE)


def _parts(words: Iterable[Word], widest_space: float) -> Iterator[list[Word]]:
    part: list[Word] = []
    for word in words:
        if part and not _goes_on(part[-1], word, widest_space):
            yield part
            part = []
        part.append(word)
    if part:
        yield part


def _goes_on(word: Word, following: Word, widest_space: float) -> bool:
    size = max(word.size, following.size)
    if not -0.5 * size <= following.left - word.right <= widest_space * size:
        return False
    shared = min(word.bottom, following.bottom) - max(word.top, following.top)
    return shared >= 0.5 * min(word.bottom - word.top, following.bottom - following.top)


def _span(run: list[Word], order: int) -> Span:
    # That of the longest word: a raised figure or a small capital says nothing about the line.
    main = max(run, key=lambda word: len(word.text))
    return Span(
        text=" ".join([word.text for word in run]),
        left=run[0].left,
        top=main.top,
        right=run[-1].right,
        bottom=main.bottom,
        size=main.size,
        bold=all(word.bold for word in run),
        words=len(run),
        first_width=run[0].right - run[0].left,
        order=order,
    )


def _words(text_page: pdfium.FPDF_TEXTPAGE) -> Iterator[Word]:
    """The words of a page in the coordinates of the file (upwards). One call into PDFium costs about a microsecond."""
    box, end_box, matrix = pdfium.FS_RECTF(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    flags = ctypes.c_int()
    for match in _WORD.finditer(_characters(text_page)):
        start, end = match.start(), match.end() - 1
        if not pdfium.FPDFText_GetLooseCharBox(text_page, start, box):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, end, end_box):
            continue
        pdfium.FPDFText_GetMatrix(text_page, start, matrix)
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        name.value = b""
        pdfium.FPDFText_GetFontInfo(text_page, start, name, _FONT_NAME_BYTES, flags)
        yield Word(
            text=match[0].replace("\x02", LINE_HYPHEN),
            left=min(box.left, end_box.left),
            top=max(box.top, end_box.top),
            right=max(box.right, end_box.right),
            bottom=min(box.bottom, end_box.bottom),
            size=round(pdfium.FPDFText_GetFontSize(text_page, start) * scale, 1) or 1.0,
            bold=_is_bold(name.value) or pdfium.FPDFText_GetFontWeight(text_page, start) >= BOLD_WEIGHT,
            turn=round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4 if matrix.b else 2 * (matrix.a < 0),
        )


def _is_bold(font_name: bytes) -> bool:
    lowered = font_name.lower()
    return b"bold" in lowered or b"black" in lowered or b"heavy" in lowered


def _characters(text_page: pdfium.FPDF_TEXTPAGE) -> str:
    """The text of the page such that a position in it is PDFium's number of the character."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    numbers = (pdfium.FPDFText_GetUnicode(text_page, position) for position in range(count))
    return "".join(chr(number) if 0 < number <= 0x10FFFF else " " for number in numbers)


def _turned(word: Word, corner: tuple[float, float]) -> Word:
    """`word` in the coordinates of the page as it is read; `corner` is where its top left is in the file."""
    x, y = corner
    match word.turn:
        case 0:
            box = (word.left - x, y - word.top, word.right - x, y - word.bottom)
        case 1:
            box = (word.bottom - y, word.left - x, word.top - y, word.right - x)
        case 2:
            box = (x - word.right, word.bottom - y, x - word.left, word.top - y)
        case _:
            box = (y - word.top, x - word.right, y - word.bottom, x - word.left)
    return Word(word.text, *box, word.size, word.bold)


def _aside(words: Iterable[Word], turn: int) -> Iterator[str]:
    """Text in other directions, a string for each run of it."""
    run: list[str] = []
    for word in words:
        if word.turn != turn:
            run.append(word.text)
        elif run:
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)
