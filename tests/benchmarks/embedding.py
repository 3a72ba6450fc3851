"""Embedding for a rebuild: Citebox's encoder beside sentence-transformers as it comes, and what precision costs.

Run: python -m tests.benchmarks.embedding [FOLDER]. FOLDER is a BEIR folder; the sample corpus unless given.

Speed: a random sample of the passages and sentences, just as a rebuild embeds them, in rounds of one system after the
other. sentence-transformers has its defaults (32-bit floats, batches of 32, sorted by length, all cores).
Quality: a rebuild at each precision, and all judged questions asked of it.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from corpus.documents import embedding_text
from corpus.sources import make_sources
from corpus.workers import FileReader
from index.embedding import BATCH
from index.encoder import Encoder
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.manifest import Precision
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.snapshot import TEXTS_FILE
from index.texts import TextStore
from qa.evaluate import Evaluation, evaluate_documents, evaluate_passages
from qa.evaluation_data import read_beir, read_questions
from qa.search import Searcher
from tests.conftest import SAMPLE

SAMPLED = 1_500
ROUNDS = 3
SEED = 6
PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")
METRICS = ("ndcg@10", "mrr@10", "recall@5")

Embed = Callable[[Sequence[str]], Any]


def main(folder: Path | None) -> None:
    source = folder or SAMPLE
    evaluations: dict[Precision, Evaluation] = {}
    for precision in PRECISIONS:
        with tempfile.TemporaryDirectory() as temporary:
            location = IndexLocation(Path(temporary))
            corpus = source / "corpus.jsonl" if folder else source
            with FileReader() as reader:
                rebuild(location, make_sources([corpus]), _encoder(precision), reader, SilentProgress())
            evaluations[precision] = _evaluate(folder, Searcher.open(location.published()))
            texts = _sample(location.published())
    quality = Table("precision", "questions", *METRICS, title=f"Quality on {source.name}", title_justify="left")
    for precision, evaluation in evaluations.items():
        figures = (f"{evaluation.metrics[name]:.4f}" if name in evaluation.metrics else "" for name in METRICS)
        quality.add_row(precision, str(evaluation.queries), *figures)
    console = Console(width=120)
    console.print(quality)
    console.print(_speed(texts))


def _encoder(precision: Precision) -> Encoder:
    """As a rebuild with that precision has it."""
    return prepare_encoder(locate_model(), SilentProgress(), precision)


def _evaluate(folder: Path | None, searcher: Searcher) -> Evaluation:
    if folder is None:
        return evaluate_passages(searcher, read_questions(SAMPLE / "questions.jsonl"), lambda _: None)
    collection = read_beir(folder)
    return evaluate_documents(searcher, collection.queries, collection.qrels, lambda _: None)


def _sample(snapshot: Path) -> list[str]:
    """`SAMPLED` of the distinct texts that the rebuild embedded, at most all."""
    with closing(TextStore(snapshot / TEXTS_FILE)) as store:
        texts = dict.fromkeys(
            embedding_text(context, text)
            for context, passage, sentences in store.embedding_inputs()
            for text in (passage, *sentences)
        )
    return random.Random(SEED).sample(list(texts), min(SAMPLED, len(texts)))


def _speed(texts: Sequence[str]) -> Table:
    """Texts per second, the median of all rounds."""
    systems = {"sentence-transformers fp32": _sentence_transformers()}
    systems |= {f"Citebox {precision}": _as_rebuilds(_encoder(precision)) for precision in PRECISIONS}
    speeds: dict[str, list[float]] = {name: [] for name in systems}
    for embed in systems.values():
        embed(texts[:BATCH])  # the first call makes what later ones find
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
        for name, embed in systems.items():
            started = time.perf_counter()
            embed(texts)
            speeds[name].append(len(texts) / (time.perf_counter() - started))
    table = Table("system", "texts/s", "ratio", "lowest and highest", title_justify="left")
    table.title = f"Embedding {len(texts):,} passages and sentences, median of {ROUNDS} rounds"
    baseline, *_ = (statistics.median(measured) for measured in speeds.values())
    for name, measured in speeds.items():
        median = statistics.median(measured)
        table.add_row(name, f"{median:.0f}", f"{median / baseline:.2f}", f"{min(measured):.0f} to {max(measured):.0f}")
    return table


def _sentence_transformers() -> Embed:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(locate_model().folder), device="cpu", local_files_only=True)
    return lambda texts: model.encode(list(texts), show_progress_bar=False)


def _as_rebuilds(encoder: Encoder) -> Embed:
    """Longest first, in batches as `index.embedding` makes them."""

    def embed(texts: Sequence[str]) -> None:
        ordered = sorted(texts, key=len, reverse=True)
        for start in range(0, len(ordered), BATCH):
            encoder.encode_passages(ordered[start : start + BATCH], lambda _: None)

    return embed


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
