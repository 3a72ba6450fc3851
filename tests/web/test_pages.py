"""The pages as HTML: what a browser without a script gets."""

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html

from corpus.sources import make_sources
from index.encoder import Encoder
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.conftest import write_files
from tests.shared_reader import shared_reader
from tests.web.conftest import Serve
from web.app import create_app
from web.settings import Settings

FILES: dict[str, str | bytes] = {
    "oil.txt": "Oil was sold at the port.",
    "port.md": "---\nlanguage: en\n---\nThe port is in Karachi, at the sea.",
}
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def page(client: TestClient, path: str, status: int = 200, **parameters: str) -> html.HtmlElement:
    response = client.get(path, params=parameters, headers=BROWSER)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    return html.fromstring(response.text)


def test_the_search_page_has_a_box_and_no_answer(client: TestClient) -> None:
    shown = page(client, "/")
    assert shown.cssselect("input[name=q]")
    assert not shown.cssselect(".answer")


def test_an_answer_shows_marked_passages_that_link_into_their_documents(client: TestClient) -> None:
    shown = page(client, "/", q="How many offshore licences were awarded?")
    hits = shown.cssselect(".hit")
    assert len(hits) == 5
    assert all(hit.cssselect("mark") for hit in hits)
    for hit in hits[:2]:
        link = hit.cssselect("h2 a")[0].get("href")
        target = html.fromstring(client.get(link, headers=BROWSER).text).get_element_by_id(link.partition("#")[2])
        assert target.text_content() == hit.cssselect("blockquote")[0].text_content()
        assert target.cssselect("mark")[0].text_content() == hit.cssselect("mark")[0].text_content()


def test_the_question_and_filters_stay_in_the_form(client: TestClient) -> None:
    shown = page(client, "/", q="steel <mills>", source="sample/briefs", since="2025-11", until="2025")
    assert shown.cssselect("input[name=q]")[0].get("value") == "steel <mills>"
    assert shown.cssselect("select[name=source] option[selected]")[0].text == "sample/briefs"
    assert shown.cssselect("input[name=since]")[0].get("value") == "2025-11-01"
    assert shown.cssselect("input[name=until]")[0].get("value") == "2025-12-31"
    assert all("sample/briefs/" in path.text for path in shown.cssselect(".source .path"))


def test_a_source_that_is_no_choice_of_the_form_is_kept_too(client: TestClient) -> None:
    shown = page(client, "/", q="steel", source="sample/*/pakistan-*.md")
    assert shown.cssselect("select[name=source] option[selected]")[0].text == "sample/*/pakistan-*.md"
    assert {path.text.split(",")[0] for path in shown.cssselect(".source .path")} == {
        "sample/briefs/pakistan-steel-mills.md"
    }


def test_more_passages_are_a_link_away(client: TestClient) -> None:
    shown = page(client, "/", q="steel", source="sample/briefs")
    link = shown.cssselect(".more a")[0].get("href")
    assert "source=sample%2Fbriefs" in link
    assert len(html.fromstring(client.get(link, headers=BROWSER).text).cssselect(".hit")) == 10


@pytest.mark.parametrize(
    ("confidence", "told", "unsure"),
    [
        pytest.param(0.95, "These documents seem to answer this.", False, id="answered"),
        pytest.param(0.7, "These documents possibly answer this.", True, id="possibly"),
        pytest.param(0.1, "The answer does not seem to be in these documents.", True, id="not here"),
        pytest.param(None, "These passages come nearest.", True, id="uncalibrated"),
    ],
)
def test_the_verdict_is_told_in_words(serve: Serve, confidence: float | None, told: str, unsure: bool) -> None:
    shown = page(serve(FILES, confidence), "/", q="Was oil sold?")
    assert shown.cssselect(".answer > .notice strong")[0].text_content() == told
    assert bool(shown.cssselect(".answer.unsure")) is unsure
    assert shown.cssselect(".hit")


def test_a_misspelt_word_is_told_with_what_it_was_taken_for(serve: Serve) -> None:
    shown = page(serve(FILES, None), "/", q="Is Karahci a prot?")
    assert shown.cssselect(".spelling")[0].text_content() == "Took “Karahci” as Karachi, “prot” as port."
    assert shown.cssselect("input[name=q]")[0].get("value") == "Is Karahci a prot?"


