"""Names of tantivy's segments: by what they hold, so that the same passages give the same files.

tantivy names a segment at random, in `meta.json` and as the stem of its files, and in none of them inside.
"""

import hashlib
import json
import uuid
from pathlib import Path

_META, _MANAGED = "meta.json", ".managed.json"


def name_segments(folder: Path) -> None:
    """Rename the segments of the index in `folder`, which nobody has open, and put them in order of their names.

    Lock files, which only its writer needed, go; the others get the permissions of new files, so that a server that
    runs as another user can read them.
    """
    for lock in folder.glob("*.lock"):
        lock.unlink()
    meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    for segment in meta["segments"]:
        given = uuid.UUID(segment["segment_id"]).hex
        files = sorted(folder.glob(f"{given}.*"))
        named = uuid.UUID(_content_hash(files))
        for file in files:
            file.rename(folder / f"{named.hex}{file.suffix}")
        segment["segment_id"] = str(named)
    meta["segments"].sort(key=lambda segment: segment["segment_id"])
    managed = sorted(file.name for file in folder.iterdir() if file.name != _MANAGED)
    for name, document in ((_META, meta), (_MANAGED, managed)):
        (folder / name).unlink()  # tantivy's are for their owner's eyes alone
        (folder / name).write_text(json.dumps(document), encoding="utf-8")


def _content_hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.suffix.encode())
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:32]
