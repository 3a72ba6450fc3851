"""Offline path, top to bottom: read, cut, embed, index, verify, pass the gate, publish."""

import datetime
import hashlib
import importlib.metadata
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.formats.content import ReadingOptions
from corpus.passages import CHARACTERS_PER_TOKEN, CONTEXT_SHARE
from corpus.sources import Source, find_files
from corpus.workers import FileReader
from index.analysis import words
from index.disk_space import require_space, shortage_told
from index.embedding import embed
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.file_cache import FileCache
from index.forward_building import write_forward
from index.gate import Gate
from index.history import Publication, append_history, reconcile
from index.lexical import LexicalEntry, LexicalIndex
from index.location import IndexLocation, RebuildError, uninterrupted
from index.manifest import ChunkingRecord, Counts, FileChecksum, Manifest, SourceRecord, VectorsRecord, checksums
from index.progress import Progress
from index.report import REPORT_FILE, FileOutcome, RebuildReport, Seconds, file_counts, read_outcomes, write_outcomes
from index.retention import DEFAULT_KEEP, prune, published_or_none
from index.snapshot import ENCODER_FOLDER, LEXICAL_FOLDER, TEXTS_FILE
from index.text_stage import WrittenTexts, write_texts
from index.texts import TextStore
from index.verification import check

FILES_CACHE = "files.sqlite"


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """`command` is what the history says built the snapshot. `keep` counts snapshots, the new one included.

    `full` reads and embeds everything anew; `retry_failed` reads those files anew of which not everything could be
    read. What the `gate` holds back is published all the same with `force`.
    """

    command: str = "citebox rebuild"
    follow_links: bool = False
    full: bool = False
    retry_failed: bool = False
    keep: int = DEFAULT_KEEP
    gate: Gate | None = None
    force: bool = False


def rebuild(
    location: IndexLocation,
    sources: Sequence[Source],
    encoder: Encoder,
    reader: FileReader,
    progress: Progress,
    options: RebuildOptions | None = None,
) -> RebuildReport:
    """Build a snapshot of `sources` in `location` and publish it, unless the gate holds it back.

    Raises SourceError and RebuildError when there is nothing to index or no room for it, LockedError when another
    command changes the index, EncoderError and SnapshotError when the result is unusable; the published snapshot then
    stays as it was, and what was embedded is not embedded again.
    """
    options = options or RebuildOptions()
    laps = [time.perf_counter()]
    files = find_files(sources, location.folder, options.follow_links)
    with shortage_told(location.folder, files), location.lock(options.command) as dead:
        if dead:
            progress.note(f"{dead.command} (process {dead.pid} on {dead.host}) ended before it was done: taking over")
        reconcile(location)
        if options.full:
            _remove_cache(location)
        with (
            location.prepare() as folder,
            location.scratch() as scratch,
            closing(FileCache(location.cache_folder / FILES_CACHE, reader)) as known_files,
            closing(EmbeddingCache(location.cache_folder, encoder)) as known_embeddings,
            _interruption_told(known_embeddings, progress),
        ):
            results = known_files.read(files, Path(scratch), retry_failed=options.retry_failed)
            texts = write_texts(folder / TEXTS_FILE, results, len(files), encoder, progress)
            encoder.save(folder / ENCODER_FOLDER)
            require_space(folder / TEXTS_FILE, texts.counts, encoder.record.dimension)
            laps.append(time.perf_counter())
            embedded = embed(folder, texts.counts, encoder, known_embeddings, progress)
            laps.append(time.perf_counter())
            _write_lexical(folder, texts.counts, progress)
            write_forward(folder)
            write_outcomes(folder / REPORT_FILE, texts.outcomes)
            laps.append(time.perf_counter())
            snapshot_id = _write_manifest(
                location, folder, sources, reader.options, encoder, texts.counts, embedded.vectors
            )
            check(folder, encoder)
            old = _published(location)
            gate = options.gate(folder, old, encoder, progress) if options.gate else None
            laps.append(time.perf_counter())
            report = RebuildReport(
                snapshot=snapshot_id,
                published=gate is None or gate.passed or options.force,
                counts=texts.counts,
                seconds=_seconds(laps),
                outcomes=_with_unchanged(texts, old),
                embedded=embedded.texts,
                gate=gate,
            )
            with uninterrupted():
                _finish(location, folder, report, options, progress)
                if report.published:
                    _forget_unused(known_files, known_embeddings, progress)
        with uninterrupted():
            return replace(report, removed=_prune(location, options.keep, progress))


