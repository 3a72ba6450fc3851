"""PDF by PDFium: pages with their labels, paragraphs in reading order, tables row by row, metadata."""

from collections.abc import Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import ocr
from corpus.formats.content import SourceContent
from corpus.formats.pdf_blocks import PageRegions, blocks_of
from corpus.formats.pdf_furniture import PageRows, without_furniture
from corpus.formats.pdf_layout import regions_of, rows_of
from corpus.formats.pdf_metadata import claims_of
from corpus.formats.pdf_text import PageText, page_text
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Work

TITLE_SIZE = 1.3
"""Font size of a title on the first page, in sizes of the next largest text there."""

_DAMAGED = "it is no PDF, or too damaged to be opened; open it in a PDF viewer and save or print it again as PDF"


def read(content: SourceContent) -> list[Work]:
    """One work. Pages that are only pictures are recognised when the options say so, in the language the file states.

    Raises DocumentError `encrypted` for a file that needs a password, `pdf` for one that is no PDF or too damaged, and
    `no-text-layer` when pages hold something, but none of them text.
    """
    document = _open(content.data)
    try:
        labels = tuple(document.get_page_label(number) or None for number in range(len(document)))
        stated = tuple(claims_of(content.data, document.get_metadata_dict()))
        texts, without_text = _texts(document, content.options.ocr, _language(stated))
    finally:
        document.close()
    if without_text and not any(texts):
        raise DocumentError("no-text-layer", _no_text_layer(len(labels), content.options.ocr))
    claims = (*stated, _title_claim(texts))
    return [
        Work(claims, tuple(blocks_of(_regions(texts, labels))), page_labels=labels, pages_without_text=without_text)
    ]


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise DocumentError("encrypted", "it is encrypted; save a copy without a password") from error
        raise DocumentError("pdf", _DAMAGED) from error


def _language(claims: Sequence[Claim]) -> str | None:
    return next((claim.metadata.language for claim in claims if claim.metadata.language), None)


def _texts(document: pypdfium2.PdfDocument, recognise: bool, language: str | None) -> tuple[list[PageText | None], int]:
    """The text of each page, and how many pages hold something but no text."""
    texts: list[PageText | None] = []
    without_text = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:  # one damaged page does not cost the others
            texts.append(None)
            without_text += 1
            continue
        try:
            text = page_text(page)
            is_blank = text is None and pdfium.FPDFPage_CountObjects(page.raw) == 0
            if text is None and not is_blank and recognise:
                text = ocr.recognise(page, language)
            without_text += text is None and not is_blank
            texts.append(text)
        finally:
            page.close()
    return texts, without_text


def _no_text_layer(pages: int, recognise: bool) -> str:
    found = f"none of its {pages} pages has" if pages > 1 else "its only page does not have"
    if recognise:
        return f"{found} a text layer, and no text was recognised; is Tesseract installed?"
    return f"{found} a text layer; rebuild with --ocr to have the text recognised by Tesseract"


def _regions(texts: list[PageText | None], labels: tuple[str | None, ...]) -> list[PageRegions]:
    paged = [(number, text) for number, text in enumerate(texts, start=1) if text is not None]
    rows = [PageRows(number, labels[number - 1], text.height, rows_of(text.spans)) for number, text in paged]
    return [
        PageRegions(number, regions_of(body), text.aside, sizes_count=not text.is_recognised)
        for (number, text), body in zip(paged, without_furniture(rows), strict=True)
    ]


def _title_claim(texts: list[PageText | None]) -> Claim:
    """The title that the first page shows: its largest text, when that stands alone near its top."""
    first = texts[0] if texts else None
    if first is None or first.is_recognised:
        return Claim(Origin.OPENING_HEADING, Metadata())
    largest = max(span.size for span in first.spans)
    smaller = max((span.size for span in first.spans if span.size < 0.95 * largest), default=largest)
    rows = rows_of(first.spans)
    above = next(number for number, row in enumerate(rows) if any(span.size >= 0.95 * largest for span in row))
    title = [span for row in rows for span in row if span.size >= 0.95 * largest]
    text = " ".join(span.text for span in title)
    is_clear = (
        largest >= TITLE_SIZE * smaller
        and above <= 2
        and title[-1].bottom <= first.height / 2
        and title[-1].top - title[0].top <= 4 * 1.5 * largest
        and 3 <= len(text.split()) <= 25
    )
    return Claim(Origin.OPENING_HEADING, Metadata(title=text if is_clear else None))
