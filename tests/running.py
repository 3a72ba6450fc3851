"""Starting the real command, and the real server, as processes of their own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

from tests.conftest import REPOSITORY

START_TIMEOUT_S = 120
COMMAND_TIMEOUT_S = 180


def run_citebox(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`citebox ARGUMENTS` without a network, with `environment` added."""
    return subprocess.run(
        [sys.executable, "-m", "tests.offline", *map(str, arguments)],
        cwd=REPOSITORY,
        env=_environment(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_TIMEOUT_S,
    )


@contextmanager
def serving(index: Path, *arguments: str) -> Iterator[str]:
    """The address of `citebox serve --index INDEX`, on a free port, without a network; stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.offline", "serve", "--index", str(index), "--port", "0", *arguments],
        cwd=REPOSITORY,
        env=_environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    errors: list[str] = []
    assert process.stdout and process.stderr
    lines: Queue[str] = Queue()
    readers = [
        threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True),
        threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        try:
            announced = lines.get(timeout=START_TIMEOUT_S)
        except Empty as error:
            raise AssertionError(f"the server did not start: {''.join(errors)}") from error
        yield announced.split()[-1]
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in readers:
            reader.join(timeout=5)
        process.stdout.close()
        process.stderr.close()


def _environment(added: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CITEBOX_")}
    return {**inherited, **added}
