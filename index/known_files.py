"""What the published snapshot holds already, so that `--retry-failed` reads only what it does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path, PurePosixPath

from corpus.archives import is_archive
from corpus.documents import Document
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import SourceFile
from corpus.workers import FileReader
from index.report import FileOutcome, read_outcomes
from index.snapshot import REPORT_FILE, open_snapshot


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A source file as the snapshot has it; the fields are those of `ReadFile`."""

    path: str
    documents: tuple[Document, ...]
    pages_without_text: int
    residue: Mapping[str, int]
    notes: tuple[str, ...]


class KnownFiles:
    """The files of a snapshot; `close` releases it."""

    def __init__(self, folder: Path) -> None:
        """Raises SnapshotError when the snapshot is damaged."""
        self._snapshot = open_snapshot(folder)
        self._outcomes = {outcome.path: outcome for outcome in read_outcomes(folder / REPORT_FILE)}

    def close(self) -> None:
        """Release the snapshot."""
        self._snapshot.close()

    def with_new(self, files: Sequence[SourceFile], reader: FileReader) -> Iterator[ReadFile | SkippedFile | KnownFile]:
        """What is in `files`, in order of their paths: read where the snapshot skipped it or does not have it."""
        known, unread = [], []
        for file in files:
            outcomes = self._outcomes_of(file)
            if outcomes and all(outcome.status != "skipped" for outcome in outcomes):
                known += outcomes
            else:
                unread.append(file)
        return merge(map(self._known_file, known), reader.read(unread), key=lambda result: result.path)

    def _outcomes_of(self, file: SourceFile) -> list[FileOutcome]:
        """Of the file, or of the files in it where it is an archive."""
        if file.path in self._outcomes:
            return [self._outcomes[file.path]]
        if not is_archive(PurePosixPath(file.path)):
            return []
        return [outcome for path, outcome in self._outcomes.items() if path.startswith(f"{file.path}/")]

    def _known_file(self, outcome: FileOutcome) -> KnownFile:
        documents = tuple(self._snapshot.texts.documents_at(outcome.path))
        return KnownFile(outcome.path, documents, outcome.pages_without_text, outcome.residue, outcome.notes)
