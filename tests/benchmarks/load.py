"""Questions over HTTP to a server on this machine: one after the other, or from many clients at the same time.

Each client is a thread with one connection that stays open, by `http.client`: it takes far less time than the answers.
"""

import http.client
import statistics
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

TIMEOUT_S = 20
"""For one answer, or rather for each part of it that arrives."""
IN_TURN_LIMIT_S = 150
"""For all questions asked one after the other."""


class LoadError(Exception):
    """A question that was not answered; says why."""


@dataclass(frozen=True, slots=True)
class Load:
    """What many clients got within `seconds`; `client_cpu_s` is what asking itself took of the processors."""

    answered: int
    failures: tuple[str, ...]
    seconds: float
    client_cpu_s: float

    @property
    def per_second(self) -> float:
        """Answers per second, those that failed not counted."""
        return self.answered / self.seconds


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of the answer. Raises LoadError for any status but 200, and where the connection fails."""
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()  # the next request opens it anew
        raise LoadError(f"{type(error).__name__}: {error}") from error
    if response.status != http.HTTPStatus.OK:
        raise LoadError(f"status {response.status}")
    return body


def connect(port: int) -> http.client.HTTPConnection:
    """A connection to a server on this machine, opened by its first request."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)


def ask_in_turn(port: int, paths: Iterable[str]) -> list[float]:
    """Milliseconds that each answer took, from one client.

    Raises LoadError where there is none, and where all together take longer than `IN_TURN_LIMIT_S`.
    """
    connection = connect(port)
    took_ms: list[float] = []
    deadline = time.perf_counter() + IN_TURN_LIMIT_S
    for path in paths:
        started = time.perf_counter()
        if started > deadline:
            median = statistics.median(took_ms)
            raise LoadError(f"too slow: {len(took_ms)} answers in {IN_TURN_LIMIT_S} s, median {median:.0f} ms")
        get(connection, path)
        took_ms.append((time.perf_counter() - started) * 1000)
    connection.close()
    return took_ms


def ask_together(port: int, paths: Iterator[str], clients: int, seconds: float) -> Load:
    """What so many clients get who begin no question after `seconds`; each of `paths` is asked once."""
    cpu, started = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool, closing(_SharedPaths(paths, started + seconds)) as shared:
        asking = [pool.submit(_ask_all, port, shared) for _ in range(clients)]
        results = [future.result() for future in asking]
    return Load(
        answered=sum(answered for answered, _ in results),
        failures=tuple(failure for _, failures in results for failure in failures),
        seconds=time.perf_counter() - started,
        client_cpu_s=time.process_time() - cpu,
    )


class _SharedPaths:
    """An iterator that several threads may draw from; it ends at the deadline, by `time.perf_counter`, or if closed."""

    def __init__(self, paths: Iterator[str], deadline: float) -> None:
        self._paths = paths
        self._deadline = deadline
        self._closed = False
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._closed or time.perf_counter() >= self._deadline:
            raise StopIteration
        with self._lock:
            return next(self._paths)

    def close(self) -> None:
        """Let those who draw come to an end, as when the benchmark is told to."""
        self._closed = True


def _ask_all(port: int, paths: Iterator[str]) -> tuple[int, Sequence[str]]:
    """How many questions were answered, and why others were not."""
    connection = connect(port)
    answered = 0
    failures = []
    for path in paths:
        try:
            get(connection, path)
        except LoadError as error:
            failures.append(str(error))
        else:
            answered += 1
    connection.close()
    return answered, failures
