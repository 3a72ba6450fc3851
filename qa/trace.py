"""Where the time of one question goes: a trace of its stages, which follow each other and do not overlap."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageTime:
    """A stage of answering, and what it took; one that was entered several times is summed up."""

    name: str
    ms: float


class Trace:
    """The stages passed through so far, in the order they were first entered."""

    def __init__(self) -> None:
        self._ms: dict[str, float] = {}

    def add(self, name: str, ms: float) -> None:
        """Count `ms` more for the stage `name`."""
        self._ms[name] = self._ms.get(name, 0.0) + ms

    @property
    def stages(self) -> tuple[StageTime, ...]:
        """Each stage with its time."""
        return tuple(StageTime(name, ms) for name, ms in self._ms.items())


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def traced() -> Iterator[Trace]:
    """The trace of the stages that are entered in the block, in this thread."""
    trace = Trace()
    before = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(before)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time the block as a stage of the trace around it; without one, nothing is timed. Stages hold no stages."""
    trace = _current.get()
    if trace is None:
        yield
        return
    started = time.perf_counter()
    yield
    trace.add(name, (time.perf_counter() - started) * 1000)
