"""Users who may read an index and not write it: what they can do, and what they are told of the rest."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from corpus.sources import make_sources
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests import running
from tests.conftest import REPOSITORY, SAMPLE, write_files
from tests.faults.without_model import COMMAND_WITHOUT_MODEL
from tests.hashing_encoder import HashingEncoder
from tests.running import COMMAND, run_citebox, serving
from tests.shared_reader import shared_reader

NOBODY = "65534"
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
READ_ALL = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
"""For an interpreter, or a repository, that nobody else may read."""
WITHOUT_PRIVILEGES = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
QUESTION = "How many licences?"


def works(prefix: list[str], folder: Path) -> bool:
    """Whether a process begun with `prefix` can run the command, read `folder` and not write it."""
    code = f"import os, web.cli; assert os.access({str(folder)!r}, os.R_OK | os.X_OK)"
    code += f"; assert not os.access({str(folder)!r}, os.W_OK)"
    try:
        result = subprocess.run([*prefix, sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, check=False)
    except OSError:
        return False
    return result.returncode == 0


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that every user may read, and its owner alone may write."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def prefix(folder: Path) -> list[str]:
    """What to begin a command with for it to be run by a user who may not write what is read-only."""
    if os.geteuid() != 0:
        return []
    (folder / "read-only").mkdir(mode=0o555)
    for candidate in (AS_NOBODY, [*AS_NOBODY, *READ_ALL], WITHOUT_PRIVILEGES):
        if works(candidate, folder / "read-only"):
            return candidate
    pytest.skip("root may write anywhere, and nothing here gives that up (setpriv)")


@pytest.fixture
def unprivileged(prefix: list[str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let commands be run by that user, whose home may not be written either."""
    monkeypatch.setattr(running, "COMMAND", [*prefix, *COMMAND])
    monkeypatch.setenv("HOME", str(folder / "read-only"))
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def read_only(path: Path) -> Path:
    for found in (path, *path.rglob("*")):
        found.chmod(0o555 if found.is_dir() else 0o444)
    return path


@pytest.fixture(scope="module")
def index(folder: Path, sample_index: Path) -> Path:
    return read_only(Path(shutil.copytree(sample_index, folder / "index")))


@pytest.mark.usefixtures("unprivileged")
def test_a_user_who_may_only_read_the_index_can_ask_it(index: Path) -> None:
    answer = run_citebox("ask", QUESTION, "--index", index, "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["passages"]


@pytest.mark.usefixtures("unprivileged")
def test_a_user_who_may_only_read_the_index_can_see_its_status_and_verify_it(index: Path) -> None:
    status = run_citebox("status", "--index", index)
    assert status.returncode == 0, status.stderr
    assert IndexLocation(index).published().name in status.stdout
    verified = run_citebox("verify", "--index", index)
    assert verified.returncode == 0, verified.stderr


@pytest.mark.usefixtures("unprivileged")
def test_a_user_who_may_only_read_the_index_can_serve_it(index: Path) -> None:
    with serving(index) as address:
        answer = httpx.get(f"{address}/api/v1/ask", params={"q": QUESTION}, timeout=60, trust_env=False)
    assert answer.status_code == 200
    assert answer.json()["passages"]


@pytest.mark.usefixtures("unprivileged")
@pytest.mark.parametrize("command", ["rebuild", "rollback", "prune"])
def test_what_changes_an_index_says_in_a_line_that_it_cannot_be_written(
    index: Path, prefix: list[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(running, "COMMAND", [*prefix, *COMMAND_WITHOUT_MODEL])
    result = run_citebox(command, *([SAMPLE] if command == "rebuild" else []), "--index", index)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"citebox: the index folder {index} cannot be written: Permission denied\n"


@pytest.mark.usefixtures("unprivileged")
def test_an_index_that_cannot_be_made_where_it_is_to_be_is_told(
    folder: Path, prefix: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "COMMAND", [*prefix, *COMMAND_WITHOUT_MODEL])
    new = folder / "read-only" / "new"
    result = run_citebox("rebuild", SAMPLE, "--index", new)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"citebox: the index folder {new} cannot be written: Permission denied\n"


READ_DOCS = """
import json, sys
from pathlib import Path
from corpus.sources import find_files, make_sources
from tests.faults.in_process import InProcessReader
docs = Path(sys.argv[1])
for one in InProcessReader().read(find_files(make_sources([docs]), docs / "index")):
    print(json.dumps([one.path, getattr(one, "code", None), getattr(one, "reason", None)]))
"""


@pytest.fixture
def read_by_others(prefix: list[str], folder: Path) -> Callable[[Path], dict[str, list[str | None]]]:
    """Code and reason for each file in a folder, as that user finds it."""

    def read(docs: Path) -> dict[str, list[str | None]]:
        limited = WITHOUT_PRIVILEGES if prefix[-len(READ_ALL) :] == READ_ALL else prefix
        command = [*limited, sys.executable, "-c", READ_DOCS, str(docs)]
        result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60)
        assert result.returncode == 0, result.stderr
        return {path: told for path, *told in map(json.loads, result.stdout.splitlines())}

    return read


@pytest.fixture
def docs(folder: Path) -> Iterator[Path]:
    """Documents, all of which may be read until a test forbids it."""
    docs = folder / "docs"
    write_files(docs, {"a.txt": "One.", "b.txt": "Two.", "sub/c.txt": "Three."})
    yield docs
    (docs / "sub").chmod(0o755)
    shutil.rmtree(docs)


def test_a_file_that_may_not_be_read_is_skipped_and_told(
    docs: Path, read_by_others: Callable[[Path], dict[str, list[str | None]]]
) -> None:
    (docs / "b.txt").chmod(0)
    assert read_by_others(docs) == {
        "docs/a.txt": [None, None],
        "docs/b.txt": ["unreadable", "cannot be opened: Permission denied"],
        "docs/sub/c.txt": [None, None],
    }


def test_a_folder_that_may_not_be_listed_is_skipped_and_told(
    docs: Path, read_by_others: Callable[[Path], dict[str, list[str | None]]]
) -> None:
    (docs / "sub").chmod(0)
    told = ["unlistable", "the folder cannot be listed; check who may read it"]
    assert read_by_others(docs)["docs/sub"] == told


def test_files_in_a_folder_that_may_be_listed_but_not_entered_are_skipped_and_told(
    docs: Path, read_by_others: Callable[[Path], dict[str, list[str | None]]]
) -> None:
    (docs / "sub").chmod(0o444)
    code, reason = read_by_others(docs)["docs/sub/c.txt"]
    assert code == "unreadable"
    assert reason
    assert "Permission denied" in reason


def test_a_snapshot_can_be_read_by_those_whom_the_builders_umask_allows(
    tmp_path: Path, hashing_encoder: HashingEncoder
) -> None:
    """Its folder can be entered by all; whether its files can be read is up to the operator."""
    write_files(tmp_path / "docs", {"a.txt": "Oil was sold."})
    modes = {}
    for umask in (0o022, 0o027, 0o077):
        location = IndexLocation(tmp_path / f"index-{umask:o}")
        before = os.umask(umask)
        try:
            rebuild(location, make_sources([tmp_path / "docs"]), hashing_encoder, shared_reader(), SilentProgress())
        finally:
            os.umask(before)
        files = [path for path in location.published().rglob("*") if path.is_file()]
        modes[umask] = {oct(path.stat().st_mode & 0o777) for path in files}
    assert modes == {0o022: {"0o644"}, 0o027: {"0o640"}, 0o077: {"0o600"}}
