"""Where what is known of a work was found."""

from enum import Enum


class Origin(Enum):
    """Where a value was found, the most trusted first; the value is what people read."""

    SIDECAR = "sidecar file"
    FRONT_MATTER = "front matter"
    HEADER_LINES = "header lines"
    ROW = "fields of the row"
    MAIL_HEADERS = "mail headers"
    JSON_LD = "JSON-LD"
    PAGE_METADATA = "page metadata"  # meta tags and the page's markup
    XMP = "XMP"
    PROPERTIES = "document properties"  # of office files, EPUB packages and the PDF information dictionary
    OPENING_HEADING = "opening heading"
    PAGE_LINES = "lines of the page"  # "Updated 28 November 2025" above a copied article
    DATELINE = "dateline"
    FILE_NAME = "file name"
    CREATION_DATE = "creation date"  # of the file, by its properties: often another day than that of publication
    WORDS = "words of the text"  # a language told by them
