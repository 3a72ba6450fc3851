"""The stretches of a document between its headings."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Document, Heading

SECTION_SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Section:
    """`text[start:end]` under one heading; `path` names the headings above it, outermost first."""

    path: str
    start: int
    end: int


def sections(document: Document) -> Iterator[Section]:
    """The sections that hold text, in order.

    A heading stands in the `path` of the sections below it. One with nothing below it would be lost that way, so
    it is a section of its own.
    """
    text = document.text
    open_headings: list[Heading] = []
    start = 0
    for position, heading in enumerate((*document.headings, None)):
        end = heading.start if heading else len(text)
        if text[start:end].strip():
            yield Section(_path(document, open_headings), start, end)
        elif open_headings and not _deeper(heading, open_headings[-1]):
            last = open_headings[-1]
            yield Section(_path(document, open_headings[:-1]), last.start, last.end)
        if heading:
            while open_headings and open_headings[-1].level >= heading.level:
                open_headings.pop()
            open_headings.append(document.headings[position])
            start = heading.end


def _deeper(heading: Heading | None, than: Heading) -> bool:
    return heading is not None and heading.level > than.level


def _path(document: Document, headings: list[Heading]) -> str:
    names = [document.text[heading.start : heading.end] for heading in headings]
    if names and names[0] == document.metadata.title:
        names = names[1:]  # the title is cited beside the section already
    return SECTION_SEPARATOR.join(names)
