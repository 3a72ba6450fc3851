"""An encoder without a model: words hashed into a vector. Deterministic, offline, fast."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.manifest import EncoderRecord
from index.progress import Advance

DIMENSION = 64


class HashingEncoder:
    """Bag of words: each adds 1 at a place its hash picks. A token is a word; texts share one space with questions."""

    def __init__(self, max_tokens: int = 60) -> None:
        self._max_tokens = max_tokens

    @property
    def record(self) -> EncoderRecord:
        return EncoderRecord("hashing", hashlib.sha256(b"hashing").hexdigest(), DIMENSION, self._max_tokens)

    @property
    def version(self) -> str:
        return f"hashing {self._max_tokens}"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        advance(len(texts))
        return np.array([self._encode(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSION)

    def encode_queries(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        return self.encode_passages(texts, lambda _: None)

    def save(self, folder: Path) -> None:
        pass

    def _encode(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(DIMENSION, dtype=np.float32)
        vector[0] = 1e-3  # a text without words has a direction too
        for word in text.lower().split():
            vector[int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4]) % DIMENSION] += 1
        return vector / np.linalg.norm(vector)
