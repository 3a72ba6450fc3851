"""Where the sentences of a web page are: the lines of an element by their text that is no link."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element
from lxml.etree import iterwalk

from corpus.cleaning import clean_line
from corpus.formats.html_blocks import NOT_SHOWN, SET_APART
from corpus.sentences import ends_sentence

PROSE_CHARACTERS = 80
"""Characters of sentences outside links above which an element says something."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a browser sets apart: its text outside links, and the elements that begin in it, links too."""

    text: str
    elements: tuple[Element, ...]

    @property
    def sentence_length(self) -> int:
        """Characters of the text when it ends like a sentence, else 0."""
        return len(self.text) if ends_sentence(self.text) else 0


def lines(root: Element) -> Iterator[Line]:
    """The lines of `root` in reading order; those without text or elements too."""
    pieces: list[str] = []
    elements: list[Element] = []
    events = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event in ("start", "end") and element.tag in SET_APART:
            yield Line(clean_line("".join(pieces)), tuple(elements))
            pieces.clear()
            elements.clear()
        if event == "start":
            elements.append(element)
            if element is not root and (element.tag == "a" or element.tag in NOT_SHOWN):
                events.skip_subtree()
            else:
                pieces.append(element.text or "")
        elif element is not root:
            pieces.append(element.tail or "")
    yield Line(clean_line("".join(pieces)), tuple(elements))


def holds_prose(root: Element) -> bool:
    """Whether there are sentences in `root` that are no link, and more than a slogan."""
    length = 0
    for line in lines(root):
        length += line.sentence_length
        if length > PROSE_CHARACTERS:
            return True
    return False


def elements_above_prose(root: Element) -> Iterator[Element]:
    """The elements in `root` above its first line that is prose: those of the header, if it has one."""
    for line in lines(root):
        if line.sentence_length > PROSE_CHARACTERS:
            return
        yield from line.elements
