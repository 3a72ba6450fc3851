"""What source files held when they were last read, so that an unchanged one is not parsed again.

An entry is found by the bytes of the file and of its sidecar, by the file's name, which says something of a document
too, and by `corpus.reading_version`; not by its folder, so a file that is moved is not parsed again either.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path, PurePosixPath
from sqlite3 import Connection

from pydantic import TypeAdapter

from corpus.documents import make_document_id
from corpus.reading import ReadFile, SkippedFile
from corpus.reading_version import reading_version
from corpus.sources import SourceFile, is_regular_file
from corpus.workers import FileReader
from index.cache_file import CacheFile
from index.manifest import checksum

Contents = Sequence[ReadFile | SkippedFile]
"""What a source file holds: one thing, or in an archive one for each file in it."""

CHANCE_CODES = frozenset({"timeout", "crash", "memory", "unreadable", "parser"})
"""Why a file was skipped that another attempt may read."""

LARGEST_ENTRY = 64_000_000
"""Characters of text that are remembered of one file; an archive with more is parsed each time."""

DIGEST_BYTES = 8

CHANGED = "it changed while it was read; rebuild again to have it as it is now"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (key BLOB PRIMARY KEY, whole INTEGER NOT NULL, contents BLOB NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""

_contents = TypeAdapter(list[ReadFile | SkippedFile])


@dataclass(frozen=True, slots=True)
class _Identity:
    """Of a file and its sidecar: the key of its entry, and what the file system said when the bytes were hashed."""

    key: bytes
    sha256: str  # of the file alone
    stats: tuple[tuple[int, ...], ...] | None


class FileCache:
    """A cache of parsed files; `close` releases it."""

    def __init__(self, path: Path, reader: FileReader) -> None:
        self._file = CacheFile(path, _SCHEMA)
        self._reader = reader
        self._version = reading_version(reader.options)

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def read(
        self, files: Sequence[SourceFile], scratch: Path, *, retry_failed: bool = False
    ) -> Iterator[tuple[ReadFile | SkippedFile, bool]]:
        """What is in `files`, in their order, each with whether it was known and thus not read now.

        Archives are unpacked in the folder `scratch`. With `retry_failed` a file of which not everything could be
        read is not taken as known.
        """
        identities = {file.path: self._identity(file) for file in files}
        known = {path for path, one in identities.items() if one and self._is_known(one.key, retry_failed)}
        unread = [file for file in files if file.path not in known]
        fresh = groupby(self._reader.read_by_file(unread, scratch), key=lambda pair: pair[0].path)
        for file in files:
            identity = identities[file.path]
            contents = self._recall(identity.key, file.path) if identity and file.path in known else None
            if contents is not None:
                yield from ((content, True) for content in contents)
            elif file.path in known:  # its entry turned out to be damaged
                yield from self._read(file, identity, self._reader.read_by_file([file], scratch))
            else:
                yield from self._read(file, identity, next(fresh)[1])

    def forget_unused(self) -> None:
        """Remove the entries of files that were not met since this was made."""

        def remove(connection: Connection) -> None:
            connection.execute("DELETE FROM files WHERE key NOT IN (SELECT key FROM used)")
            connection.commit()

        self._file.attempt(remove)

    def _read(
        self,
        file: SourceFile,
        identity: _Identity | None,
        contents: Iterable[tuple[SourceFile, ReadFile | SkippedFile]],
    ) -> Iterator[tuple[ReadFile | SkippedFile, bool]]:
        """The contents as they are read now; remembered when they are whole and the file stayed as it was."""
        collected: list[ReadFile | SkippedFile] = []
        characters = 0
        stayed = True
        for _, content in contents:
            if identity and not _stayed(file, identity, content):
                stayed = False
                content = _with_note(content, CHANGED)
            if isinstance(content, ReadFile):
                characters += sum(len(document.text) for document in content.documents)
            if characters <= LARGEST_ENTRY:
                collected.append(content)
            yield content, False
        if identity and stayed and characters <= LARGEST_ENTRY:
            self._remember(identity.key, file.path, collected)

    def _identity(self, file: SourceFile) -> _Identity | None:
        """None for a file that cannot be read, or is not to be."""
        if file.skip:
            return None
        try:
            stats = _stats(file)
            locations = _locations(file)
            if not all(map(is_regular_file, locations)):
                return None
            hashes = [checksum(location).sha256 for location in locations]
        except OSError:
            return None
        parts = (self._version, PurePosixPath(file.path).name, *hashes)
        return _Identity(hashlib.sha256("\0".join(parts).encode()).digest(), hashes[0], stats)

    def _is_known(self, key: bytes, retry_failed: bool) -> bool:
        def look(connection: Connection) -> bool:
            connection.execute("INSERT OR IGNORE INTO used VALUES (?)", (key,))
            found = connection.execute("SELECT whole FROM files WHERE key = ?", (key,)).fetchone()
            return found is not None and bool(found[0] or not retry_failed)

        return self._file.attempt(look)

    def _recall(self, key: bytes, path: str) -> Contents | None:
        """The contents under `key` as those of the file at `path`; None where the entry is damaged."""

        def look(connection: Connection) -> bytes | None:
            found = connection.execute("SELECT contents FROM files WHERE key = ?", (key,)).fetchone()
            return found[0] if found else None

        packed = self._file.attempt(look)
        if not isinstance(packed, bytes) or packed[:DIGEST_BYTES] != _digest(key, packed[DIGEST_BYTES:]):
            return None
        contents = _contents.validate_json(zlib.decompress(packed[DIGEST_BYTES:]))
        return [_moved(content, "", path) for content in contents]

    def _remember(self, key: bytes, path: str, contents: Contents) -> None:
        if any(isinstance(content, SkippedFile) and content.code in CHANCE_CODES for content in contents):
            return
        packed = zlib.compress(_contents.dump_json([_moved(content, path, "") for content in contents]), level=1)
        whole = all(isinstance(content, ReadFile) and not content.pages_without_text for content in contents)

        def store(connection: Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (key, whole, _digest(key, packed) + packed)
            )
            connection.commit()

        self._file.attempt(store)


def _stayed(file: SourceFile, identity: _Identity, content: ReadFile | SkippedFile) -> bool:
    """Whether what was read is of the bytes that were hashed, as far as it can be told."""
    if isinstance(content, ReadFile) and content.path == file.path and content.sha256 != identity.sha256:
        return False  # one in an archive has a hash of its own
    return _stats(file) == identity.stats


def _with_note(content: ReadFile | SkippedFile, note: str) -> ReadFile | SkippedFile:
    return replace(content, notes=(*content.notes, note)) if isinstance(content, ReadFile) else content


def _moved(content: ReadFile | SkippedFile, folder: str, target: str) -> ReadFile | SkippedFile:
    """The content with `target` in the place of `folder`, with which its path begins."""
    path = target + content.path.removeprefix(folder)
    if isinstance(content, SkippedFile):
        return replace(content, path=path)
    documents = (
        replace(document, path=path, document_id=make_document_id(path, document.part))
        for document in content.documents
    )
    return replace(content, path=path, documents=tuple(documents))


def _locations(file: SourceFile) -> list[Path]:
    return [file.location, file.sidecar] if file.sidecar else [file.location]


def _stats(file: SourceFile) -> tuple[tuple[int, ...], ...] | None:
    """What tells that the file and its sidecar were not touched; None where one is gone."""
    try:
        found = [location.stat() for location in _locations(file)]
    except OSError:
        return None
    return tuple((one.st_ino, one.st_size, one.st_mtime_ns, one.st_ctime_ns) for one in found)


def _digest(key: bytes, packed: bytes) -> bytes:
    return hashlib.sha256(key + packed).digest()[:DIGEST_BYTES]
