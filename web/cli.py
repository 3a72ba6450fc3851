"""The `citebox` command: every package brings its own commands, this module lists them."""

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from corpus.errors import CiteboxError
from index.gate import Gate


@dataclass(frozen=True, slots=True)
class Listed:
    """Where the function `NAME_command` of a command is, and the first line of its help, which is shown in the list."""

    module: str
    help: str


COMMANDS = {
    "rebuild": Listed(
        "index.rebuild_command", "Read, chunk, embed, index, verify and publish the documents in SOURCE."
    ),
    "ask": Listed("qa.ask_command", "Answer QUESTION with ranked passages and their citations."),
    "explain": Listed("qa.explain_command", "Tell why a document is, or is not, among the answers to QUESTION."),
    "serve": Listed("web.serve_command", "Serve the web pages and the HTTP API over the published snapshot."),
    "status": Listed(
        "index.status_command", "Show the published snapshot, its counts and age, and what became of the files."
    ),
    "verify": Listed(
        "index.verify_command",
        "Check that a snapshot is undamaged and holds what it promises; exit code 1 where it does not.",
    ),
    "rollback": Listed("index.publishing_commands", "Publish an earlier snapshot again."),
    "prune": Listed(
        "index.publishing_commands", "Remove old snapshots: never the published one, nor one that is being read."
    ),
    "eval": Listed("qa.eval_command", "Measure retrieval, evidence and verdict on judged questions."),
    "calibrate": Listed(
        "qa.calibrate_command", "Fit the verdict to this index and QUESTIONS, and store it with the index."
    ),
}


class Commands(TyperGroup):
    """The listed commands. The module of one is imported when that one is called, asked for help or completed."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The name of the command in `args`, the command with all its options, and the rest of `args`."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed if name is None else load(name), rest


def load(name: str) -> Any:
    """The listed command of that name, for Click."""
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(getattr(import_module(COMMANDS[name].module), f"{name}_command"))
    return get_command(alone)


def _make_gate(questions: Path, min_recall: float) -> Gate:
    """The gate for `citebox rebuild`, whose package may not import the one that asks questions."""
    from qa.gate import recall_gate

    return recall_gate(questions, min_recall)


def _listed() -> None:
    """Stand in the list for a command."""


app = typer.Typer(
    name="citebox",
    cls=Commands,
    help="Ask your documents a question; get the exact passages that answer it, with citations you can check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "obj": _make_gate},
)
for _name, _command in COMMANDS.items():
    app.command(_name, help=_command.help)(_listed)


def main() -> None:
    """Run the command line: exit code 0 done, 1 failed or check not met, 2 wrong usage."""
    try:
        app()
    except CiteboxError as error:
        _fail(str(error))
    except Exception as error:
        if os.environ.get("CITEBOX_DEBUG"):
            raise
        _fail(f"unexpected {type(error).__name__}: {error}; set CITEBOX_DEBUG=1 to see where")


def _fail(message: str) -> None:
    typer.echo(f"citebox: {message}", err=True)
    raise SystemExit(1)
