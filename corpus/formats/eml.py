"""Mails, with those of their attachments that are in a format Citebox reads."""

import contextlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import PurePosixPath

from corpus.archives import is_archive
from corpus.cleaning import clean_line
from corpus.decoding import decode
from corpus.distinct_names import distinct_names
from corpus.documents import Metadata
from corpus.errors import DocumentError
from corpus.formats import html_blocks, text
from corpus.formats.content import ReadingOptions, SourceContent
from corpus.formats.html import declared_encoding
from corpus.formats.table import format_of
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Block, Work

DEEPEST_NESTING = 3
"""Mails inside each other that are read."""

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Received", "MIME-Version")
_BODY_TYPES = ("text/plain", "text/html")
# Their bytes are all ASCII, so that they would pass for UTF-8.
_SEVEN_BIT_CHARSETS = frozenset({"iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "hz-gb-2312", "utf-7"})
_QUOTE_MARKS = re.compile(r"(?:>[ \t]?)*")
_SIGNATURE = "-- "  # the line above a signature


def read(content: SourceContent) -> list[Work]:
    """The mail, then its attachments: works whose `part` is the attachment's name.

    What of an attachment could not be read is told in the notes of the mail it came with. Raises DocumentError `mail`
    for what is no mail.
    """
    return _works(parse_mail(content.data), content.options, depth=0)


def parse_mail(data: bytes) -> Message:
    """The mail that `data` are; any bytes are one, if with nothing in it."""
    return message_from_bytes(data, _class=EmailMessage, policy=policy.default)


def header(message: Message, name: str) -> str | None:
    """The header, decoded and on one line, or None when it is absent or cannot be parsed."""
    with contextlib.suppress(Exception):  # the parser of the standard library trips over some malformed headers
        return clean_line(str(message[name])) if message[name] is not None else None
    return None


@dataclass(slots=True)
class _Taken:
    """What was taken in of a mail."""

    blocks: list[Block] = field(default_factory=list)
    attached: list[Work] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _works(message: Message, options: ReadingOptions, depth: int) -> list[Work]:
    if not any(name in message for name in _HEADERS):
        raise DocumentError("mail", "this is no mail: it has no headers; save the mail anew, as .eml")
    if depth > DEEPEST_NESTING:
        raise DocumentError("nesting", f"mails inside each other are read to a depth of {DEEPEST_NESTING}")
    taken = _Taken()
    attachments: list[tuple[Message, str]] = []
    for part in _parts(message):
        if _is_body(part):
            _take_text(part, taken)
        elif name := _attachment_name(part):
            attachments.append((part, name))
    names = distinct_names(name for _, name in attachments)
    for (part, _), name in zip(attachments, names, strict=True):
        _take_attachment(part, name, options, depth, taken)
    return [Work((_claim(message),), tuple(taken.blocks), notes=tuple(taken.notes)), *taken.attached]


def _claim(message: Message) -> Claim:
    """Its date is that of sending, by the sender's clock."""
    published = None
    with contextlib.suppress(ValueError, TypeError):
        published = parsedate_to_datetime(header(message, "Date") or "").date().isoformat()
    senders = getaddresses([header(message, "From") or ""])
    authors = tuple(name or address for name, address in senders)
    return Claim(Origin.MAIL_HEADERS, Metadata(title=header(message, "Subject"), authors=authors, published=published))


def _parts(message: Message) -> list[Message]:
    """The parts that hold something, in order; of alternatives, one, and the attachments of the others."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        return [message]
    inside = [_parts(part) for part in message.get_payload() if isinstance(part, Message)]
    if message.get_content_type() != "multipart/alternative":
        return [leaf for leaves in inside for leaf in leaves]
    chosen = _chosen(inside)
    return [leaf for leaves in inside for leaf in leaves if leaves is chosen or not _is_body(leaf)]


def _chosen(alternatives: Sequence[list[Message]]) -> list[Message] | None:
    for content_type in _BODY_TYPES:
        for leaves in alternatives:
            if any(leaf.get_content_type() == content_type and _payload(leaf).strip() for leaf in leaves):
                return leaves
    return None


def _is_body(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return False
    return part.get_content_type() in _BODY_TYPES


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _take_text(part: Message, taken: _Taken) -> None:
    try:
        if part.get_content_type() == "text/html":
            page = html_blocks.parse_html(_decoded(part))
            found = html_blocks.blocks(page) if page is not None else ()
            taken.blocks += (block for block in found if block.text.strip() != _SIGNATURE.strip())
        else:
            taken.blocks += text.blocks(_unquoted(_unflowed(part)))
    except DocumentError as error:
        taken.notes.append(f"a part of the mail's text: {error}")


def _decoded(part: Message) -> str:
    payload = _payload(part)
    charset = part.get_content_charset()
    if charset in _SEVEN_BIT_CHARSETS:
        with contextlib.suppress(UnicodeError, LookupError):
            return payload.decode(charset.replace("hz-gb-2312", "hz"))
    return decode(payload, charset or (declared_encoding(payload) if part.get_content_subtype() == "html" else None))


def _unflowed(part: Message) -> str:
    """The plain text, with lines joined that its format (RFC 3676) says are one paragraph."""
    lines = _decoded(part).replace("\r\n", "\n").split("\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return "\n".join(lines)
    deletes_space = str(part.get_param("delsp", "")).lower() == "yes"
    joined: list[str] = []
    open_quote: int | None = None  # depth of quotation of the line that goes on
    for line in lines:
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if open_quote == depth and content != _SIGNATURE:
            joined[-1] += content
        else:
            joined.append(">" * depth + content)
        flows = content.endswith(" ") and content != _SIGNATURE
        if flows and deletes_space:
            joined[-1] = joined[-1][:-1]
        open_quote = depth if flows else None
    return "\n".join(joined)


def _unquoted(mail_text: str) -> str:
    """The text without the marks of quotation and signatures; what is quoted or signed is set apart."""
    lines: list[str] = []
    previous = 0
    for line in mail_text.split("\n"):
        marks = _QUOTE_MARKS.match(line)
        assert marks is not None
        depth = marks[0].count(">")
        content = line[marks.end() :]
        if content.rstrip() == _SIGNATURE.strip():
            content = ""
        lines += ["", content] if depth != previous else [content]
        previous = depth
    return "\n".join(lines)


def _take_attachment(part: Message, name: str, options: ReadingOptions, depth: int, taken: _Taken) -> None:
    try:
        works = _attached_works(part, name, options, depth)
        if not any(block.text.strip() for work in works for block in work.blocks):
            raise DocumentError("no-text", "no text was found in it")
    except DocumentError as error:
        taken.notes.append(f"attachment {name}: {error}")
    except Exception as error:  # a defect of a parser library must cost the attachment, not the mail
        taken.notes.append(f"attachment {name}: the parser failed on it ({type(error).__name__}: {error})")
    else:
        taken.attached += (replace(work, part=f"{name}/{work.part}" if work.part else name) for work in works)


def _attachment_name(part: Message) -> str | None:
    """The name of the file; None for an image in the text, a signature, a report of delivery for programs."""
    stated = PurePosixPath(clean_line(part.get_filename() or "").replace("\\", "/")).name
    if stated:
        return stated
    if part.get_content_type() == "message/rfc822":
        return "message.eml"
    path = PurePosixPath(f"attachment{mimetypes.guess_extension(part.get_content_type()) or ''}")
    return path.name if format_of(path) or is_archive(path) else None


def _attached_works(part: Message, name: str, options: ReadingOptions, depth: int) -> list[Work]:
    if part.get_content_type() == "message/rfc822":
        inside = part.get_payload()
        if not isinstance(inside, list) or not isinstance(inside[0], Message):
            raise DocumentError("mail", "this is no intact mail")
        return _works(inside[0], options, depth + 1)
    path = PurePosixPath(name)
    format_ = format_of(path)
    if is_archive(path):
        raise DocumentError("archive", "archives attached to a mail are not unpacked; save it beside the mail")
    if format_ is None:
        raise DocumentError("file-type", f"files of type {path.suffix or 'without a suffix'} are not read")
    if format_.module == "eml":
        return _works(
            message_from_bytes(_payload(part), _class=EmailMessage, policy=policy.default), options, depth + 1
        )
    return format_.read(SourceContent(_payload(part), options))
