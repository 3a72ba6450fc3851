"""Writes the sample's binary documents, the same bytes each time. Run: make sample (python -m tests.write_sample)."""

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

import docx
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import NameObject, TextStringObject
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, A5, B5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
)
from reportlab.platypus import Table as TableFlowable

from tests import sample_texts as texts
from tests.sample_texts import ADDRESS, AUTHOR, Items, Section, Table, Text

SAMPLE = Path(__file__).parent.parent / "corpus" / "sample"
EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

_HYPHENATED = """
    al-ter-na-tive an-oth-er at-tack au-thor-ity bal-last be-gin-ning Bal-tic cal-cu-la-tion cap-i-tal care-ful
    cer-tif-i-cates char-ter-er char-ters com-pen-sates con-trast coun-try de-ci-sion dead-weight de-pends di-rec-tion
    dis-cus-sion dis-tant dol-lars Eu-ro-pean ex-am-ple ex-am-ples fish-er-men gov-ern-ments har-bour im-por-ter
    im-pos-si-ble in-put in-sur-ance in-sured in-sur-ers Ka-ra-chi lit-tle meas-ures mil-lion mon-soon mu-tual
    nau-ti-cal ne-go-tia-tor No-vo-ros-siysk num-ber oc-cupy po-lit-i-cal prac-ti-cal pro-por-tions re-gions re-paired
    re-turn Rus-sian Scan-di-na-via Sep-tem-ber shel-tered some-times tank-er tank-ers there-fore time-ta-ble
    trans-fer trans-fers ves-sel voy-age voy-ages wait-ing weath-er with-in with-out
"""
_SOFT_HYPHENS = {word.replace("-", ""): word.replace("-", "\u00ad") for word in _HYPHENATED.split()}

_BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10.5, leading=13, spaceAfter=6)
_JUSTIFIED = ParagraphStyle(
    "justified", _BODY, fontSize=12, leading=16.5, alignment=4, spaceAfter=0, firstLineIndent=10, embeddedHyphenation=1
)
_HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=12, leading=15, spaceBefore=10, spaceAfter=4)
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=18, leading=22, spaceAfter=8)
_SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=9, leading=12, spaceAfter=8)


