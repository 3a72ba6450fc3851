"""Small valid files of every format and kind of archive, the same bytes each time: what mutations start from."""

import datetime
import io
import json
import tarfile
import zipfile
from email.message import EmailMessage
from functools import cache

import docx
import openpyxl
import pptx
from odfdo import Cell, Header, List, Paragraph, Row, Table
from odfdo import Document as Odf
from PIL import Image
from pptx.util import Inches
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

TITLE = "Energy talks, round two"
AUTHOR = "Amina Qureshi"
DAY = datetime.datetime(2025, 11, 28, 9, 30, tzinfo=datetime.UTC)
SENTENCES = (
    "The ministry signed the protocol on 28 November 2025 in Moscow.",
    "A delegation from Köln reviewed two “pilot” cargoes worth $2.5 billion.",
    "Señor Ibáñez has questioned the pipeline of 1,100 km after a long and careful review of every offer.",
    "Gazprom’s board will finance the LNG terminal despite the naïve forecast, as it said in file 117.",
)
PROSE = " ".join(SENTENCES)
ROWS = (("Port", "Depth", "Cargo"), ("Karachi", "12 m", "crude"), ("Gwadar", "14.5 m", "LNG"))
HEADER = f"Title: {TITLE}\nAuthor: {AUTHOR}\nDate: 28 November 2025\nSource: The Harbour Post\n"
EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@cache
def seed_files() -> dict[str, tuple[bytes, ...]]:
    """Suffix to one or more valid files."""
    html, page = _html().encode(), _xhtml(PROSE).encode()
    pdf, word = _pdf(compressed=True), _docx()
    parts = {"a.txt": _text().encode(), "b/c.html": html, "b/d.docx": word}
    parts["a.txt.meta.yaml"] = b"title: From the side\nauthors: [A, B]\ndate: 2025-11-28\n"
    return {
        ".txt": (_text().encode(), _text().encode("utf-16"), _text().encode("cp1252")),
        ".md": (_markdown().encode(),),
        ".markdown": (f"{HEADER}\n{PROSE}\n".encode(),),
        ".rst": (_rst().encode(),),
        ".html": (html,),
        ".htm": (f"<p>{PROSE}<p>{PROSE}".encode("cp1252"),),
        ".xhtml": (page,),
        ".mhtml": (_mhtml(),),
        ".mht": (_mhtml(),),
        ".pdf": (pdf, _pdf(compressed=False)),
        ".docx": (word,),
        ".pptx": (_pptx(),),
        ".xlsx": (_xlsx(),),
        ".odt": (_odt(),),
        ".epub": (_epub(),),
        ".rtf": (_rtf().encode("ascii"),),
        ".eml": (_mail(pdf, word),),
        ".jsonl": (_jsonl().encode(),),
        ".csv": (_csv().encode(), _csv().replace(",", ";").encode("cp1252")),
        ".zip": (zipped(parts),),
        ".tar": (tarred(parts, "w:"),),
        ".tar.gz": (tarred(parts, "w:gz"),),
        ".tgz": (tarred(parts, "w:gz"),),
        ".tar.bz2": (tarred(parts, "w:bz2"),),
        ".tar.xz": (tarred(parts, "w:xz"),),
    }


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip file of these, without the time of day in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, EARLIEST_ZIP_DATE), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def parts_of(package: bytes) -> dict[str, bytes]:
    """What `zipped` took."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def tarred(parts: dict[str, bytes], mode: str) -> bytes:
    """A tar file of these; `mode` as in `tarfile.open`."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:  # type: ignore[call-overload]
        for name, part in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(part)
            archive.addfile(info, io.BytesIO(part))
    # gzip writes the time of day into bytes 4 to 8
    return content.getvalue() if mode != "w:gz" else content.getvalue()[:4] + bytes(4) + content.getvalue()[8:]


def office_file(suffix: str) -> dict[str, bytes]:
    """The parts of a valid package of this format."""
    return parts_of(seed_files()[suffix][0])


def _text() -> str:
    return f"{HEADER}\nThe Signing\n\n{PROSE}\n\n- Karachi\n- Gwadar\n\nShare this article\n\n{PROSE[::-1]}\n"


