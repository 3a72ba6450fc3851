"""Evaluation data: BEIR folders and questions files (both: one JSON object a line)."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import CiteboxError

Qrels = dict[str, dict[str, int]]
"""Judged relevance: query id to document id to grade."""


class EvaluationError(CiteboxError):
    """Evaluation data that is missing or malformed; the message names the file and line."""


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """A page, counted from 1, that answers a question; `document` is the end of its file's path, as its name is."""

    document: str
    page: int


@dataclass(frozen=True, slots=True)
class EvaluationQuery:
    """A question with what is known of its answer.

    `answers` are strings of which any one answers it, `pages` are pages of which any one does.
    """

    query_id: str
    text: str
    answers: tuple[str, ...]
    answerable: bool
    pages: tuple[EvidencePage, ...] = ()


@dataclass(frozen=True, slots=True)
class BeirFolder:
    """A test collection in BEIR's layout (Thakur et al. 2021): corpus.jsonl, queries.jsonl, qrels/test.tsv."""

    corpus: Path
    queries: tuple[EvaluationQuery, ...]
    qrels: Qrels


def read_beir(folder: Path) -> BeirFolder:
    """The collection in `folder`. A query's `metadata` may hold `answers` and `answerable`."""
    corpus = folder / "corpus.jsonl"
    if not corpus.is_file():
        raise EvaluationError(f"{folder} is no BEIR folder: it holds no corpus.jsonl")
    queries = []
    for place, row in _rows(folder / "queries.jsonl"):
        if not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
            raise EvaluationError(f'{place} needs "_id" and "text" strings')
        metadata = row.get("metadata") or {}
        if not isinstance(metadata, dict) or not isinstance(metadata.get("answers", []), list):
            raise EvaluationError(f'{place} has "metadata" that is no object, or "answers" in it that are no list')
        queries.append(
            EvaluationQuery(
                row["_id"], row["text"], tuple(metadata.get("answers", ())), bool(metadata.get("answerable", True))
            )
        )
    return BeirFolder(corpus, tuple(queries), _read_qrels(folder / "qrels" / "test.tsv"))


def read_questions(path: Path) -> tuple[EvaluationQuery, ...]:
    """The questions in `path`: `{"question", "expect": [fragment, ...], "answerable"}`; ids are line numbers.

    A question of paged files has `"evidence": [{"document", "page"}, ...]` in place of `expect`, or beside it.
    """
    queries = []
    for number, (place, row) in enumerate(_rows(path), start=1):
        expected = row.get("expect", [])
        answerable = bool(row.get("answerable", True))
        if not isinstance(row.get("question"), str) or not isinstance(expected, list):
            raise EvaluationError(f'{place} needs a "question" string and an "expect" list')
        pages = _evidence_pages(row.get("evidence", []), place)
        if answerable and not expected and not pages:
            raise EvaluationError(f'{place} is answerable but its "expect" list holds no fragment of an answer')
        queries.append(EvaluationQuery(str(number), row["question"], tuple(map(str, expected)), answerable, pages))
    return tuple(queries)


def _evidence_pages(evidence: object, place: str) -> tuple[EvidencePage, ...]:
    try:
        pages = tuple(EvidencePage(str(item["document"]), int(item["page"])) for item in evidence)  # type: ignore[attr-defined]
    except (TypeError, KeyError, ValueError) as error:
        raise EvaluationError(f'{place} has "evidence" that is no list of {{"document", "page"}} objects') from error
    return pages


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object in a JSON Lines file, with its place for messages."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    found = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{place} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise EvaluationError(f"{place} is not a JSON object")
        found = True
        yield place, row
    if not found:
        raise EvaluationError(f"{path} holds no questions")


def _read_qrels(path: Path) -> Qrels:
    qrels: Qrels = {}
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                qrels.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError) as error:
        raise EvaluationError(
            f"{path} cannot be read as tab-separated query-id, corpus-id, score: {error!r}"
        ) from error
    return qrels
