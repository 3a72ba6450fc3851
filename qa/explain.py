"""Why a document is, or is not, among the answers: the places and scores of its best passage, and what it lacks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import CiteboxError
from index.report import FileOutcome
from index.snapshot import Snapshot
from index.texts import EVERY_DOCUMENT, VARIABLES_PER_STATEMENT, DocumentFilter, StoredDocument, TextStore
from index.vectors import Rows
from qa.answer_document import DECIMALS, scores_document, snapshot_document
from qa.candidates import DEPTH, EncodedQuestion, find_candidates, score_candidates
from qa.query import DEFAULT_TOP_K, Query, QueryError, make_query
from qa.ranking import Signals
from qa.scope import Scope, find_scope
from qa.scoring import RankedPassage, rank_candidates
from qa.search import Hit, Searcher, SnapshotSummary

NAMED_AT_MOST = 5
"""Files that an ambiguous name is said to fit."""

_SLICE = 65_536  # passages whose vectors are copied at once


class UnknownDocumentError(CiteboxError):
    """The index knows no file of that id or path."""


class Outcome(StrEnum):
    """What became of a document when the question was asked."""

    RETURNED = "returned"
    ALSO_IN = "also_in"  # a hit with the same text names it
    NOT_RETURNED = "not_returned"
    RULED_OUT = "ruled_out"  # by the question's phrases and excluded words
    SKIPPED = "skipped"  # the file was not read


@dataclass(frozen=True, slots=True)
class Ranks:
    """Places from 1; `lexical` is None for a passage without a word of the question.

    `dense` and `lexical` are among all passages of the index, `sentence` and `fused` among the candidates and the
    passage itself. `reranked` is None without a reranker, and for a passage that it did not get to read. `folded` is
    the place after that among the candidates left when copies are folded; None for a copy and for no candidate.
    """

    dense: int
    lexical: int | None
    sentence: int
    fused: int
    reranked: int | None
    folded: int | None


@dataclass(frozen=True, slots=True)
class BestPassage:
    """The passage of the document that scores highest; without being a `candidate` it could not be returned."""

    document_id: str
    passage_id: str
    candidate: bool
    score: float
    signals: Signals
    reranker: float | None
    ranks: Ranks


@dataclass(frozen=True, slots=True)
class LastHit:
    """The hit that a passage had to beat."""

    rank: int
    score: float
    signals: Signals
    reranker: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the document at `path` is, or is not, among the answers; `sentences` says it in words.

    `hit` is the rank of the hit that quotes or names it. `duplicate_of` is the path of the document that answers cite
    for the same text. `lacking` are the question's words that it does not contain, `unknown` those that no document
    does. A file that was not read has a `code` and a `reason` instead.
    """

    question: str
    path: str
    outcome: Outcome
    snapshot: SnapshotSummary
    hit: int | None = None
    best: BestPassage | None = None
    last_hit: LastHit | None = None
    candidates: int | None = None
    duplicate_of: str | None = None
    lacking: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    code: str | None = None
    reason: str | None = None

    def sentences(self) -> list[str]:
        """The explanation for people."""
        if self.outcome is Outcome.SKIPPED:
            return [f"{self.path} was never read, skipped: {self.reason}."]
        lacking = [word for word in self.lacking if word not in self.unknown]
        return [
            *_outcome_sentences(self),
            *([_places(self.best, self.candidates, self.snapshot.passages)] if self.best else []),
            *([_scores(self.best, self.last_hit)] if self.best and self.last_hit else []),
            *([f"Words of the question that it lacks: {', '.join(lacking)}."] if lacking else []),
            *([f"Words that no document contains: {', '.join(self.unknown)}."] if self.unknown else []),
        ]


def explain(searcher: Searcher, question: str, document: str, top_k: int = DEFAULT_TOP_K) -> Explanation:
    """Why `document` (an id, or a file's path or its end) is, or is not, among the `top_k` hits for `question`.

    Of a file with several documents the best is explained. Raises QueryError where the question, `top_k` or an
    ambiguous document is at fault, UnknownDocumentError where the index knows no such file.
    """
    if not document.strip("/ "):
        raise QueryError("document", "no document is named; give its id or the path of its file")
    checked = make_query(question, top_k, document_ids=[document])
    query = replace(checked, filter=EVERY_DOCUMENT)  # the question as it was asked, of all documents
    found = _find(searcher.snapshot, document)
    if isinstance(found, FileOutcome):
        return Explanation(
            question=query.text,
            path=found.path,
            outcome=Outcome.SKIPPED,
            snapshot=searcher.summary(),
            code=found.code,
            reason=found.reason,
        )
    return _explain(searcher, query, found)


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """`explanation` in values that JSON knows, as the API and `explain --json` give it."""
    best, last_hit = explanation.best, explanation.last_hit
    return {
        "question": explanation.question,
        "path": explanation.path,
        "outcome": explanation.outcome.value,
        "sentences": explanation.sentences(),
        "hit": explanation.hit,
        "duplicate_of": explanation.duplicate_of,
        "best": {
            "document_id": best.document_id,
            "passage_id": best.passage_id,
            "candidate": best.candidate,
            "score": round(best.score, DECIMALS),
            "scores": scores_document(best.signals, best.reranker),
            "ranks": asdict(best.ranks),
        }
        if best
        else None,
        "last_hit": {
            "rank": last_hit.rank,
            "score": round(last_hit.score, DECIMALS),
            "scores": scores_document(last_hit.signals, last_hit.reranker),
        }
        if last_hit
        else None,
        "candidates": explanation.candidates,
        "lacking": list(explanation.lacking),
        "unknown": list(explanation.unknown),
        "code": explanation.code,
        "reason": explanation.reason,
        "snapshot": snapshot_document(explanation.snapshot),
    }


