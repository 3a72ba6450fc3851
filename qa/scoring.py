"""Scores candidates: signals of each passage, of the document around it, and the sentences that answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import PurePosixPath

import numpy as np

from index.analysis import analyzer
from index.snapshot import Snapshot
from index.texts import DocumentName, StoredPassage
from qa.candidates import Candidates, EncodedQuestion
from qa.evidence import Evidence, choose_sentences, evidence
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
_NAMES_KEPT = 16_384
"""Of how many documents the terms of their names stay known: to analyse them again costs most of a question."""


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
    """A candidate before the document around it is looked at; `terms` are those of the question that it holds."""

    passage: StoredPassage
    own: float
    signals: Signals
    terms: set[str]
    sentence_scores: list[float]


def rank_candidates(snapshot: Snapshot, question: EncodedQuestion, candidates: Candidates) -> list[RankedPassage]:
    """All candidates with their scores, best first; equal scores in order of the index."""
    if not len(candidates.rows):
        return []
    read = _read(snapshot, question, candidates)
    around = _documents(snapshot, question, read)
    evidence_of = _evidence(snapshot, read)
    ranked = [
        RankedPassage(
            one.passage,
            score(one.own, around[one.passage.text_row]),
            one.signals,
            around[one.passage.text_row],
            evidence_of[one.passage.row],
        )
        for one in read
    ]
    return sorted(ranked, key=lambda found: (-found.score, found.passage.row))


def _read(snapshot: Snapshot, question: EncodedQuestion, candidates: Candidates) -> list[_Read]:
    """The candidates, of which there must be one, with their own signals, in their order."""
    asked = question.idf.keys()
    passages = snapshot.texts.passages(candidates.rows.tolist())
    holding = [_sentences_holding(passage.terms, question.idf) for passage in passages]
    scores = _sentence_scores(snapshot, question, passages, holding)
    read = []
    for at, (passage, dense, lexical) in enumerate(
        zip(passages, candidates.dense.tolist(), candidates.lexical.tolist(), strict=True)
    ):
        terms = (asked & passage.context_terms).union(*(asked & sentence for sentence in holding[at].values()))
        signals = Signals(
            dense=dense,
            lexical=lexical,
            sentence=max(scores[at]),
            coverage=coverage(terms, question.idf),
            proximity=max((proximity(sentence, question.idf) for sentence in holding[at].values()), default=0.0),
        )
        read.append(_Read(passage, weigh(signals), signals, terms, scores[at]))
    return read


def _sentence_scores(
    snapshot: Snapshot,
    question: EncodedQuestion,
    passages: Sequence[StoredPassage],
    holding: Sequence[Mapping[int, Sequence[str]]],
) -> list[list[float]]:
    """Of each passage the scores of its sentences in reading order, given those of `_sentences_holding`."""
    rows = np.concatenate([np.arange(passage.sentences.start, passage.sentences.stop) for passage in passages])
    ends = list(accumulate(len(passage.sentences) for passage in passages))
    starts = [0, *ends[:-1]]
    bm25 = np.zeros(len(rows), dtype=np.float32)
    places = [start + at for start, sentences in zip(starts, holding, strict=True) for at in sentences]
    bm25[places] = sentence_bm25([terms for sentences in holding for terms in sentences.values()], question.idf)
    cosines = snapshot.sentences.scores(question.embedding, rows)
    scores = sentence_scores(cosines, lexical_share(bm25, question.idf)).tolist()
    return [scores[start:end] for start, end in zip(starts, ends, strict=True)]


def _sentences_holding(terms: str, asked: Iterable[str]) -> dict[int, list[str]]:
    """The terms of the sentences that hold some of `asked`, by place, of a passage with `terms` as stored.

    To split every sentence would cost more than all else.
    """
    spaced = " " + terms.replace("\n", " \n ") + " "
    present = [word for term in asked if (word := f" {term} ") in spaced]
    sentences = {}
    for place, line in enumerate(spaced.split("\n")[1:]):
        for word in present:
            if word in line:
                sentences[place] = line.split()
                break
    return sentences


def _evidence(snapshot: Snapshot, read: Sequence[_Read]) -> dict[int, tuple[Evidence, ...]]:
    """The sentences of each candidate that answer, by its row."""
    chosen = {one.passage.row: choose_sentences(one.sentence_scores) for one in read}
    spans = snapshot.texts.spans([one.passage.sentences[at] for one in read for at in chosen[one.passage.row]])
    return {
        one.passage.row: tuple(
            evidence(one.passage.text, spans[one.passage.sentences[at]], one.sentence_scores[at])
            for at in chosen[one.passage.row]
        )
        for one in read
    }


def _documents(snapshot: Snapshot, question: EncodedQuestion, read: Sequence[_Read]) -> dict[int, DocumentSignals]:
    """The signals of the documents around the candidates, by the row of their text."""
    by_text: defaultdict[int, list[_Read]] = defaultdict(list)
    for one in read:
        by_text[one.passage.text_row].append(one)
    documents = snapshot.texts.names_of_texts(list(by_text))
    names = {row: _name_terms(document).intersection(question.idf) for row, document in documents.items()}
    naming = frozenset[str]().union(*names.values())
    named = {term: weight for term, weight in question.idf.items() if term in naming}
    signals = {}
    for row, candidates in by_text.items():
        count = passages_that_count(documents[row].passages)
        best = sorted((one.own for one in candidates), reverse=True)[:count]
        terms = names[row].union(*(one.terms for one in candidates))
        signals[row] = DocumentSignals(
            passages=sum(best) / count,
            name=coverage(names[row], named),
            coverage=coverage(terms, question.idf),
        )
    return signals


@lru_cache(_NAMES_KEPT)
def _name_terms(document: DocumentName) -> frozenset[str]:
    """The terms of a document's title and, where the file is the document, of its path."""
    path = "" if document.part else _UNDERSCORES.sub(" ", str(PurePosixPath(document.path).with_suffix("")))
    return frozenset(analyzer(document.language).terms(f"{document.title or ''} {path}"))
