"""Runs: rankings kept in TREC's format, and whether an evaluation differs from a kept one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.evaluate import Evaluation, Run, values_per_query
from qa.evaluation_data import EvaluationError

RUN_NAME = "citebox"
COMPARED = ("ndcg@10", "mrr@10", "recall@5")
TEST = "paired t-test"


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """Means of a metric before and now, over the same questions; no p-value where there is only one question."""

    before: float
    now: float
    p_value: float | None

    @property
    def difference(self) -> float:
        """What was gained."""
        return self.now - self.before

    @property
    def shown_p_value(self) -> str:
        """The p-value for people."""
        if self.p_value is None:
            return "unknown"
        return f"{self.p_value:.4f}" if self.p_value >= 0.0001 else "< 0.0001"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation against a saved run, metric by metric. `unknown` counts the run's results not in this index."""

    path: str
    queries: int
    results: int
    unknown: int
    metrics: dict[str, MetricComparison]

    def document(self) -> dict[str, Any]:
        """What `eval --json` prints under "comparison"."""
        return {
            "run": self.path,
            "test": TEST,
            "queries": self.queries,
            "results": self.results,
            "results_not_in_index": self.unknown,
            "metrics": {
                name: {
                    "before": round(metric.before, 4),
                    "now": round(metric.now, 4),
                    "difference": round(metric.difference, 4),
                    "p_value": metric.p_value,
                }
                for name, metric in self.metrics.items()
            },
        }


def write_run(path: Path, run: Run) -> None:
    """Write one line for each document found: query id, Q0, document id, rank, score, name of the run.

    Raises EvaluationError where an id has a space in it, which the format has no way to write, or `path` cannot be
    written.
    """
    lines = []
    for query_id, ranking in run.items():
        for rank, (document_id, score) in enumerate(ranking, start=1):
            for identifier in (query_id, document_id):
                if len(identifier.split()) != 1:
                    raise EvaluationError(f'a run file cannot hold the id "{identifier}": ids must be without spaces')
            lines.append(f"{query_id} Q0 {document_id} {rank} {score:.9g} {RUN_NAME}\n")
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error}") from error


def read_run(path: Path) -> Run:
    """The rankings in a TREC run file, by score; equal scores in order of rank. Raises EvaluationError."""
    rows: dict[str, list[tuple[float, int, str]]] = {}
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                query_id, _, document_id, rank, score, _ = line.split()
                rows.setdefault(query_id, []).append((-float(score), int(rank), document_id))
            except ValueError as error:
                raise EvaluationError(
                    f"{path}, line {number} is no line of a TREC run: query id, Q0, document id, rank, score, run name"
                ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    return {query_id: tuple((found, -score) for score, _, found in sorted(row)) for query_id, row in rows.items()}


def compare(evaluation: Evaluation, saved: Run, path: Path) -> Comparison:
    """`evaluation` against the run `saved` in `path`.

    A question the run does not have counts 0, and what it returned but this index does not have is not relevant.
    The test is Student's t-test on the differences question by question, which Smucker, Allan and Carterette (A
    Comparison of Statistical Significance Tests for Information Retrieval Evaluation, 2007) found to agree with the
    randomisation test where Wilcoxon's does not. Raises EvaluationError where nothing can be compared.
    """
    judgements = evaluation.judgements
    if judgements.qrels.keys().isdisjoint(saved):
        raise EvaluationError(f"{path} holds none of the judged questions: it is a run of other data")
    found = [document_id for query_id in judgements.qrels for document_id, _ in saved.get(query_id, ())]
    mapped = {query_id: _mapped(ranking, judgements.same_as) for query_id, ranking in saved.items()}
    before = values_per_query(COMPARED, judgements, mapped)
    now = values_per_query(COMPARED, judgements, evaluation.run)
    return Comparison(
        path=str(path),
        queries=len(judgements.qrels),
        results=len(found),
        unknown=sum(document_id not in judgements.same_as for document_id in found),
        metrics={name: _compared(before[name], now[name]) for name in COMPARED},
    )


def _mapped(ranking: tuple[tuple[str, float], ...], same_as: Mapping[str, str]) -> tuple[tuple[str, float], ...]:
    scores: dict[str, float] = {}
    for found, score in ranking:
        scores.setdefault(same_as.get(found, found), score)
    return tuple(scores.items())


def _compared(before: Mapping[str, float], now: Mapping[str, float]) -> MetricComparison:
    old = np.array([before[query_id] for query_id in now])
    new = np.array(list(now.values()))
    return MetricComparison(float(old.mean()), float(new.mean()), _p_value(new - old))


def _p_value(differences: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    if len(differences) < 2:
        return None
    if np.ptp(differences) == 0:  # no variance to estimate the error by: the test divides by it
        return 0.0 if differences[0] else 1.0
    from scipy.stats import ttest_1samp  # a second to import

    return float(ttest_1samp(differences, 0).pvalue)
