import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.html_blocks import blocks, parse_html
from corpus.works import BlockKind, Work, assemble


def document_of(html: str) -> Document:
    root = document_fromstring(f"<html><body>{html}</body></html>")
    return assemble(Work((), tuple(blocks(root))), "docs/a.html", "0" * 64)


def kinds_of(html: str) -> list[tuple[BlockKind, str]]:
    root = document_fromstring(f"<html><body>{html}</body></html>")
    return [(block.kind, " ".join(block.text.split())) for block in blocks(root)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "One.\n\nTwo.", id="paragraphs"),
        pytest.param("<p><b>Oil</b>talks</p>", "Oiltalks", id="markup inside a word"),
        pytest.param("<p><b>Oil</b> <i>talks</i></p>", "Oil talks", id="a space between two inline elements"),
        pytest.param("<p>Oil<br>talks</p>", "Oil talks", id="a line break"),
        pytest.param("One.<br><br>Two.<br> <br/>Three.", "One.\n\nTwo.\n\nThree.", id="two line breaks"),
        pytest.param("Before<p>One.</p>after", "Before\n\nOne.\n\nafter", id="stray text"),
        pytest.param("<div>One<div>Two</div>Three</div>", "One\n\nTwo\n\nThree", id="divisions inside each other"),
        pytest.param("<ul><li>One</li><li>Two</li></ul>", "One\nTwo", id="list"),
        pytest.param(
            "<ul><li>One<ul><li>In</li></ul>rest</li><li>Two</li></ul>", "One\nIn\nrest\nTwo", id="nested list"
        ),
        pytest.param("<ul><li><p>One.</p><p>Two.</p></li></ul>", "One.\nTwo.", id="paragraphs of an item"),
        pytest.param("<dl><dt>Oil</dt><dd>A liquid.</dd></dl>", "Oil\n\nA liquid.", id="definitions"),
        pytest.param("<blockquote>Said <cite>Ann</cite>.</blockquote>", "Said Ann.", id="quotation"),
        pytest.param("<figure><img src=x><figcaption>A map</figcaption></figure>", "A map", id="caption of a figure"),
        pytest.param("<address>1 High Street</address>", "1 High Street", id="address"),
        pytest.param("<pre>x = 1\n\n  y = <b>2</b></pre>", "x = 1\ny = 2", id="preformatted, line by line"),
        pytest.param("<p>One<!-- no --> two</p><!-- no -->", "One two", id="comments"),
        pytest.param("<p>One<script>no()</script><style>no</style> two</p>", "One two", id="scripts and styles"),
        pytest.param("<noscript>no</noscript><template>no</template><p>One</p>", "One", id="what is not shown"),
        pytest.param("<p>A <custom-name>new</custom-name> <o:p>word</o:p>.</p>", "A new word.", id="unknown elements"),
        pytest.param("<p>R&amp;D&nbsp;&ndash; &#8364; 5</p>", "R&D – € 5", id="entities"),
    ],
)
def test_the_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert document_of(html).text == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        pytest.param("<tr><th>Name</th><td>Ann</td></tr><tr><td>Bob</td></tr>", "Name | Ann\nBob", id="plain"),
        pytest.param("<tr><td>1</td><td></td><td>3</td></tr>", "1 | | 3", id="an empty cell"),
        pytest.param("<tr><td></td><td> </td></tr><tr><td>1</td></tr>", "1", id="an empty row"),
        pytest.param("<tr><td><p>One.</p><p>Two.</p></td><td>3</td></tr>", "One. Two. | 3", id="paragraphs in a cell"),
        pytest.param("<tr><td>a<br><br>b</td><td>3</td></tr>", "a b | 3", id="line breaks in a cell"),
        pytest.param("<tr><td><p>One.</p><p>Two.</p></td></tr>", "One.\n\nTwo.", id="a box around paragraphs"),
        pytest.param(
            "<tr><td>a</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr>", "a\n\n1 | 2", id="nested table"
        ),
        pytest.param("<tr><td>a</td><td><h2>Oil</h2><p>Text</p></td></tr>", "a\n\nOil\n\nText", id="laid out in cells"),
    ],
)
def test_a_row_of_a_table_is_one_line(rows: str, text: str) -> None:
    assert document_of(f"<table>{rows}</table>").text == text


def test_a_caption_stands_before_its_table() -> None:
    found = kinds_of("<table><caption>Prices</caption><tbody><tr><td>1</td></tr></tbody></table>")
    assert found == [(BlockKind.PARAGRAPH, "Prices"), (BlockKind.ROW, "1")]


def test_headings_keep_their_level() -> None:
    document = document_of("<h1>Oil <i>and</i><br>gas</h1><p>Text.</p><h4>Price</h4>")
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [(1, "Oil and gas"), (4, "Price")]


def test_a_heading_is_one_block_whatever_is_in_it() -> None:
    assert kinds_of("<h2><div>Oil</div><div>talks</div></h2>") == [(BlockKind.HEADING, "Oil talks")]


def test_paragraphs_of_an_item_are_items() -> None:
    assert {kind for kind, _ in kinds_of("<ol><li><p>One.</p><p>Two.</p></li></ol>")} == {BlockKind.ITEM}


def test_text_after_the_element_is_no_part_of_it() -> None:
    root = document_fromstring("<html><body><p>One</p>after</body></html>").find(".//p")
    assert root is not None
    assert [block.text for block in blocks(root)] == ["One"]


def test_deep_nesting_loses_nothing() -> None:
    assert document_of("<div>" * 200 + "deep" + "</div>after" * 200).text.split() == ["deep"] + ["after"] * 200


def test_nesting_too_deep_to_be_read_whole_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_html("<div>" * 5000 + "deep")
    assert caught.value.code == "nesting"


TAGS = ("p", "div", "b", "ul", "li", "table", "tr", "td", "h2", "pre", "blockquote", "a", "dl", "dd", "unknown")


@st.composite
def trees(draw: st.DrawFn) -> tuple[str, list[str]]:
    """HTML of elements nested at random, and the words in it in order."""
    pieces: list[str] = []
    words: list[str] = []
    around: list[str] = []
    for step in draw(st.lists(st.sampled_from((*TAGS, "", "", "/", "/", "br")), max_size=40)):
        if step == "":
            words.append(f"w{len(words)}w")
            pieces.append(f" {words[-1]} ")
        elif step == "/":
            pieces.append(f"</{around.pop()}>" if around else "")
        elif step == "br":
            pieces.append("<br>")
        else:
            around.append(step)
            pieces.append(f"<{step}>")
    return "".join(pieces), words


@settings(max_examples=200, deadline=None)
@given(trees())
def test_every_word_is_kept_once_and_in_order(tree: tuple[str, list[str]]) -> None:
    html, words = tree
    assert [word for word in document_of(html).text.split() if word != "|"] == words
