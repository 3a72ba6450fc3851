"""What is sent again only when it changed, and how it is compressed."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.report import RebuildReport
from qa.calibrate import write_calibration
from qa.search import Searcher
from tests.calibrations import always
from tests.web.conftest import Serve
from web.app import create_app
from web.settings import Settings

WAIT_S = 30
QUESTION = "/api/v1/ask?q=tea"
FILES: dict[str, str | bytes] = {"a.txt": "Tea is dear."}


@pytest.fixture
def asked(serve: Serve) -> TestClient:
    return serve(FILES, None)


@pytest.mark.parametrize(
    "path",
    [
        QUESTION, "/api/v1/explain?q=tea&document=a.txt", "/api/v1/documents", "/api/v1/documents/{document}",
        "/api/v1/documents/{document}/text", "/api/v1/passages/{passage}", "/api/v1/snapshot",
        "/", "/?q=tea", "/documents/{document}", "/sources",
    ],
)  # fmt: skip
def test_what_the_client_has_is_not_sent_again(asked: TestClient, path: str) -> None:
    hit = asked.get(QUESTION).json()["passages"][0]
    address = path.format(document=hit["citation"]["document_id"], passage=hit["passage_id"])
    first = asked.get(address)
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    tag = first.headers["etag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = asked.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert asked.get(address, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_nothing_is_searched_for_what_the_client_has(asked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = asked.get(QUESTION).headers["etag"]
    monkeypatch.setattr(Searcher, "ask", lambda *_: 1 / 0)
    assert asked.get(QUESTION + "s", headers={"If-None-Match": tag}).status_code == 304


def test_another_snapshot_has_another_tag(
    asked: TestClient, build: Callable[[dict[str, str | bytes]], RebuildReport]
) -> None:
    tag = asked.get(QUESTION).headers["etag"]
    build({"a.txt": "Tea is cheap."})
    deadline = time.monotonic() + WAIT_S
    while (response := asked.get(QUESTION, headers={"If-None-Match": tag})).status_code == 304:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert response.json()["passages"][0]["text"] == "Tea is cheap."
    assert response.headers["etag"] != tag


def test_another_calibration_has_another_tag(asked: TestClient, tmp_path: Path) -> None:
    write_calibration(tmp_path / "index", always(0.7))
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as calibrated:
        assert calibrated.get(QUESTION).headers["etag"] != asked.get(QUESTION).headers["etag"]


def test_workers_and_restarts_give_the_same_tag(asked: TestClient, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as other:
        assert other.get(QUESTION).headers["etag"] == asked.get(QUESTION).headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/healthz", "/readyz", "/metrics", "/history", "/api/v1/history", "/about", "/?q=tea&top_k=0",
        "/api/v1/ask?q=", "/api/v1/documents/none", "/nothing",
    ],
)  # fmt: skip
def test_errors_and_what_changes_without_a_snapshot_have_no_tag(asked: TestClient, path: str) -> None:
    assert "etag" not in asked.get(path).headers


def test_without_a_snapshot_nothing_has_a_tag(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(index=tmp_path / "none"))) as client:
        response = client.get(QUESTION, headers={"If-None-Match": "*"})
    assert (response.status_code, "etag" in response.headers) == (503, False)


def test_static_files_are_kept_for_good_under_the_address_that_pages_give(asked: TestClient) -> None:
    addresses = set(re.findall(r'"(/static/[^"]+)"', asked.get("/").text))
    assert {address.partition("?")[0] for address in addresses} == {
        "/static/citebox.css", "/static/citebox.js", "/static/icon.svg",
    }  # fmt: skip
    for address in addresses:
        assert "immutable" in asked.get(address).headers["cache-control"]
        for other in (address.partition("?")[0], address + "0"):
            plain = asked.get(other)
            assert "cache-control" not in plain.headers
            assert asked.get(other, headers={"If-None-Match": plain.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(("encoding", "sent"), [("gzip", "gzip"), ("identity", None)])
def test_answers_are_compressed_for_clients_that_take_it(client: TestClient, encoding: str, sent: Any) -> None:
    response = client.get("/api/v1/ask", params={"q": "steel"}, headers={"Accept-Encoding": encoding})
    assert response.headers.get("content-encoding") == sent
    assert response.headers["vary"] == "Accept-Encoding"
    assert len(response.json()["passages"]) == 5


def test_small_bodies_are_not_compressed(asked: TestClient) -> None:
    assert "content-encoding" not in asked.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers
