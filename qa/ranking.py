"""Ranking: a weighted sum of three signals, each of which means the same for every question and every corpus.

- dense: cosine of question and passage (with its title and section);
- lexical: BM25 of the passage as a share of the most any passage could get for the question;
- sentence: the passage's best sentence, by its own cosine and its own BM25 share.

None is normalised over the candidates, so a score does not depend on which others were drawn, and one threshold can
tell whether a corpus answers at all (`qa.verdict`). Figures for the alternatives: docs/ranking.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.lexical import K1, B, LexicalIndex
from index.vectors import Scores

DENSE_WEIGHT, LEXICAL_WEIGHT, SENTENCE_WEIGHT = 0.25, 0.30, 0.45
"""From the flat top of the grid on SQuAD dev in docs/ranking.md; they sum to 1."""

SENTENCE_TERMS = 16.3
"""Mean number of terms in a sentence of SQuAD's paragraphs; BM25 of sentences takes length relative to it."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The three signals of one passage; `lexical` is the raw BM25, the others lie between -1 and 1."""

    dense: float
    lexical: float
    sentence: float


def lexical_share(bm25: Scores, idf: dict[str, float]) -> Scores:
    """BM25 scores as shares, between 0 and 1, of what a passage made of the question's terms alone would near.

    A term contributes at most its idf times k1 + 1 (Robertson and Zaragoza, The Probabilistic Relevance Framework,
    2009, section 3.4); the sum over the terms is the bound. Without terms all shares are 0.
    """
    bound = (K1 + 1) * sum(idf.values())
    return bm25 / np.float32(bound) if bound else np.zeros_like(bm25)


def sentence_bm25(lexical: LexicalIndex, sentences: Sequence[str], idf: dict[str, float]) -> Scores:
    """BM25 of each sentence for the terms in `idf`, in the form tantivy gives passages."""
    scores = np.zeros(len(sentences), dtype=np.float32)
    for position, sentence in enumerate(sentences):
        terms = lexical.analyze(sentence)
        damping = K1 * (1 - B + B * len(terms) / SENTENCE_TERMS)
        for term, count in Counter(terms).items():
            if term in idf:
                scores[position] += idf[term] * (K1 + 1) * count / (count + damping)
    return scores


def sentence_scores(cosines: Scores, shares: Scores) -> Scores:
    """How well each sentence answers: the mean of its cosine and its BM25 share."""
    return (cosines + shares) / np.float32(2)


def passage_scores(dense: Scores, shares: Scores, best_sentences: Scores) -> Scores:
    """The scores passages are ordered by: near 1 for one that repeats the question, near 0 for one unlike it."""
    weighted: Scores = DENSE_WEIGHT * dense + LEXICAL_WEIGHT * shares + SENTENCE_WEIGHT * best_sentences
    return weighted
