"""The ablation behind `qa.ranking` and `qa.selection`: the same candidates in the order of each signal and of sums.

Run: python -m tests.benchmarks.ranking FOLDER [INDEX], where FOLDER is a BEIR folder (MRR@10 and recall@5 of
documents), or holds pdfs/ and questions.jsonl with evidence pages (page hit@5, page hit@10 and document@1). What is
indexed in INDEX is used again the next time.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.texts import EVERY_DOCUMENT
from qa.evaluation_data import EvaluationQuery, Qrels, read_beir, read_questions
from qa.page_hits import PagesOfPassages, page_metrics
from qa.ranking import lexical_share, weigh
from qa.scoring import RankedPassage
from qa.search import Retrieved, Searcher

DEPTH = 300
SHOWN = 10

Scores = Sequence[float]
Score = Callable[[Retrieved], Scores]
Measure = Callable[[list[list[RankedPassage]]], list[str]]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to order candidates, and whether the result is arranged as people see it."""

    name: str
    score: Score
    shown: bool = False


VARIANTS = (
    Variant("dense", lambda found: _each(found, lambda one: one.signals.dense)),
    Variant("BM25", lambda found: _each(found, lambda one: one.signals.lexical)),
    Variant("best sentence", lambda found: _each(found, lambda one: one.signals.sentence)),
    Variant("coverage", lambda found: _each(found, lambda one: one.signals.coverage)),
    Variant("0.5 dense + 0.5 BM25, min-max over candidates", lambda found: _convex(found)),
    Variant("0.5 dense + 0.5 BM25 share", lambda found: _shares(found, 0.5, 0.5, 0.0)),
    Variant("0.25 dense + 0.3 BM25 share + 0.45 sentence", lambda found: _shares(found, 0.25, 0.3, 0.45)),
    Variant("the passage's own sum", lambda found: _each(found, lambda one: weigh(one.signals))),
    Variant("with the document's signals", lambda found: _each(found, lambda one: one.score)),
    Variant("as shown", lambda found: _each(found, lambda one: one.score), shown=True),
)


def main(folder: Path, index: Path | None) -> None:
    paged = (folder / "pdfs").is_dir()
    with tempfile.TemporaryDirectory() as temporary:
        location = IndexLocation(index or Path(temporary))
        if location.published_id() is None:
            encoder = prepare_encoder(locate_model(), SilentProgress())
            source = folder / ("pdfs" if paged else "corpus.jsonl")
            with FileReader() as reader:
                rebuild(location, make_sources([source]), encoder, reader, SilentProgress())
        searcher = Searcher.open(location.published())
        queries, columns, measure = _paged(folder, searcher) if paged else _beir(folder, searcher)
        found = [searcher.retrieve(query.text, EVERY_DOCUMENT, DEPTH) for query in track(queries, "asking")]
        table = Table("order", *columns, title=f"{folder.name}, {len(queries)} questions", title_justify="left")
        for variant in VARIANTS:
            table.add_row(variant.name, *measure([_ordered(searcher, one, variant) for one in found]))
    Console().print(table)


def _each(found: Retrieved, score: Callable[[RankedPassage], float]) -> Scores:
    return [score(one) for one in found.ranked]


def _shares(found: Retrieved, dense: float, lexical: float, sentence: float) -> Scores:
    shares = lexical_share(np.array(_each(found, lambda one: one.signals.lexical), np.float32), found.question.idf)
    return [
        dense * one.signals.dense + lexical * float(share) + sentence * one.signals.sentence
        for one, share in zip(found.ranked, shares, strict=True)
    ]


def _convex(found: Retrieved) -> Scores:
    columns = np.array([(one.signals.dense, one.signals.lexical) for one in found.ranked])
    normalised = (columns - columns.min(axis=0)) / (np.ptp(columns, axis=0) + 1e-9)
    means: list[float] = normalised.mean(axis=1).tolist()
    return means


def _ordered(searcher: Searcher, found: Retrieved, variant: Variant) -> list[RankedPassage]:
    scored = [replace(one, score=score) for one, score in zip(found.ranked, variant.score(found), strict=True)]
    scored.sort(key=lambda one: (-one.score, one.row))
    return [scored[one.position] for one in searcher.select(scored, SHOWN)] if variant.shown else scored


def _beir(folder: Path, searcher: Searcher) -> tuple[list[EvaluationQuery], tuple[str, ...], Measure]:
    collection = read_beir(folder)
    queries = [query for query in collection.queries if query.query_id in collection.qrels]
    parts = {document.text_row: document.part for document in searcher.snapshot.texts.documents()}

    def measure(rankings: list[list[RankedPassage]]) -> list[str]:
        ranks = [
            _rank(ranked, collection.qrels, query.query_id, parts)
            for query, ranked in zip(queries, rankings, strict=True)
        ]
        reciprocal = [1 / rank if rank and rank <= 10 else 0.0 for rank in ranks]
        return [f"{np.mean(reciprocal):.4f}", f"{np.mean([bool(rank and rank <= 5) for rank in ranks]):.4f}"]

    return queries, ("MRR@10", "recall@5"), measure


def _rank(ranked: Sequence[RankedPassage], qrels: Qrels, query_id: str, parts: dict[int, str]) -> int | None:
    documents = dict.fromkeys(parts[one.text_row] for one in ranked)
    return next((rank for rank, part in enumerate(documents, start=1) if part in qrels[query_id]), None)


def _paged(folder: Path, searcher: Searcher) -> tuple[list[EvaluationQuery], tuple[str, ...], Measure]:
    queries = read_questions(folder / "questions.jsonl")
    pages = PagesOfPassages(searcher.snapshot.texts)
    columns = ("page_hit@1", "page_hit@5", "page_hit@10", "document@1")

    def measure(rankings: list[list[RankedPassage]]) -> list[str]:
        hits = [pages.page_hits(ranked, query.pages) for query, ranked in zip(queries, rankings, strict=True)]
        figures = page_metrics(hits)
        return [f"{figures[name]:.4f}" for name in columns]

    return queries, columns, measure


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
