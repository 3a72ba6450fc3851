"""What Prometheus reads at /metrics (docs/api.md). No text of a question or a document is in it.

With several workers prometheus_client keeps the numbers in files that all of them read, in the folder that
`citebox serve` names in `PROMETHEUS_MULTIPROC_DIR`, and any worker answers for all.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Metric,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.search import Answer

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
NO_ROUTE = "none"

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STAGE_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, *SECONDS[:7])

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a series began, which doubles what a scrape reads

_requests = Counter("citebox_requests", "Requests by route template and status.", ("route", "status"))
_seconds = Histogram("citebox_request_seconds", "Seconds until a request was answered.", ("route",), buckets=SECONDS)
_questions = Counter("citebox_questions", "Questions answered, by the verdict in words.", ("verdict",))
_remembered = Counter("citebox_answers_remembered", "Questions answered from memory.")
_stages = Histogram("citebox_stage_seconds", "Seconds of answering by stage.", ("stage",), buckets=STAGE_SECONDS)
_snapshot = Gauge(
    "citebox_snapshot_info", "Workers that answer from the snapshot.", ("snapshot",), multiprocess_mode="livesum"
)
_failing = Gauge(
    "citebox_snapshot_failing",
    "1 while a worker cannot use what is published, else 0.",
    multiprocess_mode="livemax",
)
_swaps = Counter("citebox_snapshot_swaps", "How often a worker went from one snapshot to another.")

router = APIRouter()


def count_question(answer: Answer) -> Answer:
    """The same answer, counted, with the time of the stages it passed through."""
    _questions.labels(answer.verdict.label).inc()
    for stage in answer.stages:
        _stages.labels(stage.name).observe(stage.ms / 1000)
    return answer


def count_remembered() -> None:
    """An answer came from memory."""
    _remembered.inc()


def snapshot_answers(before: str | None, now: str | None) -> None:
    """Questions are answered from snapshot `now`, until now from `before`; None for no snapshot."""
    if before:
        _snapshot.labels(before).dec()
    if now:
        _snapshot.labels(now).inc()
    if before and now:
        _swaps.inc()


def snapshot_failing(*, failing: bool) -> None:
    """The published snapshot cannot be used, or can."""
    _failing.set(failing)


@router.get("/metrics", response_class=Response)
def metrics() -> Response:
    """Figures of this server for Prometheus."""
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)


class MeasureRequests:
    """ASGI middleware that counts and times requests by the template of their route, of which there are few."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # of one that ends in an exception
        started = time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            route = _route_template(scope)
            _requests.labels(route, str(status)).inc()
            _seconds.labels(route).observe(time.perf_counter() - started)


def _route_template(scope: Scope) -> str:
    if isinstance(scope.get("endpoint"), StaticFiles):  # mounted, which makes no route
        return f"{scope['root_path']}/{{path}}"
    template: str = getattr(scope.get("route"), "path", NO_ROUTE)
    return template


def _registry() -> CollectorRegistry:
    """What a scrape sees: everything of this process or, with several workers, of all of them."""
    registry = CollectorRegistry()
    folder = os.environ.get(MULTIPROCESS_FOLDER)
    if folder is None:
        registry.register(_WithoutEnded(REGISTRY))
    else:
        workers = MultiProcessCollector(None, folder)  # type: ignore[no-untyped-call]
        registry.register(_WithoutEnded(workers))
        registry.register(_WorkerProcesses(Path(folder)))
    return registry


class _WithoutEnded(Collector):
    """Leaves out snapshots that no worker answers from any more: labels cannot be removed with several workers."""

    def __init__(self, collected: Collector | CollectorRegistry) -> None:
        self._collected = collected

    def collect(self) -> Iterator[Metric]:
        for metric in self._collected.collect():
            if metric.name == "citebox_snapshot_info":
                metric.samples = [sample for sample in metric.samples if sample.value]
            yield metric


class _WorkerProcesses(Collector):
    """CPU time, memory and open files of each worker, by its process id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        metrics: dict[str, Metric] = {}
        for pid in sorted(self._workers()):
            for metric in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():  # type: ignore[misc]
                samples = [sample._replace(labels={**sample.labels, "pid": pid}) for sample in metric.samples]
                metrics.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                ).samples += samples
        return metrics.values()

    def _workers(self) -> set[str]:
        """Process ids of the live workers, each of which has a file of this kind until it is marked dead."""
        names = [path.name for path in self._folder.glob("gauge_live*.db")]
        return {found[1] for name in names if (found := re.search(r"_(\d+)\.db$", name))}
