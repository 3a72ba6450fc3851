"""How a long task tells how far it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]
"""Told how many more items are done."""


class Progress(Protocol):
    """Shows the stages of a rebuild, one after the other."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Advance]:
        """A stage of `total` items; the function it gives is told how many more are done."""

    def note(self, message: str) -> None:
        """Something the operator should know, and that is no error."""


class SilentProgress:
    """Shows nothing."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """See `Progress.stage`."""
        yield lambda _: None

    def note(self, message: str) -> None:
        """See `Progress.note`."""
