"""Ids that earlier snapshots held, so that a citation that no longer stands can say so."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.leases import Lease
from index.location import IndexLocation
from index.manifest import SnapshotError, read_manifest
from index.snapshot import TEXTS_FILE
from index.texts import TextStore
from index.verified import verify_unseen_files


def snapshot_that_held(location: IndexLocation, record_id: str) -> str | None:
    """The latest kept snapshot with a passage or document of that id, or None."""
    for folder in reversed(location.snapshots()):
        try:
            if _holds(folder, record_id):
                return folder.name
        except (SnapshotError, sqlite3.Error):
            continue  # an old snapshot that is damaged or being removed cannot tell
    return None


def _holds(folder: Path, record_id: str) -> bool:
    lease = Lease(folder)
    try:
        verify_unseen_files(folder, read_manifest(folder), [TEXTS_FILE])
        with closing(TextStore(folder / TEXTS_FILE)) as texts:
            return bool(texts.passage(record_id) or texts.document(record_id))
    finally:
        lease.release()
