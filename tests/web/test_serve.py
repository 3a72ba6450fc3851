"""`citebox serve` as a process, asked over HTTP."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.conftest import write_files
from tests.running import run_citebox, serving


@pytest.fixture(scope="module")
def address(sample_index: Path) -> Iterator[str]:
    with serving(sample_index) as at:
        yield at


def test_it_announces_an_address_that_answers(address: str) -> None:
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{address}/readyz").json()["status"] == "ready"


def test_it_answers_a_question(address: str) -> None:
    response = httpx.get(f"{address}/api/v1/ask", params={"q": "How many offshore licences were awarded?"}, timeout=30)
    assert response.status_code == 200
    assert response.json()["verdict"]["answered"] is True
    assert any("23" in hit["highlights"][0]["text"] for hit in response.json()["passages"])


def test_it_answers_with_the_page(address: str) -> None:
    response = httpx.get(address, params={"q": "insulin"}, headers={"Accept": "text/html"}, timeout=30)
    assert "<mark>" in response.text


def test_a_server_without_an_index_says_how_to_build_one_and_follows_when_it_is_published(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with serving(index) as address:
        assert httpx.get(f"{address}/healthz").status_code == 200
        unready = httpx.get(f"{address}/readyz")
        assert unready.status_code == 503
        assert "citebox rebuild" in unready.json()["detail"]
        page = httpx.get(address, headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert "citebox rebuild" in page.text

        write_files(tmp_path / "docs", {"a.txt": "The harbour freezes in January."})
        assert run_citebox("rebuild", tmp_path / "docs", "--index", index).returncode == 0
        deadline = time.monotonic() + 60
        while httpx.get(f"{address}/readyz").status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        answer = httpx.get(f"{address}/api/v1/ask", params={"q": "When does the harbour freeze?"}, timeout=60).json()
        assert answer["passages"][0]["text"] == "The harbour freezes in January."


def test_several_workers_share_the_port(sample_index: Path) -> None:
    with serving(sample_index, "--workers", "2") as address:
        for _ in range(4):
            assert httpx.get(f"{address}/readyz", timeout=60).status_code == 200


def test_many_questions_at_once_all_get_their_own_answer(address: str) -> None:
    questions = [f"What happened in {year}, and why did it matter to the steel mills?" for year in range(1990, 2030)]

    def ask(question: str) -> dict[str, object]:
        return httpx.get(f"{address}/api/v1/ask", params={"q": question}, timeout=60).raise_for_status().json()

    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = list(pool.map(ask, questions))
    assert [answer["question"] for answer in answers] == questions
    alone = ask(questions[7])
    assert alone["passages"] == answers[7]["passages"]


def test_a_proxy_of_the_environment_is_not_asked(sample_index: Path) -> None:
    with serving(sample_index, http_proxy="http://127.0.0.1:9") as address:
        assert httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
