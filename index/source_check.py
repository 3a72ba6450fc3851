"""Whether the citations of a snapshot still stand in today's source files."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.archives import is_archive
from corpus.errors import SourceError
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import Source, SourceFile, find_files, is_regular_file
from corpus.workers import FileReader
from index.manifest import SourceRecord
from index.snapshot import Snapshot

SourceStatus = Literal["unchanged", "changed", "unreadable", "missing", "new", "absent"]
"""Of a file now. `unreadable` files gave no text, `missing` ones were moved or deleted, `new` ones are not in the
index, and `absent` ones belong to a SOURCE that is not on this machine."""

MOST_LOST = 20
"""Lost citations named of one file."""


@dataclass(frozen=True, slots=True)
class CitedFile:
    """A source file now: how many passages the index cites from it, and which of them it no longer holds.

    `lost` names at most `MOST_LOST` of the `lost_count` passages that are lost, by id. `reason` is why it could not be
    read.
    """

    path: str
    status: SourceStatus
    passages: int = 0
    lost_count: int = 0
    lost: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """Every file of the index and every one that is new, in order of their paths; and SOURCES that are not here."""

    files: tuple[CitedFile, ...]
    absent_sources: tuple[SourceRecord, ...]

    @property
    def citations(self) -> int:
        """How many citations were looked for."""
        return sum(file.passages for file in self.files)

    @property
    def lost(self) -> int:
        """How many of them no longer stand, or cannot be checked."""
        return sum(file.lost_count for file in self.files)


def check_sources(snapshot: Snapshot, index_folder: Path, reader: FileReader) -> SourceCheck:
    """Compare the files of the index with those of its sources now; `reader` reads those that changed.

    A citation stands when the text of its passage is, verbatim, in a document of the file it was taken from.
    """
    absent = tuple(source for source in snapshot.manifest.sources if not Path(source.location).exists())
    present = [
        Source(source.name, Path(source.location)) for source in snapshot.manifest.sources if source not in absent
    ]
    comparison = _Comparison(snapshot)
    checked = {file.path: file for file in comparison.compare(_find(present, index_folder), reader)}
    absent_names = {source.name for source in absent}
    for path in comparison.indexed:
        if path not in checked:
            here = path.partition("/")[0] not in absent_names
            checked[path] = comparison.without(path, "missing" if here else "absent")
    return SourceCheck(tuple(checked[path] for path in sorted(checked)), absent)


def _find(sources: Sequence[Source], index_folder: Path) -> list[SourceFile]:
    try:
        # Links are followed, whether the rebuild did so or not: what it skipped is known from its report.
        return find_files(sources, index_folder, follow_links=True) if sources else []
    except SourceError:
        if any(file.is_file() for source in sources for file in source.location.rglob("*")):
            raise
        return []  # all of the sources are empty: every file is missing


class _Comparison:
    """Files found now, against those of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._texts = snapshot.texts
        self._known = {outcome.path for outcome in snapshot.outcomes}
        self.indexed: dict[str, str] = {}  # path to SHA-256
        self._passages: defaultdict[str, set[range]] = defaultdict(set)  # path to the rows of each of its texts
        for document in snapshot.texts.documents():
            self.indexed[document.path] = document.source_sha256
            self._passages[document.path].add(document.passages)
        self._archives = {str(parent) for path in self.indexed for parent in Path(path).parents if is_archive(parent)}

    def compare(self, files: Iterable[SourceFile], reader: FileReader) -> Iterator[CitedFile]:
        """What became of each of `files`, and of the files in archives among them."""
        unread = []
        for file in files:
            if file.path in self._archives:
                unread.append(file)
            elif file.path not in self.indexed:
                if not file.skip:
                    yield from self._new(file.path)
            elif _sha256(file) == self.indexed[file.path]:
                yield self._unchanged(file.path)
            else:
                unread.append(file)
        for result in reader.read(unread) if unread else ():
            yield from self._compare_read(result)

    def without(self, path: str, status: SourceStatus, reason: str | None = None) -> CitedFile:
        """The file at `path`, of which no citation can be checked."""
        count = self._count(path)
        return CitedFile(path, status, count, lost_count=count, reason=reason)

    def _compare_read(self, result: ReadFile | SkippedFile) -> Iterator[CitedFile]:
        if result.path not in self.indexed:
            yield from self._new(result.path)
        elif isinstance(result, SkippedFile):
            yield self.without(result.path, "unreadable", result.reason)
        elif result.sha256 == self.indexed[result.path]:
            yield self._unchanged(result.path)
        else:
            yield self._changed(result)

    def _changed(self, file: ReadFile) -> CitedFile:
        rows = sorted(row for rows in self._passages[file.path] for row in rows)
        lost = [
            passage.passage_id
            for passage in self._texts.passages(rows)
            if not any(passage.text in document.text for document in file.documents)
        ]
        return CitedFile(file.path, "changed", len(rows), len(lost), tuple(lost[:MOST_LOST]))

    def _unchanged(self, path: str) -> CitedFile:
        return CitedFile(path, "unchanged", self._count(path))

    def _new(self, path: str) -> Iterator[CitedFile]:
        """The file at `path`, unless the rebuild skipped it, or the folder, link or archive it is in."""
        if self._known.isdisjoint({path, *map(str, Path(path).parents)}):
            yield CitedFile(path, "new")

    def _count(self, path: str) -> int:
        return sum(map(len, self._passages[path]))


def _sha256(file: SourceFile) -> str | None:
    """Of the file's bytes; None where they cannot be read, which reading it will explain."""
    try:
        if file.skip or not is_regular_file(file.location):
            return None
        with file.location.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
