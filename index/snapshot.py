"""A snapshot opened for reading: texts, vectors and the lexical index of one rebuild, verified first."""

from dataclasses import dataclass
from pathlib import Path

from index.lexical import LexicalIndex
from index.manifest import Manifest, SnapshotError, read_manifest, verify_files
from index.report import FileOutcome, read_outcomes
from index.texts import TextStore
from index.vectors import PassageVectors, SentenceVectors

TEXTS_FILE = "texts.sqlite"
PASSAGES_FILE = "passages.faiss"
SENTENCES_FILE = "sentences.npy"
LEXICAL_FOLDER = "lexical"
REPORT_FILE = "report.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One complete, immutable index. Row i of `passages` is passage row i of `texts`, and so for sentences."""

    folder: Path
    manifest: Manifest
    texts: TextStore
    passages: PassageVectors
    sentences: SentenceVectors
    lexical: LexicalIndex
    outcomes: tuple[FileOutcome, ...]  # of every source file

    def close(self) -> None:
        """Release its files; the snapshot is not used again."""
        self.texts.close()


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in `folder`. Raises SnapshotError, naming the file, before anything reads a damaged one."""
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    snapshot = Snapshot(
        folder=folder,
        manifest=manifest,
        texts=TextStore(folder / TEXTS_FILE),
        passages=PassageVectors.open(folder / PASSAGES_FILE),
        sentences=SentenceVectors.open(folder / SENTENCES_FILE),
        lexical=LexicalIndex.open(folder / LEXICAL_FOLDER),
        outcomes=read_outcomes(folder / REPORT_FILE),
    )
    counted = (len(snapshot.passages), len(snapshot.sentences))
    if counted != (manifest.counts.passages, manifest.counts.sentences):
        raise SnapshotError(f"the vectors in {folder} do not fit its texts; rebuild the index")
    return snapshot
