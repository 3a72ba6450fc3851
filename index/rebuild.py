"""Offline path, top to bottom: read, cut, embed, index, verify, publish."""

import datetime
import hashlib
import importlib.metadata
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.near_duplicates import PERMUTATIONS, group, signature
from corpus.passages import CHARACTERS_PER_TOKEN, CONTEXT_SHARE, PassageSplitter, embedding_text
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import Source, find_files
from corpus.workers import FileReader
from index.analysis import words
from index.encoder import Encoder, Vectors, encoder_record
from index.known_files import KnownFile, KnownFiles
from index.lexical import LexicalEntry, LexicalIndex
from index.location import IndexLocation, RebuildError
from index.manifest import (
    ChunkingRecord,
    Counts,
    FileChecksum,
    Manifest,
    SnapshotError,
    SourceRecord,
    checksums,
)
from index.progress import Advance, Progress
from index.report import FileOutcome, FileStatus, RebuildReport, Seconds, write_outcomes
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


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """`retry_failed` reads only files that the published snapshot does not hold, and takes the others from it."""

    follow_links: bool = False
    retry_failed: bool = False


def rebuild(
    location: IndexLocation,
    sources: Sequence[Source],
    encoder: Encoder,
    reader: FileReader,
    progress: Progress,
    options: RebuildOptions | None = None,
) -> RebuildReport:
    """Build a snapshot of `sources` in `location` and publish it.

    Raises SourceError and RebuildError when there is nothing to index or another rebuild runs, EncoderError and
    SnapshotError when the result is unusable; the published snapshot then stays as it was.
    """
    options = options or RebuildOptions()
    started = time.perf_counter()
    with location.lock("citebox rebuild"):
        files = find_files(sources, location.folder, options.follow_links)
        with ExitStack() as stack:
            folder = stack.enter_context(location.prepare())
            if options.retry_failed:
                known = stack.enter_context(closing(KnownFiles(location.published())))
                results = known.with_new(files, reader)
            else:
                results = reader.read(files)
            outcomes, counts = _write_texts(folder, results, len(files), encoder, progress)
            read_done = time.perf_counter()
            _embed(folder, counts, encoder, progress)
            embed_done = time.perf_counter()
            _write_lexical(folder, counts, progress)
            write_outcomes(folder / REPORT_FILE, outcomes)
            index_done = time.perf_counter()
            snapshot_id = _write_manifest(folder, sources, encoder, counts)
            _verify(folder)
            location.complete(folder, snapshot_id)
            location.publish(snapshot_id)
    seconds = Seconds(
        read=round(read_done - started, 3),
        embed=round(embed_done - read_done, 3),
        index=round(index_done - embed_done, 3),
        total=round(time.perf_counter() - started, 3),
    )
    return RebuildReport(snapshot_id, counts, seconds, outcomes)


def _write_texts(
    folder: Path,
    results: Iterable[ReadFile | SkippedFile],
    expected: int,
    encoder: Encoder,
    progress: Progress,
) -> tuple[tuple[FileOutcome, ...], Counts]:
    """Write what was read into the text store; raises RebuildError when no file gave a document."""
    splitter = PassageSplitter(encoder.count_tokens, encoder.max_tokens)
    outcomes: list[FileOutcome] = []
    with TextWriter(folder / TEXTS_FILE) as writer:
        with progress.stage("reading", expected) as advance:
            for result in results:
                outcomes.append(_write_result(writer, splitter, result))
                advance(1)
        if not writer.documents:
            reasons = "; ".join(f"{outcome.path}: {outcome.reason}" for outcome in outcomes[:3])
            raise RebuildError(f"none of the {len(outcomes)} files found gave a document ({reasons})")
        with progress.stage("comparing", writer.text_count) as advance:
            writer.set_groups(_groups(writer, advance))
        indexed = sum(outcome.status in ("indexed", "unchanged") for outcome in outcomes)
        return tuple(outcomes), Counts(indexed, writer.documents, writer.passages, writer.sentences)


def _write_result(writer: TextWriter, splitter: PassageSplitter, result: ReadFile | SkippedFile) -> FileOutcome:
    if isinstance(result, SkippedFile):
        return FileOutcome(result.path, "skipped", code=result.code, reason=result.reason)
    passages_before = writer.passages
    original: str | None = None
    new_texts = 0
    for document in result.documents:
        found_at = writer.path_of_text(document)
        original = original or found_at
        new_texts += found_at is None
        writer.add(document, splitter.split(document) if found_at is None else ())
    indexed: FileStatus = "unchanged" if isinstance(result, KnownFile) else "indexed"
    return FileOutcome(
        path=result.path,
        status=indexed if new_texts else "duplicate",
        documents=len(result.documents),
        passages=writer.passages - passages_before,
        duplicate_of=None if new_texts else original,
        pages_without_text=result.pages_without_text,
        residue=result.residue,
        notes=result.notes,
    )


def _groups(writer: TextWriter, advance: Advance) -> Sequence[int]:
    signatures = np.empty((writer.text_count, PERMUTATIONS), dtype=np.uint32)
    for row, text in enumerate(writer.texts()):
        signatures[row] = signature(text)
        advance(1)
    groups: list[int] = group(signatures).tolist()
    return groups


def _embed(folder: Path, counts: Counts, encoder: Encoder, progress: Progress) -> None:
    """Write the vectors of all passages, and of all sentences, in order of their rows; both in their context."""
    with (
        closing(TextStore(folder / TEXTS_FILE)) as store,
        progress.stage("embedding", counts.passages + counts.sentences) as advance,
    ):
        texts = (embedding_text(context, text) for context, text, _ in store.embedding_inputs())
        PassageVectors.write(folder / PASSAGES_FILE, encoder.dimension, _encoded(texts, encoder, advance))
        texts = (
            embedding_text(context, sentence)
            for context, _, in_passage in store.embedding_inputs()
            for sentence in in_passage
        )
        shape = (counts.sentences, encoder.dimension)
        SentenceVectors.write(folder / SENTENCES_FILE, shape, _encoded(texts, encoder, advance))


def _encoded(texts: Iterator[str], encoder: Encoder, advance: Advance) -> Iterator[Vectors]:
    while some := list(islice(texts, EMBEDDING_SLICE)):
        yield encoder.encode_passages(some, advance)


def _write_lexical(folder: Path, counts: Counts, progress: Progress) -> None:
    with progress.stage("indexing", counts.passages) as advance, closing(TextStore(folder / TEXTS_FILE)) as store:
        (folder / LEXICAL_FOLDER).mkdir()

        def entries() -> Iterator[LexicalEntry]:
            for passage, text_row, terms, context, text in store.lexical_inputs():
                known = " ".join(sorted({word.text for part in (context, text) for word in words(part)}))
                yield LexicalEntry(passage, text_row, terms, known)
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
        encoder=encoder_record(encoder),
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
