"""Evaluation: how well a snapshot answers judged questions. Metrics by ir-measures (MacAvaney et al. 2022)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.progress import Advance
from index.texts import EVERY_DOCUMENT
from qa.citations import display_title
from qa.evaluation_data import EvaluationQuery, Qrels
from qa.evidence import ReadPassage
from qa.page_hits import PageHits, PagesOfPassages, page_metrics
from qa.query import DEFAULT_TOP_K, Query
from qa.ranking import Signals
from qa.scoring import RankedPassage
from qa.search import Searcher
from qa.verdict_metrics import verdict_metrics

SHOWN = 10
"""Hits that a question is taken to show; the deepest that the figures of a list look, but for recall@100."""
RUN_DEPTH = 100
"""Passages ranked for each question; a document counts at the place of its best one."""
TIMED_QUERIES = 200
SIGNAL_DEPTH = 10

NOT_IN_THE_INDEX = "(not in the index)"
"""Stands in the qrels for an answer no passage holds: its question counts 0 instead of being left out."""

SIGNALS: dict[str, Callable[[Signals], float]] = {
    "dense": lambda signals: signals.dense,
    "lexical": lambda signals: signals.lexical,
    "sentence": lambda signals: signals.sentence,
}
WHOLE_SCORE = "whole"

Run = dict[str, tuple[tuple[str, float], ...]]
"""Rankings: query id to document ids, each once, with their scores, best first."""


@dataclass(frozen=True, slots=True)
class Judgements:
    """What is relevant. `same_as` maps each document to the one of equal text that stands for it in `qrels`."""

    qrels: Qrels
    same_as: Mapping[str, str]  # every document of the index
    any_counts: bool  # recall is the share of questions with any relevant document, not of relevant documents


@dataclass(frozen=True, slots=True)
class FirstHit:
    """What stood first for a question: the title of its document and its best evidence sentence."""

    title: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question got. `first_right` is the rank from 1 of the first right hit; None where there is none."""

    query: EvaluationQuery
    confidence: float  # 0 where the verdict is not calibrated
    ranking: tuple[tuple[str, float], ...]
    first_hit: FirstHit | None
    judged: bool  # it is known which documents or pages are right
    first_right: int | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures by name; `latency_ms` has p50, p95 and p99 of `took_ms`: answering one question, encoding included.

    `by_signal` has the MRR@10 of the same candidates ordered by one signal alone, and by the whole score.
    """

    snapshot: str
    metrics: dict[str, float]
    by_signal: dict[str, float]
    outcomes: tuple[Outcome, ...]
    judgements: Judgements
    took_ms: tuple[float, ...]

    @property
    def queries(self) -> int:
        """Number of questions asked."""
        return len(self.outcomes)

    @property
    def latency_ms(self) -> dict[str, float]:
        """Percentiles of `took_ms`."""
        return {f"p{share}": round(float(np.percentile(self.took_ms, share)), 2) for share in (50, 95, 99)}

    @property
    def run(self) -> Run:
        """The ranking of every question."""
        return {outcome.query.query_id: outcome.ranking for outcome in self.outcomes}

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
        return part_of_text[found.text_row]

    return _evaluate(searcher, queries, Judgements(judged, same_as, any_counts=False), identify, advance)


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
    judgements = Judgements(qrels, {passage_id: passage_id for passage_id, _ in texts}, any_counts=True)
    return _evaluate(searcher, queries, judgements, lambda found: passages[found.row].passage_id, advance)


def first_right_rank(searcher: Searcher, query: EvaluationQuery) -> int | None:
    """Rank (from 1) of the first right passage for `query`, as recall@k and page hit@k count it; None where none is.

    Right is a passage that holds a fragment; where none is given, one that touches an evidence page.
    """
    ranked = _as_shown(searcher, searcher.retrieve(query.text, EVERY_DOCUMENT, RUN_DEPTH).ranked)
    if not query.answers:
        return PagesOfPassages(searcher.snapshot.texts).page_hits(ranked, query.pages).first_rank
    fragments = list(map(_normalised, query.answers))
    passages = searcher.snapshot.texts.passages([found.row for found in ranked])
    for rank, passage in enumerate(passages, start=1):
        text = _normalised(passage.text)
        if any(fragment in text for fragment in fragments):
            return rank
    return None


def values_per_query(names: Sequence[str], judgements: Judgements, run: Run) -> dict[str, dict[str, float]]:
    """For each metric its value for each judged question; a question `run` does not have counts 0."""
    import ir_measures  # a second to import

    measures = {name: _measure(name, judgements.any_counts) for name in names}
    names_of = {measure: name for name, measure in measures.items()}
    values: dict[str, dict[str, float]] = {name: {} for name in names}
    for value in ir_measures.iter_calc(list(measures.values()), judgements.qrels, _by_place(run)):
        values[names_of[value.measure]][value.query_id] = float(value.value)
    return values


def _evaluate(
    searcher: Searcher,
    queries: Sequence[EvaluationQuery],
    judgements: Judgements,
    identify: Callable[[RankedPassage], str],
    advance: Advance,
) -> Evaluation:
    outcomes: list[Outcome] = []
    answered_at: list[tuple[bool, bool]] = []
    on_page: list[PageHits] = []
    signal_runs: dict[str, Run] = {name: {} for name in SIGNALS}
    touched = PagesOfPassages(searcher.snapshot.texts)
    asked = {query.query_id for query in queries if query.answerable}
    qrels = {query_id: grades for query_id, grades in judgements.qrels.items() if query_id in asked}
    calibrated = True
    for query in queries:
        found = searcher.retrieve(query.text, EVERY_DOCUMENT, RUN_DEPTH)
        ranked = _as_shown(searcher, found.ranked)
        calibrated = calibrated and found.verdict.confidence is not None
        ranking = _each_once(ranked, identify)
        first_right = None
        if query.query_id in qrels:
            first_right = _first_relevant(ranking, qrels[query.query_id])
            if query.answers:
                answered_at.append(_answered_at(searcher.read(ranked[:3]), query.answers))
            for name, signal in SIGNALS.items():
                signal_runs[name][query.query_id] = _by_signal(ranked, signal, identify)
        if query.pages:
            on_page.append(touched.page_hits(ranked, query.pages))
            first_right = first_right or on_page[-1].first_rank
        outcomes.append(
            Outcome(
                query=query,
                confidence=found.verdict.confidence or 0.0,
                ranking=ranking,
                first_hit=_first_hit(searcher, ranked),
                judged=query.query_id in qrels or bool(query.pages),
                first_right=first_right,
            )
        )
        advance(1)
    judgements = Judgements(qrels, judgements.same_as, judgements.any_counts)
    metrics = _retrieval_metrics(judgements, {outcome.query.query_id: outcome.ranking for outcome in outcomes})
    if answered_at:
        metrics["answer_in_evidence@1"] = float(np.mean([first for first, _ in answered_at]))
        metrics["answer_in_evidence@3"] = float(np.mean([third for _, third in answered_at]))
    metrics |= page_metrics(on_page)
    if calibrated:
        confidences = [outcome.confidence for outcome in outcomes]
        metrics |= verdict_metrics([query.answerable for query in queries], confidences)
    return Evaluation(
        snapshot=searcher.snapshot.manifest.snapshot_id,
        metrics=_rounded(metrics),
        by_signal=_rounded(_quality_by_signal(judgements, signal_runs, metrics)),
        outcomes=tuple(outcomes),
        judgements=judgements,
        took_ms=_took_ms(searcher, queries[:: max(1, len(queries) // TIMED_QUERIES)]),
    )


def _as_shown(searcher: Searcher, ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
    """The passages in the order people see, as far as a list is looked at; the rest as they are ranked."""
    shown = [one.position for one in searcher.select(ranked, SHOWN)]
    rest = [position for position in range(len(ranked)) if position not in shown]
    return [ranked[position] for position in (*shown, *rest)]


def _each_once(
    ranked: Sequence[RankedPassage], identify: Callable[[RankedPassage], str]
) -> tuple[tuple[str, float], ...]:
    """What the passages are of, each at the place of its first one, with the reciprocal of that place as its score."""
    each = dict.fromkeys(map(identify, ranked))
    return tuple((identifier, 1 / place) for place, identifier in enumerate(each, start=1))


def _by_signal(
    ranked: Sequence[RankedPassage], signal: Callable[[Signals], float], identify: Callable[[RankedPassage], str]
) -> tuple[tuple[str, float], ...]:
    ordered = sorted(ranked, key=lambda found: (-signal(found.signals), found.row))
    return _each_once(ordered, identify)[:SIGNAL_DEPTH]


def _first_relevant(ranking: Sequence[tuple[str, float]], grades: Mapping[str, int]) -> int | None:
    return next((rank for rank, (found, _) in enumerate(ranking, start=1) if grades.get(found, 0) > 0), None)


def _first_hit(searcher: Searcher, ranked: Sequence[RankedPassage]) -> FirstHit | None:
    if not ranked:
        return None
    row = ranked[0].text_row
    document = searcher.snapshot.texts.documents_of_texts([row])[row][0]
    (first,) = searcher.read(ranked[:1])
    return FirstHit(display_title(document), first.evidence[0].text)


def _took_ms(searcher: Searcher, queries: Sequence[EvaluationQuery]) -> tuple[float, ...]:
    """Of answering as users ask: `DEFAULT_TOP_K` hits, one question after the other."""
    return tuple(searcher.ask(Query(query.text, DEFAULT_TOP_K, EVERY_DOCUMENT)).took_ms for query in queries)


def _measure(name: str, any_counts: bool) -> Any:
    """The ir-measures measure that is called `name` here."""
    from ir_measures import RR, R, Success, nDCG

    measures = {"ndcg": nDCG, "mrr": RR, "recall": Success if any_counts else R}
    kind, _, depth = name.partition("@")
    return measures[kind] @ int(depth)


def _by_place(run: Run) -> dict[str, dict[str, float]]:
    """Scores that ir-measures cannot read another order from: equal ones would be put in order of the ids."""
    return {
        query_id: {found: -float(place) for place, (found, _) in enumerate(ranking)}
        for query_id, ranking in run.items()
    }


def _retrieval_metrics(judgements: Judgements, run: Run) -> dict[str, float]:
    """Means over the judged questions; nothing where there are none."""
    if not judgements.qrels:
        return {}
    names = ("ndcg@10", "mrr@10", *(f"recall@{k}" for k in (1, 5, 10, 100)))
    values = values_per_query(names, judgements, run)
    return {name: float(np.mean(list(values[name].values()))) for name in names}


def _quality_by_signal(
    judgements: Judgements, signal_runs: Mapping[str, Run], metrics: Mapping[str, float]
) -> dict[str, float]:
    if not judgements.qrels:
        return {}
    alone = {
        name: float(np.mean(list(values_per_query(["mrr@10"], judgements, run)["mrr@10"].values())))
        for name, run in signal_runs.items()
    }
    return alone | {WHOLE_SCORE: metrics["mrr@10"]}


def _rounded(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in metrics.items()}


def _answered_at(first: Sequence[ReadPassage], answers: Sequence[str]) -> tuple[bool, bool]:
    """Whether an answer stands in the best evidence sentence of hit 1, and of one of hits 1 to 3."""
    wanted = list(map(_normalised, answers))
    stands = [any(answer in _normalised(found.evidence[0].text) for answer in wanted) for found in first]
    return bool(stands and stands[0]), any(stands)


def _normalised(text: str) -> str:
    return " ".join(text.split())
