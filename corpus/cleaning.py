"""Characters that have no place in a quotation: controls, invisible marks, odd spaces, ligatures, mojibake."""

import re
import unicodedata

from ftfy import TextFixerConfig, fix_encoding
from ftfy.chardata import CHARMAP_ENCODINGS

# Cc: controls; Cs: lone surrogates, which UTF-8 cannot store; then soft hyphen, zero-width space, word joiner and
# byte-order mark. Zero-width (non-)joiners stay: Persian and the Indic scripts, and emoji, are spelled with them.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\u00ad\u200b\u2060\ufeff]")
_INVISIBLE_ASCII = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_NOT_SINGLE_SPACES = re.compile(r"[^\S ]|  ")

# Only those of the Latin letters: they come from fonts, while ĳ or ǆ are letters that people type.
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_LIGATURE = re.compile("[\ufb00-\ufb06]")

# Guesses stay off: a lost byte is not made up, and a space after "Ã" not taken for the rest of an "à".
_MOJIBAKE_FIXES = TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    restore_byte_a0=False,
    replace_lossy_sequences=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)


def _letters_of(first_byte: int, last_byte: int) -> str:
    """A character class of what the bytes are in the encodings that UTF-8 is mistaken for."""
    data = bytes(range(first_byte, last_byte + 1))
    letters = {letter for encoding in CHARMAP_ENCODINGS for letter in data.decode(encoding, "ignore")}
    return "".join(map(re.escape, sorted(letter for letter in letters if not letter.isascii())))


# ftfy judges 4 million characters a second. It can change nothing unless a lead byte of UTF-8 that was read as
# a letter stands before such a continuation byte, or there is a control of Latin-1.
_MAYBE_MOJIBAKE = re.compile(f"[{_letters_of(0xC0, 0xF4)}][{_letters_of(0x80, 0xBF)}]|[\x80-\x9f]")


def clean_line(text: str) -> str:
    """`text` as one line of Unicode NFC: invisible characters gone, every run of whitespace a single space.

    Ligatures become the letters they join, and UTF-8 that was read in another encoding is read anew; every other
    character stays as it is.
    """
    if text.isascii():
        return _one_line(text if text.isprintable() else _INVISIBLE_ASCII.sub("", text))
    text = text.strip(" \t\n")  # such as stand around most lines that are clean already
    while True:
        fixed = fix_encoding(text, _MOJIBAKE_FIXES) if _MAYBE_MOJIBAKE.search(text) else text
        visible = _INVISIBLE.sub("", fixed)
        if _LIGATURE.search(visible):
            visible = visible.translate(_LIGATURES)
        line = _one_line(unicodedata.normalize("NFC", visible))
        # Without an invisible character between them two letters may turn out to be mojibake.
        if line == text or not _MAYBE_MOJIBAKE.search(line):
            return line
        text = line


def _one_line(text: str) -> str:
    if _NOT_SINGLE_SPACES.search(text):
        text = _SPACES.sub(" ", text)
    return text.strip()
