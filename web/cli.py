"""The `citebox` command: every package brings its own commands, this module gathers them."""

import os

import typer

from corpus.errors import CiteboxError
from index.gate import GateMaker
from index.publishing_commands import prune_command, rollback_command
from index.rebuild_command import rebuild_command
from index.status_command import status_command
from index.verify_command import verify_command
from qa.commands import ask_command, calibrate_command, eval_command, explain_command
from qa.gate import recall_gate
from web.commands import serve_command

_make_gate: GateMaker = recall_gate

app = typer.Typer(
    name="citebox",
    help="Ask your documents a question; get the exact passages that answer it, with citations you can check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "obj": _make_gate},
)
app.command("rebuild")(rebuild_command)
app.command("ask")(ask_command)
app.command("explain")(explain_command)
app.command("serve")(serve_command)
app.command("status")(status_command)
app.command("verify")(verify_command)
app.command("rollback")(rollback_command)
app.command("prune")(prune_command)
app.command("eval")(eval_command)
app.command("calibrate")(calibrate_command)


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
