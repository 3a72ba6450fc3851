"""SOURCES given to a rebuild, and the source files in them."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from pathspec import GitIgnoreSpec

from corpus.errors import SourceError
from corpus.sidecars import SIDECAR_SUFFIX

IGNORE_FILE = ".citeboxignore"
"""Names files that are not documents, in gitignore syntax; stands at the top of a source folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or a single file given to `rebuild`; `name` begins the path of every file in it."""

    name: str
    location: Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as found: `path` as it is cited (source name, then the path inside it, with `/`), `location` on disk.

    `sidecar` is the file that states its metadata. `skip` is a code and a reason, for one that is not to be read.
    """

    path: str
    location: Path
    sidecar: Path | None = None
    skip: tuple[str, str] | None = None


def make_sources(locations: Sequence[Path]) -> list[Source]:
    """One Source each, named after its folder or file.

    Raises SourceError for a location that does not exist, and for two whose files could not be told apart.
    """
    by_name: dict[str, Source] = {}
    for location in locations:
        resolved = location.resolve()
        if not resolved.exists():
            raise SourceError(f"{location} does not exist; give a folder or a file to read documents from")
        source = Source(resolved.name, resolved)
        clash = by_name.setdefault(source.name, source)
        if clash.location != resolved:
            raise SourceError(
                f"{clash.location} and {resolved} are both named {source.name!r}, so citations could not tell "
                "their files apart; rename one, or give the folder that holds both"
            )
    return list(by_name.values())


def find_files(sources: Sequence[Source], index_folder: Path, follow_links: bool = False) -> list[SourceFile]:
    """All source files in order of their paths, without hidden ones and those an ignore file names.

    The index may lie in a folder it is made of; it is not read. Links out of a source are followed only if
    `follow_links`. Links that are not followed, and folders that may not be listed, are among the files, to be
    skipped with their reason. Raises SourceError when there is no file at all.
    """
    left_out = index_folder.resolve()
    if any(source.location == left_out for source in sources):
        raise SourceError(f"{left_out} holds the index; give the folder of the documents")
    found = sorted(
        (file for source in sources for file in _walk(source, left_out, follow_links)), key=lambda file: file.path
    )
    if not found:
        names = ", ".join(str(source.location) for source in sources)
        raise SourceError(f"no files found in {names}; put documents there or give another folder")
    return pair_sidecars(found)


def _walk(source: Source, left_out: Path, follow_links: bool) -> Iterator[SourceFile]:
    if not source.location.is_dir():
        yield SourceFile(source.name, source.location)
        return
    ignored = _ignore_rules(source.location)
    walked = {source.location}
    unlisted: list[OSError] = []
    for folder, subfolders, names in os.walk(source.location, onerror=unlisted.append, followlinks=True):
        inside = Path(folder).relative_to(source.location)
        for name in names:
            if _is_listed(inside / name, ignored):
                yield _source_file(source, Path(folder, name), _link_refusal(source, Path(folder, name), follow_links))
        entered = []
        for name in subfolders:
            location = Path(folder, name)
            if not _is_listed(inside / name, ignored, "/") or location.resolve() == left_out:
                continue
            refusal = _link_refusal(source, location, follow_links)
            if refusal is None and location.resolve() in walked:
                refusal = ("link", "this link leads to a folder that was read already")
            if refusal is None:
                entered.append(name)
                walked.add(location.resolve())
            else:
                yield _source_file(source, location, refusal)
        subfolders[:] = entered
    for error in unlisted:
        reason = ("unlistable", "the folder cannot be listed; check who may read it")
        yield _source_file(source, Path(error.filename), reason)


def _link_refusal(source: Source, location: Path, follow_links: bool) -> tuple[str, str] | None:
    """Why a link is not followed: code and reason; None for one that is, and for what is no link."""
    try:
        if not location.is_symlink():
            return None
        if not location.exists():
            return "link", "this link leads nowhere"
        if location.resolve().is_relative_to(source.location):
            return "link", f"this link leads to what is in {source.name} anyway"
    except OSError as error:  # what is in the folder may be listed, but not looked at
        return "unreadable", f"cannot be opened: {error.strerror or error}"
    if follow_links:
        return None
    return "link", f"this link leads out of {source.name}; --follow-links reads it, or give rebuild what it leads to"


def _source_file(source: Source, location: Path, skip: tuple[str, str] | None = None) -> SourceFile:
    path = PurePath(source.name, location.relative_to(source.location)).as_posix()
    return SourceFile(printable(path), location, skip=skip)


def printable(name: str) -> str:
    """A name that can be stored and shown: names may be any bytes, and what is no UTF-8 is escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_listed(inside: Path, ignored: GitIgnoreSpec, suffix: str = "") -> bool:
    return not inside.name.startswith(".") and not ignored.match_file(inside.as_posix() + suffix)


def _ignore_rules(folder: Path) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines((folder / IGNORE_FILE).read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return GitIgnoreSpec([])
    except (OSError, ValueError) as error:
        raise SourceError(f"{folder / IGNORE_FILE} cannot be used: {error}") from error


def is_regular_file(location: Path) -> bool:
    """Whether reading the file ends: not a pipe, a socket or a device. Raises OSError where it cannot be told."""
    return stat.S_ISREG(location.stat().st_mode)


def pair_sidecars(files: Sequence[SourceFile]) -> list[SourceFile]:
    """`files`, each with its sidecar, which then is no file of its own; one that describes no file is to be skipped."""
    sidecars = {file.path.removesuffix(SIDECAR_SUFFIX): file for file in files if _is_sidecar(file)}
    described: set[str] = set()
    paired = []
    for file in files:
        if _is_sidecar(file):
            continue
        stem = file.path.removesuffix(PurePath(file.path).suffix)
        base = next((base for base in (file.path, stem) if base in sidecars), None)
        if base is not None:
            described.add(base)
        paired.append(file if base is None else replace(file, sidecar=sidecars[base].location))
    reason = ("sidecar", f"describes no file: none here has this name without {SIDECAR_SUFFIX}")
    orphans = [replace(file, skip=reason) for base, file in sidecars.items() if base not in described]
    return sorted(paired + orphans, key=lambda file: file.path)


def _is_sidecar(file: SourceFile) -> bool:
    return file.path.endswith(SIDECAR_SUFFIX)