def _markdown() -> str:
    table = "\n".join(f"| {' | '.join(row)} |" for row in (ROWS[0], ("---",) * 3, *ROWS[1:]))
    return (
        f"---\ntitle: {TITLE}\nauthor: [{AUTHOR}]\ndate: 2025-11-28\n---\n# The Signing\n\n{PROSE}\n\n{table}\n\n"
        f"1. One *item*\n   - and **another** with a [link](https://example.org/a_(b))\n\n> {SENTENCES[0]}\n\n"
        f"<div>{SENTENCES[1]}<br>Twice</div>\n\n```python\nprint('x')\n```\n\n![A picture](a.png)\n"
    )


def _rst() -> str:
    return (
        f"{TITLE}\n{'=' * len(TITLE)}\n\n:Author: {AUTHOR}\n:Date: 2025-11-28\n\nThe Signing\n-----------\n\n"
        f"{PROSE}\n\n* One\n* Two with :ref:`a role <there>` and ``code``\n\n.. note:: {SENTENCES[0]}\n\n"
        ".. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\n"
        "====  =====\nPort  Depth\n====  =====\nA     12 m\nB     14 m\n====  =====\n\n"
        "+---+---+\n| a | b |\n+---+---+\n| c | d |\n+---+---+\n\n.. [1] A footnote.\n\n"
        ".. |s| replace:: text\n\nSee |s| [1]_.\n"
    )


def _html() -> str:
    linked = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2025-11-28", "author": {"name": AUTHOR}}
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE} | The Harbour Post</title>'
        f'<meta property="og:site_name" content="The Harbour Post"><meta name="author" content="{AUTHOR}">'
        f'<script type="application/ld+json">{json.dumps(linked)}</script><style>p {{ color: red }}</style></head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{TITLE}</h1><p>{PROSE}</p><h2>Ports</h2>"
        f"<table>{cells}</table><ul><li>{SENTENCES[0]}<ul><li>Deeper</li></ul></li></ul><pre>a\n  b</pre>"
        f"<p>{SENTENCES[2]}<br>{SENTENCES[3]} <b>Bold</b> &amp; &eacute;&#8217;</p></article>"
        "<footer>All rights reserved.</footer></body></html>"
    )


def _xhtml(prose: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{prose}</p><ol><li>One</li></ol></body></html>"
    )


def _mhtml() -> bytes:
    page = EmailMessage()
    page["Subject"], page["Snapshot-Content-Location"] = TITLE, "https://example.org/talks"
    page.set_content(_html(), subtype="html", cte="quoted-printable")
    page.make_related(boundary="=_boundary")
    page.add_related(_picture(), "image", "png", cid="<a@b>")
    return page.as_bytes()


def _mail(pdf: bytes, word: bytes) -> bytes:
    forwarded = EmailMessage()
    forwarded["Subject"], forwarded["From"] = "Fwd: berths", "b@example.org"
    forwarded.set_content(PROSE)
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = TITLE, f"{AUTHOR} <a@example.org>", "b@example.org"
    mail["Date"] = DAY
    mail.set_content(f"{PROSE}\n\n> {SENTENCES[0]}\n>> {SENTENCES[1]}\n\n-- \nAmina\n", cte="quoted-printable")
    mail.add_alternative(_html(), subtype="html", cte="base64")
    mail.make_mixed(boundary="=_mixed")
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename="a.pdf")
    mail.add_attachment(word, maintype="application", subtype="octet-stream", filename="Köln.docx")
    mail.add_attachment(forwarded)
    alternative = mail.get_payload()[0]
    assert isinstance(alternative, EmailMessage)
    alternative.set_boundary("=_alternative")
    return mail.as_bytes()


def _picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(content, "PNG")
    return content.getvalue()


def _pdf(compressed: bool) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A5, pageCompression=int(compressed), invariant=1)
    canvas.setTitle(TITLE)
    canvas.setAuthor(AUTHOR)
    for number in range(3):
        canvas.bookmarkPage(f"page{number}")
        canvas.addOutlineEntry(f"Part {number}", f"page{number}")
        text = canvas.beginText(40, 540)
        text.setFont("Helvetica-Bold", 14)
        text.textLine(f"Part {number}")
        text.setFont("Times-Roman", 10)
        for sentence in SENTENCES:
            for start in range(0, len(sentence), 60):
                text.textLine(sentence[start : start + 60])
        canvas.drawText(text)
        if number == 2:
            canvas.drawImage(ImageReader(io.BytesIO(_picture())), 50, 50, 100, 100)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _docx() -> bytes:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = TITLE, AUTHOR
    document.core_properties.created = document.core_properties.modified = DAY
    document.add_heading(TITLE, 1)
    document.add_paragraph(PROSE)
    document.add_paragraph("One", style="List Bullet")
    table = document.add_table(0, 3)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    content = io.BytesIO()
    document.save(content)
    # Word's template brings a theme and a picture that no reader looks at.
    parts = parts_of(content.getvalue())
    return zipped({name: part for name, part in parts.items() if not name.endswith((".jpeg", "theme1.xml"))})


