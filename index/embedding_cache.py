"""Embeddings by the text and the encoder they are of, so that no text is embedded twice.

Written while a rebuild embeds, so that one that was killed loses a batch at most.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.cache_file import KEYS_PER_STATEMENT, CacheFile
from index.encoder import Encoder

_SCHEMA = """
CREATE TABLE IF NOT EXISTS passages (row INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sentences (row INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, vector BLOB NOT NULL);
CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_PREFIX = "embeddings-"
_CHECK_BYTES = 4

Vector = NDArray[Any]
"""An embedding, shape (dimension,), of the type it is kept in."""


def text_key(text: str) -> bytes:
    """What the embedding of `text` is found by: 128 bits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


class EmbeddingCache:
    """The embeddings of one encoder; `close` releases the file.

    Passages are kept in 32-bit floats and sentences in 16-bit ones, as a snapshot keeps them.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        version = hashlib.sha256(encoder.version.encode("utf-8")).hexdigest()[:16]
        self._path = folder / f"{_PREFIX}{version}.sqlite"
        self._file = CacheFile(self._path, _SCHEMA)

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def __len__(self) -> int:
        def count(connection: Connection) -> int:
            (texts,) = connection.execute(
                "SELECT (SELECT count(*) FROM passages) + (SELECT count(*) FROM sentences)"
            ).fetchone()
            return int(texts)

        return self._file.attempt(count)

    def passages(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The embeddings of passages that are known, of type float32, by their keys."""
        return self._find("passages", keys, np.dtype(np.float32))

    def sentences(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The embeddings of sentences that are known, of type float16; a passage may be a single sentence."""
        as_passages = {key: vector.astype(np.float16) for key, vector in self.passages(keys).items()}
        rest = [key for key in keys if key not in as_passages]
        return as_passages | self._find("sentences", rest, np.dtype(np.float16))

    def add_passages(self, keys: Sequence[bytes], vectors: Iterable[Vector]) -> None:
        """Keep embeddings of passages, of type float32; they outlast this process from now on."""
        self._add("passages", keys, vectors)

    def add_sentences(self, keys: Sequence[bytes], vectors: Iterable[Vector]) -> None:
        """Keep embeddings of sentences, of type float16; they outlast this process from now on."""
        self._add("sentences", keys, vectors)

    def forget_unused(self) -> None:
        """Remove what was not looked for since this was made, and what other encoders left."""

        def remove(connection: Connection) -> None:
            for table in ("passages", "sentences"):
                connection.execute(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM used)")
            connection.commit()

        self._file.attempt(remove)
        for other in self._path.parent.glob(f"{_PREFIX}*"):
            if not other.name.startswith(self._path.name):
                other.unlink()

    def _find(self, table: str, keys: Sequence[bytes], kind: np.dtype[Any]) -> dict[bytes, Vector]:
        """Entries whose checksum is wrong are none."""

        def look(connection: Connection) -> dict[bytes, bytes]:
            connection.executemany("INSERT OR IGNORE INTO used VALUES (?)", ((key,) for key in keys))
            found: dict[bytes, bytes] = {}
            for start in range(0, len(keys), KEYS_PER_STATEMENT):
                some = keys[start : start + KEYS_PER_STATEMENT]
                marks = ", ".join("?" * len(some))
                found |= dict(connection.execute(f"SELECT key, vector FROM {table} WHERE key IN ({marks})", some))
            return found

        packed = self._file.attempt(look)
        return {
            key: np.frombuffer(value[_CHECK_BYTES:], dtype=kind)
            for key, value in packed.items()
            if isinstance(value, bytes) and value[:_CHECK_BYTES] == _check(key, value[_CHECK_BYTES:])
        }

    def _add(self, table: str, keys: Sequence[bytes], vectors: Iterable[Vector]) -> None:
        def store(connection: Connection) -> None:
            packed = ((key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True))
            connection.executemany(
                f"INSERT OR REPLACE INTO {table} (key, vector) VALUES (?, ?)",
                ((key, _check(key, value) + value) for key, value in packed),
            )
            connection.commit()

        self._file.attempt(store)


def _check(key: bytes, packed: bytes) -> bytes:
    return zlib.crc32(packed, zlib.crc32(key)).to_bytes(_CHECK_BYTES)
