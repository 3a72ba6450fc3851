"""Zip files that hold a document (OOXML, OpenDocument, EPUB): checked before a library unpacks them, and properties."""

import io
import zipfile

from lxml import etree

from corpus.bombs import is_bomb
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats.fields import language_code, property_claims
from corpus.metadata import Claim

LARGEST_UNPACKED = 512 * 1024 * 1024
"""Bytes that all parts of a package may have together; the libraries hold them in memory, several times over."""
MOST_MEMBERS = 20_000

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1  # bit of a member's flags

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CORE_PROPERTIES = "/metadata/core-properties"  # how the type of the relationship to them ends
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"


def open_package(data: bytes) -> zipfile.ZipFile:
    """The package, once nothing speaks against unpacking it.

    Raises DocumentError `encrypted` for a package (or a member) under a password and for old binary Office files,
    `package` for what is no zip file, `bomb` when it would unpack to too much, `doctype` when an XML part has one.
    """
    if data.startswith(_OLE_SIGNATURE):
        raise DocumentError(
            "encrypted",
            "is protected by a password or is an old binary Office file; "
            "save it without a password in the current format (.docx, .pptx, .xlsx)",
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise damaged(error) from error
    _check_sizes(package)
    if any(member.flag_bits & _ENCRYPTED for member in package.infolist()):
        raise DocumentError("encrypted", "is protected by a password; save it without one")
    for name in package.namelist():
        if name.lower().endswith((".xml", ".rels")) and _has_doctype(package, name):
            raise DocumentError(
                "doctype", f"its part {name} has a document type declaration, which is unsafe; save the file anew"
            )
    return package


def read_part(package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of the part, or none when the package lacks it. Raises DocumentError `package` for a damaged one."""
    try:
        return package.read(name)
    except KeyError:
        return b""
    except Exception as error:  # zipfile raises the errors of each method of compression
        raise damaged(error) from error


def core_properties(package: zipfile.ZipFile) -> list[Claim]:
    """What the core properties of an Office file (OOXML) claim; damaged ones claim nothing."""
    root = parse_part(package, _core_part(package))
    if root is None:
        return []
    stated = Metadata(
        title=root.findtext(f"{_DC}title"),
        authors=tuple((root.findtext(f"{_DC}creator") or "").split(";")),
        language=language_code(root.findtext(f"{_DC}language")),
    )
    return property_claims(stated, root.findtext(f"{_DCTERMS}created"))


def parse_part(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of the XML part, or None when the package lacks it or it is not well-formed.

    Raises DocumentError `package` for a damaged one.
    """
    try:
        return etree.fromstring(read_part(package, name), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _core_part(package: zipfile.ZipFile) -> str:
    relationships = parse_part(package, "_rels/.rels")
    if relationships is not None:
        for relationship in relationships.iter(_RELATIONSHIP):
            if relationship.get("Type", "").endswith(_CORE_PROPERTIES):
                return relationship.get("Target", "").lstrip("/")
    return "docProps/core.xml"


def _check_sizes(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise DocumentError("bomb", f"holds {len(members):,} parts, more than the {MOST_MEMBERS:,} that are read")
    if unpacked > LARGEST_UNPACKED:
        raise DocumentError(
            "bomb",
            f"unpacks to {unpacked >> 20:,} MB, more than the {LARGEST_UNPACKED >> 20} MB that are read; split it",
        )
    if is_bomb(unpacked, packed):
        raise DocumentError("bomb", f"unpacks from {packed >> 10:,} kB to {unpacked >> 20:,} MB, as no document does")


def _has_doctype(package: zipfile.ZipFile, name: str) -> bool:
    """Whether the XML part begins with one; the chapters of an EPUB, which are XHTML, may.

    Reads no further than the root element. XML that is not well-formed is left to the reader that needs it.
    """
    try:
        with package.open(name) as part:
            for _, root in etree.iterparse(part, events=("start",), resolve_entities=False, no_network=True):
                return root.getroottree().docinfo.internalDTD is not None and etree.QName(root).localname != "html"
    except etree.XMLSyntaxError:
        return False
    except Exception as error:  # zipfile raises the errors of each method of compression
        raise damaged(error) from error
    return False


def damaged(error: Exception) -> DocumentError:
    """What to raise for a package in which a library found `error`."""
    return DocumentError("package", f"is no intact package as this format needs ({error}); save the file anew")
