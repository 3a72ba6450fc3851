"""What Prometheus reads."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from index.location import IndexLocation
from index.report import RebuildReport
from tests.running import serving
from tests.web.conftest import Serve

WAIT_S = 90

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    """Values by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(client: TestClient, name: str, **labels: str) -> float:
    return samples(client.get("/metrics").text).get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/api/v1/ask?q=tea", "/api/v1/ask", 200),
        ("/api/v1/ask", "/api/v1/ask", 422),
        ("/documents/some-id", "/documents/{document_id}", 404),
        ("/static/icon.svg", "/static/{path}", 200),
        ("/static/nothing", "/static/{path}", 404),
        ("/nothing/here", "none", 404),
        ("/metrics", "/metrics", 200),
    ],
)
def test_requests_are_counted_and_timed_by_the_template_of_their_route(
    client: TestClient, path: str, route: str, status: int
) -> None:
    def counts() -> list[float]:
        seen = samples(client.get("/metrics").text)
        labels = (("route", route), ("status", str(status)))
        return [
            seen.get(("citebox_requests_total", labels), 0),
            seen.get(("citebox_request_seconds_count", (("route", route),)), 0),
        ]

    before = counts()
    assert client.get(path).status_code == status
    to_look = int(route == "/metrics")  # counts, too
    assert counts() == [count + 1 + to_look for count in before]


def test_a_request_that_fails_counts_as_500(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("web.live.Serving.ask", fail)
    before = value(client, "citebox_requests_total", route="/api/v1/ask", status="500")
    TestClient(client.app, raise_server_exceptions=False).get("/api/v1/ask?q=coffee")
    assert value(client, "citebox_requests_total", route="/api/v1/ask", status="500") == before + 1


def test_questions_are_counted_by_their_verdict_and_their_text_is_nowhere(serve: Serve) -> None:
    client = serve({"a.txt": "Tea is dear."}, 0.7)
    before = value(client, "citebox_questions_total", verdict="possibly")
    client.get("/", params={"q": "Is tea zanzibarian?"})
    client.get("/api/v1/ask", params={"q": "Is tea zanzibarian?"})
    client.post("/api/v1/ask", json={"question": "Is tea zanzibarian?"})
    assert value(client, "citebox_questions_total", verdict="possibly") == before + 3
    assert "zanzibarian" not in client.get("/metrics").text


def test_the_snapshot_that_answers_and_swaps_are_told(
    serve: Serve, build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path
) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)
    old = IndexLocation(tmp_path / "index").published_id() or ""
    assert value(client, "citebox_snapshot_info", snapshot=old) == 1
    swaps = value(client, "citebox_snapshot_swaps_total")
    new = build({"a.txt": "Tea is cheap."}).snapshot
    wait_until(lambda: value(client, "citebox_snapshot_info", snapshot=new) == 1)
    assert old not in client.get("/metrics").text
    assert value(client, "citebox_snapshot_swaps_total") == swaps + 1


def test_a_published_snapshot_that_cannot_be_used_is_told(serve: Serve, tmp_path: Path) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)
    location = IndexLocation(tmp_path / "index")
    good = location.published_id() or ""
    assert value(client, "citebox_snapshot_failing") == 0
    location.publish("gone")
    wait_until(lambda: value(client, "citebox_snapshot_failing") == 1)
    assert value(client, "citebox_snapshot_info", snapshot=good) == 1
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert "gone" in ready.json().pop("failure")
    assert {**ready.json(), "failure": None} == {
        "status": "ready", "snapshot": good, "published": "gone", "failure": None,
    }  # fmt: skip
    shown = client.get("/about").text
    assert "The published snapshot cannot be used." in shown
    location.publish(good)
    wait_until(lambda: value(client, "citebox_snapshot_failing") == 0)
    assert "cannot be used" not in client.get("/about").text


def test_memory_and_cpu_time_of_the_process_are_told(client: TestClient) -> None:
    assert value(client, "process_resident_memory_bytes") > 0
    assert value(client, "process_cpu_seconds_total") > 0


def test_a_scrape_sees_all_workers_and_a_worker_that_died_no_more(sample_index: Path) -> None:
    with serving(sample_index, "--workers", "2") as address:

        def scrape() -> Samples:
            return samples(httpx.get(f"{address}/metrics", timeout=WAIT_S, trust_env=False).text)

        def answering() -> float:
            return sum(count for (name, _), count in scrape().items() if name == "citebox_snapshot_info")

        def workers() -> set[str]:
            return {dict(labels)["pid"] for name, labels in scrape() if name == "process_resident_memory_bytes"}

        wait_until(lambda: answering() == 2)
        for _ in range(10):
            httpx.get(f"{address}/readyz", timeout=WAIT_S, trust_env=False)
        assert scrape()["citebox_requests_total", (("route", "/readyz"), ("status", "200"))] == 10

        died, stayed = sorted(workers())
        os.kill(int(died), signal.SIGKILL)
        wait_until(lambda: died not in workers() and len(workers()) == 2)
        assert stayed in workers()
        wait_until(lambda: answering() == 2)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            if holds():
                return
        except httpx.TransportError:
            pass  # it went to the worker that died
        assert time.monotonic() < deadline
        time.sleep(0.05)
