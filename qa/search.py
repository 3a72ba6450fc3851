"""Online path, top to bottom: read the question, find candidates, rank, pick evidence, judge, cite."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from corpus.documents import embedding_text
from index.encoder import Encoder
from index.encoders import load_encoder
from index.manifest import SnapshotError
from index.snapshot import Snapshot, open_snapshot
from index.texts import EVERY_DOCUMENT, DocumentFilter, StoredPassage
from qa.asking import asking_sentences
from qa.candidates import DEPTH, EncodedQuestion, find_candidates, idf_of_terms
from qa.citations import AlsoIn, Citation, also_in, cite
from qa.evidence import Evidence, ReadPassage, read_passages
from qa.operators import read_operators
from qa.query import Query
from qa.query_batches import QueryBatches
from qa.question_terms import Correction, question_terms
from qa.ranking import Signals
from qa.reranker import RERANKED, Reranker
from qa.scope import Scope, find_scope
from qa.scoring import RankedPassage, rank_candidates
from qa.selection import Contender, Selected, fold_copies, spread
from qa.trace import StageTime, stage, traced
from qa.verdict import Signs, Verdict, calibration_for, judge, signs

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage returned: rank from 1, evidence best first, and the documents that hold the same text."""

    rank: int
    score: float
    passage: StoredPassage
    evidence: tuple[Evidence, ...]
    citation: Citation
    signals: Signals
    also_in: tuple[AlsoIn, ...]
    reranker: float | None


@dataclass(frozen=True, slots=True)
class SnapshotSummary:
    """The index an answer is from."""

    snapshot_id: str
    built_at: str
    model: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Independence:
    """Documents that hold the hits, and how many texts they are when near-duplicates count as one."""

    documents: int
    independent_texts: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: a verdict, and the nearest passages whatever the verdict.

    `absent` are the words and phrases of the question, as typed, that no passage contains; `unread_files` counts the
    source files that may have answered but could not be read; `stages` say where the time went.
    """

    question: str
    verdict: Verdict
    hits: tuple[Hit, ...]
    corrections: tuple[Correction, ...]
    absent: tuple[str, ...]
    unread_files: int
    independence: Independence
    snapshot: SnapshotSummary
    took_ms: float
    stages: tuple[StageTime, ...]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a question finds, before it is decided what of it is shown: passages best first, and the verdict."""

    question: EncodedQuestion
    missing: tuple[str, ...]  # phrases that no passage holds
    ranked: list[RankedPassage]
    signs: Signs | None
    verdict: Verdict