def _remove_cache(location: IndexLocation) -> None:
    try:
        shutil.rmtree(location.cache_folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise RebuildError(
            f"--full cannot remove the cache in {location.cache_folder}: {error.strerror}; remove it yourself"
        ) from error


def _write_lexical(folder: Path, counts: Counts, progress: Progress) -> None:
    with progress.stage("indexing", counts.passages) as advance, closing(TextStore(folder / TEXTS_FILE)) as store:
        (folder / LEXICAL_FOLDER).mkdir()

        def entries() -> Iterator[LexicalEntry]:
            for passage, text_row, terms, context, text in store.lexical_inputs():
                known = " ".join(sorted({word.text for part in (context, text) for word in words(part)}))
                yield LexicalEntry(passage, text_row, terms, known)
                advance(1)

        LexicalIndex.write(folder / LEXICAL_FOLDER, entries())


def _write_manifest(
    location: IndexLocation,
    folder: Path,
    sources: Sequence[Source],
    reading: ReadingOptions,
    encoder: Encoder,
    counts: Counts,
    vectors: VectorsRecord,
) -> str:
    files = checksums(folder)
    built_at = datetime.datetime.now(datetime.UTC)
    snapshot_id = location.new_id(built_at, _short_hash(files))
    Manifest(
        snapshot_id=snapshot_id,
        built_at=built_at.isoformat(timespec="seconds"),
        citebox=importlib.metadata.version("citebox"),
        encoder=encoder.record,
        chunking=ChunkingRecord(encoder.record.max_tokens, CONTEXT_SHARE, CHARACTERS_PER_TOKEN),
        counts=counts,
        vectors=vectors,
        sources=tuple(SourceRecord(source.name, str(source.location)) for source in sources),
        files=files,
        reading=reading,
    ).write(folder)
    return snapshot_id


def _short_hash(files: dict[str, FileChecksum]) -> str:
    return hashlib.sha256("".join(file.sha256 for file in files.values()).encode()).hexdigest()[:8]


def _published(location: IndexLocation) -> Path | None:
    snapshot_id = published_or_none(location)
    return None if snapshot_id is None else location.snapshot(snapshot_id)


def _with_unchanged(texts: WrittenTexts, old: Path | None) -> tuple[FileOutcome, ...]:
    """The outcomes, in which a file that was not read anew and is in the published snapshot `old` is "unchanged".

    The snapshot's own report does not tell, so that it follows from the files alone, and not from what came before.
    """
    before = _paths(old) if old else frozenset()
    return tuple(
        replace(outcome, status="unchanged")
        if outcome.status == "indexed" and outcome.path in texts.known and outcome.path in before
        else outcome
        for outcome in texts.outcomes
    )


def _paths(folder: Path) -> frozenset[str]:
    """Paths of the files that a snapshot holds; none where it cannot be read."""
    try:
        return frozenset(outcome.path for outcome in read_outcomes(folder / REPORT_FILE) if outcome.documents)
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _seconds(laps: Sequence[float]) -> Seconds:
    begun, read, embedded, indexed, done = laps
    return Seconds(*(round(some, 3) for some in (read - begun, embedded - read, indexed - embedded, done - begun)))


def _finish(
    location: IndexLocation, folder: Path, report: RebuildReport, options: RebuildOptions, progress: Progress
) -> None:
    """Make the snapshot complete, publish it if it may be, and write that down.

    One that is held back is written down first: without that it would pass for one that was published.
    """
    publication = Publication(
        at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        action="rebuild",
        snapshot=report.snapshot,
        command=options.command,
        counts=report.counts,
        published=report.published,
        forced=report.gate is not None and not report.gate.passed and report.published,
        files=file_counts(report.outcomes),
        seconds=report.seconds.total,
        gate=report.gate,
    )
    if not report.published:
        append_history(location.folder, publication)
        location.complete(folder, report.snapshot)
        return
    location.complete(folder, report.snapshot)
    try:
        location.publish(report.snapshot)
        append_history(location.folder, publication)
    except OSError as error:
        if published_or_none(location) != report.snapshot:
            raise
        progress.note(f"published, but that cannot be written down yet ({error.strerror}); the next command does")


def _forget_unused(files: FileCache, embeddings: EmbeddingCache, progress: Progress) -> None:
    """Empty the cache of what the published snapshot has no use for; the next rebuild can do that as well."""
    try:
        files.forget_unused()
        embeddings.forget_unused()
    except (OSError, sqlite3.Error) as error:
        progress.note(f"the cache keeps what is not used any more: {error}")


def _prune(location: IndexLocation, keep: int, progress: Progress) -> tuple[str, ...]:
    """Ids of the old snapshots that were removed; not being able to remove one is no failure of the rebuild."""
    try:
        return prune(location, keep).removed
    except RebuildError as error:
        progress.note(f"old snapshots stay: {error}")
        return ()


@contextmanager
def _interruption_told(known: EmbeddingCache, progress: Progress) -> Iterator[None]:
    """Say that nothing is lost when the rebuild is told to stop (SIGINT, SIGTERM)."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        progress.note(
            f"stopped before anything was published; run the command again (without --full): it goes on from the "
            f"{len(known):,} texts that are embedded"
        )
        raise
