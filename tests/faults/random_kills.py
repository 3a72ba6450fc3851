"""Rebuilds killed at random moments, under a server that is asked all the time."""

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from index.location import IndexLocation
from tests.faults.asking import Clients, wait_until_served
from tests.faults.editions import QUESTION, Editions
from tests.faults.invariants import damages, differences, leftovers, unrecorded
from tests.faults.killing import Ended, RebuildProcesses
from tests.running import serving

KILLS_BETWEEN_WHOLE = 7
"""Rebuilds that are killed before one is let run to its end."""
PAUSE_S = 0.05
"""Of the client between two questions, so that it leaves the rebuild something of the machine."""


@dataclass(slots=True)
class RandomKills:
    """What became of an index. `whole` counts the rebuilds that were not killed, or were done before.

    `published_by_killed` counts the killed ones that had published what they built. `damages` are of snapshots, and
    `failures` of rebuilds that were to succeed and of what they left.
    """

    kills: int = 0
    published_by_killed: int = 0
    whole: int = 0
    requests: int = 0
    answered_from: int = 0  # how many snapshots
    unanswered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    damages: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def kill_at_random_moments(rebuilds: RebuildProcesses, folder: Path, kills: int, seed: int) -> RandomKills:
    """Kill that many rebuilds in `folder`, each after a random share of the seconds that a whole one takes."""
    editions = Editions(folder / "docs", seed)
    location = IndexLocation(folder / "index")
    trial = _Trial(editions, location, rebuilds)
    with serving(location.folder) as address:
        trial.rebuild_whole()
        wait_until_served(address, trial.published())
        with Clients(address, QUESTION, count=1, pause=PAUSE_S) as clients:
            trial.kill(kills, random.Random(seed))
            wait_until_served(address, trial.published())
    found = trial.found
    found.requests = clients.requests
    found.unanswered = clients.failures
    found.wrong = clients.wrong(trial.states)
    found.answered_from = len({answer.snapshot for answer in clients.answers})
    return found


class _Trial:
    """The rebuilds of a trial; `states` has the texts that the documents had, by the snapshots made of them."""

    def __init__(self, editions: Editions, location: IndexLocation, rebuilds: RebuildProcesses) -> None:
        self.found = RandomKills()
        self.states: dict[str, dict[str, str]] = {}
        self._editions = editions
        self._location = location
        self._full = IndexLocation(location.folder.with_name("full"))
        self._rebuilds = rebuilds
        self._published: set[str] = set()

    def published(self) -> str:
        """Id of the published snapshot."""
        return self._location.published().name

    def kill(self, kills: int, moments: random.Random) -> None:
        """Kill so many rebuilds, each of documents that changed, and let one be done now and then, and at the end."""
        seconds = self.rebuild_whole()
        while self.found.kills < kills:
            self._editions.change()
            before = self.published()
            ended = self._rebuild(self._location, moments.uniform(0, seconds))
            self._note(ended)
            self.found.published_by_killed += ended.killed and self.published() != before
            if (ended.killed and self.found.kills % KILLS_BETWEEN_WHOLE == 0) or self.found.kills == kills:
                seconds = self.rebuild_whole()
                self._compare_with_full()

    def rebuild_whole(self) -> float:
        """Rebuild to the end; how many seconds it took."""
        ended = self._rebuild(self._location)
        self._note(ended)
        self._fail(leftovers(self._location))
        return ended.seconds

    def _compare_with_full(self) -> None:
        shutil.rmtree(self._full.folder, ignore_errors=True)
        ended = self._rebuild(self._full)
        assert ended.exit == 0, ended.printed
        self._fail(differences(self._location, self._full))

    def _rebuild(self, location: IndexLocation, kill_after: float | None = None) -> Ended:
        return self._rebuilds.command(self._editions.folder, location.folder, kill_after)

    def _note(self, ended: Ended) -> None:
        """Count it, and look at what it left."""
        self.found.kills += ended.killed
        self.found.whole += ended.exit == 0
        if not ended.killed and ended.exit:
            self._fail([f"a rebuild ended with exit code {ended.exit}: {ended.printed}"])
        if ended.orphans:
            self._fail(["processes that read files went on after their rebuild was killed"])
        self.found.damages += (f"kill {self.found.kills}: {damage}" for damage in damages(self._location))
        for snapshot in self._location.snapshots():
            self.states.setdefault(snapshot.name, self._editions.texts())
        self._published.add(self.published())
        if ended.exit == 0:
            self._fail(unrecorded(self._location, self._published))

    def _fail(self, failures: Iterable[str]) -> None:
        self.found.failures += (f"kill {self.found.kills}: {failure}" for failure in failures)
