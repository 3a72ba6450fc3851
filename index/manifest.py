"""`manifest.json`: what a snapshot is, and the checksum of every file in it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from corpus.errors import CiteboxError
from corpus.formats.content import ReadingOptions, RowFields
from index.remedy import rebuild_command_line, remedy

FORMAT_VERSION = 5
MANIFEST_FILE = "manifest.json"
_OWN_HASH = "sha256"

Precision = Literal["int8", "fp32"]
"""Of what a model computes in: 8-bit integers where it multiplies matrices, or 32-bit floats throughout."""
Runtime = Literal["onnxruntime", "sentence-transformers"]
Device = Literal["cpu", "cuda"]


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

    The prompts are what the model wants put before a question and before a passage; most want nothing. `device` is what
    passages were encoded on. `parity` is the least cosine, over some texts, of what an exported model and
    sentence-transformers make of them.
    """

    model: str
    sha256: str
    dimension: int
    max_tokens: int
    query_prompt: str = ""
    passage_prompt: str = ""
    precision: Precision = "fp32"
    runtime: Runtime = "sentence-transformers"
    device: Device = "cpu"
    parity: float | None = None

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
            ("precision", self.precision, loaded.precision),
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
class VectorsRecord:
    """How passage vectors are searched: every one, or those of the nearest `probes` of so many `lists`.

    `recall_at_10` is the share of the ten nearest passages that such a search was measured to find; None where it is
    exact.
    """

    kind: Literal["exact", "ivf"]
    lists: int | None = None
    probes: int | None = None
    recall_at_10: float | None = None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A SOURCE of the rebuild: its name in paths, and where it was."""

    name: str
    location: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` maps paths inside the snapshot, with `/`, to their checksums; the manifest itself is not among them.

    `reading` is how the sources were read: with other options the same file may give other texts.
    """

    snapshot_id: str
    built_at: str  # ISO 8601, UTC
    citebox: str  # version
    encoder: EncoderRecord
    chunking: ChunkingRecord
    counts: Counts
    vectors: VectorsRecord
    sources: tuple[SourceRecord, ...]
    files: dict[str, FileChecksum]
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    format: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`."""
        (folder / MANIFEST_FILE).write_text(_as_written(asdict(self)), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`. Raises SnapshotError for one that is missing, damaged or of another format."""
    path = folder / MANIFEST_FILE
    try:
        content = path.read_bytes().decode("utf-8")
        fields = json.loads(content)
        found_format = fields["format"]
        if type(found_format) is not int:
            raise ValueError(f"{found_format!r} is no version")
        if found_format == FORMAT_VERSION:
            fields.pop(_OWN_HASH)
            if content != _as_written(fields):
                raise ValueError("it does not have the hash it states, or was written by something else")
            return _manifest(fields)
    except OSError as error:
        raise SnapshotError(f"{path} cannot be read: {error.strerror}; {remedy(folder)}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SnapshotError(f"{path} is damaged; {remedy(folder)}") from error
    raise _other_format(folder, found_format, fields)


def _manifest(fields: dict[str, Any]) -> Manifest:
    reading = fields.pop("reading", None)
    if reading is not None:
        fields["reading"] = ReadingOptions(**reading | {"rows": RowFields(**reading["rows"])})
    fields["encoder"] = EncoderRecord(**fields["encoder"])
    fields["chunking"] = ChunkingRecord(**fields["chunking"])
    fields["counts"] = Counts(**fields["counts"])
    fields["vectors"] = VectorsRecord(**fields["vectors"])
    fields["sources"] = tuple(SourceRecord(**source) for source in fields["sources"])
    fields["files"] = {name: FileChecksum(**checksum) for name, checksum in fields["files"].items()}
    return Manifest(**fields)


def _other_format(folder: Path, found_format: int, fields: dict[str, Any]) -> SnapshotError:
    """The error to raise for a manifest of another format, of which nothing is sure but that it is JSON."""
    path = folder / MANIFEST_FILE
    try:
        sources = [str(source["location"]) for source in fields["sources"]]
    except (TypeError, KeyError):
        sources = []
    rebuild = f"rebuild the index with `{rebuild_command_line(folder, sources)}`"
    if found_format > FORMAT_VERSION:
        return SnapshotError(
            f"{path} has index format {found_format} and was written by a newer Citebox; upgrade Citebox "
            f"(pip install --upgrade citebox) or {rebuild}"
        )
    return SnapshotError(
        f"{path} has index format {found_format}, and this version of Citebox reads format {FORMAT_VERSION}; {rebuild}"
    )


def _as_written(fields: dict[str, Any]) -> str:
    return json.dumps({**fields, _OWN_HASH: _fields_sha256(fields)}, indent=1) + "\n"


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
    return {name: checksum(path) for name, path in names.items() if name != MANIFEST_FILE and not is_lock(path)}


def verify_files(folder: Path, manifest: Manifest, names: Iterable[str] | None = None) -> None:
    """Raises SnapshotError, naming the file, where a file of the snapshot (or one in `names`) is not as written."""
    for name in manifest.files if names is None else names:
        path = folder / name
        try:
            found = checksum(path)
        except OSError as error:
            raise unreadable(folder, manifest, name, error) from error
        if found != manifest.files[name]:
            raise damaged(folder, manifest, name)


def unreadable(folder: Path, manifest: Manifest, name: str, error: OSError) -> SnapshotError:
    """The error to raise where the file `name` of the snapshot cannot be read."""
    return damage(folder, manifest, f"{folder / name} cannot be read ({error.strerror})")


def damaged(folder: Path, manifest: Manifest, name: str) -> SnapshotError:
    """The error to raise where the file `name` of the snapshot is not as it was written."""
    return damage(folder, manifest, f"{folder / name} is not as it was written")


def damage(folder: Path, manifest: Manifest, found: str) -> SnapshotError:
    """The error to raise where the snapshot was `found` damaged, with the commands that help."""
    locations = [source.location for source in manifest.sources]
    return SnapshotError(f"the index is damaged: {found}; {remedy(folder, locations)}")


def is_lock(path: Path) -> bool:
    """Whether the file is one of tantivy's locks, which are no part of the snapshot: readers take them too."""
    return path.suffix == ".lock"
