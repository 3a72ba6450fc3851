"""What a format's reader is given: the bytes of a source file, and how the operator wants them read."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RowFields:
    """Which fields of a row hold what, where they are not named as `corpus.formats.fields` and `rows` expect."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read: `ocr` recognises the text of pages that are only pictures."""

    rows: RowFields = field(default_factory=RowFields)
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class SourceContent:
    """The bytes of one source file, and the options they are read with."""

    data: bytes
    options: ReadingOptions = field(default_factory=ReadingOptions)
