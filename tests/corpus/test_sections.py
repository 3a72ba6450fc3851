import pytest

from corpus.documents import Document, Metadata
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.sections import Section, sections
from corpus.works import Block, BlockKind, Work, assemble


def document_of(*lines: str, title: str | None = None) -> Document:
    """Lines that begin with `#` are headings of that many levels."""
    blocks = [
        Block(BlockKind.HEADING, line.lstrip("# "), line.count("#"))
        if line.startswith("#")
        else Block(BlockKind.PARAGRAPH, line)
        for line in lines
    ]
    return assemble(Work((Claim(Origin.FRONT_MATTER, Metadata(title=title)),), tuple(blocks)), "docs/a.txt", "0" * 64)


def shown(document: Document) -> list[tuple[str, str]]:
    return [(section.path, document.text[section.start : section.end].strip()) for section in sections(document)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["text"], [("", "text")], id="no heading"),
        pytest.param(["before", "# A", "after"], [("", "before"), ("A", "after")], id="text before the first heading"),
        pytest.param(["# A", "## B", "text"], [("A > B", "text")], id="nested"),
        pytest.param(["# A", "a", "## B", "b", "# C", "c"], [("A", "a"), ("A > B", "b"), ("C", "c")], id="back up"),
        pytest.param(["# A", "a", "# B", "b"], [("A", "a"), ("B", "b")], id="siblings"),
        pytest.param(["### A", "a", "# B", "b"], [("A", "a"), ("B", "b")], id="deepest first"),
        pytest.param(["# A", "### B", "b", "## C", "c"], [("A > B", "b"), ("A > C", "c")], id="a skipped level"),
        pytest.param(["text", "# A"], [("", "text"), ("", "A")], id="nothing below the last heading"),
        pytest.param(["# A", "## B", "## C", "c"], [("A", "B"), ("A > C", "c")], id="nothing below a heading"),
        pytest.param(["# A"], [("", "A")], id="a heading alone"),
        pytest.param([], [], id="no text"),
    ],
)
def test_a_section_is_the_text_under_its_headings(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert shown(document_of(*lines)) == expected


def test_the_title_is_not_repeated_in_the_path() -> None:
    assert shown(document_of("# A title", "a", "## B", "b", title="A title")) == [("", "a"), ("B", "b")]


def test_a_section_ends_where_the_next_heading_begins() -> None:
    document = document_of("# A", "a", "# B", "b")
    assert list(sections(document)) == [Section("A", 1, 6), Section("B", 7, 10)]
