"""Fits the bundled coefficients of the verdict (`qa/verdict.json`) on a BEIR folder that says what is answerable.

Questions it cannot answer are about other subjects there. So that the verdict learns of near misses too, each
answerable question is asked once more without the text that answers it, and counts `NEAR_MISS_WEIGHT`.

Run: python -m tests.benchmarks.fit_verdict DATASETS/uncovered-dev [qa/verdict.json]
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from rich.progress import track

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from qa.calibrate import collect_signs, fit
from qa.candidates import DEPTH
from qa.evaluation_data import BeirFolder, read_beir
from qa.scope import Scope
from qa.search import Searcher
from qa.verdict import Calibration, Signs, judge, signs
from qa.verdict_metrics import verdict_metrics

NEAR_MISS_WEIGHT = 0.05
"""More, and the confidence is too low where unanswerable questions are about something else."""


def main(folder: Path, output: Path | None) -> None:
    collection = read_beir(folder)
    with tempfile.TemporaryDirectory() as temporary:
        location = IndexLocation(Path(temporary))
        encoder = prepare_encoder(locate_model(), SilentProgress())
        with FileReader() as reader:
            rebuild(location, make_sources([collection.corpus]), encoder, reader, SilentProgress())
        searcher = Searcher.open(location.published())
        told, answerable = collect_signs(searcher, collection.queries, lambda _: None)
        near_misses = _near_misses(searcher, collection)
    calibration = fit(
        [*told, *near_misses],
        [*answerable, *(False for _ in near_misses)],
        encoder.model.sha256,
        f"{folder.name} (SQuAD 2.0, every second article), and its answerable questions without their paragraph, "
        f"which count {NEAR_MISS_WEIGHT:g} each",
        weights=[1.0] * len(told) + [NEAR_MISS_WEIGHT] * len(near_misses),
    )
    print(json.dumps(calibration.document(), indent=2))
    print("as fitted", _figures(calibration, told, answerable))
    covered = [sign for sign, known in zip(told, answerable, strict=True) if known]
    print(
        "near misses", _figures(calibration, covered + near_misses, [True] * len(covered) + [False] * len(near_misses))
    )
    if output:
        output.write_text(json.dumps(calibration.document(), indent=2) + "\n", encoding="utf-8")


def _near_misses(searcher: Searcher, collection: BeirFolder) -> list[Signs]:
    documents = {document.part: document for document in searcher.snapshot.texts.documents()}
    every = np.arange(len(searcher.snapshot.passages))
    found = []
    for query in track([query for query in collection.queries if query.answerable], "asking without the answer"):
        relevant = [documents[part] for part in collection.qrels[query.query_id]]
        rows = np.concatenate([np.arange(document.passages.start, document.passages.stop) for document in relevant])
        question = searcher.encode(query.text)
        told = signs(
            searcher.snapshot.texts, question, searcher.rank(question, Scope(np.setdiff1d(every, rows)), DEPTH)
        )
        if told:
            found.append(told)
    return found


def _figures(calibration: Calibration, told: list[Signs], answerable: list[bool]) -> dict[str, float]:
    confidences = [judge(one, calibration).confidence or 0.0 for one in told]
    return {name: round(value, 4) for name, value in verdict_metrics(answerable, confidences).items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
