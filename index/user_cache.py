"""Where Citebox keeps, for each user, what it can make again."""

import os
from pathlib import Path


def user_cache() -> Path:
    """The folder for it (XDG Base Directory Specification); it need not exist.

    Raises RuntimeError for a user without a home.
    """
    told = Path(os.environ.get("XDG_CACHE_HOME", ""))
    caches = told if told.is_absolute() else Path.home() / ".cache"
    return caches / "citebox"
