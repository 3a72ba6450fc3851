from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Metadata, embedding_text
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.passages import PassageSplitter
from corpus.works import Block, BlockKind, Work, assemble
from index.encoder import Encoder

ENDLESS_WORD = "x" * 700
NO_PUNCTUATION = "and so it goes on " * 40

words = st.sampled_from(
    ["oil", "Gas", "сделка", "石油", "👩‍👩‍👧", "2025.", "e.g.", "Yes.", "e\u0301", "(a", '"b"', "?!"]
)
lines = (
    st.lists(words | st.text(min_size=1, max_size=8), min_size=1, max_size=40).map(" ".join)
    | st.sampled_from([ENDLESS_WORD, NO_PUNCTUATION, "One sentence here. Another sentence there. " * 12])
    | st.text(max_size=60)
)
blocks = st.builds(Block, st.sampled_from(BlockKind), lines, st.integers(1, 4))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    given_blocks = tuple(draw(st.lists(blocks, max_size=10)))
    titles = [None, "A title of five words", NO_PUNCTUATION, *(block.text for block in given_blocks[:1])]
    metadata = Metadata(title=draw(st.sampled_from(titles)), language=draw(st.sampled_from([None, "en", "zh"])))
    return assemble(Work((Claim(Origin.FRONT_MATTER, metadata),), given_blocks), "docs/a.txt", "0" * 64)


sizes = st.integers(8, 60)


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def splitter_of(max_tokens: int) -> PassageSplitter:
    return PassageSplitter(count_words, max_tokens)


def document_of(*given_blocks: Block, path: str = "docs/a.txt", title: str | None = None) -> Document:
    return assemble(Work((Claim(Origin.FRONT_MATTER, Metadata(title=title)),), given_blocks), path, "0" * 64)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


@settings(deadline=None)
@given(document=documents(), size=sizes)
def test_every_passage_is_a_verbatim_slice(document: Document, size: int) -> None:
    for passage in splitter_of(size).split(document):
        assert passage.text == document.text[passage.start : passage.end]
        assert passage.text.strip()
        assert passage.document_id == document.document_id


@settings(deadline=None)
@given(document=documents(), size=sizes)
def test_sentences_cover_their_passage_in_order(document: Document, size: int) -> None:
    for passage in splitter_of(size).split(document):
        position = passage.start
        for sentence in passage.sentences:
            assert not document.text[position : sentence.start].strip()
            assert position <= sentence.start < sentence.end
            position = sentence.end
        assert passage.sentences[0].start == passage.start
        assert position == passage.end


@settings(deadline=None)
@given(document=documents(), size=sizes)
def test_passages_are_in_order_and_do_not_overlap(document: Document, size: int) -> None:
    position = 0
    for passage in splitter_of(size).split(document):
        assert position <= passage.start < passage.end <= len(document.text)
        position = passage.end


@settings(deadline=None)
@given(document=documents(), size=sizes)
def test_no_text_is_lost(document: Document, size: int) -> None:
    passages = splitter_of(size).split(document)
    covered = [(passage.start, passage.end) for passage in passages]
    for heading in document.headings:
        name = document.text[heading.start : heading.end]
        below = next((passage for passage in passages if passage.start >= heading.end), None)
        if below and (name in below.section or name == document.metadata.title):
            covered.append((heading.start, heading.end))
    position = 0
    for start, end in sorted(covered):
        assert not document.text[position:start].strip()
        position = max(position, end)
    assert not document.text[position:].strip()


@settings(deadline=None)
@given(document=documents(), size=sizes)
def test_context_and_passage_fit_the_encoder(document: Document, size: int) -> None:
    for passage in splitter_of(size).split(document):
        assert count_words([embedding_text(passage.context, passage.text)]) <= [size]


@given(document=documents())
@settings(max_examples=30, deadline=None)
@example(document=document_of(paragraph(ENDLESS_WORD), paragraph("石油供应" * 200), paragraph("👩‍👩‍👧" * 300)))
def test_context_and_passage_fit_the_real_encoder(encoder: Encoder, document: Document) -> None:
    passages = PassageSplitter(encoder.count_tokens, encoder.record.max_tokens).split(document)
    texts = [embedding_text(passage.context, passage.text) for passage in passages]
    assert all(count <= encoder.record.max_tokens for count in encoder.count_tokens(texts))


