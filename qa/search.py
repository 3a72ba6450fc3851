"""Online path, top to bottom: encode the question, find candidates, rank, pick evidence, judge, cite."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from corpus.errors import CiteboxError
from corpus.passages import embedding_text
from index.encoder import Encoder, SentenceTransformerEncoder, encoder_record
from index.manifest import EncoderRecord, SnapshotError
from index.models import EncoderError, locate_model
from index.snapshot import Snapshot, open_snapshot
from index.texts import EVERY_DOCUMENT, DocumentFilter, StoredPassage
from qa.candidates import DEPTH, Candidates, EncodedQuestion, find_candidates, idf_of_terms
from qa.citations import AlsoIn, Citation, also_in, cite
from qa.evidence import Evidence, choose_evidence
from qa.query import Query
from qa.ranking import (
    Signals,
    coverage,
    lexical_share,
    passage_score,
    proximity,
    sentence_bm25,
    sentence_scores,
)
from qa.reranker import RERANKED, Reranker
from qa.selection import Contender, fold_copies, spread
from qa.verdict import Verdict, judge

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A candidate with its score (higher is better, see `qa.ranking`), signals and evidence.

    `reranker` is the score by which a reranker has put it elsewhere, if it was among those it read.
    """

    passage: StoredPassage
    score: float
    signals: Signals
    evidence: tuple[Evidence, ...]
    reranker: float | None = None


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
class Answer:
    """What a question gets: a verdict, and the nearest passages whatever the verdict."""

    question: str
    verdict: Verdict
    hits: tuple[Hit, ...]
    snapshot: SnapshotSummary
    independence: "Independence"
    took_ms: float


@dataclass(frozen=True, slots=True)
class Independence:
    """Documents that hold the hits, and how many texts they are when near-duplicates count as one."""

    documents: int
    independent_texts: int


