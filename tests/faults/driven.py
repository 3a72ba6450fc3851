"""Runs a module of these tests as a process of its own and gives what it found."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

TIMEOUT_S = 300


def found_by(module: str, folder: Path, prefix: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The lines of JSON that `PREFIX python -m MODULE FOLDER` prints. Fails if it does not end well."""
    command = [*prefix, sys.executable, "-m", module, str(folder)]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]