@settings(deadline=None)
@given(document=documents(), size=sizes)
def test_passage_ids_are_unique_in_a_document(document: Document, size: int) -> None:
    ids = [passage.passage_id for passage in splitter_of(size).split(document)]
    assert len(set(ids)) == len(ids)


@settings(deadline=None)
@given(given_blocks=st.lists(blocks, max_size=6), size=sizes)
def test_the_same_text_under_another_path_keeps_its_passage_ids(given_blocks: list[Block], size: int) -> None:
    here, there = (document_of(*given_blocks, path=path) for path in ("docs/a.txt", "moved/b.txt"))
    assert here.document_id != there.document_id
    assert [p.passage_id for p in splitter_of(size).split(here)] == [
        p.passage_id for p in splitter_of(size).split(there)
    ]


@settings(deadline=None)
@given(given_blocks=st.lists(blocks, max_size=6), size=sizes, titles=st.tuples(words, words))
def test_a_changed_title_leaves_the_passages_as_they_were(
    given_blocks: list[Block], size: int, titles: tuple[str, str]
) -> None:
    before, after = (splitter_of(size).split(document_of(*given_blocks, title=title)) for title in titles)
    assert [p.passage_id for p in before] == [p.passage_id for p in after]


def test_a_changed_text_changes_the_passage_ids() -> None:
    before, after = (document_of(paragraph(f"One thing is certain. {last}")) for last in ("Old.", "New."))
    ids = [{p.passage_id for p in splitter_of(4).split(document)} for document in (before, after)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("text", [ENDLESS_WORD, NO_PUNCTUATION], ids=["one endless word", "no punctuation"])
def test_a_sentence_too_long_comes_in_pieces_without_loss(text: str) -> None:
    document = document_of(paragraph(text))
    passages = splitter_of(20).split(document)
    assert len(passages) > 1
    assert "".join(passage.text for passage in passages).replace(" ", "") == document.text.replace(" ", "")


def test_a_passage_never_crosses_a_heading() -> None:
    document = document_of(
        Block(BlockKind.HEADING, "One", 1),
        paragraph("First text."),
        Block(BlockKind.HEADING, "Two", 1),
        paragraph("Second text."),
    )
    passages = splitter_of(50).split(document)
    assert [(p.section, p.text) for p in passages] == [("One", "First text."), ("Two", "Second text.")]


def test_sentences_are_spread_evenly_over_passages() -> None:
    document = document_of(paragraph("The talks went on for days. " * 6))
    assert [len(passage.sentences) for passage in splitter_of(30).split(document)] == [3, 3]


def test_sentences_that_fit_together_make_one_passage() -> None:
    document = document_of(paragraph("A short one here. Another short one."), paragraph("And a third one."))
    (passage,) = splitter_of(30).split(document)
    assert len(passage.sentences) == 3


def test_the_context_is_title_and_section() -> None:
    document = document_of(Block(BlockKind.HEADING, "Prices", 1), paragraph("They rose."), title="Oil trade")
    (passage,) = splitter_of(40).split(document)
    assert (passage.context, passage.section) == ("Oil trade\nPrices", "Prices")


def test_a_file_without_a_title_is_named_in_the_context() -> None:
    document = document_of(paragraph("They rose."), path="reports/ACME_FY2018-report.pdf")
    (passage,) = splitter_of(40).split(document)
    assert (passage.context, document.metadata.title) == ("ACME FY 2018 report", None)


def test_a_row_without_a_title_is_not_named_by_its_file() -> None:
    document = assemble(Work((), (paragraph("They rose."),), part="row 1"), "docs/prices.jsonl", "0" * 64)
    (passage,) = splitter_of(40).split(document)
    assert passage.context == ""


def test_the_name_of_a_file_leaves_the_passages_as_they_were() -> None:
    prose = paragraph("The talks went on for days. " * 6)
    named, unnamed = (
        splitter_of(30).split(document_of(prose, path=path)) for path in ("a long name of a.txt", "1.txt")
    )
    assert named[0].context != unnamed[0].context == ""
    assert [p.passage_id for p in named] == [p.passage_id for p in unnamed]


def rows(*lines: str) -> tuple[Block, ...]:
    return tuple(Block(BlockKind.ROW, line) for line in lines)


TABLE = rows("Prices | of oil", "(Dollars) | 2018 | 2017", "Spring | 60 | 50", "Summer | 70 | 55", "Autumn | 80 | 58")


def test_rows_further_down_have_the_head_of_their_table_in_the_context() -> None:
    document = document_of(Block(BlockKind.HEADING, "Trade", 1), *TABLE * 4, title="Oil")
    first, *others = splitter_of(48).split(document)
    assert first.context == "Oil\nTrade"
    assert {passage.context for passage in others} == {"Oil\nTrade\nPrices of oil (Dollars) 2018 2017"}


@pytest.mark.parametrize(
    "blocks_after",
    [(paragraph("They rose. " * 60),), tuple(Block(BlockKind.ITEM, f"• point {number}") for number in range(40))],
    ids=["prose", "items"],
)
def test_text_below_a_table_has_no_head_of_it(blocks_after: tuple[Block, ...]) -> None:
    passages = splitter_of(48).split(document_of(*TABLE, *blocks_after, title="Oil"))
    below = [passage for passage in passages if "|" not in passage.text]
    assert len(below) > 1
    assert {passage.context for passage in below} == {"Oil"}


def test_each_table_has_its_own_head() -> None:
    other = rows("Prices | of gas", *(f"May {day} | {day}" for day in range(40)))
    passages = splitter_of(48).split(document_of(*TABLE * 4, paragraph("Then gas."), *other, title="T"))
    assert passages[-1].context == "T\nPrices of gas May 0 0"


def test_a_long_head_of_a_table_is_cut_at_a_word() -> None:
    columns = " | ".join(["quantity"] * 30)
    passages = splitter_of(600).split(document_of(*rows(columns, *([f"oil | {columns}"] * 60))))
    head = passages[-1].context.partition("\n")[2]
    assert len(head) <= 100
    assert set(head.split()) == {"quantity"}


def test_a_context_too_long_drops_the_ancestors_first() -> None:
    document = document_of(
        Block(BlockKind.HEADING, "a long chapter heading of many words", 1),
        Block(BlockKind.HEADING, "Prices", 2),
        paragraph("They rose."),
        title="Oil trade",
    )
    (passage,) = splitter_of(24).split(document)
    assert passage.context == "Oil trade\nPrices"
    assert passage.section == "a long chapter heading of many words > Prices"


LONG_TITLE = "A title of very many words that go on and on"


def test_a_title_too_long_leaves_room_for_the_heading() -> None:
    heading = Block(BlockKind.HEADING, "Prices of oil in spring", 1)
    (passage,) = splitter_of(42).split(document_of(heading, paragraph("They rose."), title=LONG_TITLE))
    assert passage.context == "A title\nPrices of oil in spring"


def test_a_title_alone_takes_all_the_room() -> None:
    (passage,) = splitter_of(42).split(document_of(paragraph("They rose."), title=LONG_TITLE))
    assert passage.context == "A title of very many words that"


def test_the_head_of_a_table_is_cut_before_the_heading() -> None:
    document = document_of(Block(BlockKind.HEADING, "Prices of oil", 1), *TABLE * 4, title=LONG_TITLE)
    assert splitter_of(42).split(document)[-1].context == "A title\nPrices of oil\nPrices of"


def test_a_line_of_millions_of_characters_is_cut_in_time() -> None:
    words = [f"word{number}" for number in range(200_000)]
    passages = splitter_of(200).split(document_of(paragraph(" ".join(words))))
    assert " ".join(passage.text for passage in passages).split() == words


def test_a_table_of_a_hundred_thousand_rows_is_cut_in_time() -> None:
    passages = splitter_of(200).split(document_of(*rows("oil | gas", *["1 | 2"] * 100_000)))
    assert passages[-1].context == "a\noil gas 1 2"


def test_no_text_gives_no_passage() -> None:
    assert splitter_of(30).split(document_of()) == []


@pytest.mark.parametrize(("context", "seen"), [("", "text"), ("Title", "Title\ntext")], ids=["none", "title"])
def test_the_encoder_sees_the_context_first(context: str, seen: str) -> None:
    assert embedding_text(context, "text") == seen
