"""`make bench`: quality and speed of this checkout on this machine.

Run: python -m tests.benchmarks [DATASETS]. Always: the sample corpus. With DATASETS: each BEIR folder in it, too.
Timings are of one run on one machine; compare them only with others of the same run.
"""

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from qa.evaluate import Evaluation, evaluate_documents, evaluate_passages
from qa.evaluation_data import read_beir, read_questions
from qa.search import Searcher
from tests.conftest import SAMPLE

COLUMNS = (
    "mrr@10", "ndcg@10", "recall@5", "recall@100", "answer_in_evidence@1", "answer_in_evidence@3", "verdict_auroc",
)  # fmt: skip


def main(datasets: Path | None) -> None:
    encoder = prepare_encoder(locate_model(), SilentProgress())
    quality = Table("data", "queries", *COLUMNS, title="Quality", title_justify="left")
    speed = Table(
        "data", "passages", "texts/s embedding", "rebuild s", "question p50 ms", "p95 ms",
        title="Speed on this machine", title_justify="left",
    )  # fmt: skip
    folders = sorted(path.parent for path in datasets.glob("*/corpus.jsonl")) if datasets else []
    for folder in [SAMPLE, *folders]:
        with tempfile.TemporaryDirectory() as temporary:
            location = IndexLocation(Path(temporary))
            source = folder if folder == SAMPLE else folder / "corpus.jsonl"
            with FileReader() as reader:
                report = rebuild(location, make_sources([source]), encoder, reader, SilentProgress())
            evaluation = _evaluate(folder, Searcher.open(location.published()))
        metrics = [f"{evaluation.metrics[name]:.4f}" if name in evaluation.metrics else "" for name in COLUMNS]
        quality.add_row(folder.name, str(evaluation.queries), *metrics)
        texts = report.counts.passages + report.counts.sentences
        speed.add_row(
            folder.name,
            str(report.counts.passages),
            f"{texts / report.seconds.embed:.0f}",
            f"{report.seconds.total:.1f}",
            f"{evaluation.latency_ms['p50']:.1f}",
            f"{evaluation.latency_ms['p95']:.1f}",
        )
    console = Console(width=140)
    console.print(quality)
    console.print(speed)


def _evaluate(folder: Path, searcher: Searcher) -> Evaluation:
    if folder == SAMPLE:
        return evaluate_passages(searcher, read_questions(SAMPLE / "questions.jsonl"), lambda _: None)
    collection = read_beir(folder)
    return evaluate_documents(searcher, collection.queries, collection.qrels, lambda _: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
