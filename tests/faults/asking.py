"""Clients that ask a server again and again, and what it answered."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

REQUEST_TIMEOUT_S = 60
READY_TIMEOUT_S = 120
POLL_S = 0.02
TOP_K = 20
"""More than there are documents, so that every answer shows all of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says it is from, and its passages: path and text."""

    snapshot: str
    passages: frozenset[tuple[str, str]]


class Clients(AbstractContextManager["Clients"]):
    """So many clients at the same time, from the begin of the block to its end, each `pause` seconds after an answer.

    `failures` tells of every request that was not answered, and `answers` how often which answer came.
    """

    def __init__(self, address: str, question: str, count: int, pause: float) -> None:
        self.failures: list[str] = []
        self.answers: Counter[Answer] = Counter()
        self._address = address
        self._question = question
        self._pause = pause
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask_on, name=f"client-{number}") for number in range(count)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    @property
    def requests(self) -> int:
        """How many were made."""
        return len(self.failures) + self.answers.total()

    def wrong(self, states: Mapping[str, Mapping[str, str]]) -> list[str]:
        """Answers that are not from one snapshot alone; `states` has the texts of each by its id."""
        return [found for answer in self.answers for found in _wrong(answer, states.get(answer.snapshot))]

    def _ask_on(self) -> None:
        with httpx.Client(base_url=self._address, timeout=REQUEST_TIMEOUT_S, trust_env=False) as client:
            while not self._ended.is_set():
                self._ask(client)
                self._ended.wait(self._pause)

    def _ask(self, client: httpx.Client) -> None:
        try:
            response = client.get("/api/v1/ask", params={"q": self._question, "top_k": TOP_K})
            response.raise_for_status()
            document = response.json()
            passages = ((hit["citation"]["path"], hit["text"]) for hit in document["passages"])
            answer = Answer(document["snapshot"]["id"], frozenset(passages))
        except (httpx.HTTPError, ValueError, KeyError) as error:
            with self._lock:
                self.failures.append(repr(error))
        else:
            with self._lock:
                self.answers[answer] += 1


def wait_until_served(address: str, snapshot_id: str) -> None:
    """Return when the server at `address` answers from that snapshot; AssertionError if it does not come to that."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while True:
        response = httpx.get(f"{address}/readyz", timeout=REQUEST_TIMEOUT_S, trust_env=False)
        if response.json().get("snapshot") == snapshot_id:
            return
        assert time.monotonic() < deadline, f"{snapshot_id} is not taken up: {response.text}"
        time.sleep(POLL_S)


def _wrong(answer: Answer, state: Mapping[str, str] | None) -> Iterable[str]:
    if state is None:
        return [f"an answer is from {answer.snapshot}, which was never complete"]
    passages = dict(answer.passages)
    if passages != state or len(passages) != len(answer.passages):
        return [f"an answer from {answer.snapshot} holds {sorted(answer.passages)}, and that snapshot {state}"]
    return []
