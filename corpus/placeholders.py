"""Titles and authors that a program put in and nobody wrote."""

import re

_TITLE = re.compile(
    r"""
    microsoft\ (?:office\ )?(?:word|powerpoint|excel)\b.*  # "Microsoft Word - report.docx", by the printer driver
    | (?:powerpoint|microsoft\ word)\ (?:presentation|document)
    | (?:untitled|unnamed|no\ title|title|slide|document|dokument|presentation|book|workbook)[\s_-]*\d*
    | (?:untitled|new|word|blank)\ (?:document|presentation|spreadsheet|workbook)[\s_-]*\d*
    | .*\.(?:docx?|pptx?|xlsx?|odt|rtf|pdf|indd|qxp|tmp)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_AUTHORS = frozenset(
    {
        "python-docx", "python-pptx", "openpyxl", "steve canny", "xlsxwriter", "apache poi", "odfdo", "phpword",
        "un-named", "unknown", "unknown author", "anonymous", "author", "user", "windows user", "microsoft office user",
        "microsoft account", "microsoft", "admin", "administrator", "owner", "root", "guest", "none", "n/a", "na",
        "hp", "dell", "lenovo", "acer", "asus", "toshiba", "pc", "laptop", "home", "default", "default user",
        "unspecified", "webmaster", "staff", "editor", "no author",
    }
)  # fmt: skip
"""In lower case: a library, an account, or the maker of the computer."""

_PROGRAM = re.compile(
    r"(?:adobe )?(?:acrobat|indesign|illustrator|pdfmaker|distiller|framemaker)\b.*"
    r"|microsoft®? (?:word|office|excel|powerpoint|publisher)\b.*"
    r"|(?:libreoffice|openoffice|pdftex|xetex|luatex|latex|ghostscript|pscript5?|quarkxpress|wkhtmltopdf|skia/pdf)\b.*",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def is_written_title(title: str) -> bool:
    """Whether somebody wrote the title."""
    return not _TITLE.fullmatch(title.strip())


def is_person(author: str) -> bool:
    """Whether the author can be a person or an institution: not a program, an account or a mailbox."""
    name = author.strip().removeprefix("(").removesuffix(")")
    return not (name.lower() in _AUTHORS or _PROGRAM.fullmatch(name) or _MAILBOX.fullmatch(name))
