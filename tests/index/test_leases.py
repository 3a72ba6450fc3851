from pathlib import Path

import pytest

from index.leases import Lease, removing
from index.manifest import MANIFEST_FILE, SnapshotError


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    (tmp_path / MANIFEST_FILE).write_text("{}")
    return tmp_path


def test_a_snapshot_that_nobody_reads_may_be_removed(snapshot: Path) -> None:
    with removing(snapshot) as free:
        assert free


def test_a_snapshot_stays_until_its_last_reader_is_done(snapshot: Path) -> None:
    first, second = Lease(snapshot), Lease(snapshot)
    for reader in (first, second):
        with removing(snapshot) as free:
            assert not free
        reader.release()
    with removing(snapshot) as free:
        assert free


def test_a_reader_that_is_forgotten_holds_nothing(snapshot: Path) -> None:
    lease = Lease(snapshot)
    del lease
    with removing(snapshot) as free:
        assert free


def test_nobody_begins_to_read_what_is_being_removed(snapshot: Path) -> None:
    with removing(snapshot), pytest.raises(SnapshotError, match="is being removed"):
        Lease(snapshot)
    Lease(snapshot).release()


def test_reading_permission_is_enough(snapshot: Path) -> None:
    (snapshot / MANIFEST_FILE).chmod(0o444)
    snapshot.chmod(0o555)
    try:
        lease = Lease(snapshot)
        with removing(snapshot) as free:
            assert not free
        lease.release()
    finally:
        snapshot.chmod(0o755)


def test_a_snapshot_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"manifest.json cannot be read"):
        Lease(tmp_path / "gone")
