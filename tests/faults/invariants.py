"""What holds of an index at any moment, whatever was killed."""

from collections.abc import Iterator

from index.encoder import Encoder
from index.history import read_history
from index.location import IndexLocation
from index.manifest import SnapshotError
from index.verification import verify_snapshot
from tests.index.snapshots import content_of


def damages(location: IndexLocation, encoder: Encoder | None = None) -> Iterator[str]:
    """What is wrong with the published snapshot, and with any other: all are whole, or are no snapshots."""
    try:
        published = location.published()
    except SnapshotError as error:
        yield str(error)
        return
    folders = location.snapshots()
    if published not in folders:
        yield f"CURRENT names {published.name}, which is no snapshot"
    for folder in folders:
        yield from verify_snapshot(folder, encoder).problems


def leftovers(location: IndexLocation) -> Iterator[str]:
    """What a rebuild that ended by itself must not leave."""
    yield from (f"{folder} was left" for folder in location.abandoned())
    lock = location.folder / "LOCK"
    if lock.read_bytes():
        yield f"{lock} still names its owner"


def differences(location: IndexLocation, other: IndexLocation) -> Iterator[str]:
    """Names of what the two published snapshots do not have in common, and should."""
    content, expected = content_of(location.published()), content_of(other.published())
    for name in sorted(content.keys() | expected.keys()):
        if content.get(name) != expected.get(name):
            yield f"{name} is not what a full rebuild writes"


def unrecorded(location: IndexLocation, published: set[str]) -> Iterator[str]:
    """Which of the snapshots that were published the history does not know as such."""
    known = {one.snapshot for one in read_history(location.folder) if one.published}
    yield from (f"the history does not know that {name} was published" for name in sorted(published - known))
