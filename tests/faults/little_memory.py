"""Rebuilds an index in processes that may take less and less memory.

Forked from one that has loaded all libraries and used none: FAISS does not outlive a fork after its first use.
"""

import json
import os
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import CiteboxError
from corpus.formats.content import ReadingOptions
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile, make_sources
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.conftest import write_files
from tests.faults.in_process import InProcessReader
from tests.hashing_encoder import HashingEncoder

MEGABYTES = (16, 48, 96, 160)
TEXT = " ".join(f"In week {week} cargo {week} was sold in port {week}, and it was dear." for week in range(2_000))
DONE, TOLD, UNTOLD = 0, 1, 2
"""How a process ends; what is untold here, the command tells as unexpected."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended that could take so much more memory than it had; negative for one that a signal ended."""

    megabytes: int
    code: int
    published: str | None


def attempt(location: IndexLocation, docs: Path, megabytes: int | None) -> int:
    """How a process ends that rebuilds with so many megabytes more than it has, or as many as there are."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    code = UNTOLD
    try:
        if megabytes is not None:
            limit = (_taken_kilobytes() + megabytes * 1024) * 1024
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        rebuild(location, make_sources([docs]), HashingEncoder(), InProcessReader(read_wholly), SilentProgress())
        code = DONE
    except CiteboxError as error:
        print(error, file=sys.stderr, flush=True)
        code = TOLD
    except BaseException as error:
        print(type(error).__name__, error, file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def read_wholly(file: SourceFile, options: ReadingOptions) -> ReadFile | SkippedFile:
    """As a worker reads it, whose memory has a limit of its own: what is too large here must not be skipped."""
    result = read_file(file, options)
    if isinstance(result, SkippedFile) and result.code == "memory":
        raise MemoryError
    return result


def _taken_kilobytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))


def main(folder: Path) -> None:
    """Print a line of JSON for a first rebuild without a limit, and for each limit."""
    docs, location = folder / "docs", IndexLocation(folder / "index")
    write_files(docs, {"a.txt": "Oil was sold to 12 buyers."})
    limits: tuple[int | None, ...] = (None, *MEGABYTES, None)
    for number, megabytes in enumerate(limits):
        code = attempt(location, docs, megabytes)
        print(json.dumps(asdict(Outcome(megabytes or 0, code, location.published_id()))), flush=True)
        write_files(docs, {"large.txt": f"{TEXT} {number}"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
