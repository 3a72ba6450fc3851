"""How much of the disk an index takes."""

import os
from pathlib import Path


def size_bytes(folder: Path) -> int:
    """Bytes of all files below `folder`; what vanishes meanwhile, or may not be listed, counts as none."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).lstat().st_size
            except OSError:
                continue
    return total
