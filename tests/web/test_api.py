"""The HTTP API, as a program meets it (contract: docs/api.md)."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.sources import find_files, make_sources
from index.encoder import Encoder
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.conftest import SAMPLE, write_files
from tests.running import run_citebox
from tests.shared_reader import shared_reader
from tests.web.conftest import Serve
from web.app import create_app
from web.settings import Settings

QUESTION = "How many offshore exploration licences did Pakistan award?"
UNKNOWN = "0" * 20
FILES: dict[str, str | bytes] = {
    "oil.txt": "Oil was sold at the port.",
    "port.txt": "The port is in Karachi, at the sea.",
    "quai.md": "---\nlanguage: fr\n---\nLe quai se trouve à Karachi.",
    "ufer.md": "---\nlanguage: de\n---\nDas Ufer liegt in Karachi.",
}


@pytest.fixture(scope="module")
def answer(client: TestClient) -> dict[str, Any]:
    response = client.get("/api/v1/ask", params={"q": QUESTION})
    assert response.status_code == 200
    return response.json()


def test_an_answer_has_the_fields_of_the_contract(answer: dict[str, Any]) -> None:
    assert set(answer) == {
        "question", "verdict", "corrections", "absent", "unread_files", "passages", "agreement", "independence",
        "snapshot", "took_ms",
    }  # fmt: skip
    assert set(answer["verdict"]) == {"answered", "confidence", "label"}
    assert set(answer["snapshot"]) == {"id", "built_at", "model", "documents", "passages"}
    hit = answer["passages"][0]
    assert set(hit) == {
        "rank", "score", "passage_id", "text", "highlights", "citation", "scores", "also_in",
    }  # fmt: skip
    assert set(hit["highlights"][0]) == {"start", "end", "text", "score"}
    assert set(hit["scores"]) == {"dense", "lexical", "sentence", "coverage", "proximity", "reranker"}
    assert set(hit["citation"]) == {
        "document_id", "title", "authors", "published", "published_from", "publisher", "url", "path", "section", "page",
        "page_label", "start", "end", "sha256", "source_sha256", "permalink", "label",
    }  # fmt: skip


def test_every_hit_quotes_its_document_word_for_word(client: TestClient, answer: dict[str, Any]) -> None:
    for hit in answer["passages"]:
        citation = hit["citation"]
        text = client.get(f"/api/v1/documents/{citation['document_id']}/text").text
        assert text[citation["start"] : citation["end"]] == hit["text"]
        assert hashlib.sha256(text.encode()).hexdigest() == citation["sha256"]
        for highlight in hit["highlights"]:
            assert hit["text"][highlight["start"] : highlight["end"]] == highlight["text"]


def test_hits_are_ranked_from_1_by_falling_score(answer: dict[str, Any]) -> None:
    assert [hit["rank"] for hit in answer["passages"]] == [1, 2, 3, 4, 5]
    scores = [hit["score"] for hit in answer["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_the_same_question_by_post_gets_the_same_passages(client: TestClient, answer: dict[str, Any]) -> None:
    response = client.post("/api/v1/ask", json={"question": QUESTION, "top_k": 5, "filters": {"source": []}})
    assert response.json()["passages"] == answer["passages"]


def test_the_command_line_prints_the_same_document(sample_index: Path, answer: dict[str, Any]) -> None:
    printed = json.loads(run_citebox("ask", QUESTION, "--index", sample_index, "--json").stdout)
    assert {**printed, "took_ms": 0} == {**answer, "took_ms": 0}


def test_empty_filters_do_not_restrict(client: TestClient, answer: dict[str, Any]) -> None:
    parameters = {"q": QUESTION, "source": "", "since": "", "until": "", "document": "", "language": ""}
    assert client.get("/api/v1/ask", params=parameters).json()["passages"] == answer["passages"]


@pytest.mark.parametrize("top_k", [1, 3, 100])
def test_top_k_passages_come_back_where_so_many_exist(client: TestClient, top_k: int) -> None:
    answer = client.get("/api/v1/ask", params={"q": "steel", "top_k": top_k}).json()
    assert len(answer["passages"]) == min(top_k, answer["snapshot"]["passages"])


def test_a_source_filter_keeps_to_the_folder(client: TestClient) -> None:
    answer = client.get("/api/v1/ask", params={"q": QUESTION, "source": "sample/meetings", "top_k": 10}).json()
    assert len(answer["passages"]) == 10
    assert all(hit["citation"]["path"].startswith("sample/meetings/") for hit in answer["passages"])


def test_a_date_filter_keeps_to_the_dates(client: TestClient) -> None:
    body = {"question": QUESTION, "filters": {"since": "2025-12", "until": "2025-12-31"}}
    passages = client.post("/api/v1/ask", json=body).json()["passages"]
    assert len(passages) == 5
    assert all(hit["citation"]["published"].startswith("2025-12") for hit in passages)


def test_a_document_filter_keeps_to_the_document(client: TestClient, answer: dict[str, Any]) -> None:
    wanted = answer["passages"][1]["citation"]["document_id"]
    passages = client.get("/api/v1/ask", params={"q": QUESTION, "document": wanted}).json()["passages"]
    assert {hit["citation"]["document_id"] for hit in passages} == {wanted}


def test_filters_that_no_document_passes_give_no_answer(client: TestClient) -> None:
    answer = client.get("/api/v1/ask", params={"q": QUESTION, "source": "nowhere"}).json()
    assert answer["passages"] == []
    assert answer["verdict"] == {"answered": False, "confidence": 0.0, "label": "not in these documents"}


def test_a_question_the_documents_do_not_answer_is_called_so(client: TestClient) -> None:
    answer = client.get("/api/v1/ask", params={"q": "How do I reset my email password?"}).json()
    assert answer["verdict"]["answered"] is False
    assert answer["verdict"]["label"] == "not in these documents"
    assert answer["passages"]


def test_a_question_the_documents_answer_is_called_so(answer: dict[str, Any]) -> None:
    assert answer["verdict"]["answered"] is True
    assert answer["verdict"]["confidence"] > 0.5
    assert answer["verdict"]["label"] in ("answered", "possibly")
    assert (answer["corrections"], answer["unread_files"]) == ([], 0)


def test_a_verdict_has_a_word_for_its_confidence(serve: Serve) -> None:
    verdict = serve(FILES, 0.7).get("/api/v1/ask", params={"q": "Was oil sold?"}).json()["verdict"]
    assert verdict == {"answered": True, "confidence": 0.7, "label": "possibly"}


def test_the_verdict_for_a_model_nobody_calibrated_is_open(serve: Serve) -> None:
    verdict = serve(FILES, None).get("/api/v1/ask", params={"q": "Was oil sold?"}).json()["verdict"]
    assert verdict == {"answered": None, "confidence": None, "label": "uncalibrated"}


def test_a_misspelt_word_is_given_with_what_it_was_taken_for(serve: Serve) -> None:
    answer = serve(FILES, None).get("/api/v1/ask", params={"q": "Where is Karahci?"}).json()
    assert answer["question"] == "Where is Karahci?"
    assert answer["corrections"] == [{"word": "Karahci", "replacement": "Karachi"}]
    assert answer["absent"] == []


def test_words_and_phrases_that_no_passage_contains_are_given_once(serve: Serve) -> None:
    client = serve(FILES, None)
    asked = client.get("/api/v1/ask", params={"q": 'Was "uranium" or oil "sold at sea" in 1871?'}).json()
    assert asked["absent"] == ["uranium", "1871", "sold at sea"]
    assert asked["passages"]


def test_files_that_could_not_be_read_are_counted_unless_they_were_empty(serve: Serve) -> None:
    files: dict[str, str | bytes] = {**FILES, "film.mp4": b"film", "junk.txt": bytes(range(256)), "empty.txt": ""}
    answer = serve(files, None).get("/api/v1/ask", params={"q": "Was oil sold?"}).json()
    assert answer["unread_files"] == 2


@pytest.mark.parametrize(
    ("languages", "paths"),
    [
        (["de"], {"docs/ufer.md"}),
        (["DE"], {"docs/ufer.md"}),
        (["de", "fr"], {"docs/ufer.md", "docs/quai.md"}),
        (["ur"], set()),
        ([], {"docs/ufer.md", "docs/quai.md", "docs/port.txt", "docs/oil.txt"}),
    ],
    ids=str,
)
def test_a_language_filter_keeps_to_the_languages(serve: Serve, languages: list[str], paths: set[str]) -> None:
    client = serve(FILES, None)
    by_get = client.get("/api/v1/ask", params={"q": "Karachi", "language": languages, "top_k": 50}).json()
    body = {"question": "Karachi", "top_k": 50, "filters": {"language": languages}}
    by_post = client.post("/api/v1/ask", json=body).json()
    assert {hit["citation"]["path"] for hit in by_get["passages"]} == paths
    assert by_get["passages"] == by_post["passages"]


def test_a_damaged_calibration_is_a_problem_that_names_the_file(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "calibration.json").write_text("{")
    client = serve(FILES, None)
    response = client.get("/api/v1/ask", params={"q": "Was oil sold?"})
    assert response.status_code == 503
    assert "calibration.json" in response.json()["detail"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"q": ""}, "question"),
        ({"q": "   "}, "question"),
        ({"q": "x" * 10_000}, "question"),
        ({}, "q"),
        ({"q": "why", "top_k": "0"}, "top_k"),
        ({"q": "why", "top_k": "10000"}, "top_k"),
        ({"q": "why", "top_k": "many"}, "top_k"),
        ({"q": "why", "since": "last week"}, "since"),
        ({"q": "why", "until": "2025-02-30"}, "until"),
        ({"q": "why", "since": "2026", "until": "2025"}, "since"),
        ({"q": "why", "language": "English"}, "language"),
        ({"q": "-crude"}, "question"),
    ],
    ids=str,
)
def test_a_bad_request_is_refused_with_the_field_at_fault(
    client: TestClient, parameters: dict[str, str], field: str
) -> None:
    response = client.get("/api/v1/ask", params=parameters)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not json", "0"),
        (b"[]", "body"),
        (b'{"question": 5}', "question"),
        (b'{"question": "why", "topk": 5}', "topk"),
        (b'{"question": "why", "filters": {"since": "soon"}}', "since"),
        (b'{"question": "why", "filters": {"language": ["eng"]}}', "language"),
        (b'{"question": "why", "filters": {"language": "en"}}', "filters.language"),
        (b'{"question": "why \\ud800"}', None),
    ],
    ids=str,
)
def test_a_bad_body_is_refused_with_the_field_at_fault(client: TestClient, body: bytes, field: str | None) -> None:
    response = client.post("/api/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert field is None or response.json()["errors"][0]["field"] == field


def test_hostile_questions_get_an_answer(client: TestClient) -> None:
    for question in ("(" * 1500, '"', "-", "http://x", "a AND OR NOT [x TO y}", "\x00", "😀" * 200, "the of and"):
        assert client.post("/api/v1/ask", json={"question": question}).status_code == 200


@pytest.mark.parametrize(
    "path", ["documents/{}", "documents/{}/text", "passages/{}"], ids=["document", "text", "passage"]
)
def test_an_unknown_id_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(f"/api/v1/{path.format(UNKNOWN)}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert UNKNOWN in response.json()["detail"]


def test_an_explanation_has_the_fields_of_the_contract(client: TestClient, answer: dict[str, Any]) -> None:
    listed = client.get("/api/v1/documents", params={"limit": 500}).json()["documents"]
    hit_ids = {hit["citation"]["document_id"] for hit in answer["passages"]}
    other = next(document for document in listed if document["document_id"] not in hit_ids and not document["also_in"])
    parameters = {"q": QUESTION, "document": other["document_id"]}
    explained = client.get("/api/v1/explain", params=parameters).json()
    assert set(explained) == {
        "question", "path", "outcome", "sentences", "hit", "duplicate_of", "best", "last_hit", "candidates", "lacking",
        "unknown", "code", "reason", "snapshot",
    }  # fmt: skip
    assert (explained["path"], explained["outcome"]) == (other["path"], "not_returned")
    assert set(explained["best"]) == {"document_id", "passage_id", "candidate", "score", "scores", "ranks"}
    assert set(explained["best"]["ranks"]) == {"dense", "lexical", "sentence", "fused", "reranked", "folded"}
    last = answer["passages"][-1]
    assert explained["last_hit"] == {name: last[name] for name in ("rank", "score", "scores")}


def test_a_document_that_is_returned_is_explained_by_its_hit(client: TestClient, answer: dict[str, Any]) -> None:
    first = answer["passages"][0]
    parameters = {"q": QUESTION, "document": first["citation"]["path"]}
    explained = client.get("/api/v1/explain", params=parameters).json()
    assert (explained["outcome"], explained["hit"]) == ("returned", 1)
    assert explained["best"]["passage_id"] == first["passage_id"]
    assert (explained["best"]["score"], explained["best"]["scores"]) == (first["score"], first["scores"])


def test_a_document_that_cannot_be_explained_is_a_problem(client: TestClient) -> None:
    unknown = client.get("/api/v1/explain", params={"q": QUESTION, "document": UNKNOWN})
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")
    assert UNKNOWN in unknown.json()["detail"]
    for parameters, field in (
        ({"q": "", "document": UNKNOWN}, "question"),
        ({"q": QUESTION, "document": ""}, "document"),
        ({"q": QUESTION}, "document"),
        ({"q": QUESTION, "document": UNKNOWN, "top_k": 0}, "top_k"),
    ):
        refused = client.get("/api/v1/explain", params=parameters)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_a_method_that_is_not_allowed_names_those_that_are(client: TestClient) -> None:
    response = client.delete("/api/v1/ask")
    assert (response.status_code, response.headers["content-type"]) == (405, "application/problem+json")
    assert "GET" in response.headers["allow"]


def test_a_path_that_does_not_exist_is_a_problem_document(client: TestClient) -> None:
    response = client.get("/api/v1/nothing")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_documents_come_in_pages_in_order_of_their_paths(client: TestClient) -> None:
    first = client.get("/api/v1/documents", params={"limit": 8}).json()
    second = client.get("/api/v1/documents", params={"limit": 500, "offset": 8}).json()
    paths = [document["path"] for document in first["documents"] + second["documents"]]
    assert paths == sorted(paths)
    assert len(paths) == first["total"] == second["total"]
    assert len(first["documents"]) == 8


@pytest.mark.parametrize(
    "parameters", [{"limit": 0}, {"limit": 501}, {"offset": -1}, {"offset": 10**20}, {"limit": "all"}], ids=str
)
def test_a_page_of_documents_has_limits(client: TestClient, parameters: dict[str, Any]) -> None:
    assert client.get("/api/v1/documents", params=parameters).status_code == 422


def test_a_document_can_be_fetched_by_its_id(client: TestClient) -> None:
    listed = client.get("/api/v1/documents", params={"limit": 1}).json()["documents"][0]
    assert client.get(f"/api/v1/documents/{listed['document_id']}").json() == listed
    assert listed["characters"] == len(client.get(f"/api/v1/documents/{listed['document_id']}/text").text)


def test_a_passage_can_be_fetched_by_its_id(client: TestClient, answer: dict[str, Any]) -> None:
    hit = answer["passages"][0]
    passage = client.get(f"/api/v1/passages/{hit['passage_id']}").json()
    assert passage == {"passage_id": hit["passage_id"], "text": hit["text"], "citation": hit["citation"]}


def test_the_snapshot_accounts_for_every_file(client: TestClient) -> None:
    described = client.get("/api/v1/snapshot").json()
    found = len(find_files(make_sources([SAMPLE]), Path("no-index")))
    assert described["files"] == {"found": found, "indexed": found, "unchanged": 0, "duplicate": 0, "skipped": 0}
    assert described["sources"] == ["sample"]
    assert described["skipped"] == []


def test_a_citation_survives_a_rebuild_or_is_gone(tmp_path: Path, encoder: Encoder) -> None:
    location = IndexLocation(tmp_path / "index")
    docs = tmp_path / "docs"
    write_files(docs, {"kept.txt": "The mill closed in 2015.", "edited.txt": "The port is open."})
    rebuild(location, make_sources([docs]), encoder, shared_reader(), SilentProgress())
    with TestClient(create_app(Settings(index=location.folder))) as client:
        hits = client.get("/api/v1/ask", params={"q": "mill or port"}).json()["passages"]
        ids = {hit["citation"]["path"]: hit for hit in hits}
        write_files(docs, {"edited.txt": "The port is closed.", "new.txt": "A new file."})
        rebuild(location, make_sources([docs]), encoder, shared_reader(), SilentProgress())
        client.app.state.live.follow()

        kept = client.get(f"/api/v1/passages/{ids['docs/kept.txt']['passage_id']}")
        assert kept.status_code == 200
        assert kept.json()["text"] == "The mill closed in 2015."
        gone = client.get(f"/api/v1/passages/{ids['docs/edited.txt']['passage_id']}")
        assert gone.status_code == 410
        assert gone.headers["content-type"] == "application/problem+json"

        (docs / "kept.txt").unlink()
        rebuild(location, make_sources([docs]), encoder, shared_reader(), SilentProgress())
        client.app.state.live.follow()
        removed = client.get(f"/api/v1/documents/{ids['docs/kept.txt']['citation']['document_id']}")
        assert removed.status_code == 410
        explained = client.get(
            "/api/v1/explain",
            params={"q": "mill", "document": ids["docs/kept.txt"]["citation"]["document_id"]},
        )
        assert explained.status_code == 410


def test_copies_of_a_text_are_named_with_the_hit(tmp_path: Path, encoder: Encoder) -> None:
    write_files(tmp_path / "docs", {"a.txt": "The mill closed in 2015.", "b.txt": "The mill closed in 2015."})
    rebuild(
        IndexLocation(tmp_path / "index"), make_sources([tmp_path / "docs"]), encoder, shared_reader(), SilentProgress()
    )
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        hits = client.get("/api/v1/ask", params={"q": "When did the mill close?"}).json()["passages"]
        assert [hit["citation"]["path"] for hit in hits] == ["docs/a.txt"]
        assert [copy["path"] for copy in hits[0]["also_in"]] == ["docs/b.txt"]
        copied = client.get(f"/api/v1/documents/{hits[0]['also_in'][0]['document_id']}").json()
        assert (copied["path"], [other["path"] for other in copied["also_in"]]) == ("docs/b.txt", ["docs/a.txt"])

        filtered = client.get("/api/v1/ask", params={"q": "When did the mill close?", "source": "docs/b.txt"}).json()
        assert [hit["citation"]["path"] for hit in filtered["passages"]] == ["docs/b.txt"]
        assert [copy["path"] for copy in filtered["passages"][0]["also_in"]] == ["docs/a.txt"]


def test_the_api_describes_itself(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/ask", "/api/v1/documents", "/api/v1/passages/{passage_id}", "/healthz"} <= set(paths)


def test_a_defect_is_a_problem_document_without_a_traceback(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("web.live.Serving.ask", fail)
    unraised = TestClient(client.app, raise_server_exceptions=False)
    response = unraised.get("/api/v1/ask", params={"q": "why"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text
    assert "secret inside" in caplog.text
    assert response.headers["x-content-type-options"] == "nosniff"
