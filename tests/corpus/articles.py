"""Generated articles with known sentences, to be written in a format and found again by its reader."""

from dataclasses import dataclass

from hypothesis import strategies as st

_SUBJECTS = ("The ministry", "A delegation from Köln", "Señor Ibáñez", "The joint commission", "Gazprom’s board", "It")
_VERBS = ("signed", "reviewed", "postponed", "will finance", "has questioned", "co-operated on")
_OBJECTS = (
    "the protocol",
    "a pipeline of 1,100 km",
    "two “pilot” cargoes",
    "the LNG terminal",
    "terms worth $2.5 billion",
)
_RESTS = (
    "",
    " in Moscow",
    " after a long and careful review of every one of the offers",
    " despite the naïve forecast",
)


@dataclass(frozen=True)
class Article:
    """A title, and sections of a heading (or None) and paragraphs of sentences."""

    title: str
    sections: tuple[tuple[str | None, tuple[tuple[str, ...], ...]], ...]

    @property
    def sentences(self) -> list[str]:
        """All sentences in reading order; no two are equal, and none is part of another."""
        return [sentence for _, paragraphs in self.sections for paragraph in paragraphs for sentence in paragraph]

    @property
    def headings(self) -> list[str]:
        """The headings of the sections that have one."""
        return [heading for heading, _ in self.sections if heading]


@st.composite
def articles(draw: st.DrawFn, max_sections: int = 3, max_paragraphs: int = 4) -> Article:
    """Articles of one to `max_sections` sections; the first may have no heading."""
    counter = iter(range(100, 1000))

    def sentence() -> str:
        parts = [draw(st.sampled_from(words)) for words in (_SUBJECTS, _VERBS, _OBJECTS, _RESTS)]
        return f"{parts[0]} {parts[1]} {parts[2]} under file {next(counter)}{parts[3]}."

    sections = []
    for number in range(draw(st.integers(1, max_sections))):
        heading = f"Part {next(counter)} of the talks" if number or draw(st.booleans()) else None
        paragraphs = tuple(
            tuple(sentence() for _ in range(draw(st.integers(1, 4))))
            for _ in range(draw(st.integers(1, max_paragraphs)))
        )
        sections.append((heading, paragraphs))
    return Article(f"Energy talks, round {next(counter)}", tuple(sections))


def assert_complete(text: str, article: Article) -> None:
    """Every sentence and section heading of `article` stands in `text`, in order, once."""
    position = 0
    for heading, paragraphs in article.sections:
        for piece in ([heading] if heading else []) + [sentence for paragraph in paragraphs for sentence in paragraph]:
            assert text.count(piece) == 1, (piece, text)
            found = text.index(piece)
            assert found >= position, (piece, text)
            position = found + len(piece)
