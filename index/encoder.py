"""What turns text into unit vectors, as the rest of Citebox sees it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.manifest import EncoderRecord
from index.models import EncoderError
from index.progress import Advance

Vectors = NDArray[np.float32]
"""Embeddings, one a row, each of length 1."""


class Encoder(Protocol):
    """A model and how it is run. The embedding of a text does not depend on the texts it is encoded with.

    Queries and passages may be encoded differently, never incomparably. Safe to share between threads.
    """

    @property
    def record(self) -> EncoderRecord:
        """What a manifest keeps of it."""

    @property
    def version(self) -> str:
        """Changes whenever the same text may get another embedding; until then it gets the same, bit for bit."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Embeddings of `texts`, shape (len(texts), dimension). Raises EncoderError as `checked` does."""

    def encode_queries(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        """Embeddings of questions, shape (len(texts), dimension); what exceeds the model's limit is not taken in.

        `alone` says that nothing else is to be computed meanwhile: other cores may help, with the same embeddings.
        Raises EncoderError as `checked` does.
        """

    def save(self, folder: Path) -> None:
        """Write into `folder`, which must not exist, what encoding questions needs; nothing where the model itself."""


def checked(vectors: Vectors) -> Vectors:
    """The `vectors`. Raises EncoderError where the model gave a row that is not finite or has no direction."""
    lengths = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= 1e-3))  # a NaN is not less than anything
    if len(wrong):
        raise EncoderError(f"the model gave no unit vector for text number {wrong[0]} (length {lengths[wrong[0]]})")
    return vectors