class Searcher:
    """Answers questions from one snapshot. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, reranker: Reranker | None = None) -> None:
        """Raises SnapshotError when the snapshot was built with another encoder."""
        built, loaded = snapshot.manifest.encoder, encoder_record(encoder)
        if difference := built.differs(loaded):
            raise SnapshotError(
                f"the index was built with model {built.model} ({difference[0]}), but {loaded.model} "
                f"({difference[1]}) is loaded; put that model back, or rebuild the index with the one there is"
            )
        self.snapshot = snapshot
        self._encoder = encoder
        self._reranker = reranker

    @classmethod
    def open(cls, folder: Path, reuse: Self | None = None, reranker: Reranker | None = None) -> Self:
        """A searcher over the snapshot in `folder`, with the encoder it was built with, both verified.

        The encoder of `reuse` is taken where it is the same one. Raises SnapshotError and EncoderError.
        """
        snapshot = open_snapshot(folder)
        built = snapshot.manifest.encoder
        try:
            if reuse is not None and built.differs(encoder_record(reuse._encoder)) is None:
                return cls(snapshot, reuse._encoder, reranker)
            return cls(snapshot, _load_encoder(built), reranker)
        except CiteboxError:
            snapshot.close()
            raise

    def ask(self, query: Query) -> Answer:
        """The answer to `query`: at most `top_k` hits, fewer only where fewer passages pass the filter."""
        started = time.perf_counter()
        ranked = self.rank(query.text, max(DEPTH, query.top_k), query.filter)
        hits = self._hits(self._select(self.rerank(query.text, ranked), query), query.filter)
        took_ms = (time.perf_counter() - started) * 1000
        logger.info("answered a question of %d characters in %.1f ms", len(query.text), took_ms)
        return Answer(
            question=query.text,
            # By the score, whose calibration it is; a reranker changes the order alone.
            verdict=judge(ranked[0].score if ranked else None),
            hits=hits,
            snapshot=self.summary(),
            independence=self._independence(hits),
            took_ms=took_ms,
        )

    def rank(self, text: str, k: int, filter_: DocumentFilter) -> list[RankedPassage]:
        """The `k` best passages for the question `text`, best first; equal scores in order of the index."""
        question = self.encode(text)
        candidates = find_candidates(self.snapshot, question, filter_, max(DEPTH, k))
        return self.rank_candidates(question, candidates)[:k]

    def rerank(self, text: str, ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
        """The passages in the order of the reranker, if there is one: it reads the first, the others follow them."""
        if self._reranker is None:
            return list(ranked)
        read = ranked[:RERANKED]
        texts = [embedding_text(found.passage.context, found.passage.text) for found in read]
        scored = [
            replace(found, reranker=score)
            for found, score in zip(read, self._reranker.scores(text, texts), strict=True)
        ]
        scored.sort(key=lambda found: -(found.reranker or 0.0))  # stable: equal ones stay in the order of the score
        return [*scored, *ranked[RERANKED:]]

    def encode(self, text: str) -> EncodedQuestion:
        """The question `text` as both indexes see it."""
        return EncodedQuestion(
            embedding=self._encoder.encode_query(text),
            idf=idf_of_terms(self.snapshot, self.snapshot.lexical.analyze(text)),
        )

    def rank_candidates(self, question: EncodedQuestion, candidates: Candidates) -> list[RankedPassage]:
        """All candidates with their scores, best first; equal scores in order of the index."""
        return sorted(self._score(question, candidates), key=lambda ranked: (-ranked.score, ranked.passage.row))

    def warm_up(self) -> None:
        """Do what makes the first question slower than the next."""
        self.rerank("warm up", self.rank("warm up", 1, EVERY_DOCUMENT))

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

    def _score(self, question: EncodedQuestion, candidates: Candidates) -> list[RankedPassage]:
        passages = self.snapshot.texts.passages(candidates.rows.tolist())
        scored = zip(passages, candidates.dense.tolist(), candidates.lexical.tolist(), strict=True)
        return [self._score_passage(question, passage, dense, lexical) for passage, dense, lexical in scored]

    def _score_passage(
        self, question: EncodedQuestion, passage: StoredPassage, dense: float, lexical: float
    ) -> RankedPassage:
        index = self.snapshot.lexical
        spans = self.snapshot.texts.sentence_spans(passage.sentences)
        sentences = [index.analyze(passage.text[start:end]) for start, end in spans]
        rows = np.arange(passage.sentences.start, passage.sentences.stop)
        scores = sentence_scores(
            self.snapshot.sentences.scores(question.embedding, rows),
            lexical_share(sentence_bm25(sentences, question.idf), question.idf),
        )
        held = {term for sentence in (index.analyze(passage.context), *sentences) for term in sentence}
        signals = Signals(
            dense=dense,
            lexical=lexical,
            sentence=float(scores.max()),
            coverage=coverage(held, question.idf),
            proximity=max(proximity(sentence, question.idf) for sentence in sentences),
        )
        return RankedPassage(passage, passage_score(signals), signals, choose_evidence(passage.text, spans, scores))

    def _select(
        self, ranked: Sequence[RankedPassage], query: Query
    ) -> list[tuple[RankedPassage, tuple[RankedPassage, ...]]]:
        """The passages to show, each with the copies folded into it."""
        groups = self.snapshot.texts.group_rows([found.passage.text_row for found in ranked])
        contenders = [
            Contender(
                self._order_score(found), found.passage.text_row, groups[found.passage.text_row], found.evidence[0].text
            )
            for found in ranked
        ]
        selected = fold_copies(contenders)
        if not query.filter.document_ids:  # who names a document wants all of it
            selected = spread(contenders, selected, query.top_k)
        return [(ranked[one.position], tuple(ranked[at] for at in one.copies)) for one in selected[: query.top_k]]

    def _order_score(self, found: RankedPassage) -> float:
        """The score that passages to be shown are in the order of; 0 for one that the reranker did not get to read."""
        return found.score if self._reranker is None else found.reranker or 0.0

    def _hits(
        self, selected: Sequence[tuple[RankedPassage, tuple[RankedPassage, ...]]], filter_: DocumentFilter
    ) -> tuple[Hit, ...]:
        """Hits cite the first document with the text that passes the filter, and name the others and the copies."""
        rows = [found.passage.text_row for found, _ in selected]
        copied = [copy.passage.text_row for _, copies in selected for copy in copies]
        passing = self.snapshot.texts.documents_of_texts(rows, filter_)
        every = self.snapshot.texts.documents_of_texts(rows + copied)
        hits = []
        for rank, (found, copies) in enumerate(selected, start=1):
            cited = passing[found.passage.text_row][0]
            holding = dict.fromkeys([found.passage.text_row, *(copy.passage.text_row for copy in copies)])
            others = [document for row in holding for document in every[row] if document != cited]
            hits.append(
                Hit(
                    rank=rank,
                    score=found.score,
                    passage=found.passage,
                    evidence=found.evidence,
                    citation=cite(cited, found.passage, self.snapshot.texts.pages(cited.document_id)),
                    signals=found.signals,
                    also_in=tuple(map(also_in, others)),
                    reranker=found.reranker,
                )
            )
        return tuple(hits)

    def _independence(self, hits: Sequence[Hit]) -> Independence:
        named = {hit.citation.document_id for hit in hits} | {copy.document_id for hit in hits for copy in hit.also_in}
        groups = self.snapshot.texts.group_rows([hit.passage.text_row for hit in hits])
        return Independence(len(named), len(set(groups.values())))


def _load_encoder(built: EncoderRecord) -> SentenceTransformerEncoder:
    """The encoder a snapshot was built with. Raises EncoderError where its model is not to be had."""
    try:
        return SentenceTransformerEncoder(locate_model(built.model))
    except EncoderError as error:
        raise EncoderError(
            f"the model that the index was built with cannot be used: {error}; bring it back, or rebuild the index "
            "with another: citebox rebuild SOURCE... --model MODEL"
        ) from error