def test_words_that_no_passage_contains_are_told(serve: Serve) -> None:
    shown = page(serve(FILES, None), "/", q='Was uranium "sold at sea"?')
    assert shown.cssselect(".missing")[0].text_content() == "No passage contains “uranium”, “sold at sea”."


def test_where_all_words_are_known_nothing_is_told_of_them(serve: Serve) -> None:
    shown = page(serve(FILES, 0.95), "/", q="Was oil sold?")
    assert not shown.cssselect(".spelling, .missing")


@pytest.mark.parametrize(("confidence", "hinted"), [(0.95, False), (0.7, False), (0.1, True), (None, True)], ids=str)
def test_files_that_could_not_be_read_are_hinted_at_where_nothing_answers(
    serve: Serve, confidence: float | None, hinted: bool
) -> None:
    shown = page(serve({**FILES, "film.mp4": b"film", "empty.txt": ""}, confidence), "/", q="Was oil sold?")
    notices = [notice.text_content() for notice in shown.cssselect(".missing")]
    assert len(notices) == hinted
    assert all(notice.startswith("1 file could not be read and may hold the answer") for notice in notices)
    assert bool(shown.cssselect(".missing a[href='/about']")) is hinted


def test_a_language_can_be_chosen_where_there_are_several(serve: Serve) -> None:
    client = serve({**FILES, "ufer.md": "---\nlanguage: de\n---\nOil am Ufer."}, 0.95)
    shown = page(client, "/", q="oil", language="de")
    options = shown.cssselect("select[name=language] option")
    assert [(option.text, option.get("selected") is not None) for option in options] == [
        ("All languages", False), ("de", True), ("en", False),
    ]  # fmt: skip
    assert [path.text.split(",")[0] for path in shown.cssselect(".source .path")] == ["docs/ufer.md"]
    assert "language" in shown.cssselect(".filters summary")[0].text_content()
    assert shown.cssselect("details.filters[open] .clear")


def test_one_language_is_no_choice(serve: Serve) -> None:
    client = serve(FILES, 0.95)
    for question in ("", "oil"):
        shown = page(client, "/", q=question)
        assert not shown.cssselect("select[name=language]")
        assert shown.cssselect(".filters summary")[0].text_content() == "Filter by source and date"


@pytest.mark.parametrize(("language", "status"), [("ur", 200), ("EN", 200), ("English", 422)])
def test_a_language_that_is_no_choice_of_the_form_is_kept_too(serve: Serve, language: str, status: int) -> None:
    shown = page(serve(FILES, 0.95), "/", status, q="oil", language=language)
    assert [option.text for option in shown.cssselect("select[name=language] option[selected]")] == [language]


def test_more_passages_are_of_the_language_too(serve: Serve) -> None:
    shown = page(serve({"a.md": "---\nlanguage: en\n---\nOil."}, 0.95), "/", q="oil", language="en", top_k="1")
    assert "language=en" in shown.cssselect(".more a")[0].get("href")


def test_filters_that_nothing_passes_are_told(client: TestClient) -> None:
    shown = page(client, "/", q="steel", until="1990-01-01")
    assert "No passage passes these filters" in shown.cssselect(".notice")[0].text_content()


def test_exclusions_that_leave_nothing_are_told(serve: Serve) -> None:
    shown = page(serve(FILES, 0.95), "/", q="Was oil sold? -the")
    assert "No passage passes these filters and exclusions" in shown.cssselect(".notice")[0].text_content()
    assert not shown.cssselect(".hit")


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"q": "x" * 10_000}, "10,000 characters"),
        ({"q": "why", "top_k": "0"}, "top_k is 0"),
        ({"q": "why", "since": "soon"}, "'soon'"),
    ],
    ids=["long", "top_k", "date"],
)
def test_a_bad_question_is_told_on_the_page(client: TestClient, parameters: dict[str, str], told: str) -> None:
    shown = page(client, "/", 422, **parameters)
    assert told in shown.cssselect("[role=alert]")[0].text_content()


