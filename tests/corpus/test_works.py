import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document, Metadata, make_document_id
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.works import Block, BlockKind, Work, assemble, first_heading

HEADING, PARAGRAPH, ITEM, ROW = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW

blocks = st.lists(
    st.builds(Block, st.sampled_from(BlockKind), st.text(st.characters(), max_size=20), st.integers(1, 6)), max_size=12
)


def document_of(*given_blocks: Block, metadata: Metadata | None = None) -> Document:
    return assemble(Work((Claim(Origin.ROW, metadata or Metadata()),), given_blocks), "docs/a.txt", "0" * 64)


@pytest.mark.parametrize(
    ("first", "second", "separator"),
    [
        (HEADING, PARAGRAPH, "\n\n"),
        (PARAGRAPH, PARAGRAPH, "\n\n"),
        (PARAGRAPH, ITEM, "\n\n"),
        (ITEM, ITEM, "\n"),
        (ITEM, PARAGRAPH, "\n\n"),
        (ROW, ROW, "\n"),
        (ROW, ITEM, "\n\n"),
        (HEADING, HEADING, "\n\n"),
    ],
)
def test_items_and_rows_stand_together_and_all_else_apart(first: BlockKind, second: BlockKind, separator: str) -> None:
    assert document_of(Block(first, "one", 1), Block(second, "two", 1)).text == f"one{separator}two"


def test_a_block_becomes_one_clean_line() -> None:
    assert document_of(Block(PARAGRAPH, "  a\n\tlong\u00a0 line\u200b ")).text == "a long line"


def test_a_block_without_text_leaves_no_trace() -> None:
    assert document_of(Block(ITEM, "one"), Block(PARAGRAPH, " \u200b"), Block(ITEM, "two")).text == "one\ntwo"


def test_a_work_without_text_gives_an_empty_document() -> None:
    document = document_of(Block(HEADING, " ", 1))
    assert (document.text, document.headings) == ("", ())


def test_metadata_is_cleaned_too() -> None:
    metadata = Metadata(" A\ntitle ", ("Ann\u00a0Author", " "), "2025", "\u200b", " https://example.org ", "en")
    cleaned = document_of(Block(PARAGRAPH, "x"), metadata=metadata).metadata
    assert cleaned == Metadata("A title", ("Ann Author",), "2025", None, "https://example.org", "en")


def test_the_id_follows_path_and_part() -> None:
    work = Work((), (Block(PARAGRAPH, "x"),), part="7")
    assert assemble(work, "docs/a.jsonl", "0" * 64).document_id == make_document_id("docs/a.jsonl", "7")


@given(given_blocks=blocks)
def test_heading_spans_are_exact(given_blocks: list[Block]) -> None:
    document = document_of(*given_blocks)
    shown = [document_of(block).text for block in given_blocks]
    expected = [
        (block.level, line)
        for block, line in zip(given_blocks, shown, strict=True)
        if line and block.kind is BlockKind.HEADING
    ]
    assert [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings] == expected


@given(given_blocks=blocks)
def test_the_text_is_the_clean_lines_in_order(given_blocks: list[Block]) -> None:
    shown = [document_of(block).text for block in given_blocks]
    assert [line for line in document_of(*given_blocks).text.split("\n") if line] == [line for line in shown if line]


def test_a_heading_that_opens_the_work_is_its_first() -> None:
    assert first_heading([Block(HEADING, "Title", 1), Block(PARAGRAPH, "x")]) == "Title"


@pytest.mark.parametrize(
    "given_blocks", [[], [Block(PARAGRAPH, "x"), Block(HEADING, "Later", 1)]], ids=["none", "late"]
)
def test_a_later_heading_is_no_title(given_blocks: list[Block]) -> None:
    assert first_heading(given_blocks) is None
