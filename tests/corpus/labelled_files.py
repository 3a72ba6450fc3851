"""Small files in every format, each labelled with what it really says about itself; many are traps.

A field that the label leaves empty is not stated by the file: whatever a reader gives for it is wrong. Where only the
properties tell the day on which the file was made, that day is expected, with `dated_by` naming it as what it is.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import docx
import openpyxl
import pptx
from odfdo import Document as OdfDocument
from odfdo import Header, Paragraph
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from pypdf.xmp import XmpInformation
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph as PdfParagraph
from reportlab.platypus import SimpleDocTemplate

from corpus.documents import Metadata
from corpus.origins import Origin

CREATION_DATE = Origin.CREATION_DATE.value
MADE = datetime(2024, 9, 17, 10, 30)
MADE_ON = "2024-09-17"

HEADING = "Gas storage before the winter"
PROSE = (
    "The storage caverns near the coast were filled to three quarters of their volume, which the operator called a "
    "comfortable level. An accord of 12 May 2019 obliges both neighbours to share what they hold.",
    "Negotiators met again after the summer and compared their figures. In the fiscal year 2022-23 the tariff had been "
    "raised twice, and a third increase was expected. Nobody wished to name a date for the next round.",
)
PLAIN = "\n\n".join(PROSE)


@dataclass(frozen=True)
class LabelledFile:
    """A file by what it tests; `labels` has one for each document in it."""

    about: str
    name: str
    data: bytes
    labels: tuple[Metadata, ...]
    sidecar: str | None = None
    dated_by: str | None = None  # the origin that the date must have


def labelled_files() -> list[LabelledFile]:
    return [
        *_plain_text_files(),
        *_file_names(),
        *_markdown_files(),
        *_rst_files(),
        *_web_pages(),
        *_json_ld_pages(),
        *_saved_pages(),
        *_pdf_files(),
        *_word_files(),
        *_presentations(),
        *_workbooks(),
        *_open_documents(),
        *_books(),
        *_rich_texts(),
        *_mails(),
        *_tables_of_documents(),
    ]


def _says(
    title: str | None = None,
    authors: tuple[str, ...] = (),
    published: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Metadata:
    return Metadata(title, authors, published, publisher, url, language)


def _text(about: str, text: str, label: Metadata, name: str = "note.txt", sidecar: str | None = None) -> LabelledFile:
    return LabelledFile(about, name, text.encode("utf-8"), (label,), sidecar)


def _plain_text_files() -> Iterator[LabelledFile]:
    yield _text(
        "header lines",
        f"Title: Caverns and tariffs\nAuthor: Mira Holm; Jan Okoro\nDate: 5 March 2025\nURL: https://e.example/a\n\n{PLAIN}",
        _says("Caverns and tariffs", ("Mira Holm", "Jan Okoro"), "2025-03-05", url="https://e.example/a"),
    )
    yield _text("a short line above prose", f"{HEADING}\n\n{PLAIN}", _says(HEADING))
    yield _text("only dates in sentences", PLAIN, _says())
    yield _text("a date that two orders read differently", f"Date: 03/04/2025\n\n{PLAIN}", _says())
    yield _text("a numeric date of one order", f"Date: 25/12/2024\n\n{PLAIN}", _says(published="2024-12-25"))
    yield _text("a month", f"Date: November 2024\n\n{PLAIN}", _says(published="2024-11"))
    yield _text("no day of the calendar", f"Title: Caverns\nDate: 2025-02-30\n\n{PLAIN}", _says("Caverns"))
    yield _text("a line of copyright", f"Copyright 2019 Cavern Press\n\n{PLAIN}", _says())
    yield _text("hours ago", f"{HEADING}\n\nPosted 3 hours ago\n\n{PLAIN}", _says(HEADING))
    yield _text("a date without a year", f"Date: 5 March\n\n{PLAIN}", _says())
    yield _text("a relative date", f"Date: yesterday\n\n{PLAIN}", _says())
    yield _text(
        "a dateline with its year",
        f"TASHKENT, March 5, 2025 (CAN) — {PLAIN}",
        _says(published="2025-03-05"),
    )
    yield _text("a dateline without a year", f"TASHKENT, March 5 (CAN): {PLAIN}", _says())
    yield _text("a dateline without a date", f"TASHKENT: {PLAIN}", _says())
    yield _text("a relative update", f"{HEADING}\n\nUpdated 3 min ago\n\n{PLAIN}", _says(HEADING))
    yield _text(
        "a day of update",
        f"{HEADING}\n\nUpdated 28 November 2025\n\n{PLAIN}",
        _says(HEADING, published="2025-11-28"),
    )
    yield _text(
        "an update after the publication",
        f"{HEADING}\n\nPublished: 1 March 2025 | Updated: 9 April 2025\n\n{PLAIN}",
        _says(HEADING, published="2025-03-01"),
    )
    yield _text("a deadline is no dateline", f"DEADLINE, 30 June 2025: {PLAIN}", _says())
    yield _text(
        "a sentence with a date at the top",
        f"On 28 November 2025 the two ministers met and signed what had been prepared.\n\n{PLAIN}",
        _says(),
    )
    yield _text("a speaker is no author", f"MINISTER: We are glad to be here today.\n\n{PLAIN}", _says())
    yield _text(
        "a sidecar overrides header lines",
        f"Title: Draft 3\nAuthor: Mira Holm\nDate: 2023-01-01\n\n{PLAIN}",
        _says("Caverns and tariffs", ("Mira Holm",), "2025-03-05"),
        sidecar="title: Caverns and tariffs\ndate: 2025-03-05\n",
    )
    yield _text(
        "a sidecar beside bare text",
        PLAIN,
        _says("Caverns", ("Jan Okoro",), "2025-03", "Cavern Review", "https://e.example/b", "en"),
        sidecar=(
            "title: Caverns\nauthor: Jan Okoro\ndate: March 2025\npublisher: Cavern Review\n"
            "url: https://e.example/b\nlanguage: en-GB\n"
        ),
    )


def _file_names() -> Iterator[LabelledFile]:
    for about, name, published in (
        ("a day before the title", "2025-11-28-storage-talks.txt", "2025-11-28"),
        ("a day without hyphens", "20251128_storage_talks.txt", "2025-11-28"),
        ("a named day", "Storage talks, 28 November 2025.txt", "2025-11-28"),
        ("a month before the title", "2025-11 storage talks.txt", "2025-11"),
        ("a number with a day in it", "report-20251128734512.txt", None),
        ("a fiscal year", "budget-2024-25.txt", None),
        ("a fiscal year in full", "accounts 2011-12.txt", None),
        ("a numbered paper", "WP-2020-05.txt", None),
        ("the year that is reported on", "annual-report-2019.txt", None),
        ("no day of the calendar", "2025-13-45-storage.txt", None),
        ("two days", "storage-2025-03-01-2025-04-01.txt", None),
        ("an order that is open", "storage 03-04-2025.txt", None),
        ("a version", "manual-v2024.txt", None),
        ("a telephone number", "call 0300 2025112.txt", None),
        ("a standard", "ISO-2019-11.txt", None),
    ):
        yield _text(f"file name: {about}", PLAIN, _says(published=published), name)


def _markdown_files() -> Iterator[LabelledFile]:
    def markdown(about: str, front_matter: str, label: Metadata, body: str = f"# {HEADING}\n\n{PLAIN}") -> LabelledFile:
        text = f"---\n{front_matter}\n---\n{body}" if front_matter else body
        return _text(f"Markdown: {about}", text, label, "note.md")

    yield markdown(
        "front matter",
        "title: Caverns\nauthor: [Mira Holm, Jan Okoro]\ndate: 2025-03-05\nlang: en-GB\npublisher: Cavern Review",
        _says("Caverns", ("Mira Holm", "Jan Okoro"), "2025-03-05", "Cavern Review", language="en"),
    )
    yield markdown("front matter against the heading", "title: Caverns", _says("Caverns"))
    yield markdown(
        "front matter with a time", "date: 2025-03-05T23:30:00+05:00", _says(HEADING, published="2025-03-05")
    )
    yield markdown("a year", "date: 2025", _says(HEADING, published="2025"))
    yield markdown("a placeholder for a title", "title: Untitled", _says(HEADING))
    yield markdown("the day of a change", "lastmod: 2025-03-05\nupdated: 2025-03-06", _says(HEADING))
    yield markdown("an ambiguous day", 'date: "04/03/2025"', _says(HEADING))
    yield markdown("an account for an author", "author: admin", _says(HEADING))
    yield markdown("no day of the calendar", "date: 2025-02-30", _says(HEADING))
    yield markdown("zeros for a day", "date: 0000-00-00", _says(HEADING))
    yield markdown("tags and sources", "tags: [gas]\nsource: Cavern Review, 3 May 2021", _says(HEADING))
    yield markdown("only a heading", "", _says(HEADING))
    yield markdown("a later heading", "", _says(), body=f"{PROSE[0]}\n\n# {HEADING}\n\n{PROSE[1]}")


def _rst_files() -> Iterator[LabelledFile]:
    title = f"{'=' * 40}\n{HEADING}\n{'=' * 40}\n\n"
    for about, fields, label in (
        (
            "fields",
            ":Author: Mira Holm\n:Date: 2025-03-05\n:Version: 2023.1\n\n",
            _says(HEADING, ("Mira Holm",), "2025-03-05"),
        ),
        ("only a version", ":Version: 2023.1\n:Status: draft of 2024\n\n", _says(HEADING)),
        ("only a title", "", _says(HEADING)),
    ):
        yield _text(f"reStructuredText: {about}", title + fields + PLAIN, label, "note.rst")


def _html(head: str, body: str | None = None, attributes: str = ' lang="en"') -> str:
    body = body or f"<article><h1>{HEADING}</h1>{_paragraphs()}</article>"
    return f"<!DOCTYPE html>\n<html{attributes}><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def _paragraphs() -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in PROSE)


def _meta(**named: str) -> str:
    """Meta elements; two underscores in a name stand for a colon."""
    return "".join(
        f'<meta name="{name.replace("__", ":")}" content="{escape(value)}">' for name, value in named.items()
    )


def _web_pages() -> Iterator[LabelledFile]:
    def page(about: str, html: str, label: Metadata, sidecar: str | None = None) -> LabelledFile:
        return _text(f"page: {about}", html, label, "page.html", sidecar)

    yield page(
        "Open Graph with the name of the site",
        _html(
            f'<title>{HEADING} - Cavern Review</title><meta property="og:title" content="{HEADING} | Cavern Review">'
            '<meta property="og:site_name" content="Cavern Review">'
            '<meta property="article:published_time" content="2025-03-05T23:10:00+05:00">'
            '<meta name="author" content="By Mira Holm"><link rel="canonical" href="https://e.example/gas">'
        ),
        _says(HEADING, ("Mira Holm",), "2025-03-05", "Cavern Review", "https://e.example/gas", "en"),
    )
    yield page(
        "the site in the title element only",
        _html(f"<title>{HEADING} | Cavern Review</title>"),
        _says(HEADING, language="en"),
    )
    yield page(
        "only a change",
        _html(_meta(article__modified_time="2025-03-05") + '<meta http-equiv="last-modified" content="2025-03-05">'),
        _says(HEADING, language="en"),
    )
    yield page("an ambiguous day", _html(_meta(date="03/04/2025")), _says(HEADING, language="en"))
    yield page(
        "the address of a profile for an author",
        _html('<meta property="article:author" content="https://social.example/mira.holm">'),
        _says(HEADING, language="en"),
    )
    yield page("an account for an author", _html(_meta(author="admin")), _says(HEADING, language="en"))
    yield page(
        "the mailbox of the site for an author",
        _html(_meta(author="webmaster@e.example")),
        _says(HEADING, language="en"),
    )
    yield page(
        "a program",
        _html(_meta(generator="WordPress 6.4", author="Windows User", progid="Word.Document")),
        _says(HEADING, language="en"),
    )
    yield page(
        "a relative canonical address",
        _html('<link rel="canonical" href="/gas"><meta property="og:url" content="https://e.example/gas">'),
        _says(HEADING, url="https://e.example/gas", language="en"),
    )
    yield page(
        "the day of copyright",
        _html(
            _meta(copyright="2021 Cavern Review"),
            f"<article><h1>{HEADING}</h1>{_paragraphs()}</article><footer>© 2024 Cavern Review, 5 May 2024</footer>",
        ),
        _says(HEADING, language="en"),
    )
    yield page(
        "days of other articles",
        _html(
            "",
            f"<article><h1>{HEADING}</h1>{_paragraphs()}</article>"
            '<aside><h2>More</h2><time datetime="2022-02-02">2 February 2022</time> <a href="/x">Pumps</a></aside>',
        ),
        _says(HEADING, language="en"),
    )
    yield page(
        "a dateline",
        _html(
            "",
            f"<article><h1>{HEADING}</h1><p>TASHKENT, 5 March 2025 (CAN) — {PROSE[0]}</p><p>{PROSE[1]}</p></article>",
        ),
        _says(HEADING, published="2025-03-05", language="en"),
    )
    yield page(
        "a time element marked as the day of publication",
        _html(
            "",
            f'<article><h1>{HEADING}</h1><p><time itemprop="datePublished" datetime="2025-03-05">5 March</time></p>'
            f"{_paragraphs()}</article>",
        ),
        _says(HEADING, published="2025-03-05", language="en"),
    )
    yield page(
        "made from Word",
        _html("<title>Microsoft Word - storage_final.docx</title>" + _meta(author="Microsoft Office User")),
        _says(HEADING, language="en"),
    )
    yield page(
        "a journal's tags",
        _html(
            _meta(citation_title=HEADING, citation_journal_title="Cavern Letters", citation_date="2024/05/06")
            + _meta(citation_author="Mira Holm")
            + _meta(citation_author="Jan Okoro")
        ),
        _says(HEADING, ("Mira Holm", "Jan Okoro"), "2024-05-06", "Cavern Letters", language="en"),
    )
    yield page(
        "Dublin Core with a month",
        _html(
            '<meta name="DC.date.issued" content="2024-05"><meta name="DC.creator" content="Mira Holm">'
            '<meta name="DC.publisher" content="Cavern Review">'
        ),
        _says(HEADING, ("Mira Holm",), "2024-05", "Cavern Review", language="en"),
    )
    yield page(
        "the site for the only heading of level 1",
        _html(
            f"<title>{HEADING} | Cavern Review</title>",
            f"<header><h1>Cavern Review</h1></header><article><h2>{HEADING}</h2>{_paragraphs()}</article>",
        ),
        _says(HEADING, language="en"),
    )
    yield page(
        "a relative day",
        _html("", f"<article><h1>{HEADING}</h1><p>Posted 3 hours ago</p>{_paragraphs()}</article>"),
        _says(HEADING, language="en"),
    )
    yield page(
        "a year in the description",
        _html(_meta(description="All about gas in 2021, 5 May 2021", keywords="gas, 2021")),
        _says(HEADING, language="en"),
    )
    yield page("no head and no language", _html("", attributes=""), _says(HEADING))
    yield page(
        "a person who is quoted",
        _html("", f"<article><h1>{HEADING}</h1>{_paragraphs()}<p>“It will last,” said Ole Brandt.</p></article>"),
        _says(HEADING, language="en"),
    )
    yield page(
        "a sidecar over the tags",
        _html(_meta(author="Cavern newsroom", date="2020-01-01")),
        _says("Caverns", ("Mira Holm",), "2025-03-05", language="en"),
        sidecar="title: Caverns\nauthor: Mira Holm\ndate: 2025-03-05\n",
    )
    yield _text(
        "XHTML with its language",
        '<?xml version="1.0" encoding="utf-8"?>\n'
        + _html(f"<title>{HEADING}</title>", attributes=' xmlns="http://www.w3.org/1999/xhtml" xml:lang="en-GB"'),
        _says(HEADING, language="en"),
        "page.xhtml",
    )


def _json_ld_pages() -> Iterator[LabelledFile]:
    def page(about: str, label: Metadata, *nodes: Mapping[str, object], body: str | None = None) -> LabelledFile:
        scripts = "".join(
            f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **node})}</script>'
            for node in nodes
        )
        return _text(f"JSON-LD: {about}", _html(scripts, body), label, "page.html")

    organisation = {
        "@type": "Organization",
        "name": "Cavern Review",
        "url": "https://e.example",
        "foundingDate": "1998",
    }
    article: Mapping[str, object] = {
        "@type": "NewsArticle",
        "headline": HEADING,
        "datePublished": "2025-03-05T08:00:00Z",
        "dateModified": "2025-06-07",
        "author": [{"@type": "Person", "name": "Mira Holm"}, {"@type": "Person", "name": "Jan Okoro"}],
        "publisher": organisation,
        "url": "https://e.example/gas",
        "inLanguage": "en-GB",
    }
    yield page(
        "the page in a graph with its site and its author",
        _says(HEADING, ("Mira Holm",), "2025-03-05", None, "https://e.example/gas", "en"),
        {
            "@graph": [
                {
                    "@type": "WebPage",
                    "name": f"{HEADING} - Cavern Review",
                    "url": "https://e.example/gas",
                    "datePublished": "2025-03-05",
                    "isPartOf": {"@id": "#site"},
                    "author": {"@id": "#mira"},
                },
                {"@id": "#site", "@type": "WebSite", "name": "Cavern Review"},
                {"@id": "#mira", "@type": "Person", "name": "Mira Holm"},
                {"@type": "BreadcrumbList", "name": "Gas"},
            ]
        },
    )
    yield page(
        "an article",
        _says(HEADING, ("Mira Holm", "Jan Okoro"), "2025-03-05", "Cavern Review", "https://e.example/gas", "en"),
        article,
    )
    yield page("only the organisation", _says(HEADING, language="en"), organisation)
    yield page(
        "a shop, a film and a recipe",
        _says(HEADING, language="en"),
        {"@type": "Product", "name": "Valve", "releaseDate": "2021-01-01", "brand": "Pumps & Co"},
        {"@type": "Movie", "name": "Deep", "datePublished": "1999", "author": "Ole Brandt"},
    )
    yield page(
        "teasers of several articles",
        _says(HEADING, language="en"),
        {"@type": "NewsArticle", "headline": "Pumps are dear", "datePublished": "2024-01-01"},
        {"@type": "NewsArticle", "headline": "Valves are cheap", "datePublished": "2024-02-02"},
    )
    yield page(
        "the event that is reported on",
        _says(HEADING, language="en"),
        {"@type": "Event", "name": "Storage fair", "startDate": "2025-05-01", "organizer": organisation},
    )


def _mhtml(headers: Mapping[str, str], html: str) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f'{head}MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="=b="\r\n\r\n'
        f"--=b=\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Location: https://e.example/gas\r\n\r\n{html}\r\n--=b=--\r\n"
    ).encode()


def _saved_pages() -> Iterator[LabelledFile]:
    saved = {
        "From": "<Saved by Blink>",
        "Snapshot-Content-Location": "https://e.example/gas",
        "Subject": f"{HEADING}",
        "Date": "Tue, 17 Sep 2024 10:30:00 +0000",
    }
    yield LabelledFile(
        "saved page: the day of saving",
        "page.mhtml",
        _mhtml(saved, _html(f"<title>{HEADING}</title>")),
        (_says(HEADING, url="https://e.example/gas", language="en"),),
    )
    yield LabelledFile(
        "saved page: what the page declares",
        "page.mhtml",
        _mhtml(saved, _html(_meta(author="Mira Holm", date="2025-03-05"))),
        (_says(HEADING, ("Mira Holm",), "2025-03-05", url="https://e.example/gas", language="en"),),
    )


def _pdf(
    information: Mapping[str, str],
    xmp: XmpInformation | None = None,
    language: str | None = None,
    lines: Sequence[str] = (),
) -> bytes:
    styles = getSampleStyleSheet()
    story = [PdfParagraph(HEADING, styles["Title"])]
    story += [PdfParagraph(paragraph, styles["Normal"]) for paragraph in (*lines, *PROSE)]
    SimpleDocTemplate(buffer := io.BytesIO(), invariant=1).build(story)
    writer = PdfWriter(clone_from=PdfReader(buffer))
    writer.metadata = dict(information)
    if xmp is not None:
        writer.xmp_metadata = xmp
    if language:
        writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    writer.write(written := io.BytesIO())
    return written.getvalue()


def _xmp(
    title: str | None = None,
    authors: list[str] | None = None,
    day: datetime | None = None,
    publisher: str | None = None,
) -> XmpInformation:
    xmp = XmpInformation.create()
    if title:
        xmp.dc_title = {"x-default": title}
    if authors:
        xmp.dc_creator = authors
    if day:
        xmp.dc_date = [day]
    if publisher:
        xmp.dc_publisher = [publisher]
    return xmp


def _pdf_files() -> Iterator[LabelledFile]:
    created = {"/CreationDate": "D:20240917103000+05'00'"}

    def pdf(
        about: str, data: bytes, label: Metadata, dated_by: str | None = None, name: str = "paper.pdf"
    ) -> LabelledFile:
        return LabelledFile(f"PDF: {about}", name, data, (label,), dated_by=dated_by)

    yield pdf(
        "properties",
        _pdf({"/Title": "Caverns", "/Author": "Mira Holm; Jan Okoro", **created}, language="en-GB"),
        _says("Caverns", ("Mira Holm", "Jan Okoro"), MADE_ON, language="en"),
        CREATION_DATE,
    )
    yield pdf("nothing stated", _pdf({}), _says(HEADING))
    yield pdf("only a creation date", _pdf(created), _says(HEADING, published=MADE_ON), CREATION_DATE)
    yield pdf(
        "the printer driver's title",
        _pdf({"/Title": "Microsoft Word - storage_final.docx", "/Author": "admin", **created}),
        _says(HEADING, published=MADE_ON),
        CREATION_DATE,
    )
    yield pdf("a file name for a title", _pdf({"/Title": "storage_v3.indd"}), _says(HEADING))
    yield pdf("placeholders", _pdf({"/Title": "untitled", "/Author": "(anonymous)"}), _says(HEADING))
    yield pdf("a number for a title", _pdf({"/Title": "0000012345", "/Author": "scanjob"}), _says(HEADING))
    yield pdf(
        "a program for an author", _pdf({"/Author": "Acrobat PDFMaker 15 for Word", "/Creator": "Word"}), _says(HEADING)
    )
    yield pdf("a mailbox for an author", _pdf({"/Author": "office@ministry.example"}), _says(HEADING))
    yield pdf("a clock that was not set", _pdf({"/CreationDate": "D:19700101000000Z"}), _says(HEADING))
    yield pdf("a day of change", _pdf({"/ModDate": "D:20240917103000Z"}), _says(HEADING))
    yield pdf("a broken date", _pdf({"/CreationDate": "Tue Sep 17"}), _says(HEADING))
    yield pdf(
        "XMP against the properties",
        _pdf(
            {"/Title": "Draft", "/Author": "Scanner", **created},
            _xmp("Caverns", ["Mira Holm", "Jan Okoro"], datetime(2025, 3, 5), "Cavern Review"),
        ),
        _says("Caverns", ("Mira Holm", "Jan Okoro"), "2025-03-05", "Cavern Review"),
    )
    yield pdf("XMP with placeholders", _pdf({}, _xmp("Untitled-1.indd", ["user"])), _says(HEADING))
    yield pdf(
        "a line of publication",
        _pdf(created, lines=["Published 5 March 2025"]),
        _says(HEADING, published="2025-03-05"),
        Origin.PAGE_LINES.value,
    )
    yield pdf(
        "a file name against the creation date",
        _pdf(created),
        _says(HEADING, published="2024-06-30"),
        Origin.FILE_NAME.value,
        "2024-06-30 storage.pdf",
    )


def _docx(opening: str | None = None, **properties: object) -> bytes:
    document = docx.Document()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    document.add_heading(HEADING, 1)
    for paragraph in [opening, *PROSE] if opening else PROSE:
        document.add_paragraph(paragraph)
    document.save(buffer := io.BytesIO())
    return buffer.getvalue()


def _word_files() -> Iterator[LabelledFile]:
    def word(about: str, data: bytes, label: Metadata, dated_by: str | None = None) -> LabelledFile:
        return LabelledFile(f"Word: {about}", "note.docx", data, (label,), dated_by=dated_by)

    yield word(
        "properties",
        _docx(title="Caverns", author="Mira Holm;Jan Okoro", language="en-US", created=MADE),
        _says("Caverns", ("Mira Holm", "Jan Okoro"), MADE_ON, language="en"),
        CREATION_DATE,
    )
    yield word("those of the library's template", _docx(), _says(HEADING))
    yield word(
        "an account for an author",
        _docx(title="Document1", author="Microsoft Office User", created=MADE),
        _says(HEADING, published=MADE_ON),
        CREATION_DATE,
    )
    yield word("a placeholder for a title", _docx(title="Word Document", author="user"), _says(HEADING))
    yield word("a file name for a title", _docx(title="Storage_FINAL_v2.doc", author="HP"), _says(HEADING))
    yield word("a mailbox for an author", _docx(author="office@ministry.example"), _says(HEADING))
    yield word(
        "who saved it last",
        _docx(author="", last_modified_by="Ole Brandt", modified=datetime(2025, 1, 2)),
        _says(HEADING),
    )
    yield word(
        "a dateline against the creation date",
        _docx(opening=f"TASHKENT, 5 March 2025 (CAN) — {PROSE[0]}", author="Mira Holm", created=MADE),
        _says(HEADING, ("Mira Holm",), "2025-03-05"),
        Origin.DATELINE.value,
    )


def _pptx(footer: str = "", **properties: object) -> bytes:
    presentation = pptx.Presentation()
    for name, value in properties.items():
        setattr(presentation.core_properties, name, value)
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = HEADING
    slide.placeholders[1].text = "\n".join([*PROSE, footer] if footer else PROSE)
    presentation.save(buffer := io.BytesIO())
    return buffer.getvalue()


def _presentations() -> Iterator[LabelledFile]:
    yield LabelledFile("PowerPoint: the library's template", "talk.pptx", _pptx(), (_says(HEADING),))
    yield LabelledFile(
        "PowerPoint: the program's title",
        "talk.pptx",
        _pptx(title="PowerPoint Presentation", author="Windows User"),
        (_says(HEADING),),
    )
    yield LabelledFile("PowerPoint: a day in the footer", "talk.pptx", _pptx(footer="03/04/2025"), (_says(HEADING),))
    yield LabelledFile(
        "PowerPoint: properties",
        "talk.pptx",
        _pptx(title="Caverns", author="Mira Holm", created=MADE),
        (_says("Caverns", ("Mira Holm",), MADE_ON),),
        dated_by=CREATION_DATE,
    )


def _xlsx(rows: Sequence[Sequence[object]], **properties: object) -> bytes:
    workbook = openpyxl.Workbook()
    for name, value in {"created": MADE, **properties}.items():
        setattr(workbook.properties, name, value)
    for row in rows:
        workbook.active.append(list(row))
    workbook.save(buffer := io.BytesIO())
    return buffer.getvalue()


FIGURES = (("Year", "Volume"), (2024, 410), (2025, 395))


def _workbooks() -> Iterator[LabelledFile]:
    yield LabelledFile(
        "Excel: the library for an author",
        "figures.xlsx",
        _xlsx(FIGURES),
        (_says(published=MADE_ON),),
        dated_by=CREATION_DATE,
    )
    yield LabelledFile(
        "Excel: properties",
        "figures.xlsx",
        _xlsx(FIGURES, title="Volumes", creator="Mira Holm"),
        (_says("Volumes", ("Mira Holm",), MADE_ON),),
        dated_by=CREATION_DATE,
    )
    yield LabelledFile(
        "Excel: a document a row",
        "articles.xlsx",
        _xlsx((("title", "date", "text"), ("Caverns", datetime(2025, 3, 5), PLAIN), (None, None, PROSE[1]))),
        (_says("Caverns", published="2025-03-05"), _says()),
    )


def _odt(title: str | None = None, author: str | None = None, created: datetime | None = None) -> bytes:
    document = OdfDocument("text")
    document.body.clear()
    document.body.append(Header(1, HEADING))
    for paragraph in PROSE:
        document.body.append(Paragraph(paragraph))
    if title:
        document.meta.title = title
    if author:
        document.meta.initial_creator = author
        document.meta.creator = author
    if created:
        document.meta.creation_date = created
    document.save(buffer := io.BytesIO())
    return buffer.getvalue()


def _open_documents() -> Iterator[LabelledFile]:
    yield LabelledFile(
        "OpenDocument: properties",
        "note.odt",
        _odt("Caverns", "Mira Holm", MADE),
        (_says("Caverns", ("Mira Holm",), MADE_ON),),
        dated_by=CREATION_DATE,
    )
    yield LabelledFile(
        "OpenDocument: placeholders",
        "note.odt",
        _odt("Untitled 1", "Unknown Author", MADE),
        (_says(HEADING, published=MADE_ON),),
        dated_by=CREATION_DATE,
    )


def _epub(metadata: str, version: str = "3.0") -> bytes:
    package = (
        f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f'<dc:identifier id="i">urn:x:1</dc:identifier>{metadata}</metadata><manifest>'
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    container = (
        '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    chapter = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>c1</title></head>'
        f"<body><h1>First chapter</h1>{_paragraphs()}</body></html>"
    )
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("p.opf", package)
        book.writestr("c.xhtml", chapter)
    return buffer.getvalue()


def _books() -> Iterator[LabelledFile]:
    def book(about: str, metadata: str, label: Metadata, version: str = "3.0") -> LabelledFile:
        return LabelledFile(f"EPUB: {about}", "book.epub", _epub(metadata, version), (label,))

    caverns = "<dc:title>Caverns</dc:title><dc:language>en</dc:language>"
    yield book(
        "two authors, a publisher and a translator",
        f"{caverns}<dc:creator>Mira Holm</dc:creator><dc:creator>Jan Okoro</dc:creator>"
        "<dc:contributor>Ole Brandt</dc:contributor><dc:publisher>Cavern Press</dc:publisher>"
        "<dc:date>2025-03</dc:date>",
        _says("Caverns", ("Mira Holm", "Jan Okoro"), "2025-03", "Cavern Press", language="en"),
    )
    yield book(
        "several dates",
        f'{caverns}<dc:date opf:event="modification">2025-06-07</dc:date>'
        '<dc:date opf:event="creation">2019-01-01</dc:date><dc:date opf:event="publication">2025-03-05</dc:date>',
        _says("Caverns", published="2025-03-05", language="en"),
        "2.0",
    )
    yield book(
        "only a change",
        f'{caverns}<meta property="dcterms:modified">2025-06-07T00:00:00Z</meta>',
        _says("Caverns", language="en"),
    )
    yield book("no date in the catalogue", f"{caverns}<dc:date>0101-01-01</dc:date>", _says("Caverns", language="en"))
    yield book("an unknown author", f"{caverns}<dc:creator>Unknown</dc:creator>", _says("Caverns", language="en"))


def _rtf(information: str) -> bytes:
    body = "\\par\n".join([HEADING, *PROSE])
    return f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{information}\n{body}\\par}}".encode("ascii")


def _rich_texts() -> Iterator[LabelledFile]:
    yield LabelledFile(
        "rich text: information group",
        "note.rtf",
        _rtf(
            "{\\info{\\title Caverns}{\\author Mira Holm}{\\operator Ole Brandt}{\\creatim\\yr2024\\mo9\\dy17\\hr10}"
            "{\\revtim\\yr2025\\mo1\\dy2}}"
        ),
        (_says("Caverns", ("Mira Holm",), MADE_ON),),
        dated_by=CREATION_DATE,
    )
    yield LabelledFile(
        "rich text: placeholders",
        "note.rtf",
        _rtf("{\\info{\\title Document1}{\\author Windows User}{\\revtim\\yr2025\\mo1\\dy2}}"),
        (_says(HEADING),),
    )
    yield LabelledFile("rich text: nothing stated", "note.rtf", _rtf(""), (_says(HEADING),))


def _mails() -> Iterator[LabelledFile]:
    def mail(about: str, headers: str, label: Metadata) -> LabelledFile:
        text = f"{headers}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{PLAIN}\n"
        return LabelledFile(f"mail: {about}", "mail.eml", text.encode("ascii"), (label,))

    sent = "Date: Wed, 5 Mar 2025 23:30:00 -0800"
    yield mail(
        "headers",
        f"From: Mira Holm <mira@e.example>\nTo: Jan Okoro <jan@e.example>\nSubject: Caverns\n{sent}",
        _says("Caverns", ("Mira Holm",), "2025-03-05"),
    )
    yield mail(
        "encoded words",
        "From: =?utf-8?B?TWlyYSBIw7hsbQ==?= <mira@e.example>\nSubject: =?iso-8859-1?Q?H=F6hlen_und?=\n"
        f" =?iso-8859-1?Q?_Tarife?=\n{sent}",
        _says("Höhlen und Tarife", ("Mira Hølm",), "2025-03-05"),
    )
    yield mail("an address without a name", f"From: mira@e.example\nSubject: Caverns\n{sent}",
               _says("Caverns", ("mira@e.example",), "2025-03-05"))  # fmt: skip
    yield mail(
        "a family name first",
        f'From: "Holm, Mira" <mira@e.example>\nSubject: Re: Caverns\n{sent}',
        _says("Re: Caverns", ("Holm, Mira",), "2025-03-05"),
    )
    yield mail("no date", "From: Mira Holm <mira@e.example>\nSubject: Caverns", _says("Caverns", ("Mira Holm",)))
    yield mail(
        "a broken date",
        "From: Mira Holm <mira@e.example>\nSubject: Caverns\nDate: soon",
        _says("Caverns", ("Mira Holm",)),
    )
    yield mail(
        "no subject",
        f"From: Mira Holm <mira@e.example>\nSubject:\n{sent}",
        _says(authors=("Mira Holm",), published="2025-03-05"),
    )


def _tables_of_documents() -> Iterator[LabelledFile]:
    rows: tuple[tuple[Mapping[str, object], Metadata], ...] = (
        (
            {"title": "Caverns", "author": "Mira Holm", "date": "2025-03-05T10:00:00Z", "url": "https://e.example/a",
             "publisher": "Cavern Review", "language": "en"},
            _says("Caverns", ("Mira Holm",), "2025-03-05", "Cavern Review", "https://e.example/a", "en"),
        ),
        ({"created_at": "2025-03-05", "user": "bot7", "category": "gas"}, _says()),
        ({"headline": "Caverns", "date": "03/04/2025", "byline": "Mira Holm"}, _says("Caverns", ("Mira Holm",))),
        ({"title": "Caverns", "date": "unknown", "author": None}, _says("Caverns")),
        ({"title": "Caverns", "updated": "2025-03-05", "source": "wire"}, _says("Caverns")),
    )  # fmt: skip
    lines = [json.dumps({**fields, "text": f"{number}. {PLAIN}"}) for number, (fields, _) in enumerate(rows)]
    yield LabelledFile("JSON Lines: rows", "rows.jsonl", "\n".join(lines).encode(), tuple(label for _, label in rows))
    yield LabelledFile(
        "CSV: a document a row",
        "rows.csv",
        _csv(
            ("Title", "Published at", "Author", "Text"),
            ("Caverns", "5 March 2025", "Mira Holm", PLAIN),
            ("Pumps", "03/04/2025", "N/A", PROSE[0]),
            ("", "", "", PROSE[1]),
        ),
        (_says("Caverns", ("Mira Holm",), "2025-03-05"), _says("Pumps"), _says()),
    )
    yield LabelledFile("CSV: a table of data", "figures.csv", _csv(*FIGURES), (_says(),))


def _csv(*rows: Sequence[object]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
