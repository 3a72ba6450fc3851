"""What two snapshots must have in common to be the same index."""

import json
from pathlib import Path
from typing import Any

from index.manifest import MANIFEST_FILE

TOLD_APART_BY = {"snapshot_id", "built_at", "sha256"}


def content_of(snapshot: Path) -> dict[str, Any]:
    """Every file of the snapshot as bytes by its path, and its manifest without times and the snapshot's name."""
    files: dict[str, Any] = {
        path.relative_to(snapshot).as_posix(): path.read_bytes() for path in snapshot.rglob("*") if path.is_file()
    }
    manifest = json.loads(files.pop(MANIFEST_FILE))
    return {**files, "manifest": {name: value for name, value in manifest.items() if name not in TOLD_APART_BY}}
