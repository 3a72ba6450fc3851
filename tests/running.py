"""Starting the real command, and the real server, as processes of their own that cannot reach beyond this machine."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

from tests.conftest import REPOSITORY

GUARD = Path(__file__).parent / "offline_guard"
COMMAND = [sys.executable, "-c", "from web.cli import main; main()"]

START_TIMEOUT_S = 120
COMMAND_TIMEOUT_S = 180


def run_citebox(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`citebox ARGUMENTS`, with `environment` added. Fails if it tried to reach another machine."""
    with guarded_environment(environment) as guarded:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=REPOSITORY,
            env=guarded,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_TIMEOUT_S,
        )


@contextmanager
def serving(index: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """The address of `citebox serve --index INDEX` on a free port. Fails if it tried to reach another machine."""
    with guarded_environment(environment) as guarded:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--index", str(index), "--port", "0", *arguments],
            cwd=REPOSITORY,
            env=guarded,
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
        assert "Traceback" not in "".join(errors), "".join(errors)


@contextmanager
def guarded_environment(added: dict[str, str]) -> Iterator[dict[str, str]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CITEBOX_")}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "reached-for")
        guard = {"PYTHONPATH": str(GUARD), "OFFLINE_GUARD_LOG": str(log)}
        yield {**inherited, **guard, **added}
        assert not log.exists(), f"it tried to reach {log.read_text().split()}"
