"""Books in EPUB: the chapters in the order of the spine, and the metadata of the package."""

import html.entities
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from corpus.dates import parse_date
from corpus.decoding import decode
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.fields import language_code, property_claims
from corpus.formats.html_blocks import blocks, parse_html
from corpus.formats.packages import open_package, read_part
from corpus.formats.page_metadata import absolute_url
from corpus.formats.text import heading_claim
from corpus.works import Block, Work

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_CHAPTER_TYPES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_EARLIEST_BOOK = "1000"
"""Catalogues write the year 101 where they know none."""

_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")
_XML_ENCODING = re.compile(rb"""^<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")


@dataclass(frozen=True, slots=True)
class _Chapter:
    path: str
    is_contents: bool
    media_type: str


def read(content: SourceContent) -> list[Work]:
    """One work; tables of contents are left out.

    Raises DocumentError `encrypted` for a book under rights management, `package` for what is no EPUB, and those of
    `corpus.formats.packages.open_package`.
    """
    with open_package(content.data) as package:
        path = _package_document(package)
        opf = _xml(read_part(package, path))
        if opf is None:
            raise DocumentError("package", "its list of chapters is missing or damaged; convert the book anew")
        chapters = [chapter for chapter in _spine(opf, path) if chapter.media_type in _CHAPTER_TYPES]
        if _encrypted(package).intersection(chapter.path for chapter in chapters):
            raise DocumentError("encrypted", "the book is under rights management (DRM); only its reader can open it")
        found: list[Block] = []
        notes: list[str] = []
        for chapter in chapters:
            if chapter.path not in package.namelist():
                notes.append(f"the chapter {chapter.path} is missing from the file")
            elif not chapter.is_contents:
                try:
                    found += _blocks(read_part(package, chapter.path))
                except DocumentError as error:
                    notes.append(f"the chapter {chapter.path}: {error}")
    claims = property_claims(_metadata(opf), created=None)
    return [Work((*claims, heading_claim(found)), tuple(found), notes=tuple(notes))]


def _package_document(package: zipfile.ZipFile) -> str:
    container = _xml(read_part(package, "META-INF/container.xml"))
    if container is not None:
        for rootfile in container.iter("{*}rootfile"):
            return rootfile.get("full-path", "").lstrip("/")
    raise DocumentError("package", "it is no EPUB book: nothing in it says where the chapters are")


def _spine(opf: Element, path: str) -> Iterator[_Chapter]:
    """The items of the spine that the manifest knows, in order."""
    folder = posixpath.dirname(path)

    def resolve(href: str) -> str:
        return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))

    contents = {resolve(entry.get("href", "")) for entry in opf.iter("{*}reference") if entry.get("type") == "toc"}
    items = {item.get("id"): item for item in opf.iter("{*}item")}
    for reference in opf.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is not None:
            chapter = resolve(item.get("href", ""))
            is_contents = "nav" in item.get("properties", "").split() or chapter in contents
            yield _Chapter(chapter, is_contents, item.get("media-type", ""))


def _encrypted(package: zipfile.ZipFile) -> set[str]:
    """The parts that are encrypted; fonts often are, in books that can be read."""
    encryption = _xml(read_part(package, "META-INF/encryption.xml"))
    if encryption is None:
        return set()
    return {unquote(reference.get("URI", "")).lstrip("/") for reference in encryption.iter("{*}CipherReference")}


def _metadata(opf: Element) -> Metadata:
    identifiers = (absolute_url(identifier.text) for identifier in opf.iter(f"{_DC}identifier"))
    published = (parse_date(date.text) for date in opf.iter(f"{_DC}date") if date.text and _is_publication(date))
    return Metadata(
        title=next(_texts(opf, "title"), None),
        authors=tuple(creator.text or "" for creator in opf.iter(f"{_DC}creator") if _is_author(creator, opf)),
        published=next((date for date in published if date and date >= _EARLIEST_BOOK), None),
        publisher=next(_texts(opf, "publisher"), None),
        url=next(filter(None, identifiers), None),
        language=language_code(next(_texts(opf, "language"), None)),
    )


def _texts(opf: Element, name: str) -> Iterator[str]:
    return (element.text for element in opf.iter(f"{_DC}{name}") if element.text and element.text.strip())


def _is_publication(date: Element) -> bool:
    return date.get(f"{_OPF}event", date.get("event", "publication")) == "publication"


def _is_author(creator: Element, opf: Element) -> bool:
    """Whether the role of the creator, stated on it (EPUB 2) or apart from it (EPUB 3), is author, or not stated."""
    roles = {creator.get(f"{_OPF}role"), creator.get("role")}
    identity = f"#{creator.get('id')}"
    for meta in opf.iter("{*}meta"):
        if meta.get("refines") == identity and meta.get("property") == "role":
            roles.add((meta.text or "").strip())
    return roles <= {None, "", "aut"}


def _blocks(chapter: bytes) -> Iterator[Block]:
    declared = _XML_ENCODING.match(chapter)
    markup = decode(chapter, declared[1].decode("ascii") if declared else None)
    root = _xml(_NAMED_ENTITY.sub(_character, markup).encode("utf-8"), "utf-8")
    if root is None:
        root = parse_html(markup)
    else:
        etree.strip_elements(root, etree.Entity, with_tail=False)
    body = next(root.iter("{*}body"), None) if root is not None else None
    if body is None:
        return iter(())
    for element in body.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return blocks(body)


def _character(entity: re.Match[str]) -> str:
    """What a named entity of HTML stands for, which XML does not know; those of XML, and unknown ones, as they are."""
    character = html.entities.html5.get(entity[1])
    return entity[0] if character is None or character in "&<>\"'" else character


def _xml(content: bytes, encoding: str | None = None) -> Element | None:
    """The root element; an encoding that is told counts more than the one the XML declares."""
    parser = etree.XMLParser(encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