def two_column_pdf(text: Text) -> bytes:
    """Two justified columns with hyphens, under a running header and over the number of the page."""
    margin, gap, head = 20 * mm, 6 * mm, 32 * mm
    width, height = B5
    column = (width - 2 * margin - gap) / 2

    def columns(top: float) -> list[Frame]:
        return [
            Frame(left, margin, column, top - margin, leftPadding=0, rightPadding=0)
            for left in (margin, margin + column + gap)
        ]

    def furniture(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(margin, height - 12 * mm, "Citebox sample briefs: reports")
        canvas.drawRightString(width - margin, height - 12 * mm, f"{text.date:%B %Y}")
        canvas.drawCentredString(width / 2, 11 * mm, str(canvas.getPageNumber()))

    top = height - margin
    title_frame = Frame(margin, top - head, width - 2 * margin, head, leftPadding=0, rightPadding=0)
    story: list[Flowable] = [Paragraph(text.title, _TITLE), Paragraph(_published(text), _SMALL)]
    story += [NextPageTemplate("following"), FrameBreak()]
    story += [Paragraph(_hyphenated(paragraph), _JUSTIFIED) for paragraph in text.opening]
    for section in text.sections:
        story += [CondPageBreak(25 * mm), Paragraph(section.heading, _HEADING)]
        story += [Paragraph(_hyphenated(part), _JUSTIFIED) for part in section.body if isinstance(part, str)]
    first = PageTemplate("first", [title_frame, *columns(top - head)], onPage=furniture)
    following = PageTemplate("following", columns(top), onPage=furniture)
    return _pdf(
        text, BaseDocTemplate(buffer := io.BytesIO(), pagesize=B5, pageTemplates=[first, following]), story, buffer
    )


def pdf_with_table(text: Text) -> bytes:
    """One column; tables have their caption above them."""
    story: list[Flowable] = [Paragraph(text.title, _TITLE), Paragraph(_published(text), _SMALL)]
    story += [Paragraph(paragraph, _BODY) for paragraph in text.opening]
    for section in text.sections:
        story.append(Paragraph(section.heading, _HEADING))
        for part in section.body:
            if isinstance(part, str):
                story.append(Paragraph(part, _BODY))
            elif isinstance(part, Table):
                style = [
                    ("FONT", (0, 0), (-1, -1), "Times-Roman", 10),
                    ("FONT", (0, 0), (-1, 0), "Times-Bold", 10),
                    ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                    ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
                ]
                story.append(Paragraph(part.caption, _SMALL))
                story.append(TableFlowable(part.rows, colWidths=32 * mm, style=style, spaceAfter=10))
    template = SimpleDocTemplate(buffer := io.BytesIO(), pagesize=A4)
    return _pdf(text, template, story, buffer)


def pdf_with_front_matter(text: Text) -> bytes:
    """A small page for each section after the title page; those before the first chapter have Roman labels."""
    story: list[Flowable] = [Paragraph(text.title, _TITLE), Paragraph(_published(text), _SMALL)]
    for number, section in enumerate(text.sections):
        if number:
            story.append(PageBreak())
        story.append(Paragraph(section.heading, _HEADING))
        story += [Paragraph(part, _BODY) for part in section.body if isinstance(part, str)]
    front_matter = sum(not section.heading.startswith("Chapter") for section in text.sections)

    def number_page(canvas: Canvas, _: BaseDocTemplate) -> None:
        number = canvas.getPageNumber()
        label = "i" * number if number <= front_matter else str(number - front_matter)
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(A5[0] / 2, 11 * mm, label)

    template = SimpleDocTemplate(buffer := io.BytesIO(), pagesize=A5)
    return _pdf(text, template, story, buffer, number_page, front_matter)


def word_document(text: Text) -> bytes:
    """Headings, lists and tables in Word's own styles, and its core properties."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = text.title, AUTHOR, AUTHOR
    properties.language, properties.comments = "en-GB", ""
    properties.created = properties.modified = text.date
    document.add_heading(text.title, 0)
    for paragraph in text.opening:
        document.add_paragraph(paragraph)
    for section in text.sections:
        document.add_heading(section.heading, 1)
        for part in section.body:
            if isinstance(part, str):
                document.add_paragraph(part)
            elif isinstance(part, Items):
                for line in part.lines:
                    document.add_paragraph(line, "List Number" if part.numbered else "List Bullet")
            else:
                document.add_paragraph(part.caption, "Caption")
                table = document.add_table(0, len(part.rows[0]), "Table Grid")
                for row in part.rows:
                    for cell, value in zip(table.add_row().cells, row, strict=True):
                        cell.text = value
    document.save(buffer := io.BytesIO())
    with zipfile.ZipFile(buffer) as package:
        return _zip({name: package.read(name) for name in package.namelist()}, zipfile.ZIP_DEFLATED)


def epub(text: Text) -> bytes:
    """An EPUB 3 book with a file for each section."""
    chapters = {f"chapter{number}.xhtml": section for number, section in enumerate(text.sections, start=1)}
    manifest = "".join(
        f'<item id="{name[:-6]}" href="{name}" media-type="application/xhtml+xml"/>\n' for name in chapters
    )
    spine = "".join(f'<itemref idref="{name[:-6]}"/>' for name in chapters)
    package = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">citebox-sample-reader</dc:identifier>
<dc:title>{escape(text.title)}</dc:title>
<dc:creator>{AUTHOR}</dc:creator>
<dc:language>en</dc:language>
<dc:date>{text.date:%Y-%m-%d}</dc:date>
<meta property="dcterms:modified">{text.date:%Y-%m-%dT%H:%M:%SZ}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
{manifest}</manifest>
<spine>{spine}</spine>
</package>
"""
    container = """<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OEBPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
    entries = "".join(
        f'<li><a href="{name}">{escape(section.heading)}</a></li>\n' for name, section in chapters.items()
    )
    navigation = f'<nav epub:type="toc"><h1>Contents</h1>\n<ol>\n{entries}</ol></nav>'
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/package.opf": package,
        "OEBPS/nav.xhtml": _xhtml("Contents", navigation),
    }
    for name, section in chapters.items():
        members[f"OEBPS/{name}"] = _xhtml(section.heading, "\n".join(_elements(section)))
    return _zip({name: member.encode("utf-8") for name, member in members.items()}, zipfile.ZIP_STORED)


def mail(text: Text, attachment: str) -> bytes:
    """A mail of plain text with a text file attached."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(AUTHOR, addr_spec=ADDRESS)
    message["To"] = Address("Citebox sample readers", addr_spec="readers@citebox.example")
    message["Subject"] = text.title
    message["Date"] = text.date.replace(tzinfo=UTC)
    message["Message-ID"] = "<harbour-visit@citebox.example>"
    message.set_content("\n\n".join(text.opening) + "\n", cte="quoted-printable")
    message.add_attachment(attachment, filename="harbour-notes.txt", cte="quoted-printable")
    message.set_boundary("=-citebox-sample-=")
    return message.as_bytes()


FILES: Mapping[str, Callable[[], bytes]] = {
    "reports/long-haul-shipping.pdf": lambda: two_column_pdf(texts.LONG_HAUL),
    "reports/oil-cargo-scenarios.pdf": lambda: pdf_with_table(texts.SCENARIOS),
    "reports/changing-gauge.pdf": lambda: pdf_with_front_matter(texts.GAUGES),
    "reports/lng-contract-guide.docx": lambda: word_document(texts.LNG_CONTRACT),
    "reports/payment-exercise.docx": lambda: word_document(texts.PAYMENT_EXERCISE),
    "reports/negotiation-reader.epub": lambda: epub(texts.NEGOTIATION_READER),
    "mail/harbour-visit.eml": lambda: mail(texts.HARBOUR_MAIL, texts.HARBOUR_NOTES),
}
"""What is written, by its path in the sample."""


def main(folder: Path) -> None:
    for name, written in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written())


