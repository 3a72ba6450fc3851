"""Answers kept in memory, so that a question asked again costs next to nothing."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from qa.query import Query
from qa.search import Answer
from web import metrics

MAX_PASSAGES = 1_000
"""That all kept answers may hold together: some 10 MB."""


class RememberedAnswers:
    """The answers of one searcher that were asked for last; of the same questions asked at once, one is answered.

    It lives and goes with its searcher, so no answer is ever of another snapshot. Safe to share between threads.
    """

    def __init__(self, ask: Callable[[Query], Answer]) -> None:
        self._ask = ask
        self._lock = threading.Lock()  # never held while a question is answered
        self._answers: OrderedDict[Query, Future[Answer]] = OrderedDict()  # those asked for last at the end
        self._passages = 0

    def ask(self, query: Query) -> Answer:
        """The answer to `query`; one from memory has no stages, and the time that finding or awaiting it took."""
        started = time.perf_counter()
        found, is_new = self._find(query)
        if is_new:
            return self._answer(query, found)
        answer = found.result()
        metrics.count_remembered()
        return replace(answer, took_ms=(time.perf_counter() - started) * 1000, stages=())

    def _find(self, query: Query) -> tuple["Future[Answer]", bool]:
        """The answer, given or to be given, and whether it is up to the caller to give it."""
        with self._lock:
            if found := self._answers.get(query):
                self._answers.move_to_end(query)
                return found, False
            self._answers[query] = promised = Future[Answer]()
            self._passages += query.top_k
            while self._passages > MAX_PASSAGES:
                oldest, _ = self._answers.popitem(last=False)
                self._passages -= oldest.top_k
            return promised, True

    def _answer(self, query: Query, promised: "Future[Answer]") -> Answer:
        try:
            answer = self._ask(query)
        except BaseException as error:
            self._forget(query, promised)
            promised.set_exception(error)
            raise
        promised.set_result(answer)
        return answer

    def _forget(self, query: Query, promised: "Future[Answer]") -> None:
        with self._lock:
            if self._answers.get(query) is promised:
                del self._answers[query]
                self._passages -= query.top_k
