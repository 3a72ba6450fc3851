"""First stage of a rebuild: what was read becomes the text store, and every source file gets its outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.near_duplicates import PERMUTATIONS, group, signature
from corpus.passages import PassageSplitter
from corpus.reading import ReadFile, SkippedFile
from index.encoder import Encoder
from index.location import RebuildError
from index.manifest import Counts
from index.progress import Advance, Progress
from index.report import FileOutcome
from index.text_writer import TextWriter


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """The outcomes of all source files in order, and the paths of those that were known and not read now."""

    outcomes: tuple[FileOutcome, ...]
    known: frozenset[str]
    counts: Counts


def write_texts(
    path: Path,
    results: Iterable[tuple[ReadFile | SkippedFile, bool]],
    expected: int,
    encoder: Encoder,
    progress: Progress,
) -> WrittenTexts:
    """Write the text store at `path` of what is in the source files, each with whether it was known.

    Raises RebuildError when no file gave a document.
    """
    splitter = PassageSplitter(encoder.count_tokens, encoder.record.max_tokens)
    outcomes: list[FileOutcome] = []
    known: set[str] = set()
    with TextWriter(path) as writer:
        with progress.stage("reading", expected) as advance:
            for result, was_known in results:
                outcomes.append(_write_result(writer, splitter, result))
                if was_known:
                    known.add(result.path)
                advance(1)
        if not writer.documents:
            reasons = "; ".join(f"{outcome.path}: {outcome.reason}" for outcome in outcomes[:3])
            raise RebuildError(f"none of the {len(outcomes)} files found gave a document ({reasons})")
        with progress.stage("comparing", writer.text_count) as advance:
            writer.set_groups(_groups(writer, advance))
        indexed = sum(outcome.status == "indexed" for outcome in outcomes)
        counts = Counts(indexed, writer.documents, writer.passages, writer.sentences)
        return WrittenTexts(tuple(outcomes), frozenset(known), counts)


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
    return FileOutcome(
        path=result.path,
        status="indexed" if new_texts else "duplicate",
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