def _published(text: Text) -> str:
    return f"Published {text.date.day} {text.date:%B %Y}"


def _hyphenated(paragraph: str) -> str:
    return re.sub(r"\w+", lambda word: _SOFT_HYPHENS.get(word[0], word[0]), paragraph)


def _pdf(
    text: Text,
    template: BaseDocTemplate,
    story: list[Flowable],
    buffer: io.BytesIO,
    on_page: Callable[[Canvas, BaseDocTemplate], None] | None = None,
    front_matter: int = 0,
) -> bytes:
    """The PDF of `story`, uncompressed, with the metadata of `text`; the first `front_matter` pages labelled i, ii."""
    pages = {"onFirstPage": on_page, "onLaterPages": on_page} if on_page else {}
    template.build(story, canvasmaker=_canvas, **pages)
    writer = PdfWriter(clone_from=PdfReader(buffer))
    writer.metadata = {"/Title": text.title, "/Author": AUTHOR, "/CreationDate": f"D:{text.date:%Y%m%d%H%M%S}Z"}
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    if front_matter:
        writer.set_page_label(0, front_matter - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
        writer.set_page_label(front_matter, len(writer.pages) - 1, style=PageLabelStyle.DECIMAL)
    writer.write(written := io.BytesIO())
    return written.getvalue()


def _canvas(*arguments: object, **options: object) -> Canvas:
    return Canvas(*arguments, **{**options, "invariant": 1, "pageCompression": 0})


def _zip(members: Mapping[str, bytes], compression: int) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as package:
        for name, member in members.items():
            package.writestr(zipfile.ZipInfo(name, EARLIEST_ZIP_DATE), member, compression)
    return buffer.getvalue()


def _xhtml(title: str, body: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en">
<head><title>{escape(title)}</title></head>
<body>
{body}
</body>
</html>
"""


def _elements(section: Section) -> Iterator[str]:
    yield f"<h1>{escape(section.heading)}</h1>"
    for part in section.body:
        assert isinstance(part, str)
        yield f"<p>{escape(part)}</p>"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
