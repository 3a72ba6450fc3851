"""Whether a snapshot is what its manifest says and holds every invariant: before it is published, and ever after.

Nothing is raised for damage; it is reported. Damaged files are told and not read any further.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from index.encoder import Encoder
from index.forward import ForwardIndex
from index.leases import Lease
from index.manifest import MANIFEST_FILE, Manifest, SnapshotError, is_lock, read_manifest
from index.report import REPORT_FILE, file_counts, read_outcomes
from index.self_retrieval import retrieve_sample
from index.snapshot import (
    FORWARD_FOLDER,
    LEXICAL_FOLDER,
    PASSAGES_FILE,
    SENTENCES_FILE,
    TEXTS_FILE,
    open_verified,
)
from index.text_check import count_rows, find_text_problems
from index.vectors import PassageVectors, SentenceVectors
from index.verified import VerifiedFiles

MOST_PROBLEMS = 20
"""Told of each file; of what is wrong throughout, more would say no more."""
VECTORS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was checked; what was not reached is 0. `retrieved` passages were embedded anew, if there was a model.

    `passages` and `sentences` stand for their rows and their vectors.
    """

    files: int = 0
    bytes: int = 0
    texts: int = 0
    documents: int = 0
    passages: int = 0
    sentences: int = 0
    retrieved: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of a snapshot; each problem names the file, or file and row, and what is wrong with it."""

    checked: Checked
    problems: tuple[str, ...]


def verify_snapshot(folder: Path, encoder: Encoder | None = None) -> Verification:
    """Check the snapshot in `folder`; with the encoder it was built with, also that its passages are found again."""
    try:
        lease = Lease(folder)
    except SnapshotError as error:
        return Verification(Checked(), (str(error),))
    try:
        manifest = read_manifest(folder)
        checked, damages = _check_files(folder, manifest)
        unlisted = tuple(
            f"{folder / name} is not listed in {MANIFEST_FILE}" for name in unlisted_files(folder, manifest)
        )
        if damages:
            untold = "what the files hold was not checked, as damaged ones are not read"
            return Verification(checked, (*damages, *unlisted, untold))
        contents = _check_contents(folder, manifest, lease, checked, encoder)
        return replace(contents, problems=(*unlisted, *contents.problems))
    except SnapshotError as error:
        return Verification(Checked(), (str(error),))
    finally:
        lease.release()


def check(folder: Path, encoder: Encoder | None = None) -> None:
    """Raises SnapshotError, with the first problems, where the snapshot in `folder` has any."""
    problems = verify_snapshot(folder, encoder).problems
    if problems:
        more = f" (and {len(problems) - 3} more problems)" if len(problems) > 3 else ""
        raise SnapshotError("; ".join(problems[:3]) + more)


def unlisted_files(folder: Path, manifest: Manifest) -> list[str]:
    """Files in `folder` that the manifest does not list, in order. Nothing reads them; tantivy's locks do not count."""
    found = (path for path in folder.rglob("*") if not path.is_dir() and not is_lock(path))
    return sorted({path.relative_to(folder).as_posix() for path in found} - {MANIFEST_FILE, *manifest.files})


def _check_files(folder: Path, manifest: Manifest) -> tuple[Checked, list[str]]:
    """What the files of the manifest are found to be; each is hashed, whatever was remembered of it."""
    problems = []
    verified = VerifiedFiles(folder, manifest)
    for name in manifest.files:
        try:
            verified.check(name)
        except SnapshotError as error:
            problems.append(str(error))
    verified.save()
    size = sum(written.bytes for written in manifest.files.values())
    return Checked(files=len(manifest.files), bytes=size), problems


