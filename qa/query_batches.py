"""Questions that arrive together are embedded together."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Embedding = NDArray[np.float32]


class Encode(Protocol):
    """As `index.encoder.Encoder.encode_queries`."""

    def __call__(self, texts: Sequence[str], *, alone: bool) -> Vectors:
        """The embeddings of `texts`."""


@dataclass(slots=True, eq=False)
class _Asked:
    """A question, and what became of it: an embedding or an error."""

    text: str
    embedding: Embedding | None = None
    error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.embedding is not None or self.error is not None


class QueryBatches:
    """Embeds questions: at once while a core is free, else with all others that wait for the next one to be.

    So nobody waits for company, and for at most one batch to end. There is no thread of its own: of the threads that
    wait, the first to find a core free encodes for all of them (leader and followers).
    """

    def __init__(self, encode: Encode, at_once: int | None = None) -> None:
        """`encode` gives the embeddings of questions; `at_once` batches run at the same time, one per core if None."""
        self._encode = encode
        self._free = at_once or os.cpu_count() or 1
        self._changed = threading.Condition()
        self._waiting: list[_Asked] = []
        self._answering = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count a question until it is answered: one that is alone is embedded with the help of other cores."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1

    def embed(self, text: str) -> Embedding:
        """Embedding of a question, shape (dimension,). Raises what encoding it raises, whatever came with it."""
        asked = _Asked(text)
        with self._changed:
            self._waiting.append(asked)
            self._changed.wait_for(lambda: asked.is_done or (self._free and asked in self._waiting))
            batch: list[_Asked] = []
            if not asked.is_done:
                self._free -= 1
                batch, self._waiting = self._waiting, batch
        if batch:
            try:
                self._embed(batch)
            finally:
                with self._changed:
                    self._free += 1
                    self._changed.notify_all()
        return _outcome(asked)

    def _embed(self, batch: Sequence[_Asked]) -> None:
        """Fill in what becomes of each question; one that cannot be encoded is told from the others."""
        try:
            vectors = self._encode([asked.text for asked in batch], alone=self._answering <= 1)
            for asked, vector in zip(batch, vectors, strict=True):
                asked.embedding = vector
        except BaseException as error:  # whatever encoding makes a library raise; a panic in Rust is no Exception
            if len(batch) == 1:
                batch[0].error = error
                return
            for asked in batch:
                self._embed([asked])


def _outcome(asked: _Asked) -> Embedding:
    if asked.error is not None:
        try:
            raise asked.error
        finally:
            asked.error = None  # which holds this frame, and that the question
    assert asked.embedding is not None  # else it is not done
    return asked.embedding
