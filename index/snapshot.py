"""A snapshot opened for reading: texts, vectors and the lexical index of one rebuild, verified first."""

from dataclasses import dataclass
from pathlib import Path

from index.forward import ForwardIndex
from index.leases import Lease
from index.lexical import LexicalIndex
from index.manifest import Manifest, damage, read_manifest
from index.report import REPORT_FILE, FileOutcome, read_outcomes
from index.texts import TextStore
from index.vectors import PassageVectors, SentenceVectors
from index.verified import verify_unseen_files

TEXTS_FILE = "texts.sqlite"
PASSAGES_FILE = "passages.faiss"
SENTENCES_FILE = "sentences.npy"
LEXICAL_FOLDER = "lexical"
FORWARD_FOLDER = "forward"
ENCODER_FOLDER = "encoder"
"""The exported model; missing where sentence-transformers itself is needed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One complete, immutable index. Passage row i is row i of `passages`, and so for sentences."""

    folder: Path
    manifest: Manifest
    texts: TextStore
    passages: PassageVectors
    sentences: SentenceVectors
    lexical: LexicalIndex
    forward: ForwardIndex
    outcomes: tuple[FileOutcome, ...]  # of every source file
    lease: Lease  # nobody removes its files before `close`

    def close(self) -> None:
        """Release its files; the snapshot is not used again."""
        self.texts.close()
        self.lease.release()


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in `folder`. Raises SnapshotError, naming the file, before anything reads a damaged one."""
    lease = Lease(folder)
    try:
        manifest = read_manifest(folder)
        verify_unseen_files(folder, manifest)
        return open_verified(folder, manifest, lease)
    except BaseException:
        lease.release()
        raise


def open_verified(folder: Path, manifest: Manifest, lease: Lease) -> Snapshot:
    """The snapshot in `folder`, whose files have just been verified. Raises SnapshotError where they do not fit."""
    texts = TextStore(folder / TEXTS_FILE)
    try:
        snapshot = Snapshot(
            folder=folder,
            manifest=manifest,
            texts=texts,
            passages=PassageVectors.open(folder / PASSAGES_FILE),
            sentences=SentenceVectors.open(folder / SENTENCES_FILE),
            lexical=LexicalIndex.open(folder / LEXICAL_FOLDER),
            forward=ForwardIndex(folder / FORWARD_FOLDER),
            outcomes=read_outcomes(folder / REPORT_FILE),
            lease=lease,
        )
        counts = (manifest.counts.passages, manifest.counts.sentences)
        if (len(snapshot.passages), len(snapshot.sentences)) != counts:
            raise damage(folder, manifest, f"the vectors in {folder} do not fit its texts")
        if (len(snapshot.forward), snapshot.forward.sentences) != counts:
            raise damage(folder, manifest, f"the forward index in {folder} does not fit its texts")
        return snapshot
    except BaseException:
        texts.close()
        raise
