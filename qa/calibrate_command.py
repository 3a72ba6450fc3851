"""`citebox calibrate`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from index.location import IndexLocation
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, TerminalProgress
from qa.calibrate import collect_signs, fit, write_calibration
from qa.evaluation_data import read_questions
from qa.search import Searcher
from qa.verdict import judge
from qa.verdict_metrics import verdict_metrics


def calibrate_command(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="Questions, answerable ones and others.", exists=True)
    ],
    index: IndexOption = DEFAULT_INDEX,
    as_json: JsonOption = False,
) -> None:
    """Fit the verdict to this index and QUESTIONS, and store it with the index."""
    location = IndexLocation(index)
    searcher = Searcher.open(location.published())
    queries = read_questions(questions)
    with TerminalProgress().stage("asking", len(queries)) as advance:
        told, answerable = collect_signs(searcher, queries, advance)
    calibration = fit(told, answerable, searcher.snapshot.manifest.encoder.sha256, str(questions))
    path = write_calibration(location.folder, calibration)
    confidences = [judge(one, calibration).confidence or 0.0 for one in told]
    figures = {name: round(value, 4) for name, value in verdict_metrics(answerable, confidences).items()}
    if as_json:
        print(json.dumps({"path": str(path), **calibration.document(), "metrics": figures}, ensure_ascii=False))
        return
    console = Console(markup=False, highlight=False)
    counts = f"{calibration.answerable} answerable and {calibration.unanswerable} unanswerable questions"
    console.print(f"calibrated on {counts}; servers take it up with the next snapshot or start", soft_wrap=True)
    console.print(", ".join(f"{name} {value:.3f}" for name, value in figures.items()) + " (on the same questions)")
    console.print(f"stored in {path}", soft_wrap=True)
