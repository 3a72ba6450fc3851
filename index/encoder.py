"""Text to unit vectors, by sentence-transformers (https://sbert.net)."""

import importlib.metadata
import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.manifest import EncoderRecord
from index.model_settings import Prompts, choose_prompts, count_tokens, limit_input, pad_alike, special_tokens
from index.models import EncoderError, LocatedModel, settings_sha256
from index.progress import Advance

Vectors = NDArray[np.float32]
"""Embeddings, one a row, each of length 1."""

_LIBRARIES = ("sentence-transformers", "transformers", "torch")
"""Other versions of these may embed a text a little differently."""

MODEL_SETTINGS = {"dtype": "float32", "attn_implementation": "eager"}
"""Other implementations of attention compute differently when no text of a batch needs padding."""

BATCH_SIZE = 32


class Encoder(Protocol):
    """A model and how it is run. Queries and passages may be encoded differently, never incomparably."""

    @property
    def model(self) -> LocatedModel: ...

    @property
    def dimension(self) -> int: ...

    @property
    def version(self) -> str:
        """Changes whenever the same text may get another embedding; until then it gets the same, bit for bit."""

    @property
    def max_tokens(self) -> int:
        """Tokens of a passage that the model takes in, its prompt and special tokens not counted."""

    @property
    def prompts(self) -> Prompts:
        """What is put before the texts it is given."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Embeddings of `texts`, shape (len(texts), dimension)."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Embedding of a question, shape (dimension,); what exceeds the model's limit is not taken in."""


def encoder_record(encoder: Encoder) -> EncoderRecord:
    """What a manifest keeps of `encoder`."""
    return EncoderRecord(
        model=encoder.model.name,
        sha256=encoder.model.sha256,
        dimension=encoder.dimension,
        max_tokens=encoder.max_tokens,
        query_prompt=encoder.prompts.query,
        passage_prompt=encoder.prompts.passage,
    )


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
            self._model = SentenceTransformer(
                str(model.folder), device="cpu", local_files_only=True, model_kwargs=MODEL_SETTINGS
            )
            dimension = self._model.get_embedding_dimension()
            self._tokenizer = self._model.tokenizer
            limit = limit_input(self._model)
            pad_alike(self._model, limit)
            self._prompts = choose_prompts(self._model.prompts, self._model.default_prompt_name)
            reserved = special_tokens(self._tokenizer) + self.count_tokens([self._prompts.passage])[0]
        except Exception as error:  # whatever a damaged model, or one of another kind, makes a library raise
            raise EncoderError(f"the model in {model.folder} cannot be loaded: {error}") from error
        if dimension is None:
            raise EncoderError(f"the model in {model.folder} states no dimension")
        if limit <= reserved:
            raise EncoderError(
                f"the model in {model.folder} takes in {limit} tokens, of which its prompt for passages, "
                f"{self._prompts.passage!r}, leaves none; shorten it in its config_sentence_transformers.json"
            )
        self._dimension = int(dimension)
        self._max_tokens = limit - reserved

    @property
    def model(self) -> LocatedModel:
        return self._located

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def version(self) -> str:
        libraries = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
        settings = settings_sha256(self._located.folder)
        return repr((self._located.sha256, settings, self._prompts, self._max_tokens, libraries))

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    @property
    def prompts(self) -> Prompts:
        return self._prompts

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""
        return count_tokens(self._tokenizer, texts)

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Embeddings of `texts`: float32, shape (len(texts), dimension), rows of length 1.

        Raises EncoderError when the model gives a row that is not finite or has no direction.
        """
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        vectors = self._model.encode_document(
            list(texts),
            prompt=self._prompts.passage,
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        advance(len(texts))
        return _checked(np.asarray(vectors, dtype=np.float32))

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Embedding of a question: float32, shape (dimension,), of length 1. Safe to call from several threads.

        Raises EncoderError as above.
        """
        with self._lock:
            encoded = self._model.encode_query(
                [text], prompt=self._prompts.query, normalize_embeddings=True, show_progress_bar=False
            )
        vector: NDArray[np.float32] = _checked(np.asarray(encoded, dtype=np.float32))[0]
        return vector


def _checked(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~np.isclose(lengths, 1.0, atol=1e-3))  # a NaN is not close to anything
    if len(wrong):
        raise EncoderError(f"the model gave no unit vector for text number {wrong[0]} (length {lengths[wrong[0]]})")
    return vectors
