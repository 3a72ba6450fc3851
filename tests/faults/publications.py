"""Publications one after the other, under a server that is asked by many at the same time."""

from dataclasses import dataclass, field
from pathlib import Path

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoder import Encoder
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.faults.asking import Clients, wait_until_served
from tests.faults.editions import QUESTION, Editions
from tests.running import serving

CLIENTS = 16
SETTLED_AFTER = 5
"""Publications after which the server holds what it needs."""
PAUSE_S = 0.2
"""Of each client between two questions."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the server's process holds: resident memory in megabytes, and open files."""

    memory_mb: float
    files: int


@dataclass(slots=True)
class Publications:
    """What became of them; `held` is what the server held after each."""

    requests: int = 0
    answered_from: int = 0  # how many snapshots
    unanswered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


def publish(folder: Path, encoder: Encoder, reader: FileReader, count: int) -> Publications:
    """Publish so many changed states of a folder; the server answers from each before the next one is published."""
    editions = Editions(folder / "docs", seed=count)
    location = IndexLocation(folder / "index")
    states: dict[str, dict[str, str]] = {}
    found = Publications()

    def publish_next() -> str:
        editions.change()
        report = rebuild(location, make_sources([editions.folder]), encoder, reader, SilentProgress())
        states[report.snapshot] = editions.texts()
        return report.snapshot

    publish_next()
    with serving(location.folder) as address, Clients(address, QUESTION, CLIENTS, PAUSE_S) as clients:
        server = _process_with(str(location.folder))
        for _ in range(count):
            wait_until_served(address, publish_next())
            found.held.append(_held_by(server))
    found.requests = clients.requests
    found.unanswered = clients.failures
    found.wrong = clients.wrong(states)
    found.answered_from = len({answer.snapshot for answer in clients.answers})
    return found


def _process_with(argument: str) -> Path:
    """Where Linux tells of the one process that was started with that argument."""
    (found,) = (
        process
        for process in Path("/proc").glob("[0-9]*")
        if argument.encode() in _read(process / "cmdline").split(b"\0")
    )
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process has ended
        return b""


def _held_by(process: Path) -> Held:
    (resident,) = (line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS:"))
    return Held(int(resident.split()[1]) / 1024, len(list((process / "fd").iterdir())))
