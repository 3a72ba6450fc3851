"""What decides how files are read: as long as it stays the same, a file of the same bytes holds the same documents."""

import hashlib
import importlib.metadata
import platform
import re
from pathlib import Path

from corpus.formats.content import ReadingOptions

_PACKAGE = Path(__file__).parent
_DISTRIBUTION = "citebox"
_NAME = re.compile(r"[\w.-]+")


def reading_version(options: ReadingOptions) -> str:
    """A hash of this package's code, the versions of the libraries installed for Citebox, and `options`."""
    digest = hashlib.sha256(repr((platform.python_version(), options, _tesseract(options))).encode())
    for module in sorted(path for path in _PACKAGE.rglob("*.py")):
        digest.update(module.relative_to(_PACKAGE).as_posix().encode())
        digest.update(module.read_bytes())
    for library in _libraries():
        digest.update(library.encode())
    return digest.hexdigest()


def _libraries() -> list[str]:
    required = importlib.metadata.requires(_DISTRIBUTION) or ()
    names = {
        match[0] for requirement in required if "extra ==" not in requirement and (match := _NAME.match(requirement))
    }
    return sorted(f"{name} {importlib.metadata.version(name)}" for name in names)


def _tesseract(options: ReadingOptions) -> str:
    if not options.ocr:
        return ""
    import pytesseract  # slow to import, and used with --ocr alone

    return str(pytesseract.get_tesseract_version())
