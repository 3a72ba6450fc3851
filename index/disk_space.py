"""What a rebuild needs of the disk, and what it says when there is not enough."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.sources import SourceFile
from index.location import RebuildError
from index.manifest import Counts

TERMS_SHARE = 0.8
"""Size of the lexical and the forward index in terms of the text store's; measured 0.17 (SQuAD) to 0.3, with room for
its building, and 0.26."""
INDEX_SHARE = 30
"""What a first rebuild writes in terms of the size of its files where those are plain text, which are the ones that
grow: with the bundled model 34 on the sample corpus, of it 18 the snapshot; less where sentences are longer."""
CACHE_LOGS = 10_000_000
"""Bytes that the cache takes besides: SQLite keeps a log of some 4 MB for each of its two files."""
_PASSAGE_BYTES, _SENTENCE_BYTES = 4, 1
"""Of a dimension. A passage's is a 16-bit float, in a temporary file and in the index made of it."""
_CACHED_PASSAGE_BYTES, _CACHED_SENTENCE_BYTES = 4, 2
_FULL = (errno.ENOSPC, errno.EDQUOT)
_EXHAUSTED = (errno.ENOMEM, errno.EAGAIN)
_NO_THREAD = ("Failed to spawn", "can't start new thread")


def require_space(texts: Path, counts: Counts, dimension: int) -> None:
    """Raises RebuildError where vectors and indexes of the text store `texts` do not fit on its disk."""
    written = texts.stat().st_size
    vectors = (counts.passages * _PASSAGE_BYTES + counts.sentences * _SENTENCE_BYTES) * dimension
    cached = (counts.passages * _CACHED_PASSAGE_BYTES + counts.sentences * _CACHED_SENTENCE_BYTES) * dimension
    needed = vectors + round(written * TERMS_SHARE)
    free = shutil.disk_usage(texts.parent).free
    if free < needed:
        raise RebuildError(_no_space(needed + cached + CACHE_LOGS - free))  # the cache may have to keep them too


@contextmanager
def shortage_told(folder: Path, files: Sequence[SourceFile]) -> Iterator[None]:
    """Raises RebuildError, saying what is missing, for a memory or the disk of `folder` too small to index `files`.

    What the block had written for the snapshot must be gone again when it ends with an error.
    """
    try:
        yield
    except Exception as error:  # libraries have no common error for either
        if is_out_of_memory(error):
            raise RebuildError(
                "not enough memory to build the index; end other programs, or give the folder in parts; "
                "what was published before stays published"
            ) from error
        if not is_full(error):
            raise
        # How many passages the files give is not known before they are read: their size must do.
        expected = CACHE_LOGS + INDEX_SHARE * sum(_size(file.location) for file in files)
        free = shutil.disk_usage(_existing(folder)).free
        raise RebuildError(_no_space(max(expected - free, free // 10, 1))) from error  # what is free was not enough


def is_full(error: BaseException) -> bool:
    """Whether the error comes from a disk that is full; libraries say so in words of their own."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return True
    return any(os.strerror(code) in str(error) for code in _FULL)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the error comes from a memory that was too small, be it for a thread; tantivy's are ValueErrors."""
    told = (*map(os.strerror, _EXHAUSTED), *_NO_THREAD)
    return isinstance(error, MemoryError) or any(words in str(error) for words in told)


def _no_space(missing_bytes: int) -> str:
    megabytes = -(-missing_bytes // 1_000_000)
    return (
        f"no space left on the disk of the index: about {megabytes:,} MB more are needed; free some (citebox prune "
        "removes old snapshots) and run the command again, which goes on from what is embedded; what was published "
        "before stays published"
    )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if path.is_dir())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
