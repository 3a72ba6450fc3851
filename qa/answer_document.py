"""An answer as the JSON document that the API and `ask --json` give (the contract: docs/api.md)."""

from typing import Any

from qa.citations import Citation
from qa.evidence import Evidence
from qa.ranking import Signals
from qa.search import Answer, Hit, SnapshotSummary

DECIMALS = 4


def answer_document(answer: Answer) -> dict[str, Any]:
    """`answer` in values that JSON knows; scores rounded to `DECIMALS`."""
    return {
        "question": answer.question,
        "verdict": {
            "answered": answer.verdict.answered,
            "confidence": None if answer.verdict.confidence is None else round(answer.verdict.confidence, DECIMALS),
            "label": answer.verdict.label,
        },
        "corrections": [_fields(correction) for correction in answer.corrections],
        "absent": list(answer.absent),
        "unread_files": answer.unread_files,
        "passages": [_hit_document(hit) for hit in answer.hits],
        "agreement": None,
        "independence": _fields(answer.independence),
        "snapshot": snapshot_document(answer.snapshot),
        "took_ms": round(answer.took_ms, 1),
    }


def snapshot_document(snapshot: SnapshotSummary) -> dict[str, Any]:
    """What an answer says about its index."""
    return {
        "id": snapshot.snapshot_id,
        "built_at": snapshot.built_at,
        "model": snapshot.model,
        "documents": snapshot.documents,
        "passages": snapshot.passages,
    }


def scores_document(signals: Signals, reranker: float | None) -> dict[str, float | None]:
    """The signals of a passage, and the score a reranker gave it."""
    return {
        **{name: round(value, DECIMALS) for name, value in _fields(signals).items()},
        "reranker": None if reranker is None else round(reranker, DECIMALS),
    }


def citation_document(citation: Citation) -> dict[str, Any]:
    """All fields of a citation."""
    return {**_fields(citation), "authors": list(citation.authors)}


def _hit_document(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, DECIMALS),
        "passage_id": hit.passage.passage_id,
        "text": hit.passage.text,
        "highlights": [_highlight_document(evidence) for evidence in hit.evidence],
        "citation": citation_document(hit.citation),
        "scores": scores_document(hit.signals, hit.reranker),
        "also_in": [_fields(copy) for copy in hit.also_in],
    }


def _highlight_document(evidence: Evidence) -> dict[str, Any]:
    return {
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "score": round(evidence.score, DECIMALS),
    }


def _fields(record: Any) -> dict[str, Any]:
    """The fields of a dataclass with slots, not copied: `dataclasses.asdict` takes nine times as long."""
    return {name: getattr(record, name) for name in record.__slots__}