def test_a_number_that_is_none_gets_an_error_page(client: TestClient) -> None:
    assert "top_k" in page(client, "/", 422, q="why", top_k="many").text_content()


def test_text_of_a_question_never_becomes_markup(client: TestClient) -> None:
    response = client.get("/", params={"q": "<script>alert(1)</script>"}, headers=BROWSER)
    assert "<script>alert(1)" not in response.text


@pytest.mark.parametrize("path", ["/documents/unknown", "/nothing"])
def test_a_browser_gets_an_error_page_for_what_is_not_there(client: TestClient, path: str) -> None:
    assert "404" in page(client, path, 404).text_content()


def test_a_program_gets_a_problem_document_from_the_same_path(client: TestClient) -> None:
    response = client.get("/documents/unknown")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_a_document_page_shows_the_whole_text_with_every_passage(client: TestClient) -> None:
    for listed in client.get("/api/v1/documents").json()["documents"]:
        shown = page(client, f"/documents/{listed['document_id']}")
        text = client.get(f"/api/v1/documents/{listed['document_id']}/text").text
        words = " ".join(part.text_content() for part in shown.cssselect(".document .heading, .document .text"))
        assert words.split() == text.split()
        assert len(shown.cssselect(".passage")) == listed["passages"]


@pytest.mark.parametrize("mark", ["x", "9-1", "0-999999999", "-5-3", "1-2-3"])
def test_marks_that_make_no_sense_do_no_harm(client: TestClient, mark: str) -> None:
    listed = client.get("/api/v1/documents", params={"limit": 1}).json()["documents"][0]
    page(client, f"/documents/{listed['document_id']}", mark=mark)


def test_sources_lists_every_document(client: TestClient) -> None:
    shown = page(client, "/sources")
    listed = client.get("/api/v1/documents").json()["documents"]
    assert [link.get("href") for link in shown.cssselect(".listing a")] == [
        f"/documents/{document['document_id']}" for document in listed
    ]


def test_a_page_of_sources_beyond_the_last_is_not_there(client: TestClient) -> None:
    assert "no page 9999" in page(client, "/sources", 404, page="9999").text_content()


def test_about_shows_the_snapshot(client: TestClient) -> None:
    shown = page(client, "/about").text_content()
    assert client.get("/api/v1/snapshot").json()["id"] in shown
    assert "Every file was read." in shown


def test_about_shows_every_file_that_was_not_indexed(tmp_path: Path, encoder: Encoder) -> None:
    write_files(tmp_path / "docs", {"a.txt": "Same.", "b.txt": "Same.", "film [1].mp4": b"film", "empty.md": ""})
    rebuild(
        IndexLocation(tmp_path / "index"), make_sources([tmp_path / "docs"]), encoder, shared_reader(), SilentProgress()
    )
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        rows = [[cell.text for cell in row.cssselect("td")] for row in page(client, "/about").cssselect("tbody tr")]
        assert [row[:2] for row in rows] == [
            ["docs/b.txt", "duplicate"],
            ["docs/empty.md", "skipped"],
            ["docs/film [1].mp4", "skipped"],
        ]
        assert [row[2] for row in rows][:2] == ["same text as docs/a.txt", "the file is empty"]
        assert "2 files could not be read" in page(client, "/sources").text_content()


@pytest.mark.parametrize("path", ["/", "/sources", "/about", "/documents/x"])
def test_without_an_index_every_page_says_how_to_build_one(tmp_path: Path, path: str) -> None:
    with TestClient(create_app(Settings(index=tmp_path / "none"))) as client:
        shown = page(client, path, 503)
        assert "citebox rebuild" in shown.text_content()


def test_a_damaged_index_is_named_on_the_page(sample_index: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    damaged = IndexLocation(tmp_path / "index").published() / "texts.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        shown = page(client, "/", 503)
        assert "texts.sqlite" in shown.text_content()
        assert client.get("/readyz").status_code == 503


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    response = client.get("/", headers=BROWSER)
    assert "default-src 'none'" in response.headers["content-security-policy"]
    shown = html.fromstring(response.text)
    loaded = [element.get("src") or element.get("href") for element in shown.cssselect("script, link, img")]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert all(client.get(address).status_code == 200 for address in loaded)
