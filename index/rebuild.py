"""Offline path, top to bottom: read, cut, embed, index, verify, publish."""

import datetime
import hashlib
import importlib.metadata
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.passages import CHARACTERS_PER_TOKEN, CONTEXT_SHARE, PassageSplitter, embedding_text
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import Source, SourceFile, find_files
from index.encoder import Encoder, Vectors
from index.lexical import LexicalEntry, LexicalIndex
from index.location import IndexLocation, RebuildError
from index.manifest import (
    ChunkingRecord,
    Counts,
    EncoderRecord,
    FileChecksum,
    Manifest,
    SnapshotError,
    SourceRecord,
    checksums,
)
from index.progress import Advance, Progress
from index.report import FileOutcome, RebuildReport, Seconds, write_outcomes
from index.snapshot import (
    LEXICAL_FOLDER,
    PASSAGES_FILE,
    REPORT_FILE,
    SENTENCES_FILE,
    TEXTS_FILE,
    open_snapshot,
)
from index.text_writer import TextWriter
from index.texts import TextStore
from index.vectors import PassageVectors, SentenceVectors

EMBEDDING_SLICE = 4096
"""Texts in memory at once while embedding."""


def rebuild(location: IndexLocation, sources: Sequence[Source], encoder: Encoder, progress: Progress) -> RebuildReport:
    """Build a snapshot of `sources` in `location` and publish it.

    Raises SourceError and RebuildError when there is nothing to index or another rebuild runs, EncoderError and
    SnapshotError when the result is unusable; the published snapshot then stays as it was.
    """
    started = time.perf_counter()
    with location.lock():
        files = find_files(sources, location.folder)
        with location.prepare() as folder:
            outcomes, counts = _write_texts(folder, files, encoder, progress)
            read_done = time.perf_counter()
            passages, sentences = _embed(folder, counts, encoder, progress)
            embed_done = time.perf_counter()
            _write_indexes(folder, passages, sentences, counts, progress)
            write_outcomes(folder / REPORT_FILE, outcomes)
            index_done = time.perf_counter()
            snapshot_id = _write_manifest(folder, sources, encoder, counts)
            _verify(folder)
            location.publish(folder, snapshot_id)
    seconds = Seconds(
        read=round(read_done - started, 3),
        embed=round(embed_done - read_done, 3),
        index=round(index_done - embed_done, 3),
        total=round(time.perf_counter() - started, 3),
    )
    return RebuildReport(snapshot_id, counts, seconds, outcomes)


def _write_texts(
    folder: Path, files: Sequence[SourceFile], encoder: Encoder, progress: Progress
) -> tuple[tuple[FileOutcome, ...], Counts]:
    """Read the files into the text store; raises RebuildError when none of them gave a document."""
    splitter = PassageSplitter(encoder.count_tokens, encoder.max_tokens)
    outcomes: list[FileOutcome] = []
    with TextWriter(folder / TEXTS_FILE) as writer, progress.stage("reading", len(files)) as advance:
        for file in files:
            outcomes.append(_write_file(writer, splitter, read_file(file)))
            advance(1)
    indexed = sum(outcome.status == "indexed" for outcome in outcomes)
    if not indexed:
        reasons = "; ".join(f"{outcome.path}: {outcome.reason}" for outcome in outcomes[:3])
        raise RebuildError(f"none of the {len(outcomes)} files found gave a document ({reasons})")
    return tuple(outcomes), Counts(indexed, writer.documents, writer.passages, writer.sentences)


def _write_file(writer: TextWriter, splitter: PassageSplitter, file: ReadFile | SkippedFile) -> FileOutcome:
    if isinstance(file, SkippedFile):
        return FileOutcome(file.path, "skipped", code=file.code, reason=file.reason)
    passages_before = writer.passages
    original: str | None = None
    new_texts = 0
    for document in file.documents:
        found_at = writer.path_of_text(document)
        original = original or found_at
        new_texts += found_at is None
        writer.add(document, splitter.split(document) if found_at is None else ())
    if not new_texts:
        return FileOutcome(
            file.path, "duplicate", len(file.documents), code="duplicate", reason=f"same text as {original}"
        )
    return FileOutcome(file.path, "indexed", len(file.documents), writer.passages - passages_before)


def _embed(folder: Path, counts: Counts, encoder: Encoder, progress: Progress) -> tuple[Vectors, Vectors]:
    """Vectors of all passages, and of all sentences, in order of their rows; both in their context."""
    passages = np.empty((counts.passages, encoder.dimension), dtype=np.float32)
    sentences = np.empty((counts.sentences, encoder.dimension), dtype=np.float32)
    with (
        closing(TextStore(folder / TEXTS_FILE)) as store,
        progress.stage("embedding", counts.passages + counts.sentences) as advance,
    ):
        texts = (embedding_text(context, text) for context, text, _ in store.embedding_inputs())
        _fill(passages, texts, encoder, advance)
        texts = (
            embedding_text(context, sentence)
            for context, _, in_passage in store.embedding_inputs()
            for sentence in in_passage
        )
        _fill(sentences, texts, encoder, advance)
    return passages, sentences


def _fill(vectors: Vectors, texts: Iterator[str], encoder: Encoder, advance: Advance) -> None:
    row = 0
    while some := list(islice(texts, EMBEDDING_SLICE)):
        vectors[row : row + len(some)] = encoder.encode_passages(some, advance)
        row += len(some)
    assert row == len(vectors)


def _write_indexes(folder: Path, passages: Vectors, sentences: Vectors, counts: Counts, progress: Progress) -> None:
    with progress.stage("indexing", counts.passages) as advance, closing(TextStore(folder / TEXTS_FILE)) as store:
        PassageVectors.write(folder / PASSAGES_FILE, passages)
        SentenceVectors.write(folder / SENTENCES_FILE, sentences)
        (folder / LEXICAL_FOLDER).mkdir()

        def entries() -> Iterator[LexicalEntry]:
            for passage, text_row, title, section, text in store.lexical_inputs():
                yield LexicalEntry(passage, text_row, "\n".join(part for part in (title, section, text) if part))
                advance(1)

        LexicalIndex.write(folder / LEXICAL_FOLDER, entries())


def _write_manifest(folder: Path, sources: Sequence[Source], encoder: Encoder, counts: Counts) -> str:
    files = checksums(folder)
    built_at = datetime.datetime.now(datetime.UTC)
    snapshot_id = f"{built_at:%Y%m%dT%H%M%S.%fZ}-{_short_hash(files)}"
    Manifest(
        snapshot_id=snapshot_id,
        built_at=built_at.isoformat(timespec="seconds"),
        citebox=importlib.metadata.version("citebox"),
        encoder=EncoderRecord(encoder.model.name, encoder.model.sha256, encoder.dimension, encoder.max_tokens),
        chunking=ChunkingRecord(encoder.max_tokens, CONTEXT_SHARE, CHARACTERS_PER_TOKEN),
        counts=counts,
        sources=tuple(SourceRecord(source.name, str(source.location)) for source in sources),
        files=files,
    ).write(folder)
    return snapshot_id


def _short_hash(files: dict[str, FileChecksum]) -> str:
    return hashlib.sha256("".join(file.sha256 for file in files.values()).encode()).hexdigest()[:8]


def _verify(folder: Path) -> None:
    """Open the snapshot as a server will, and check that every passage quotes its document."""
    snapshot = open_snapshot(folder)
    try:
        wrong = next(snapshot.texts.misquoted_passages(), None)
    finally:
        snapshot.close()
    if wrong is not None:
        raise SnapshotError(f"passage {wrong} is not the text at its place; nothing was published")
