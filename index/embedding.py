"""Embeds all passages and sentences of a text store; those that the cache has are not embedded again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.documents import embedding_text
from index.embedding_cache import EmbeddingCache, Vector, text_key
from index.encoder import Encoder
from index.manifest import Counts, VectorsRecord
from index.progress import Advance, Progress
from index.snapshot import PASSAGES_FILE, SENTENCES_FILE, TEXTS_FILE
from index.texts import TextStore
from index.vector_building import build_passage_vectors
from index.vectors import SentenceVectors

SLICE = 4096
"""Texts in memory at once while embedding."""
BATCH = 128
"""Texts embedded between two writes to the cache; those of a batch are about as long as each other."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """How many texts were not in the cache, and what index the passages' vectors were given."""

    texts: int
    vectors: VectorsRecord


def embed(folder: Path, counts: Counts, encoder: Encoder, cache: EmbeddingCache, progress: Progress) -> Embedded:
    """Write the vectors of all passages, and of all sentences, in order of their rows; both in their context."""
    passages = _Stage(encoder, cache.passages, cache.add_passages, np.float32)
    sentences = _Stage(encoder, cache.sentences, cache.add_sentences, np.float16)
    with (
        closing(TextStore(folder / TEXTS_FILE)) as store,
        progress.stage("embedding", counts.passages + counts.sentences) as advance,
    ):
        texts = (embedding_text(context, text) for context, text, _ in store.embedding_inputs())
        vectors = build_passage_vectors(
            folder / PASSAGES_FILE, encoder.record.dimension, passages.vectors(texts, advance)
        )
        texts = (
            embedding_text(context, sentence)
            for context, _, in_passage in store.embedding_inputs()
            for sentence in in_passage
        )
        dimension = encoder.record.dimension
        SentenceVectors.write(folder / SENTENCES_FILE, dimension, sentences.vectors(texts, advance))
    return Embedded(passages.embedded + sentences.embedded, vectors)


@dataclass(slots=True)
class _Stage:
    """Embeds texts of one kind, and counts those that the cache did not have."""

    encoder: Encoder
    find: Callable[[Sequence[bytes]], dict[bytes, Vector]]
    add: Callable[[Sequence[bytes], Iterable[Vector]], None]
    type: type[np.floating[Any]]
    embedded: int = 0

    def vectors(self, texts: Iterator[str], advance: Advance) -> Iterator[NDArray[Any]]:
        """Embeddings of `texts` in their order, in slices."""
        while some := list(islice(texts, SLICE)):
            keys = [text_key(text) for text in some]
            known = self.find(keys)
            missing = {key: text for key, text in zip(keys, some, strict=True) if key not in known}
            advance(len(some) - len(missing))
            for batch in _batches(missing):
                encoded = self.encoder.encode_passages(list(batch.values()), advance).astype(self.type)
                self.add(list(batch), encoded)
                known |= zip(batch, encoded, strict=True)
            self.embedded += len(missing)
            yield np.stack([known[key] for key in keys])


def _batches(texts: dict[bytes, str]) -> Iterator[dict[bytes, str]]:
    """The longest texts first: what a batch takes in time and memory only shrinks from then on."""
    ordered = sorted(texts.items(), key=lambda pair: len(pair[1]), reverse=True)
    for start in range(0, len(ordered), BATCH):
        yield dict(ordered[start : start + BATCH])
