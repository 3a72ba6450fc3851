"""`manifest.json`: what a snapshot is, and the checksum of every file in it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from corpus.errors import CiteboxError

FORMAT_VERSION = 3
MANIFEST_FILE = "manifest.json"
_OWN_HASH = "sha256"


class SnapshotError(CiteboxError):
    """An index that is missing, damaged, or of a format this version does not read."""


@dataclass(frozen=True, slots=True)
class FileChecksum:
    """Size and SHA-256 of a file of the snapshot."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EncoderRecord:
    """The encoder a snapshot was built with, by which its questions must be encoded too.

    The prompts are what the model wants put before a question and before a passage; most want nothing.
    """

    model: str
    sha256: str
    dimension: int
    max_tokens: int
    query_prompt: str = ""
    passage_prompt: str = ""

    def differs(self, loaded: Self) -> tuple[str, str] | None:
        """What makes embeddings of the two incomparable, here and in `loaded`, in words; None where nothing does.

        Names may differ, for a model may have moved, and so may the length that passages were cut to.
        """
        if self.sha256 != loaded.sha256:
            return f"weights {self.sha256[:12]}", f"weights {loaded.sha256[:12]}"
        for word, here, there in (
            ("dimension", self.dimension, loaded.dimension),
            ("query prompt", self.query_prompt, loaded.query_prompt),
            ("passage prompt", self.passage_prompt, loaded.passage_prompt),
        ):
            if here != there:
                return f"{word} {here!r}", f"{word} {there!r}"
        return None


@dataclass(frozen=True, slots=True)
class ChunkingRecord:
    """How texts were cut; with other settings the same text gives other passages and ids."""

    max_tokens: int
    context_share: int
    characters_per_token: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What a snapshot holds; `files` counts source files that gave a document of their own."""

    files: int
    documents: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A SOURCE of the rebuild: its name in paths, and where it was."""

    name: str
    location: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` maps paths inside the snapshot, with `/`, to their checksums; the manifest itself is not among them."""

    snapshot_id: str
    built_at: str  # ISO 8601, UTC
    citebox: str  # version
    encoder: EncoderRecord
    chunking: ChunkingRecord
    counts: Counts
    sources: tuple[SourceRecord, ...]
    files: dict[str, FileChecksum]
    format: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`."""
        fields = asdict(self)
        document = {**fields, _OWN_HASH: _fields_sha256(fields)}
        (folder / MANIFEST_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`. Raises SnapshotError for one that is missing, damaged or of another format."""
    path = folder / MANIFEST_FILE
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        found_format = fields["format"]
        if found_format == FORMAT_VERSION:
            if fields.pop(_OWN_HASH) != _fields_sha256(fields):
                raise ValueError("the manifest does not have the hash it states")
            fields["encoder"] = EncoderRecord(**fields["encoder"])
            fields["chunking"] = ChunkingRecord(**fields["chunking"])
            fields["counts"] = Counts(**fields["counts"])
            fields["sources"] = tuple(SourceRecord(**source) for source in fields["sources"])
            fields["files"] = {name: FileChecksum(**checksum) for name, checksum in fields["files"].items()}
            return Manifest(**fields)
    except OSError as error:
        raise SnapshotError(f"{path} cannot be read: {error.strerror}; rebuild the index") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SnapshotError(f"{path} is damaged; rebuild the index") from error
    raise SnapshotError(
        f"{folder} has index format {found_format}, and this version of Citebox reads format {FORMAT_VERSION}; "
        "rebuild the index with `citebox rebuild`"
    )


def _fields_sha256(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode("utf-8")).hexdigest()


def checksum(path: Path) -> FileChecksum:
    """Size and SHA-256 of the file at `path`."""
    with path.open("rb") as stream:
        return FileChecksum(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def checksums(folder: Path) -> dict[str, FileChecksum]:
    """Checksums of all files below `folder` by relative path, in order, without the manifest and lock files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: checksum(path) for name, path in names.items() if name != MANIFEST_FILE and not _is_lock(path)}


def verify_files(folder: Path, manifest: Manifest, names: Iterable[str] | None = None) -> None:
    """Raises SnapshotError, naming the file, where a file of the snapshot (or one in `names`) is not as written."""
    for name in manifest.files if names is None else names:
        written = manifest.files[name]
        path = folder / name
        try:
            found = checksum(path)
        except OSError as error:
            raise SnapshotError(
                f"the index is damaged: {path} cannot be read ({error.strerror}); rebuild it with `citebox rebuild`"
            ) from error
        if found != written:
            raise SnapshotError(
                f"the index is damaged: {path} is not as it was written; rebuild it with `citebox rebuild`"
            )


def _is_lock(path: Path) -> bool:
    return path.suffix == ".lock"  # tantivy's, taken by readers too