class Searcher:
    """Answers questions from one snapshot. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, reranker: Reranker | None = None) -> None:
        """Raises SnapshotError when the snapshot was built with another encoder."""
        built, loaded = snapshot.manifest.encoder, encoder.record
        if difference := built.differs(loaded):
            raise SnapshotError(
                f"the index was built with model {built.model} ({difference[0]}), but {loaded.model} "
                f"({difference[1]}) is loaded; put that model back, or rebuild the index with the one there is"
            )
        self.snapshot = snapshot
        self._encoder = encoder
        self._queries = QueryBatches(encoder.encode_queries)
        self._reranker = reranker
        self._calibration = calibration_for(snapshot.folder.parent.parent, built.sha256)
        skipped = [outcome for outcome in snapshot.outcomes if outcome.status == "skipped"]
        self._unread_files = sum(outcome.code != "empty" for outcome in skipped)

    @classmethod
    def open(cls, folder: Path, reuse: Self | None = None, reranker: Reranker | None = None) -> Self:
        """A searcher over the snapshot in `folder`, with the encoder it was built with, both verified.

        The encoder of `reuse` is taken where it is the same one. Raises SnapshotError and EncoderError.
        """
        snapshot = open_snapshot(folder)
        built = snapshot.manifest.encoder
        try:
            if reuse is not None and built.differs(reuse._encoder.record) is None:
                return cls(snapshot, reuse._encoder, reranker)
            return cls(snapshot, load_encoder(folder, built), reranker)
        except BaseException:
            snapshot.close()
            raise

    @property
    def version(self) -> str:
        """Changes whenever the same question may get another answer, as long as Citebox stays the same."""
        reranker = self._reranker.model.sha256 if self._reranker else None
        return repr((self.snapshot.manifest.snapshot_id, self._calibration, reranker))

    def ask(self, query: Query) -> Answer:
        """The answer to `query`: at most `top_k` hits, fewer only where fewer passages pass the filter."""
        started = time.perf_counter()
        with self._queries.answering(), traced() as trace:
            found = self.retrieve(query.text, query.filter, max(DEPTH, query.top_k))
            named = bool(query.filter.document_ids)  # who names a document wants all of it
            with stage("select"):
                selected = self.select(found.ranked, query.top_k, spread_out=not named)
            with stage("cite"):
                hits = self._hits(found.ranked, selected, query.filter)
                independence = self._independence(hits, [found.ranked[one.position] for one in selected])
        took_ms = (time.perf_counter() - started) * 1000
        logger.info("answered a question of %d characters in %.1f ms", len(query.text), took_ms)
        return Answer(
            question=query.text,
            verdict=found.verdict,
            hits=hits,
            corrections=found.question.corrections,
            absent=tuple(dict.fromkeys((*found.question.unknown, *found.missing))),
            unread_files=self._unread_files,
            independence=independence,
            snapshot=self.summary(),
            took_ms=took_ms,
            stages=trace.stages,
        )

    def retrieve(self, text: str, filter_: DocumentFilter, k: int) -> Retrieved:
        """The `k` best passages for the question `text` among the documents that pass `filter_`, and the verdict."""
        question = self.encode(text)
        with stage("scope"):
            scope = find_scope(self.snapshot, filter_, question.demands)
        ranked = self.rank(question, scope, k)
        with stage("verdict"):
            # Of the first ranking, which it is calibrated for: a reranker only reorders.
            told = signs(self.snapshot.texts, question, ranked)
            verdict = judge(told, self._calibration)
        return Retrieved(question, scope.missing, self.rerank(question.text, ranked), told, verdict)

    def encode(self, text: str) -> EncodedQuestion:
        """The question `text` as both indexes see it."""
        with stage("terms"):
            demands = read_operators(text)
            known = question_terms(self.snapshot, demands.text)
            idf = idf_of_terms(self.snapshot, known.terms)
            asking = asking_sentences(known.text)
        with stage("encode"):
            embedding = self._queries.embed(asking)
        return EncodedQuestion(
            text=known.text,
            embedding=embedding,
            idf=idf,
            words=known.words,
            corrections=known.corrections,
            unknown=known.unknown,
            demands=demands,
        )

    def rank(self, question: EncodedQuestion, scope: Scope, k: int) -> list[RankedPassage]:
        """The `k` best passages within `scope`, best first; equal scores in order of the index."""
        candidates = find_candidates(self.snapshot, question, scope, max(DEPTH, k))
        with stage("rank"):
            return rank_candidates(self.snapshot, question, candidates, k)

    def rerank(self, text: str, ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
        """The passages in the order of the reranker, if there is one: it reads the first, the others follow them."""
        if self._reranker is None:
            return list(ranked)
        read = ranked[:RERANKED]
        with stage("rerank"):
            passages = self.snapshot.texts.passages([found.row for found in read])
            texts = [embedding_text(passage.context, passage.text) for passage in passages]
            scores = self._reranker.scores(text, texts)
        scored = [replace(found, reranker=score) for found, score in zip(read, scores, strict=True)]
        scored.sort(key=lambda found: -(found.reranker or 0.0))  # stable: equal ones stay in the order of the score
        return [*scored, *ranked[RERANKED:]]

    def warm_up(self) -> None:
        """Do what makes the first question slower than the next."""
        self.retrieve("warm up", EVERY_DOCUMENT, 1)

    def summary(self) -> SnapshotSummary:
        """What answers say about the snapshot."""
        manifest = self.snapshot.manifest
        return SnapshotSummary(
            snapshot_id=manifest.snapshot_id,
            built_at=manifest.built_at,
            model=manifest.encoder.model,
            documents=manifest.counts.documents,
            passages=manifest.counts.passages,
        )

    def select(self, ranked: Sequence[RankedPassage], k: int, *, spread_out: bool = True) -> list[Selected]:
        """The `k` of `ranked` to show: copies folded, and no document or page filling the list unless told so."""
        texts_of_group: dict[int, set[int]] = {}
        for found in ranked:
            texts_of_group.setdefault(found.group_row, set()).add(found.text_row)
        with_copies = [found for found in ranked if len(texts_of_group[found.group_row]) > 1]
        says = {
            found.row: read.evidence[0].text for found, read in zip(with_copies, self.read(with_copies), strict=True)
        }
        contenders = [
            Contender(
                self._order_score(found),
                found.text_row,
                found.group_row,
                says.get(found.row),
                found.page,
                found.document.name == 1,
            )
            for found in ranked
        ]
        selected = fold_copies(contenders)
        return spread(contenders, selected, k) if spread_out else selected[:k]

    def read(self, ranked: Sequence[RankedPassage]) -> list[ReadPassage]:
        """Each of the passages with its text and the sentences of it that answer."""
        return read_passages(self.snapshot.texts, ranked)

    def _order_score(self, found: RankedPassage) -> float:
        """The score that passages to be shown are in the order of; 0 for one that the reranker did not get to read."""
        return found.score if self._reranker is None else found.reranker or 0.0

    def _hits(
        self, ranked: Sequence[RankedPassage], selected: Sequence[Selected], filter_: DocumentFilter
    ) -> tuple[Hit, ...]:
        """Hits cite the first document with the text that passes the filter, and name the others and the copies."""
        shown = [ranked[one.position] for one in selected]
        rows = [found.text_row for found in shown]
        copied = [ranked[at].text_row for one in selected for at in one.copies]
        every = self.snapshot.texts.documents_of_texts(rows + copied)
        passing = every if filter_ == EVERY_DOCUMENT else self.snapshot.texts.documents_of_texts(rows, filter_)
        hits = []
        for rank, (one, found, read) in enumerate(zip(selected, shown, self.read(shown), strict=True), start=1):
            cited = passing[found.text_row][0]
            holding = dict.fromkeys([found.text_row, *(ranked[at].text_row for at in one.copies)])
            others = [document for row in holding for document in every[row] if document != cited]
            hits.append(
                Hit(
                    rank=rank,
                    score=found.score,
                    passage=read.passage,
                    evidence=read.evidence,
                    citation=cite(cited, read.passage, self.snapshot.texts.pages(cited.document_id)),
                    signals=found.signals,
                    also_in=tuple(map(also_in, others)),
                    reranker=found.reranker,
                )
            )
        return tuple(hits)

    def _independence(self, hits: Sequence[Hit], shown: Sequence[RankedPassage]) -> Independence:
        named = {hit.citation.document_id for hit in hits} | {copy.document_id for hit in hits for copy in hit.also_in}
        return Independence(len(named), len({found.group_row for found in shown}))
