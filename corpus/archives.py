"""Archives, walked like folders: their files are unpacked into a temporary folder and then read like any other.

What is inside is not trusted: names never become paths on disk, and sizes are counted while unpacking.
"""

import stat
import tarfile
import zipfile
import zlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import IO

from corpus.bombs import MAX_RATIO, is_bomb
from corpus.errors import DocumentError

ZIP_SUFFIXES = (".zip",)
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
ARCHIVE_SUFFIXES = (*ZIP_SUFFIXES, *TAR_SUFFIXES)

MAX_NESTING = 3
"""Archives inside each other that are unpacked; deeper ones are skipped."""
MAX_MEMBERS = 100_000
MAX_UNPACKED_BYTES = 4 * 1024**3
"""Of one archive, on disk at the same time."""
_COPY_BYTES = 1024**2

_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: where it was unpacked, or the code and reason why it was not."""

    name: str
    location: Path | None = None
    skip: tuple[str, str] | None = None


def is_archive(path: PurePath) -> bool:
    """Whether the file is one that is unpacked, by its name."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES)


def unpack(archive: Path, name: str, folder: Path) -> list[Member]:
    """Unpack an archive named `name` into the empty `folder`; its files in order of their names, without hidden ones.

    What is wrong with one file costs that file. Raises DocumentError `archive` for what cannot be opened at all and
    `bomb` for what grows beyond the limits.
    """
    unpacking = _Unpacking(folder, archive.stat().st_size)
    try:
        if name.lower().endswith(ZIP_SUFFIXES):
            _unpack_zip(archive, unpacking)
        else:
            _unpack_tar(archive, unpacking)
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the disk, not of the archive
            raise
        damage = f"the archive is damaged ({_in_one_line(error)})"
        if not unpacking.members:
            raise DocumentError("archive", f"{damage}, nothing in it can be read") from error
        unpacking.members.append(Member("", skip=("archive", f"{damage}; what came before was read")))
    if not unpacking.members:
        raise DocumentError("empty", "the archive holds no files")
    return sorted(unpacking.members, key=lambda member: member.name)


class _Unpacking:
    """Counts what is unpacked and stops at the limits."""

    def __init__(self, folder: Path, packed_bytes: int) -> None:
        self.members: list[Member] = []
        self._folder = folder
        self._packed_bytes = packed_bytes
        self._unpacked_bytes = 0

    def add(self, name: str, content: AbstractContextManager[IO[bytes]]) -> None:
        """Unpack one file; damage in it costs it alone."""
        location = self._folder / f"{len(self.members)}"
        try:
            with content as packed, location.open("wb") as unpacked:
                while some := packed.read(_COPY_BYTES):
                    self._count_bytes(len(some))
                    unpacked.write(some)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            location.unlink(missing_ok=True)
            self.members.append(Member(name, skip=("archive", f"cannot be unpacked: {_in_one_line(error)}")))
        else:
            self.members.append(Member(name, location))

    def skip(self, name: str, code: str, reason: str) -> None:
        """Account for a file that is not unpacked."""
        self.members.append(Member(name, skip=(code, reason)))

    def expect(self, files: int) -> None:
        """Raise DocumentError where so many files are too many."""
        if files > MAX_MEMBERS:
            raise DocumentError("bomb", f"the archive holds more than {MAX_MEMBERS:,} files; unpack it yourself")

    def _count_bytes(self, count: int) -> None:
        self._unpacked_bytes += count
        if self._unpacked_bytes > MAX_UNPACKED_BYTES:
            size = MAX_UNPACKED_BYTES // 1024**3
            raise DocumentError("bomb", f"the archive unpacks to more than {size} GB; unpack it yourself")
        if is_bomb(self._unpacked_bytes, self._packed_bytes):
            raise DocumentError("bomb", f"the archive unpacks to more than {MAX_RATIO} times its size")


def _unpack_zip(archive: Path, unpacking: _Unpacking) -> None:
    with zipfile.ZipFile(archive) as opened:
        infos = opened.infolist()
        unpacking.expect(len(infos))
        for info in infos:
            name = _inside_name(info.filename)
            if info.is_dir() or name is None:
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                unpacking.skip(name, "link", "is a link; links in archives are not followed")
            elif info.flag_bits & 1:
                unpacking.skip(name, "encrypted", "is protected by a password; unpack the archive yourself")
            elif is_bomb(info.file_size, info.compress_size):
                unpacking.skip(name, "bomb", f"would unpack to more than {MAX_RATIO} times its size")
            else:
                unpacking.add(name, opened.open(info))


def _unpack_tar(archive: Path, unpacking: _Unpacking) -> None:
    with tarfile.open(archive) as opened:
        for count, info in enumerate(opened, start=1):
            unpacking.expect(count)
            name = _inside_name(info.name)
            if info.isdir() or name is None:
                continue
            content = opened.extractfile(info) if info.isfile() else None
            if content is None:
                unpacking.skip(name, "link", "is a link or a device; those in archives are not followed")
            else:
                unpacking.add(name, content)


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _inside_name(name: str) -> str | None:
    """The path inside the archive, without what would lead out of it; None for a hidden file, as in a folder."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    if not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return None
    return "/".join(parts)
