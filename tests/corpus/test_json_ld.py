import json

import pytest
from lxml.html import document_fromstring

from corpus.documents import Metadata
from corpus.formats.json_ld import json_ld_claims
from corpus.metadata import believe


def stated_by(*scripts: object) -> Metadata:
    markup = "".join(
        f'<script type="application/ld+json">{script if isinstance(script, str) else json.dumps(script)}</script>'
        for script in scripts
    )
    return believe(json_ld_claims(document_fromstring(f"<html><head>{markup}</head><body></body></html>")))


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Oil &amp; gas talks",
    "author": {"@type": "Person", "name": "Ann Author"},
    "dateCreated": "2025-11-01",
    "datePublished": "2025-11-05T10:00:00+02:00",
    "dateModified": "2025-11-07",
    "publisher": {"@type": "Organization", "name": "The Daily"},
    "url": "https://example.org/oil",
    "inLanguage": "en-GB",
}


def test_an_article_states_all_its_fields() -> None:
    assert stated_by(ARTICLE) == Metadata(
        "Oil & gas talks", ("Ann Author",), "2025-11-05", "The Daily", "https://example.org/oil", "en"
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"@graph": [{"@type": "Organization", "name": "The Daily"}, ARTICLE]}, id="graph"),
        pytest.param([{"@type": "BreadcrumbList", "name": "Path"}, ARTICLE], id="list"),
        pytest.param({"@type": "WebPage", "mainEntity": ARTICLE}, id="main entity of a page"),
        pytest.param(ARTICLE | {"@type": ["BlogPosting", "Thing"]}, id="several types"),
        pytest.param(ARTICLE | {"@type": "https://schema.org/Report"}, id="type by its address"),
    ],
)
def test_the_article_is_found_wherever_it_stands(data: object) -> None:
    assert stated_by(data).title == "Oil & gas talks"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        pytest.param("Ann Author", ("Ann Author",), id="string"),
        pytest.param("By Ann Author", ("Ann Author",), id="byline"),
        pytest.param([{"name": "Ann Author"}, "Bob Byline"], ("Ann Author", "Bob Byline"), id="list"),
        pytest.param([{"name": "Ann"}, {"name": "Ann"}], ("Ann",), id="the same twice"),
        pytest.param("https://social.example/ann", (), id="address"),
        pytest.param({"@id": "#nobody"}, (), id="unknown reference"),
        pytest.param(7, (), id="number"),
    ],
)
def test_authors_come_in_several_forms(author: object, names: tuple[str, ...]) -> None:
    assert stated_by(ARTICLE | {"author": author}).authors == names


def test_a_reference_is_followed() -> None:
    person = {"@type": "Person", "@id": "#ann", "name": "Ann Author"}
    assert stated_by({"@graph": [ARTICLE | {"author": {"@id": "#ann"}}, person]}).authors == ("Ann Author",)


def test_the_address_can_be_that_of_the_page_about_it() -> None:
    article = {name: value for name, value in ARTICLE.items() if name != "url"}
    page = {"@type": "WebPage", "@id": "https://example.org/page"}
    assert stated_by(article | {"mainEntityOfPage": page}).url == "https://example.org/page"


def test_a_page_fills_in_what_its_article_leaves_open() -> None:
    article = {"@type": "Article", "headline": "Oil talks"}
    page = {"@type": "WebPage", "name": "Page", "datePublished": "2025-11-05"}
    metadata = stated_by({"@graph": [page, article]})
    assert (metadata.title, metadata.published) == ("Oil talks", "2025-11-05")


def test_the_name_of_a_page_is_given_without_its_site() -> None:
    site = {"@type": "WebSite", "@id": "#site", "name": "The Daily"}
    page = {"@type": "WebPage", "name": "Oil talks - The Daily", "isPartOf": {"@id": "#site"}}
    assert stated_by({"@graph": [site, page]}).title == "Oil talks"


@pytest.mark.parametrize("type_", ["Organization", "BreadcrumbList", "WebSite", "Person", "Product", "CollectionPage"])
def test_what_is_about_something_else_states_nothing(type_: str) -> None:
    assert stated_by(ARTICLE | {"@type": type_}) == Metadata()


def test_several_articles_state_nothing() -> None:
    assert stated_by(ARTICLE, ARTICLE | {"headline": "Another"}) == Metadata()


@pytest.mark.parametrize(
    "markup",
    [
        "<head><title>Another - The Daily</title>{}</head><body></body>",
        "<head><title>The Daily</title>{}</head><body><h1>Another</h1></body>",
        "<head><title>another</title>{}</head><body></body>",
    ],
)
def test_of_several_articles_that_with_the_headline_of_the_page_counts(markup: str) -> None:
    nodes = [ARTICLE, {"@type": "NewsArticle", "headline": "Another", "datePublished": "2031-05-06"}]
    script = f'<script type="application/ld+json">{json.dumps(nodes)}</script>'
    metadata = believe(json_ld_claims(document_fromstring(f"<html>{markup.format(script)}</html>")))
    assert (metadata.title, metadata.published) == ("Another", "2031-05-06")


def test_a_date_of_creation_is_none_of_publication() -> None:
    assert stated_by({"@type": "Article", "headline": "Oil", "dateCreated": "2025-11-01"}).published is None


@pytest.mark.parametrize("script", ["", "{", '{"@type": "Article", "headline": "Oil",}', "[" * 100_000, "null", "7"])
def test_malformed_data_are_passed_over(script: str) -> None:
    assert stated_by(script, ARTICLE).title == "Oil & gas talks"


@pytest.mark.parametrize("value", [None, 7, [], {}, [None], {"@id": 7}, [[["x"]]], True])
def test_values_of_unexpected_kinds_are_passed_over(value: object) -> None:
    fields = dict.fromkeys(("author", "datePublished", "publisher", "url", "inLanguage", "isPartOf"), value)
    assert stated_by({"@type": "Article", "headline": "Oil", "@id": value} | fields).title == "Oil"