def _find(snapshot: Snapshot, document: str) -> list[StoredDocument] | FileOutcome:
    """The documents that are meant, or the outcome of a file that gave none."""
    by_id = snapshot.texts.document(document)
    if by_id:
        return [by_id]
    path = document.strip("/ ")
    same = [outcome for outcome in snapshot.outcomes if outcome.path == path]
    fitting = same or [outcome for outcome in snapshot.outcomes if outcome.path.endswith(f"/{path}")]
    if not fitting:
        raise UnknownDocumentError(
            f"no document has the id {document!r}, and no file that was found has that path; "
            "`citebox status --files` lists the files"
        )
    if len(fitting) > 1:
        named = ", ".join(outcome.path for outcome in fitting[:NAMED_AT_MOST])
        more = " and others" if len(fitting) > NAMED_AT_MOST else ""
        raise QueryError("document", f"{document!r} fits {len(fitting)} files ({named}{more}); give more of the path")
    if fitting[0].status == "skipped":
        return fitting[0]
    return _documents_at(snapshot.texts, fitting[0].path)


def _documents_at(texts: TextStore, path: str) -> list[StoredDocument]:
    beneath = DocumentFilter(sources=(path,))  # lets more pass where the path reads as a pattern
    text_rows, _ = texts.passages_passing(beneath)
    found = texts.documents_of_texts(text_rows.tolist(), beneath)
    documents = [document for same_text in found.values() for document in same_text if document.path == path]
    if len(documents) > VARIABLES_PER_STATEMENT:
        raise QueryError("document", f"{path} holds {len(documents):,} documents; give the id of one of them")
    return documents


def _explain(searcher: Searcher, query: Query, documents: Sequence[StoredDocument]) -> Explanation:
    snapshot = searcher.snapshot
    question = searcher.encode(query.text)
    ids = tuple(document.document_id for document in documents)
    rows = np.concatenate([np.arange(document.passages.start, document.passages.stop) for document in documents])
    scope = find_scope(snapshot, EVERY_DOCUMENT, question.demands)
    candidates = find_candidates(snapshot, question, scope, max(DEPTH, query.top_k))
    ranked = rank_candidates(snapshot, question, candidates)
    best = _best(snapshot, question, np.unique(rows), ranked)
    explained = next(document for document in documents if document.text_row == best.text_row)
    first, *_ = snapshot.texts.documents_of_texts([explained.text_row])[explained.text_row]
    hits = searcher.ask(query).hits
    outcome, hit = _outcome(hits, ids)
    if scope.passages is not None and not np.isin(rows, scope.passages).any():
        outcome = Outcome.RULED_OUT
    texts = np.unique([document.text_row for document in documents])
    return Explanation(
        question=query.text,
        path=explained.path,
        outcome=outcome,
        snapshot=searcher.summary(),
        hit=hit,
        best=_best_passage(searcher, question, best, ranked, explained.document_id),
        last_hit=LastHit(hits[-1].rank, hits[-1].score, hits[-1].signals, hits[-1].reranker) if hits else None,
        candidates=len(ranked),
        duplicate_of=first.path if first.document_id not in ids else None,
        lacking=_lacking(snapshot, question, texts),
        unknown=question.unknown,
    )


def _best(snapshot: Snapshot, question: EncodedQuestion, rows: Rows, ranked: Sequence[RankedPassage]) -> RankedPassage:
    """The best of the passages in `rows`: of the candidates, or else beside them, as names are compared with theirs."""
    drawn = [found for found in ranked if found.row in rows]
    if not drawn:
        own = find_candidates(snapshot, question, Scope(passages=rows), DEPTH).rows
        together = np.union1d(own, [found.row for found in ranked]).astype(np.int64)
        beside = rank_candidates(snapshot, question, score_candidates(snapshot, question, together))
        drawn = [found for found in beside if found.row in rows]
    return drawn[0]


