"""What the published snapshot holds already, so that `--retry-failed` reads only what it does not."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path

from corpus.metadata import Origin
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import SourceFile
from corpus.workers import FileReader
from index.report import FileOutcome, read_outcomes
from index.snapshot import REPORT_FILE, open_snapshot


@dataclass(frozen=True, slots=True)
class KnownFile(ReadFile):
    """A source file as the snapshot has it, which was not read again."""


class KnownFiles:
    """The files of a snapshot; `close` releases it."""

    def __init__(self, folder: Path) -> None:
        """Raises SnapshotError when the snapshot is damaged."""
        self._snapshot = open_snapshot(folder)
        self._outcomes = {outcome.path: outcome for outcome in read_outcomes(folder / REPORT_FILE)}

    def close(self) -> None:
        """Release the snapshot."""
        self._snapshot.close()

    def with_new(self, files: Sequence[SourceFile], reader: FileReader) -> Iterator[ReadFile | SkippedFile]:
        """What is in `files`, in order of their paths: a KnownFile where the snapshot has it whole and as it is now."""
        known = [self._outcomes[file.path] for file in files if self._is_known(file)]
        paths = {outcome.path for outcome in known}
        unread = [file for file in files if file.path not in paths]
        return merge(map(self._known_file, known), reader.read(unread), key=lambda result: result.path)

    def _is_known(self, file: SourceFile) -> bool:
        """Whether the file was read without a page missing and its bytes are the same; archives are read again."""
        outcome = self._outcomes.get(file.path)
        if outcome is None or outcome.status == "skipped" or outcome.pages_without_text or file.skip or file.sidecar:
            return False
        first = next(self._snapshot.texts.documents_at(file.path))
        if Origin.SIDECAR.value in first.metadata.origins.values():  # there was a sidecar then
            return False
        try:
            return hashlib.sha256(file.location.read_bytes()).hexdigest() == first.source_sha256
        except OSError:
            return False

    def _known_file(self, outcome: FileOutcome) -> KnownFile:
        documents = tuple(self._snapshot.texts.documents_at(outcome.path))
        return KnownFile(
            path=outcome.path,
            sha256=documents[0].source_sha256,
            documents=documents,
            pages_without_text=outcome.pages_without_text,
            residue=outcome.residue,
            notes=outcome.notes,
        )
