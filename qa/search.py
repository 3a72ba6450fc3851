"""Online path, top to bottom: encode the question, find candidates, rank, pick evidence, judge, cite."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from index.encoder import Encoder, SentenceTransformerEncoder
from index.manifest import SnapshotError
from index.models import locate_model
from index.snapshot import Snapshot, open_snapshot
from index.texts import EVERY_DOCUMENT, DocumentFilter, StoredPassage
from qa.candidates import DEPTH, Candidates, EncodedQuestion, find_candidates, idf_of_terms
from qa.citations import AlsoIn, Citation, also_in, cite
from qa.evidence import Evidence, choose_evidence
from qa.query import Query
from qa.ranking import Signals, lexical_share, passage_scores, sentence_bm25, sentence_scores
from qa.verdict import Verdict, judge

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A candidate with its score (higher is better, see `qa.ranking`), signals and evidence."""

    passage: StoredPassage
    score: float
    signals: Signals
    evidence: tuple[Evidence, ...]


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

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        """Raises SnapshotError when the snapshot was built with another encoder."""
        built = snapshot.manifest.encoder
        if encoder.model.sha256 != built.sha256:
            raise SnapshotError(
                f"the index was built with model {built.model} (weights {built.sha256[:12]}), but {encoder.model.name} "
                f"(weights {encoder.model.sha256[:12]}) is loaded; rebuild the index or restore that model"
            )
        self.snapshot = snapshot
        self._encoder = encoder

    @classmethod
    def open(cls, folder: Path, reuse: Self | None = None) -> Self:
        """A searcher over the snapshot in `folder`, with the encoder it was built with, both verified.

        The encoder of `reuse` is taken where it is the same one. Raises SnapshotError and EncoderError.
        """
        snapshot = open_snapshot(folder)
        built = snapshot.manifest.encoder
        if reuse is not None and reuse._encoder.model.sha256 == built.sha256:
            return cls(snapshot, reuse._encoder)
        return cls(snapshot, SentenceTransformerEncoder(locate_model(built.model)))

    def ask(self, query: Query) -> Answer:
        """The answer to `query`: at most `top_k` hits, fewer only where fewer passages pass the filter."""
        started = time.perf_counter()
        ranked = self.rank(query.text, query.top_k, query.filter)
        hits = self._hits(ranked, query.filter)
        took_ms = (time.perf_counter() - started) * 1000
        logger.info("answered a question of %d characters in %.1f ms", len(query.text), took_ms)
        return Answer(
            question=query.text,
            verdict=judge(ranked[0].score if ranked else None),
            hits=hits,
            snapshot=self.summary(),
            independence=self._independence(hits),
            took_ms=took_ms,
        )

    def rank(self, text: str, k: int, filter_: DocumentFilter) -> list[RankedPassage]:
        """The `k` best passages for the question `text`, best first; equal scores in order of the index."""
        question = EncodedQuestion(
            embedding=self._encoder.encode_query(text),
            idf=idf_of_terms(self.snapshot, self.snapshot.lexical.analyze(text)),
        )
        candidates = find_candidates(self.snapshot, question, filter_, max(DEPTH, k))
        scored = self._score(question, candidates)
        return sorted(scored, key=lambda ranked: (-ranked.score, ranked.passage.row))[:k]

    def warm_up(self) -> None:
        """Do what makes the first question slower than the next."""
        self.rank("warm up", 1, EVERY_DOCUMENT)

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
        texts = self.snapshot.texts
        passages = texts.passages(candidates.rows.tolist())
        per_passage = []
        evidence = []
        for passage in passages:
            spans = texts.sentence_spans(passage.sentences)
            sentences = [passage.text[start:end] for start, end in spans]
            rows = np.arange(passage.sentences.start, passage.sentences.stop)
            scores = sentence_scores(
                self.snapshot.sentences.scores(question.embedding, rows),
                lexical_share(sentence_bm25(self.snapshot.lexical, sentences, question.idf), question.idf),
            )
            per_passage.append(scores.max())
            evidence.append(choose_evidence(passage.text, spans, scores))
        best_sentences = np.array(per_passage, dtype=np.float32)
        shares = lexical_share(candidates.lexical, question.idf)
        scores = passage_scores(candidates.dense, shares, best_sentences)
        signals = map(Signals, candidates.dense.tolist(), candidates.lexical.tolist(), best_sentences.tolist())
        return list(map(RankedPassage, passages, scores.tolist(), signals, evidence))

    def _hits(self, ranked: Sequence[RankedPassage], filter_: DocumentFilter) -> tuple[Hit, ...]:
        """Hits cite the first document with the text that passes the filter, and name the others."""
        rows = [found.passage.text_row for found in ranked]
        passing = self.snapshot.texts.documents_of_texts(rows, filter_)
        every = self.snapshot.texts.documents_of_texts(rows)
        hits = []
        for rank, found in enumerate(ranked, start=1):
            cited = passing[found.passage.text_row][0]
            others = [document for document in every[found.passage.text_row] if document != cited]
            hits.append(
                Hit(
                    rank=rank,
                    score=found.score,
                    passage=found.passage,
                    evidence=found.evidence,
                    citation=cite(cited, found.passage, self.snapshot.texts.pages(cited.document_id)),
                    signals=found.signals,
                    also_in=tuple(map(also_in, others)),
                )
            )
        return tuple(hits)

    def _independence(self, hits: Sequence[Hit]) -> Independence:
        documents = self.snapshot.texts.documents_of_texts([hit.passage.text_row for hit in hits])
        holding = [document for same_text in documents.values() for document in same_text]
        return Independence(len(holding), len({document.group_row for document in holding}))