def _outcome(hits: Sequence[Hit], ids: Sequence[str]) -> tuple[Outcome, int | None]:
    """What became of the documents of these ids, with the rank of the first hit that quotes or names one."""
    for hit in hits:
        if hit.citation.document_id in ids:
            return Outcome.RETURNED, hit.rank
    for hit in hits:
        if any(copy.document_id in ids for copy in hit.also_in):
            return Outcome.ALSO_IN, hit.rank
    return Outcome.NOT_RETURNED, None


def _best_passage(
    searcher: Searcher,
    question: EncodedQuestion,
    best: RankedPassage,
    ranked: Sequence[RankedPassage],
    document_id: str,
) -> BestPassage:
    snapshot = searcher.snapshot
    row = best.row
    reranked = searcher.rerank(question.text, ranked)
    left = [reranked[one.position].row for one in searcher.select(reranked, len(ranked), spread_out=False)]
    others = [other for other in ranked if other.row != row]
    sentence_before = sum((-other.signals.sentence, other.row) < (-best.signals.sentence, row) for other in others)
    fused_before = sum((-other.score, other.row) < (-best.score, row) for other in others)
    read = [other for other in reranked if other.reranker is not None]
    place = next((place for place, other in enumerate(read, start=1) if other.row == row), None)
    return BestPassage(
        document_id=document_id,
        passage_id=snapshot.texts.passages([row])[0].passage_id,
        candidate=len(others) < len(ranked),
        score=best.score,
        signals=best.signals,
        reranker=read[place - 1].reranker if place else None,
        ranks=Ranks(
            dense=_dense_rank(snapshot, question, row),
            lexical=_lexical_rank(snapshot, question, row),
            sentence=sentence_before + 1,
            fused=fused_before + 1,
            reranked=place,
            folded=left.index(row) + 1 if row in left else None,
        ),
    )


def _dense_rank(snapshot: Snapshot, question: EncodedQuestion, row: int) -> int:
    starts = range(0, len(snapshot.passages), _SLICE)
    slices = [np.arange(start, min(start + _SLICE, len(snapshot.passages))) for start in starts]
    scores = np.concatenate([snapshot.passages.scores(question.embedding, some) for some in slices])
    before = np.count_nonzero(scores > scores[row]) + np.count_nonzero(scores[:row] == scores[row])
    return int(before) + 1


def _lexical_rank(snapshot: Snapshot, question: EncodedQuestion, row: int) -> int | None:
    rows, _ = snapshot.lexical.search(question.terms, len(snapshot.passages))
    places: NDArray[np.int64] = np.flatnonzero(rows == row)
    return int(places[0]) + 1 if len(places) else None


def _lacking(snapshot: Snapshot, question: EncodedQuestion, texts: Rows) -> tuple[str, ...]:
    """The words of the question that the texts in these rows do not contain."""
    return tuple(
        word for word, terms in question.words.items() if not len(snapshot.lexical.search(terms, 1, texts=texts)[0])
    )


def _outcome_sentences(explanation: Explanation) -> list[str]:
    match explanation.outcome:
        case Outcome.RETURNED:
            said = [f"{explanation.path} is among the answers, as hit {explanation.hit}."]
        case Outcome.ALSO_IN:
            said = [f"{explanation.path} is named with hit {explanation.hit}, which says the same."]
        case Outcome.RULED_OUT:
            told = 'none of its passages holds every "phrase" of the question and none of its -excluded words'
            said = [f"{explanation.path} is ruled out: {told}."]
        case _:
            said = [f"{explanation.path} is not among the answers."]
    if explanation.duplicate_of:
        said.append(f"Its text is that of {explanation.duplicate_of}, which answers cite for both.")
    return said


def _places(best: BestPassage, candidates: int | None, passages: int) -> str:
    ranks = best.ranks
    words = "holds no word of the question" if ranks.lexical is None else f"{_ordinal(ranks.lexical)} by words"
    drawn = "" if best.candidate else f"; it was not among the {candidates:,} candidates that are weighed"
    return f"Of {passages:,} passages its best is {_ordinal(ranks.dense)} by meaning and {words}{drawn}."


def _scores(best: BestPassage, last_hit: LastHit) -> str:
    place = f"{'is' if best.candidate else 'would be'} {_ordinal(best.ranks.fused)}"
    sentence = f"its best sentence {_ordinal(best.ranks.sentence)}"
    reranked = f"the reranker made it {_ordinal(best.ranks.reranked)}; " if best.ranks.reranked else ""
    return (
        f"It scored {best.score:.2f} and {place}, {sentence}; {reranked}the last hit, the {_ordinal(last_hit.rank)}, "
        f"scored {last_hit.score:.2f}."
    )


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
