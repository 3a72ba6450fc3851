"""SOURCES given to a rebuild, and the source files in them."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pathspec import GitIgnoreSpec

from corpus.errors import SourceError

IGNORE_FILE = ".citeboxignore"
"""Names files that are not documents, in gitignore syntax; stands at the top of a source folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or a single file given to `rebuild`; `name` begins the path of every file in it."""

    name: str
    location: Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as found: `path` as it is cited (source name, then the path inside it, with `/`), `location` on disk."""

    path: str
    location: Path


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


def find_files(sources: Sequence[Source], index_folder: Path) -> list[SourceFile]:
    """All source files in order of their paths, without hidden ones and those an ignore file names.

    The index may lie in a folder it is made of; it is not read. Links to folders, which are not followed, and folders
    that may not be listed are among the files, so that they are accounted for like files that cannot be read.
    Raises SourceError when there is no file at all.
    """
    left_out = index_folder.resolve()
    if any(source.location == left_out for source in sources):
        raise SourceError(f"{left_out} holds the index; give the folder of the documents")
    found = sorted((file for source in sources for file in _walk(source, left_out)), key=lambda file: file.path)
    if not found:
        names = ", ".join(str(source.location) for source in sources)
        raise SourceError(f"no files found in {names}; put documents there or give another folder")
    return found


def _walk(source: Source, left_out: Path) -> Iterator[SourceFile]:
    if not source.location.is_dir():
        yield SourceFile(source.name, source.location)
        return
    ignored = _ignore_rules(source.location)
    unlisted: list[OSError] = []
    for folder, subfolders, names in os.walk(source.location, onerror=unlisted.append):
        inside = Path(folder).relative_to(source.location)
        linked = [name for name in subfolders if Path(folder, name).is_symlink()]
        subfolders[:] = [
            name for name in subfolders if _is_listed(inside / name, ignored, "/") and Path(folder, name) != left_out
        ]
        for name in names + linked:
            if _is_listed(inside / name, ignored):
                yield _source_file(source, Path(folder, name))
    for error in unlisted:
        yield _source_file(source, Path(error.filename))


def _source_file(source: Source, location: Path) -> SourceFile:
    path = PurePath(source.name, location.relative_to(source.location)).as_posix()
    return SourceFile(os.fsencode(path).decode("utf-8", "backslashreplace"), location)  # names may be any bytes


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
