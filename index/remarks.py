"""Outcomes of source files on the terminal, for `rebuild` and `status`."""

from collections.abc import Sequence

from rich.console import Console

from index.report import FileOutcome, residue_counts


def residue_line(outcomes: Sequence[FileOutcome]) -> str:
    """How many lines of web pages were left out, by rule."""
    return ", ".join(f"{count} {rule}" for rule, count in residue_counts(outcomes).items())


def print_remarks(console: Console, outcomes: Sequence[FileOutcome]) -> None:
    """A line for each file of which there is more to say than that it was indexed."""
    for outcome in outcomes:
        if remarks := outcome.remarks():
            console.print(f"{outcome.status} {outcome.path}: {'; '.join(remarks)}", soft_wrap=True)


def print_ledger(console: Console, outcomes: Sequence[FileOutcome]) -> None:
    """A line for every file."""
    for outcome in outcomes:
        counts = f" (documents: {outcome.documents}, passages: {outcome.passages})" if outcome.documents else ""
        remarks = "".join(f"; {remark}" for remark in outcome.remarks())
        console.print(f"{outcome.status:9} {outcome.path}{counts}{remarks}", soft_wrap=True)
