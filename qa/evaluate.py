"""Evaluation: how well a snapshot answers judged questions. Metrics by ir-measures (MacAvaney et al. 2022)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.progress import Advance
from index.texts import EVERY_DOCUMENT
from qa.evaluation_data import EvaluationQuery, Qrels
from qa.page_hits import PageHits, PagesOfPassages, page_metrics
from qa.query import DEFAULT_TOP_K, Query
from qa.search import RankedPassage, Searcher
from qa.verdict import judge

RUN_DEPTH = 100
"""Passages ranked for each question; a document counts at the place of its best one."""
TIMED_QUERIES = 200

NOT_IN_THE_INDEX = "(not in the index)"
"""Stands in the qrels for an answer no passage holds: its question counts 0 instead of being left out."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures by name; `latency_ms` has p50, p95 and p99 of answering one question, encoding included."""

    snapshot: str
    queries: int
    metrics: dict[str, float]
    latency_ms: dict[str, float]

    def document(self, path: str) -> dict[str, Any]:
        """The document that `eval --json` prints."""
        return {
            "path": path,
            "snapshot": self.snapshot,
            "queries": self.queries,
            "metrics": self.metrics,
            "latency_ms": self.latency_ms,
        }


def evaluate_documents(
    searcher: Searcher, queries: Sequence[EvaluationQuery], qrels: Qrels, advance: Advance
) -> Evaluation:
    """Figures of a ranking of documents, each by its best passage, against `qrels` of their parts (BEIR ids).

    Retrieval metrics are means over all queries with a relevant document; one without a hit counts 0.
    """
    documents = searcher.snapshot.texts.documents()
    part_of_text: dict[int, str] = {}  # documents of equal text count as one, which goes by the first's part
    same_as: dict[str, str] = {}
    for document in documents:
        same_as[document.part] = part_of_text.setdefault(document.text_row, document.part)
    judged: Qrels = {}
    for query_id, relevant in qrels.items():
        grades = judged.setdefault(query_id, {})
        for part, grade in relevant.items():
            known = same_as.get(part, part)
            grades[known] = max(grade, grades.get(known, grade))

    def identify(found: RankedPassage) -> str:
        return part_of_text[found.passage.text_row]

    return _evaluate(searcher, queries, judged, identify, advance)


def evaluate_passages(searcher: Searcher, queries: Sequence[EvaluationQuery], advance: Advance) -> Evaluation:
    """Figures of a ranking of passages; relevant is each that holds one of the question's fragments.

    Recall@k here is the share of questions with such a passage among the first k: any fragment counts. Page hit@k is
    the share of questions with evidence pages of which one of the first k passages touches one.
    """
    passages = searcher.snapshot.texts.passages(range(len(searcher.snapshot.passages)))
    texts = [(passage.passage_id, _normalised(passage.text)) for passage in passages]
    qrels: Qrels = {}
    for query in queries:
        fragments = list(map(_normalised, query.answers))
        if query.answerable and fragments:
            holding = {passage_id: 1 for passage_id, text in texts if any(part in text for part in fragments)}
            qrels[query.query_id] = holding or {NOT_IN_THE_INDEX: 1}
    return _evaluate(searcher, queries, qrels, lambda found: found.passage.passage_id, advance, any_counts=True)


def _evaluate(
    searcher: Searcher,
    queries: Sequence[EvaluationQuery],
    qrels: Qrels,
    identify: Callable[[RankedPassage], str],
    advance: Advance,
    *,
    any_counts: bool = False,
) -> Evaluation:
    run: dict[str, dict[str, float]] = {}
    answered_at: list[tuple[bool, bool]] = []
    on_page: list[PageHits] = []
    confidences = []
    touched = PagesOfPassages(searcher.snapshot.texts)
    for query in queries:
        ranked = searcher.rank(query.text, RUN_DEPTH, EVERY_DOCUMENT)
        confidences.append(judge(ranked[0].score if ranked else None).confidence)
        if query.answerable and query.query_id in qrels:
            best: dict[str, float] = {}
            for position, found in enumerate(ranked):
                best.setdefault(identify(found), -float(position))
            run[query.query_id] = best
            if query.answers:
                answered_at.append(_answered_at(ranked, query.answers))
        if query.pages:
            on_page.append(touched.page_hits(ranked, query.pages))
        advance(1)
    metrics = _retrieval_metrics({query_id: qrels[query_id] for query_id in run}, run, any_counts) if run else {}
    if answered_at:
        metrics["answer_in_evidence@1"] = float(np.mean([first for first, _ in answered_at]))
        metrics["answer_in_evidence@3"] = float(np.mean([third for _, third in answered_at]))
    metrics |= page_metrics(on_page)
    metrics |= _verdict_metrics([query.answerable for query in queries], confidences)
    return Evaluation(
        snapshot=searcher.snapshot.manifest.snapshot_id,
        queries=len(queries),
        metrics={name: round(value, 4) for name, value in metrics.items()},
        latency_ms=_latency_ms(searcher, queries[:: max(1, len(queries) // TIMED_QUERIES)]),
    )


def _latency_ms(searcher: Searcher, queries: Sequence[EvaluationQuery]) -> dict[str, float]:
    """Percentiles of answering as users ask: `DEFAULT_TOP_K` hits, one question after the other."""
    took_ms = [searcher.ask(Query(query.text, DEFAULT_TOP_K, EVERY_DOCUMENT)).took_ms for query in queries]
    return {f"p{share}": round(float(np.percentile(took_ms, share)), 2) for share in (50, 95, 99)}


def _retrieval_metrics(qrels: Qrels, run: dict[str, dict[str, float]], any_counts: bool) -> dict[str, float]:
    import ir_measures  # a second to import
    from ir_measures import RR, R, Success, nDCG

    recall = Success if any_counts else R
    measures = {"ndcg@10": nDCG @ 10, "mrr@10": RR @ 10}
    measures |= {f"recall@{k}": recall @ k for k in (1, 5, 10, 100)}
    values = ir_measures.calc_aggregate(measures.values(), qrels, run)
    return {name: float(values[measure]) for name, measure in measures.items()}


def _verdict_metrics(answerable: Sequence[bool], confidences: Sequence[float]) -> dict[str, float]:
    """How well the confidence tells answerable questions from others; nothing where all are of one kind."""
    if len(set(answerable)) < 2:
        return {}
    from sklearn.metrics import roc_auc_score  # a second to import

    covered = np.array(answerable)
    called_answered = np.array(confidences) >= 0.5
    return {
        "verdict_auroc": float(roc_auc_score(covered, confidences)),
        "answerable_called_answered": float(called_answered[covered].mean()),
        "unanswerable_called_unanswered": float((~called_answered)[~covered].mean()),
    }


def _answered_at(ranked: Sequence[RankedPassage], answers: Sequence[str]) -> tuple[bool, bool]:
    """Whether an answer stands in the best evidence sentence of hit 1, and of one of hits 1 to 3."""
    wanted = list(map(_normalised, answers))
    stands = [any(answer in _normalised(found.evidence[0].text) for answer in wanted) for found in ranked[:3]]
    return bool(stands and stands[0]), any(stands)


def _normalised(text: str) -> str:
    return " ".join(text.split())
