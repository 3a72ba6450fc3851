"""What to do about a snapshot that cannot be used: the commands that messages name."""

import shlex
from collections.abc import Sequence
from pathlib import Path

SNAPSHOTS_FOLDER = "snapshots"


def remedy(folder: Path, sources: Sequence[str] = ()) -> str:
    """What helps where the snapshot in `folder`, made of `sources`, is damaged: the one before it, or a rebuild."""
    rebuild = f"rebuild the index with `{rebuild_command_line(folder, sources)}`"
    index_folder = _index_folder(folder)
    if index_folder is None or not _has_earlier(folder):
        return rebuild
    rollback = shlex.join(["citebox", "rollback", "--index", str(index_folder)])
    return f"go back to the snapshot before with `{rollback}`, or {rebuild}"


def rebuild_command_line(folder: Path, sources: Sequence[str] = ()) -> str:
    """The command that builds the index of the snapshot in `folder` anew; without known `sources` it says SOURCE."""
    index_folder = _index_folder(folder)
    options = [] if index_folder is None else ["--index", str(index_folder)]
    return shlex.join(["citebox", "rebuild", *(sources or ["SOURCE..."]), *options])


def _index_folder(folder: Path) -> Path | None:
    """The index that the snapshot belongs to; None for a copy elsewhere."""
    return folder.parent.parent if folder.parent.name == SNAPSHOTS_FOLDER else None


def _has_earlier(folder: Path) -> bool:
    names = [other.name for other in folder.parent.iterdir() if other.is_dir()] if folder.parent.is_dir() else []
    return any(name < folder.name and not name.startswith(".") for name in names)
