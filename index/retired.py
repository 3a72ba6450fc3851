"""Ids that earlier snapshots held, so that a citation that no longer stands can say so."""

import sqlite3
from contextlib import closing

from index.location import IndexLocation
from index.snapshot import TEXTS_FILE
from index.texts import TextStore


def snapshot_that_held(location: IndexLocation, record_id: str) -> str | None:
    """The latest kept snapshot with a passage or document of that id, or None."""
    for folder in reversed(location.snapshots()):
        try:
            with closing(TextStore(folder / TEXTS_FILE)) as texts:
                if texts.passage(record_id) or texts.document(record_id):
                    return folder.name
        except sqlite3.Error:
            continue  # an old snapshot that is damaged cannot tell
    return None
