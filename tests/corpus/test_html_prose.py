import pytest
from lxml.etree import _Element as Element
from lxml.html import document_fromstring

from corpus.formats.html_prose import elements_above_prose, holds_prose

SENTENCE = "The mayor opened the bridge on Monday and thanked the builders for their patience in all weathers."


def body_of(html: str) -> Element:
    return document_fromstring(f"<html><body>{html}</body></html>").body


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<p>{SENTENCE}</p>", id="a paragraph"),
        pytest.param(f"<div><span>{SENTENCE[:50]}</span>{SENTENCE[50:]}</div>", id="inline elements"),
        pytest.param("<p>They met on the quay that day.</p>" * 4, id="short sentences"),
        pytest.param(f"<p><a href='/x'>Read</a>: {SENTENCE}</p>", id="beside a link"),
    ],
)
def test_sentences_are_prose(html: str) -> None:
    assert holds_prose(body_of(html))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<p><a href='/x'>{SENTENCE}</a></p>", id="a link"),
        pytest.param(f"<p>{SENTENCE[:-1]}</p>", id="no end of a sentence"),
        pytest.param("<p>Get the best of the paper.</p>", id="a slogan"),
        pytest.param(f"<script>{SENTENCE}</script>", id="not shown"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_text_is_none(html: str) -> None:
    assert not holds_prose(body_of(html))


def test_elements_within_and_below_prose_are_not_above_it() -> None:
    html = f"<h1>Bridge</h1><p>By <a>Ann</a></p><p><time>Today</time> {SENTENCE}</p><b>Below</b>"
    assert [element.tag for element in elements_above_prose(body_of(html))] == ["body", "h1", "p", "a"]
