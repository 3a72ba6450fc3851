import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Metadata
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.text import blocks, read, split_fields
from corpus.works import BlockKind, assemble
from tests.corpus.articles import Article, articles, assert_complete

PROSE = (
    "The two delegations met in Moscow for three days and agreed on a list of projects that will be studied further."
)


def document_of(text: str) -> Document:
    (work,) = read(SourceContent(text.encode("utf-8")))
    return assemble(work, "docs/a.txt", "0" * 64)


def headings_of(text: str) -> list[str]:
    document = document_of(text)
    return [document.text[heading.start : heading.end] for heading in document.headings]


def test_header_lines_are_metadata_not_text() -> None:
    document = document_of(
        "Title: Oil talks\nAuthor: Ann; Bob\nDate: 18 September 2025\nURL: https://e.org\n\nThe text."
    )
    assert document.text == "The text."
    assert document.metadata == Metadata("Oil talks", ("Ann", "Bob"), "2025-09-18", None, "https://e.org", None)


def test_an_indented_header_line_goes_on_with_the_one_above() -> None:
    assert document_of("Title: Oil\n  and gas\n\nThe text.").metadata.title == "Oil and gas"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Note: nothing was signed.\n\nMore text.", id="a name that is not known"),
        pytest.param("More text.\n\nTitle: Oil talks\n\nThe end.", id="not at the top"),
    ],
)
def test_lines_that_only_look_like_a_header_stay_text(text: str) -> None:
    stated, body = split_fields(text)
    assert (stated.metadata, body) == (Metadata(), text)


def test_a_header_ends_at_the_first_line_that_is_none() -> None:
    spoken = "Mr Khan: We will build ten mills.\nMs Lee: When?\n\nThe end."
    stated, body = split_fields(f"Date: 3 May 2025\n{spoken}")
    assert (stated.metadata.published, body) == ("2025-05-03", spoken)


def test_front_matter_is_metadata_not_text() -> None:
    document = document_of("---\ntitle: Oil talks\nauthors: [Ann, Bob]\ndate: 2025-11\nlang: en_GB\n---\nThe text.")
    assert document.text == "The text."
    assert document.metadata == Metadata("Oil talks", ("Ann", "Bob"), "2025-11", None, None, "en")


def test_a_rule_without_front_matter_stays_text() -> None:
    assert split_fields("---\nThe text.")[1] == "---\nThe text."


def test_broken_front_matter_is_told() -> None:
    with pytest.raises(DocumentError, match="not valid YAML") as caught:
        read(SourceContent(b"---\ntitle: 'never closed\n---\nThe text."))
    assert caught.value.code == "front-matter"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_every_kind_of_newline_is_one(newline: str) -> None:
    document = document_of(newline.join(["Title: Oil", "", "One.", "", "Two."]))
    assert (document.metadata.title, document.text) == ("Oil", "One.\n\nTwo.")


def test_a_wrapped_paragraph_is_one_line() -> None:
    wrapped = (
        "The two delegations met in Moscow for three\ndays and agreed on a list of projects that\nwill be studied."
    )
    assert document_of(wrapped).text == wrapped.replace("\n", " ")


def test_short_lines_of_a_paragraph_stay_apart() -> None:
    assert document_of("Roses are red,\nviolets are blue.").text == "Roses are red,\n\nviolets are blue."


def test_a_heading_directly_above_wrapped_prose_stays_apart() -> None:
    text = (
        "What was agreed\n"
        "The two delegations met in Moscow for three\ndays and agreed on a list of projects that\nwill be studied."
    )
    assert headings_of(text) == ["What was agreed"]


@pytest.mark.parametrize("line", ["Two loans in two years", "WHAT IS NEXT?", "1 Introduction", "The IMF (and others)"])
def test_a_short_line_above_prose_is_a_heading(line: str) -> None:
    assert headings_of(f"{line}\n\n{PROSE}") == [line]


@pytest.mark.parametrize(
    ("line", "below"),
    [
        pytest.param("They agreed.", PROSE, id="a sentence"),
        pytest.param("Who agreed?", PROSE, id="a question"),
        pytest.param("The list:", PROSE, id="a colon"),
        pytest.param("and so on", PROSE, id="lower case"),
        pytest.param("Word " * 15, PROSE, id="too many words"),
        pytest.param("Two loans in two years", "Short text.", id="no prose below"),
        pytest.param("Two loans in two years", "", id="nothing below"),
    ],
)
def test_other_lines_are_no_headings(line: str, below: str) -> None:
    assert headings_of(f"{line}\n\n{below}") == []


def test_a_heading_that_opens_the_text_is_its_title() -> None:
    assert document_of(f"Two loans\n\n{PROSE}").metadata.title == "Two loans"


def test_the_title_of_the_header_goes_before_a_heading() -> None:
    assert document_of(f"Title: Debt\n\nTwo loans\n\n{PROSE}").metadata.title == "Debt"


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "1.", "2)", "(3)"])
def test_a_bullet_begins_an_item(mark: str) -> None:
    first, second = blocks(f"{mark} oil\n{mark} gas")
    assert (first.kind, second.kind) == (BlockKind.ITEM, BlockKind.ITEM)
    assert (first.text, second.text) == (f"{mark} oil", f"{mark} gas")


