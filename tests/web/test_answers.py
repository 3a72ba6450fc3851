"""Answers kept in memory."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.location import IndexLocation
from index.report import RebuildReport
from qa.query import Query, make_query
from qa.search import Answer, Searcher
from tests.web.conftest import Serve
from tests.web.test_metrics import value
from web.answers import MAX_PASSAGES, RememberedAnswers

WAIT_S = 30

Build = Callable[[dict[str, str | bytes]], RebuildReport]

pytestmark = pytest.mark.usefixtures("without_model")


class Counted:
    """A searcher's `ask` that counts the questions that reach it."""

    def __init__(self, ask: Callable[[Query], Answer]) -> None:
        self.asked: list[Query] = []
        self._ask = ask

    def __call__(self, query: Query) -> Answer:
        self.asked.append(query)
        return self._ask(query)


@pytest.fixture
def counted(build: Build, tmp_path: Path) -> Counted:
    build({"a.txt": "Tea is dear. Oil is cheap."})
    return Counted(Searcher.open(IndexLocation(tmp_path / "index").published()).ask)


def test_a_question_asked_again_is_answered_from_memory(counted: Counted) -> None:
    answers = RememberedAnswers(counted)
    first, second = answers.ask(make_query("How is tea?")), answers.ask(make_query(" How is tea? "))
    assert len(counted.asked) == 1
    assert replace(second, took_ms=0) == replace(first, took_ms=0, stages=())


def test_an_answer_from_memory_says_how_long_it_took_itself(counted: Counted) -> None:
    answers = RememberedAnswers(lambda query: replace(counted(query), took_ms=1e9))
    assert answers.ask(make_query("How is tea?")).took_ms == 1e9
    assert 0 <= answers.ask(make_query("How is tea?")).took_ms < 1e9


@pytest.mark.parametrize(
    "other",
    [
        make_query("How is oil?"),
        make_query("How is tea?", 4),
        make_query("How is tea?", sources=["docs"]),
        make_query("How is tea?", since="2025"),
        make_query("How is tea?", until="2025"),
        make_query("How is tea?", document_ids=["x"]),
        make_query("How is tea?", languages=["en"]),
    ],
    ids=["text", "top_k", "source", "since", "until", "document", "language"],
)
def test_whatever_a_question_differs_in_it_is_another_one(counted: Counted, other: Query) -> None:
    answers = RememberedAnswers(counted)
    answers.ask(make_query("How is tea?"))
    answers.ask(other)
    assert counted.asked == [make_query("How is tea?"), other]


def test_what_was_not_asked_for_longest_is_forgotten_first(counted: Counted) -> None:
    answers = RememberedAnswers(counted)
    tea, oil = make_query("How is tea?", 100), make_query("How is oil?", 100)
    for query in (tea, oil, *(make_query(f"Who is {number}?", 100) for number in range(MAX_PASSAGES // 100 - 2))):
        answers.ask(query)
    for query in (tea, make_query("Who else?"), tea, oil):
        answers.ask(query)
    assert (counted.asked.count(tea), counted.asked.count(oil)) == (1, 2)


def test_the_same_question_asked_at_once_is_answered_once(counted: Counted) -> None:
    go_on = threading.Event()

    def slow(query: Query) -> Answer:
        answer = counted(query)
        assert go_on.wait(WAIT_S)
        return answer

    answers = RememberedAnswers(slow)
    with ThreadPoolExecutor(4) as pool:
        given = [pool.submit(answers.ask, make_query("How is tea?")) for _ in range(4)]
        time.sleep(0.05)  # for those that would ask a second time
        go_on.set()
        first, *others = [answer.result(WAIT_S).hits for answer in given]
    assert all(hits is first for hits in others)
    assert len(counted.asked) == 1


def test_a_failure_is_not_remembered(counted: Counted) -> None:
    failing = [True]

    def fail_once(query: Query) -> Answer:
        if failing.pop():
            failing.append(False)
            raise MemoryError("no memory")
        failing.append(False)
        return counted(query)

    answers = RememberedAnswers(fail_once)
    with pytest.raises(MemoryError):
        answers.ask(make_query("How is tea?"))
    assert answers.ask(make_query("How is tea?")).hits


def test_no_answer_of_a_replaced_snapshot_is_given(serve: Serve, build: Build, tmp_path: Path) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)

    def answer() -> tuple[str, str]:
        given = client.get("/api/v1/ask", params={"q": "How is tea?"}).json()
        return given["snapshot"]["id"], given["passages"][0]["text"]

    old = IndexLocation(tmp_path / "index").published_id()
    assert answer() == answer() == (old, "Tea is dear.")
    new = build({"a.txt": "Tea is cheap."}).snapshot
    deadline = time.monotonic() + WAIT_S
    while client.get("/readyz").json()["snapshot"] != new:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert answer() == (new, "Tea is cheap.")


def test_answers_from_memory_are_counted_and_stages_are_timed_for_others_only(serve: Serve) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)

    def counts() -> tuple[float, float]:
        return (
            value(client, "citebox_answers_remembered_total"),
            value(client, "citebox_stage_seconds_count", stage="encode"),
        )

    remembered, timed = counts()
    for _ in range(3):
        client.get("/api/v1/ask", params={"q": "How is tea?"})
    client.get("/", params={"q": "How is tea?"})
    assert counts() == (remembered + 3, timed + 1)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_with_debug_an_answer_is_made_anew_and_tells_its_stages(serve: Serve, method: str) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)
    for _ in range(2):
        if method == "GET":
            answer = client.get("/api/v1/ask", params={"q": "How is tea?", "debug": 1}).json()
        else:
            answer = client.post("/api/v1/ask", json={"question": "How is tea?", "debug": True}).json()
        assert answer["stages"]["encode"] > 0
    assert "stages" not in client.get("/api/v1/ask", params={"q": "How is tea?"}).json()


def test_the_page_shows_the_stages_with_debug_only(serve: Serve) -> None:
    client = serve({"a.txt": "Tea is dear."}, None)
    assert "<td>encode</td>" in client.get("/", params={"q": "How is tea?", "debug": 1}).text
    assert "<td>encode</td>" not in client.get("/", params={"q": "How is tea?"}).text
