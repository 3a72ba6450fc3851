"""`citebox rollback` and `citebox prune`: what is published, and what is kept, of the snapshots there are."""

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from index.history import Publication, append_history, read_history, reconcile, standing_of
from index.location import IndexLocation, RebuildError, uninterrupted
from index.manifest import SnapshotError, read_manifest
from index.retention import DEFAULT_KEEP, listed, previous, prune, published_or_none
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption, tell
from index.verification import check


def rollback_command(
    index: IndexOption = DEFAULT_INDEX,
    to: Annotated[
        str | None,
        typer.Option(metavar="SNAPSHOT", help="The snapshot, or the beginning of its name; else the one before."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Publish an earlier snapshot again."""
    location = IndexLocation(index)
    with _changing(location, "citebox rollback"):
        before = published_or_none(location)
        target = previous(location) if to is None else _named(location, to)
        if target.name != before:
            _publish(location, target, "citebox rollback" if to is None else f"citebox rollback --to {to}")
    if as_json:
        print(json.dumps({"snapshot": target.name, "previous": before, "published": True}))
    elif target.name == before:
        print(f"snapshot {target.name} is the published one already")
    else:
        print(f"published snapshot {target.name}; before: {before or 'none'}")


def prune_command(
    index: IndexOption = DEFAULT_INDEX,
    keep: Annotated[
        int, typer.Option(min=1, help="How many snapshots to keep, the published one among them.")
    ] = DEFAULT_KEEP,
    as_json: JsonOption = False,
) -> None:
    """Remove old snapshots: never the published one, nor one that is being read."""
    location = IndexLocation(index)
    with _changing(location, "citebox prune"):
        pruned = prune(location, keep)
        kept = [folder.name for folder in location.snapshots()]
    if as_json:
        document = {
            "removed": pruned.removed, "in_use": pruned.in_use, "kept": kept, "freed_bytes": pruned.freed_bytes,
        }  # fmt: skip
        print(json.dumps(document))
        return
    for name in pruned.removed:
        print(f"removed {name}")
    for name in pruned.in_use:
        print(f"kept {name}: it is being read")
    print(f"{len(kept)} kept, {len(pruned.removed)} removed, {decimal(pruned.freed_bytes)} freed")


@contextmanager
def _changing(location: IndexLocation, command: str) -> Iterator[None]:
    """Hold the lock of an index that there is, with its history made good.

    Raises SnapshotError where there are no snapshots, LockedError, and RebuildError where the disk refuses.
    """
    if not location.snapshots():
        raise SnapshotError(f"there are no snapshots in {location.folder}; is it the right --index?")
    with location.lock(command) as dead:
        if dead:
            tell(f"{dead.command} (process {dead.pid} on {dead.host}, since {dead.since}) ended before it was done")
        try:
            reconcile(location)
            yield
        except OSError as error:
            raise RebuildError(f"the index folder {location.folder} cannot be written: {error.strerror}") from error


def _named(location: IndexLocation, beginning: str) -> Path:
    """The snapshot whose id is `beginning`, or alone begins with it."""
    folders = location.snapshots()
    matching = [folder for folder in folders if folder.name == beginning] or [
        folder for folder in folders if beginning and folder.name.startswith(beginning)
    ]
    if len(matching) != 1:
        found = f"{len(matching)} snapshots begin with" if matching else "there is no snapshot"
        raise typer.BadParameter(f"{found} {beginning!r}; there are: {listed(location)}", param_hint="--to")
    return matching[0]


def _publish(location: IndexLocation, target: Path, command: str) -> None:
    """Publish the snapshot and write that down, once it was verified in full; else nothing changes."""
    tell(f"verifying {target.name}")
    try:
        check(target)
        counts = read_manifest(target).counts
    except SnapshotError as error:
        raise SnapshotError(f"{target.name} was not published: {error}") from error
    publication = Publication(
        at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        action="rollback",
        snapshot=target.name,
        command=command,
        counts=counts,
        forced=standing_of(target.name, read_history(location.folder)) == "held back",
    )
    with uninterrupted():
        location.publish(target.name)
        try:
            append_history(location.folder, publication)
        except OSError as error:
            raise RebuildError(
                f"{target.name} is published, but the history cannot be written: {error.strerror}"
            ) from error
