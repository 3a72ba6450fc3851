"""Characters that have no place in a quotation: controls, invisible marks, odd spaces."""

import re
import unicodedata

# Cc: controls; Cs: lone surrogates, which UTF-8 cannot store; then soft hyphen, zero-width space, word joiner and
# byte-order mark. Zero-width (non-)joiners stay: Persian and the Indic scripts, and emoji, are spelled with them.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """`text` in Unicode NFC as one line: invisible characters gone, every run of whitespace a single space."""
    visible = _INVISIBLE.sub("", text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()
