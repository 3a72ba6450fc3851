"""What the commands of every package share: options, and progress on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from index.progress import Advance

IndexOption = Annotated[
    Path, typer.Option("--index", envvar="CITEBOX_INDEX", help="The index folder.", file_okay=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

DEFAULT_INDEX = Path("citebox-index")

_messages = Console(stderr=True, markup=False, highlight=False)


def plain_console() -> Console:
    """Standard output; square brackets in names and reasons are text, not markup."""
    return Console(markup=False, highlight=False)


def tell(message: str) -> None:
    """Print a message on standard error, which leaves standard output to the result."""
    _messages.print(message, soft_wrap=True)


def _unraisable(dropped: "sys.UnraisableHookArgs") -> None:
    """Print what could be raised nowhere, but not a signal that a finalizer dropped: the next step raises it again."""
    if not isinstance(dropped.exc_value, KeyboardInterrupt | SystemExit):
        sys.__unraisablehook__(dropped)


class TerminalProgress:
    """Bars on a terminal, a line per stage elsewhere; all on standard error."""

    def __init__(self) -> None:
        self._ended_by: BaseException | None = None

    def interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """Handle SIGINT. Where it strikes a library that drops the exception, the next step raises it again."""
        sys.unraisablehook = _unraisable
        self._ended_by = KeyboardInterrupt()
        raise self._ended_by

    def terminate(self, number: int, _frame: FrameType | None) -> None:
        """Handle SIGTERM likewise: the command ends as if interrupted, so that nothing half made is left behind."""
        sys.unraisablehook = _unraisable
        self._ended_by = SystemExit(128 + number)
        raise self._ended_by

    def _step(self, _done: int) -> None:
        if self._ended_by is not None:
            raise self._ended_by

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """See `index.progress.Progress.stage`."""
        if not _messages.is_terminal:
            _messages.print(f"{name} ({total})")
            yield self._step
            return
        columns = (
            TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Bars(*columns, console=_messages) as bars:
            task = bars.add_task(name, total=total)

            def advance(done: int) -> None:
                self._step(done)
                bars.advance(task, done)
                if bars.tasks[task].completed > total:  # files of archives were not counted before
                    bars.update(task, total=bars.tasks[task].completed)

            yield advance

    def note(self, message: str) -> None:
        """See `index.progress.Progress.note`."""
        tell(message)
