"""Text to unit vectors, by sentence-transformers (https://sbert.net)."""

import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.models import EncoderError, LocatedModel
from index.progress import Advance

Vectors = NDArray[np.float32]
"""Embeddings, one a row, each of length 1."""

BATCH_SIZE = 32
SLICE_SIZE = 4 * BATCH_SIZE
"""Texts encoded between two reports of progress."""


class Encoder(Protocol):
    """A model and how it is run. Queries and passages may be encoded differently, never incomparably."""

    @property
    def model(self) -> LocatedModel: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model takes in, its own special tokens not counted."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Embeddings of `texts`, shape (len(texts), dimension)."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Embedding of a question, shape (dimension,); what exceeds `max_tokens` is not taken in."""


class SentenceTransformerEncoder:
    """An `Encoder` that runs a model with sentence-transformers in 32-bit floats on the CPU."""

    def __init__(self, model: LocatedModel) -> None:
        """Loads the model. Raises EncoderError when sentence-transformers cannot."""
        from sentence_transformers import SentenceTransformer  # costs seconds: only where texts are encoded
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]  # loading is no stage worth a bar, and standard error belongs to the command
        self._located = model
        self._lock = threading.Lock()  # the tokenizer changes itself while it truncates
        try:
            self._model = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise EncoderError(f"the model in {model.folder} cannot be loaded: {error}") from error
        self._tokenizer = self._model.tokenizer
        self._special_tokens = len(self._tokenizer("")["input_ids"])
        dimension = self._model.get_embedding_dimension()
        if dimension is None or self._model.max_seq_length is None:
            raise EncoderError(f"the model in {model.folder} states no dimension or no maximum length")
        self._dimension = int(dimension)
        self._max_tokens = int(self._model.max_seq_length) - self._special_tokens

    @property
    def model(self) -> LocatedModel:
        return self._located

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Embeddings of `texts`: float32, shape (len(texts), dimension), rows of length 1.

        Raises EncoderError when the model gives a row that is not finite or has no direction.
        """
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]), reverse=True)
        for start in range(0, len(order), SLICE_SIZE):
            rows = order[start : start + SLICE_SIZE]
            vectors[rows] = self._model.encode_document(
                [texts[row] for row in rows],
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            advance(len(rows))
        return _checked(vectors)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Embedding of a question: float32, shape (dimension,), of length 1. Safe to call from several threads.

        Raises EncoderError as above.
        """
        with self._lock:
            encoded = self._model.encode_query([text], normalize_embeddings=True, show_progress_bar=False)
        vector: NDArray[np.float32] = _checked(np.asarray(encoded, dtype=np.float32))[0]
        return vector


def _checked(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~np.isclose(lengths, 1.0, atol=1e-3))  # a NaN is not close to anything
    if len(wrong):
        raise EncoderError(f"the model gave no unit vector for text number {wrong[0]} (length {lengths[wrong[0]]})")
    return vectors