def _check_contents(
    folder: Path, manifest: Manifest, lease: Lease, checked: Checked, encoder: Encoder | None
) -> Verification:
    """What is in files that are as they were written: that says nothing yet of what was written."""
    problems: list[str] = []
    counts = manifest.counts
    try:
        rows = count_rows(folder / TEXTS_FILE)
        passages = PassageVectors.open(folder / PASSAGES_FILE)
        sentences = SentenceVectors.open(folder / SENTENCES_FILE)
        forward = ForwardIndex(folder / FORWARD_FOLDER)
        for kind, counted, expected in (
            (f"documents in {TEXTS_FILE}", rows.documents, counts.documents),
            (f"passages in {TEXTS_FILE}", rows.passages, counts.passages),
            (f"sentences in {TEXTS_FILE}", rows.sentences, counts.sentences),
            (f"vectors in {PASSAGES_FILE}", len(passages), counts.passages),
            (f"vectors in {SENTENCES_FILE}", len(sentences), counts.sentences),
            (f"passages in {LEXICAL_FOLDER}/", _lexical_count(folder), counts.passages),
            (f"passages in {FORWARD_FOLDER}/", len(forward), counts.passages),
            (f"sentences in {FORWARD_FOLDER}/", forward.sentences, counts.sentences),
        ):
            if counted != expected:
                problems.append(f"{folder} has {counted} {kind}, and its manifest counts {expected}")
        problems += _capped(folder / TEXTS_FILE, find_text_problems(folder / TEXTS_FILE))
        problems += _capped(folder / PASSAGES_FILE, _vector_problems(passages, manifest.encoder.dimension))
        problems += _capped(folder / SENTENCES_FILE, _vector_problems(sentences, manifest.encoder.dimension))
        problems += _capped(folder / REPORT_FILE, _report_problems(folder, manifest))
        checked = replace(
            checked,
            texts=rows.texts,
            documents=rows.documents,
            passages=rows.passages,
            sentences=rows.sentences,
        )
        if encoder is not None and not problems:
            with closing(open_verified(folder, manifest, lease)) as snapshot:
                retrieval = retrieve_sample(snapshot, encoder)
            checked = replace(checked, retrieved=retrieval.looked_up)
            problems += retrieval.problems
    except Exception as error:  # whatever a library raises on a file that was written wrong
        problems.append(f"{folder} cannot be checked to the end ({type(error).__name__}: {error})")
    return Verification(checked, tuple(problems))


def _capped(path: Path, problems: Iterable[str]) -> Iterator[str]:
    found = iter(problems)
    yield from (f"{path}: {problem}" for problem in islice(found, MOST_PROBLEMS))
    if more := sum(1 for _ in found):
        yield f"{path}: and {more:,} more"


def _vector_problems(vectors: PassageVectors | SentenceVectors, dimension: int) -> Iterator[str]:
    """Rows that are no vectors of length 1; a slice is read at a time."""
    if vectors.dimension != dimension:
        yield f"its vectors have {vectors.dimension} dimensions, and those of the encoder {dimension}"
        return
    for first in range(0, len(vectors), VECTORS_AT_ONCE):
        rows = np.arange(first, min(first + VECTORS_AT_ONCE, len(vectors)))
        yield from (f"row {row} is not a vector of length 1" for row in rows[vectors.unsound(rows)])


def _lexical_count(folder: Path) -> int:
    """Passages in the lexical index, by tantivy's own list of its segments."""
    segments = json.loads((folder / LEXICAL_FOLDER / "meta.json").read_bytes())["segments"]
    return sum(int(segment["max_doc"]) for segment in segments)


def _report_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    outcomes = read_outcomes(folder / REPORT_FILE)
    statuses = file_counts(outcomes)
    for kind, reported, counted in (
        ("documents", sum(outcome.documents for outcome in outcomes), manifest.counts.documents),
        ("passages", sum(outcome.passages for outcome in outcomes), manifest.counts.passages),
        ("files that were indexed", statuses["indexed"], manifest.counts.files),
    ):
        if reported != counted:
            yield f"it accounts for {reported} {kind}, and the manifest counts {counted}"