def _pptx() -> bytes:
    slides = pptx.Presentation()
    slides.core_properties.title, slides.core_properties.author = TITLE, AUTHOR
    slides.core_properties.created = slides.core_properties.modified = DAY
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = TITLE
    slide.placeholders[1].text = PROSE
    slide.notes_slide.notes_text_frame.text = SENTENCES[0]
    table = slide.shapes.add_table(len(ROWS), 3, Inches(1), Inches(4), Inches(6), Inches(1)).table
    for number, row in enumerate(ROWS):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    return _saved(slides)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = TITLE, AUTHOR
    book.properties.created = book.properties.modified = DAY.replace(tzinfo=None)
    sheet = book.worksheets[0]
    for row in (
        ("title", "text", "date"),
        *((f"Row {n}", sentence, DAY.date()) for n, sentence in enumerate(SENTENCES)),
    ):
        sheet.append(row)
    second = book.create_sheet("Ports")
    for row in ROWS:
        second.append(row)
    second.merge_cells("A5:C5")
    second["A5"] = "=SUM(1, 2)"
    parts = parts_of(_saved(book))
    stamp = b"2025-11-28T09:30:00Z"
    core = parts["docProps/core.xml"]
    start = core.index(b">", core.index(b"<dcterms:modified")) + 1
    parts["docProps/core.xml"] = core[:start] + stamp + core[start + len(stamp) :]
    return zipped(parts)


def _odt() -> bytes:
    document = Odf("text")
    document.body.clear()
    document.meta.title = TITLE
    document.meta.creator = AUTHOR
    document.meta.date = document.meta.creation_date = DAY.replace(tzinfo=None)
    document.body.append(Header(1, TITLE))
    document.body.append(Paragraph(PROSE))
    document.body.append(List(list(SENTENCES[:2])))
    table = Table("Ports")
    for values in ROWS:
        row = Row()
        for value in values:
            row.append_cell(Cell(value))
        table.append_row(row)
    document.body.append(table)
    return _saved(document)


def _saved(document: object) -> bytes:
    content = io.BytesIO()
    document.save(content)  # type: ignore[attr-defined]
    return zipped(parts_of(content.getvalue()))


def _epub() -> bytes:
    container = (
        '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(2))
    opf = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{TITLE}</dc:title>'
        f"<dc:creator>{AUTHOR}</dc:creator><dc:date>2025-11-28</dc:date><dc:language>en</dc:language></metadata>"
        f'<manifest>{items}</manifest><spine><itemref idref="c0"/><itemref idref="c1"/></spine></package>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/content.opf": opf}
    parts |= {f"OEBPS/c{n}.xhtml": _xhtml(SENTENCES[n]) for n in range(2)}
    return zipped({name: part.encode() for name, part in parts.items()})


def _rtf() -> str:
    rows = "".join(
        r"\trowd\cellx1\cellx2\cellx3 " + "".join(rf"{cell}\cell " for cell in row) + r"\row " for row in ROWS
    )
    units = PROSE.encode("utf-16-le")
    codes = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    prose = "".join(chr(code) if code < 128 else f"\\u{code}?" for code in codes)
    return (
        rf"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{{\f0 Times;}}}}{{\info{{\title {TITLE}}}{{\author {AUTHOR}}}}}"
        rf"\pard\b {TITLE}\b0\par\pard {prose}\par {rows}"
        rf"{{\field{{\*\fldinst HYPERLINK a}}{{\fldrslt a link}}}}{{\pict\pngblip {_picture().hex()}}}\par}}"
    )


def _jsonl() -> str:
    rows = [{"title": f"Row {n}", "text": text, "date": "2025-11-28", "n": n} for n, text in enumerate(SENTENCES)]
    rows.append({"title": "Nested", "text": PROSE, "metadata": {"author": [AUTHOR], "tags": [1, None, True]}})
    return "\n".join(json.dumps(row, ensure_ascii=bool(n % 2)) for n, row in enumerate(rows))


def _csv() -> str:
    rows = [f'Row {n},"{text}",2025-11-28' for n, text in enumerate(SENTENCES)]
    return "\n".join(["title,text,date", *rows, '"Two\nlines","It said ""no"".",2024']) + "\n"