def test_a_wrapped_item_is_one_line() -> None:
    text = "- The delegations met in Moscow for three\ndays and agreed on a list of projects.\n- They left."
    assert [block.text for block in blocks(text)] == [
        "- The delegations met in Moscow for three days and agreed on a list of projects.",
        "- They left.",
    ]


def test_a_line_that_is_set_in_below_an_item_is_part_of_it() -> None:
    text = "1. Buy rope for the crane\n   and paint.\n   Share\n2. Go home\n   again"
    assert [(block.kind, block.text) for block in blocks(text)] == [
        (BlockKind.ITEM, "1. Buy rope for the crane and paint."),
        (BlockKind.PARAGRAPH, "Share"),
        (BlockKind.ITEM, "2. Go home again"),
    ]


@pytest.mark.parametrize("rule", ["=====", "---", "===", "--------------------"])
def test_a_rule_below_a_short_line_makes_it_a_heading(rule: str) -> None:
    text = f"Two loans\n{rule}\n\nShort text.\n\nWho pays for it?\n{rule}\nMore text."
    document = document_of(text)
    level = 1 if rule[0] == "=" else 2
    assert document.text == "Two loans\n\nShort text.\n\nWho pays for it?\n\nMore text."
    assert [heading.level for heading in document.headings] == [level, level]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("They agreed on it.\n-----\nThey left.", id="below a sentence"),
        pytest.param("They agreed on it.\n\n-----\n\nThey left.", id="alone"),
        pytest.param("They agreed on it.\n\n* * *\n\nThey left.", id="with spaces"),
        pytest.param("They agreed on it.\n~~~~\n____\n****\nThey left.", id="of other characters"),
    ],
)
def test_other_rules_are_left_out(text: str) -> None:
    document = document_of(text)
    assert (document.text, document.headings) == ("They agreed on it.\n\nThey left.", ())


@pytest.mark.parametrize("line", ["--", "-- ", "-=-", "---a", "1---", "...", "###"])
def test_a_line_that_is_no_rule_stays(line: str) -> None:
    assert line.strip() in document_of(f"They agreed on it.\n{line}\nThey left.").text


@pytest.mark.parametrize("opening", ["<!DOCTYPE html>\n<html>", "\n<html lang='en'>", "<!doctype  HTML >"])
def test_a_web_page_under_the_name_of_a_text_is_read_as_one(opening: str) -> None:
    document = document_of(f"{opening}<body><h1>Oil</h1><p>The <b>price</b> rose.</p></body></html>")
    assert (document.metadata.title, document.text) == ("Oil", "Oil\n\nThe price rose.")


def test_a_text_about_web_pages_is_none() -> None:
    assert document_of("The tag <html> opens a page.").text == "The tag <html> opens a page."


def is_rule(line: str) -> bool:
    dense = line.replace(" ", "")
    return len(dense) > 2 and dense[0] in "=-_*~" and len(set(dense)) == 1


@given(text=st.text() | st.text("ab.\n -1:", max_size=60))
def test_blocks_keep_every_word_in_order(text: str) -> None:
    words = " ".join(line for line in text.split("\n") if not is_rule(line.strip())).split()
    assert [word for block in blocks(text) for word in block.text.split()] == words


def test_lines_between_two_rules_are_front_matter_only_when_they_state_fields() -> None:
    assert "A paragraph that stays." in document_of("---\nA paragraph that stays.\n---\nRest.").text


def test_furniture_is_no_heading() -> None:
    assert headings_of(f"Share this article\n\n{PROSE}\n\nRelated articles\n\n{PROSE}") == []


def test_a_heading_is_seen_through_furniture() -> None:
    text = f"Two loans in two years\nUpdated 4 May 2031\nFollow\n\n{PROSE}"
    assert headings_of(text) == ["Two loans in two years"]


def test_furniture_above_the_opening_heading_does_not_cost_the_title() -> None:
    assert document_of(f"Skip to main content\n\nTwo loans\n\n{PROSE}").metadata.title == "Two loans"


def test_furniture_below_a_caption_stays_a_line_of_its_own() -> None:
    caption = "The crane on the north quay, seen from the fish market in May"
    assert [block.text for block in blocks(f"{caption}\nFollow")] == [caption, "Follow"]


def paragraphs_of(article: Article) -> list[str]:
    return [
        text
        for heading, paragraphs in article.sections
        for text in ([heading] if heading else []) + [" ".join(sentences) for sentences in paragraphs]
    ]


@given(article=articles())
@settings(max_examples=40, deadline=None)
def test_an_article_comes_back_complete(article: Article) -> None:
    document = document_of("\n".join([f"Title: {article.title}", "", *paragraphs_of(article)]))
    assert document.metadata.title == article.title
    assert_complete(document.text, article)


@given(article=articles())
@settings(max_examples=40, deadline=None)
def test_a_wrapped_article_comes_back_complete(article: Article) -> None:
    wrapped = "\n\n".join(textwrap.fill(text, 72, break_on_hyphens=False) for text in paragraphs_of(article))
    assert_complete(document_of(wrapped).text, article)


def test_a_number_within_a_wrapped_sentence_begins_no_item() -> None:
    wrapped = (
        "The two delegations met in Moscow and signed protocol\n102. They will meet again in Oslo in autumn next year."
    )
    assert [block.text for block in blocks(wrapped)] == [wrapped.replace("\n", " ")]
