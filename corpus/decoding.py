"""Bytes to text, or a reason why not. Nothing is replaced silently."""

import codecs
import contextlib

import charset_normalizer
import webencodings

from corpus.errors import DocumentError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes, declared: str | None = None) -> str:
    """The text in `content`: by byte-order mark, as UTF-8, as `declared`, or in the encoding charset-normalizer finds.

    `declared` is a label as web pages use them (WHATWG Encoding Standard); a wrong one is common and does no harm.

    Raises DocumentError `binary` for what is not text, `undecodable` for text in no encoding that can be told.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _strict(content, encoding)
    if b"\0" in content:
        raise DocumentError("binary", "holds binary data, not text; convert it to a text format or remove it")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        labelled = webencodings.lookup(declared) if declared else None
        if labelled is not None and labelled.name != "utf-8":
            with contextlib.suppress(UnicodeError):
                return str(labelled.codec_info.decode(content, "strict")[0])
        if _is_damaged_utf8(content):
            raise _undecodable(content, error) from error
        return _detected(content, error)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(content, error) from error


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether most bytes beyond ASCII form UTF-8: a legacy encoding would hardly do that by accident."""
    damaged = content.decode("utf-8", errors="replace")
    replaced = damaged.count("\ufffd")
    well_formed = sum(character > "\x7f" for character in damaged) - replaced
    return well_formed > replaced


def _detected(content: bytes, error: UnicodeDecodeError) -> str:
    if charset_normalizer.is_binary(content):
        raise DocumentError("binary", "holds binary data, not text; convert it to a text format or remove it")
    match = charset_normalizer.from_bytes(content).best()
    if match is None:
        raise _undecodable(content, error) from error
    return str(match)


def _undecodable(content: bytes, error: UnicodeDecodeError) -> DocumentError:
    return DocumentError(
        "undecodable",
        f"byte {error.start} (0x{content[error.start]:02x}) is not valid {error.encoding.upper()}, "
        "and no other encoding fits; save the file as UTF-8",
    )
