"""Scores candidates: signals of each passage, of the document around it, and the sentences that answer."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from index.analysis import analyzer
from index.snapshot import Snapshot
from index.texts import StoredDocument, StoredPassage
from index.vectors import Scores
from qa.candidates import Candidates, EncodedQuestion
from qa.evidence import Evidence, choose_evidence
from qa.ranking import (
    DocumentSignals,
    Signals,
    coverage,
    lexical_share,
    passages_that_count,
    proximity,
    score,
    sentence_bm25,
    sentence_scores,
    weigh,
)

_UNDERSCORES = re.compile(r"[_.]+")


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A candidate with its score (higher is better, see `qa.ranking`), signals and evidence.

    `reranker` is None without a reranker, and for a passage that it did not get to read.
    """

    passage: StoredPassage
    score: float
    signals: Signals
    document: DocumentSignals
    evidence: tuple[Evidence, ...]
    reranker: float | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A candidate before the document around it is looked at."""

    passage: StoredPassage
    own: float
    signals: Signals
    terms: frozenset[str]
    spans: list[tuple[int, int]]
    sentence_scores: Scores


def rank_candidates(snapshot: Snapshot, question: EncodedQuestion, candidates: Candidates) -> list[RankedPassage]:
    """All candidates with their scores, best first; equal scores in order of the index."""
    passages = snapshot.texts.passages(candidates.rows.tolist())
    scored = zip(passages, candidates.dense.tolist(), candidates.lexical.tolist(), strict=True)
    read = [_read(snapshot, question, passage, dense, lexical) for passage, dense, lexical in scored]
    around = _documents(snapshot, question, read)
    ranked = [
        RankedPassage(
            one.passage,
            score(one.own, around[one.passage.text_row]),
            one.signals,
            around[one.passage.text_row],
            choose_evidence(one.passage.text, one.spans, one.sentence_scores),
        )
        for one in read
    ]
    return sorted(ranked, key=lambda found: (-found.score, found.passage.row))


def _read(snapshot: Snapshot, question: EncodedQuestion, passage: StoredPassage, dense: float, lexical: float) -> _Read:
    rows = np.arange(passage.sentences.start, passage.sentences.stop)
    scores = sentence_scores(
        snapshot.sentences.scores(question.embedding, rows),
        lexical_share(sentence_bm25(passage.sentence_terms, question.idf), question.idf),
    )
    terms = frozenset(passage.context_terms).union(*passage.sentence_terms)
    signals = Signals(
        dense=dense,
        lexical=lexical,
        sentence=float(scores.max()),
        coverage=coverage(terms, question.idf),
        proximity=max(proximity(sentence, question.idf) for sentence in passage.sentence_terms),
    )
    spans = snapshot.texts.sentence_spans(passage.sentences)
    return _Read(passage, weigh(signals), signals, terms, spans, scores)


def _documents(snapshot: Snapshot, question: EncodedQuestion, read: Sequence[_Read]) -> dict[int, DocumentSignals]:
    """The signals of the documents around the candidates, by the row of their text."""
    by_text: defaultdict[int, list[_Read]] = defaultdict(list)
    for one in read:
        by_text[one.passage.text_row].append(one)
    documents = snapshot.texts.documents_of_texts(list(by_text))
    names = {row: _name_terms(same_text[0]) & question.idf.keys() for row, same_text in documents.items()}
    named = {term: question.idf[term] for terms in names.values() for term in terms}
    signals = {}
    for row, candidates in by_text.items():
        count = passages_that_count(len(documents[row][0].passages))
        best = sorted((one.own for one in candidates), reverse=True)[:count]
        terms = names[row].union(*(one.terms for one in candidates))
        signals[row] = DocumentSignals(
            passages=sum(best) / count,
            name=coverage(names[row], named),
            coverage=coverage(terms, question.idf),
        )
    return signals


def _name_terms(document: StoredDocument) -> set[str]:
    """The terms of a document's title and, where the file is the document, of its path."""
    path = "" if document.part else _UNDERSCORES.sub(" ", str(PurePosixPath(document.path).with_suffix("")))
    return set(analyzer(document.metadata.language).terms(f"{document.metadata.title or ''} {path}"))
