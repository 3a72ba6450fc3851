"""The ablation behind `qa.ranking`: each signal alone, and weighted sums, on one BEIR folder.

Run: python -m tests.benchmarks.ranking DATASETS/squad-dev
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.texts import DocumentFilter
from qa.candidates import idf_of_terms
from qa.evaluation_data import read_beir
from qa.ranking import lexical_share
from qa.search import Searcher

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Candidates of one question: their signals, and which belong to a relevant document."""

    dense: Numbers
    bm25: Numbers
    share: Numbers
    sentence: Numbers
    parts: list[str]
    relevant: set[str]


def main(folder: Path) -> None:
    collection = read_beir(folder)
    with tempfile.TemporaryDirectory() as temporary:
        location = IndexLocation(Path(temporary))
        encoder = SentenceTransformerEncoder(locate_model())
        with FileReader() as reader:
            rebuild(location, make_sources([collection.corpus]), encoder, reader, SilentProgress())
        searcher = Searcher.open(location.published())
        parts = {document.text_row: document.part for document in searcher.snapshot.texts.documents()}
        judged = [
            _judge(searcher, query.text, set(collection.qrels[query.query_id]), parts)
            for query in track(collection.queries, "asking")
            if query.query_id in collection.qrels
        ]
    table = Table("score", "MRR@10", "recall@5", title=f"{folder.name}, {len(judged)} questions", title_justify="left")
    alone: dict[str, Callable[[Judged], Numbers]] = {
        "dense": lambda found: found.dense,
        "BM25": lambda found: found.bm25,
        "best sentence": lambda found: found.sentence,
        "min-max 0.25 dense + 0.30 BM25 + 0.45 sentence": lambda found: (
            0.25 * _min_max(found.dense) + 0.30 * _min_max(found.bm25) + 0.45 * _min_max(found.sentence)
        ),
    }
    for name, score in alone.items():
        table.add_row(name, *_measure(judged, score))
    for dense, share, sentence in (
        (0.5, 0.5, 0.0), (0.4, 0.15, 0.45), (0.35, 0.2, 0.45), (0.3, 0.25, 0.45), (0.25, 0.3, 0.45), (0.2, 0.3, 0.5),
        (0.15, 0.3, 0.55), (0.1, 0.3, 0.6), (0.2, 0.2, 0.6),
    ):  # fmt: skip
        table.add_row(
            f"{dense} dense + {share} BM25 share + {sentence} sentence",
            *_measure(
                judged,
                lambda found, weights=(dense, share, sentence): (
                    weights[0] * found.dense + weights[1] * found.share + weights[2] * found.sentence
                ),
            ),
        )
    Console().print(table)


def _judge(searcher: Searcher, text: str, relevant: set[str], parts: dict[int, str]) -> Judged:
    ranked = searcher.rank(text, 300, DocumentFilter())
    idf = idf_of_terms(searcher.snapshot, searcher.snapshot.lexical.analyze(text))
    bm25 = np.array([found.signals.lexical for found in ranked], dtype=np.float32)
    return Judged(
        dense=np.array([found.signals.dense for found in ranked]),
        bm25=bm25.astype(np.float64),
        share=lexical_share(bm25, idf).astype(np.float64),
        sentence=np.array([found.signals.sentence for found in ranked]),
        parts=[parts[found.passage.text_row] for found in ranked],
        relevant=relevant,
    )


def _min_max(values: Numbers) -> Numbers:
    return (values - values.min()) / (np.ptp(values) or 1.0)


def _measure(judged: list[Judged], score: Callable[[Judged], Numbers]) -> tuple[str, str]:
    reciprocal, found_by_5 = [], []
    for found in judged:
        order = np.argsort(-score(found), kind="stable")
        documents = list(dict.fromkeys(found.parts[at] for at in order))
        rank = next((rank for rank, part in enumerate(documents, start=1) if part in found.relevant), None)
        reciprocal.append(1 / rank if rank and rank <= 10 else 0.0)
        found_by_5.append(bool(rank and rank <= 5))
    return f"{np.mean(reciprocal):.4f}", f"{np.mean(found_by_5):.4f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
