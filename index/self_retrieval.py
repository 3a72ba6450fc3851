"""Whether passages are found again by their own text: vectors and terms belong to the rows they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.documents import embedding_text
from index.encoder import Encoder
from index.snapshot import LEXICAL_FOLDER, Snapshot
from index.texts import StoredPassage

SAMPLE = 32
"""Passages, evenly spread, that are embedded anew and looked up."""
SAME_TEXT = 0.999
"""Least cosine of two embeddings of one text: batches are padded differently, and sums rounded."""
TIE = 1e-5
"""Cosines that differ by less are of passages with the same words."""


@dataclass(frozen=True, slots=True)
class SelfRetrieval:
    """How many passages were looked up, and what is wrong with those that were not found as they should be."""

    looked_up: int
    problems: tuple[str, ...]


def retrieve_sample(snapshot: Snapshot, encoder: Encoder) -> SelfRetrieval:
    """Look up a sample of passages by their own text; `encoder` must be the one the snapshot was built with."""
    rows = np.unique(np.linspace(0, len(snapshot.passages) - 1, SAMPLE).astype(np.int64))
    sample = snapshot.texts.passages(rows.tolist())
    texts = [embedding_text(passage.context, passage.text) for passage in sample]
    sentences = [embedding_text(passage.context, _first_sentence(snapshot, passage)) for passage in sample]
    embeddings = encoder.encode_passages([*texts, *sentences], lambda _: None)
    problems = [
        f"passage row {passage.row} ({passage.passage_id}) {problem}"
        for passage, embedding, of_sentence in zip(
            sample, embeddings[: len(sample)], embeddings[len(sample) :], strict=True
        )
        for problem in _problems(snapshot, passage, embedding, of_sentence)
    ]
    return SelfRetrieval(len(sample), tuple(problems))


def _first_sentence(snapshot: Snapshot, passage: StoredPassage) -> str:
    start, end = snapshot.texts.sentence_spans(passage.sentences)[0]
    return passage.text[start:end]


def _problems(
    snapshot: Snapshot, passage: StoredPassage, embedding: NDArray[np.float32], of_sentence: NDArray[np.float32]
) -> Iterator[str]:
    own = float(snapshot.passages.scores(embedding, np.array([passage.row]))[0])
    nearest, cosines = snapshot.passages.search(embedding, 1)
    if own < SAME_TEXT:
        yield f"has a vector whose cosine with its text, embedded anew, is {own:.4f}"
    elif cosines[0] > own + TIE:
        yield f"is not the nearest to its own text, passage row {nearest[0]} is"
    sentence = float(snapshot.sentences.scores(of_sentence, np.array([passage.sentences.start]))[0])
    if sentence < SAME_TEXT:
        yield f"has a first sentence whose vector's cosine with its text, embedded anew, is {sentence:.4f}"
    terms = sorted({*passage.context_terms, *(term for terms in passage.sentence_terms for term in terms)})
    if terms and snapshot.lexical.scores(terms, np.array([passage.row]))[0] <= 0:
        yield f"is not found by its own words in {LEXICAL_FOLDER}/"
