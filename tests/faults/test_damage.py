"""No damaged file of a snapshot is ever read, not even by a process that has just verified and used it."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.sources import make_sources
from index import snapshot as snapshot_module
from index import verified
from index.location import IndexLocation
from index.manifest import FORMAT_VERSION, MANIFEST_FILE, SnapshotError, read_manifest
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.snapshot import open_snapshot
from index.verification import verify_snapshot
from tests.conftest import write_files
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

TRUNCATIONS, FLIPS = 20, 100
READERS = ("TextStore", "PassageVectors", "SentenceVectors", "LexicalIndex", "ForwardIndex", "read_outcomes")
DEADLINE_S = 30


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies of a snapshot, each in an index of its own, that this process has opened and remembers; and its files."""

    folders: list[Path]
    names: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published snapshot, not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    write_files(
        folder / "docs",
        {
            "a.md": "# Oil\n\nOil was sold to 12 buyers. Gas was not.\n\n# Steel\n\nSteel was dear. Mills closed.",
            "b.txt": "Tea prices rose by nine percent. Nobody knew why the harvest was late.",
            "c.xyz": "not read",
        },
    )
    location = IndexLocation(folder / "index")
    rebuild(location, make_sources([folder / "docs"]), HashingEncoder(), shared_reader(), SilentProgress())
    return location.published()


@pytest.fixture(scope="module")
def copies(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """As many copies as any file is damaged in ways: what was damaged once is not remembered any more."""
    folder = tmp_path_factory.mktemp("copies")
    folders = [
        Path(shutil.copytree(built, folder / str(number) / "snapshots" / built.name))
        for number in range(TRUNCATIONS + FLIPS)
    ]
    names = list(read_manifest(built).files)
    deadline = time.monotonic() + DEADLINE_S
    while not is_settled(folders[-1]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    for each in folders:
        open_snapshot(each).close()
    yield Copies(folders, names)
    shutil.rmtree(folder)


def is_settled(folder: Path) -> bool:
    latest = max(path.stat().st_ctime_ns for path in folder.rglob("*") if path.is_file())
    return time.time_ns() - latest > verified.SETTLED_NS


@pytest.fixture
def snapshot(built: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(built, tmp_path / "snapshot"))


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything but the verification comes to read a file."""
    for reader in READERS:
        monkeypatch.delattr(snapshot_module, reader)


def assert_refused(folder: Path, name: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        open_snapshot(folder)
    assert str(folder / name) in str(caught.value)


def assert_refused_while_damaged(folder: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    path = folder / name
    content = path.read_bytes()
    damaged = damage(content)
    assert damaged != content
    with path.open("r+b") as stream:  # in place: the same inode, and where the size is the same only times tell
        stream.write(damaged)
        stream.truncate()
    assert_refused(folder, name)
    path.write_bytes(content)


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(len(content) * share)]


def flip(seed: str) -> Callable[[bytes], bytes]:
    def damage(content: bytes) -> bytes:
        bit = random.Random(seed).randrange(8 * len(content))
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        return bytes(damaged)

    return damage


def test_what_was_opened_before_is_remembered(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(verified, "checksum")
    for folder in copies.folders:
        open_snapshot(folder).close()


def test_every_file_that_is_truncated_anywhere_is_refused(copies: Copies, no_reader: None) -> None:
    for number, folder in enumerate(copies.folders[:TRUNCATIONS]):
        for name in (MANIFEST_FILE, *copies.names):
            assert_refused_while_damaged(folder, name, cut(number / TRUNCATIONS))


def test_every_file_that_lacks_its_last_byte_is_refused(snapshot: Path, copies: Copies, no_reader: None) -> None:
    for name in (MANIFEST_FILE, *copies.names):
        assert_refused_while_damaged(snapshot, name, lambda content: content[:-1])


def test_every_file_with_a_bit_flipped_anywhere_is_refused(copies: Copies, no_reader: None) -> None:
    for number, folder in enumerate(copies.folders[TRUNCATIONS:]):
        for name in (MANIFEST_FILE, *copies.names):
            # the suffix, as names in lexical/ differ from rebuild to rebuild
            assert_refused_while_damaged(folder, name, flip(f"{Path(name).suffix} {number}"))


def test_every_file_that_is_missing_is_named(copies: Copies, snapshot: Path, no_reader: None) -> None:
    for name in (MANIFEST_FILE, *copies.names):
        content = (snapshot / name).read_bytes()
        (snapshot / name).unlink()
        assert_refused(snapshot, name)
        (snapshot / name).write_bytes(content)


def test_a_folder_in_the_place_of_a_file_is_named(copies: Copies, snapshot: Path, no_reader: None) -> None:
    for name in copies.names:
        content = (snapshot / name).read_bytes()
        (snapshot / name).unlink()
        (snapshot / name).mkdir()
        assert_refused(snapshot, name)
        (snapshot / name).rmdir()
        (snapshot / name).write_bytes(content)


def test_files_that_were_swapped_are_refused(copies: Copies, snapshot: Path, no_reader: None) -> None:
    for first, second in zip(copies.names, copies.names[1:], strict=False):
        (snapshot / first).rename(snapshot / "aside")
        (snapshot / second).rename(snapshot / first)
        (snapshot / "aside").rename(snapshot / second)
        assert_refused(snapshot, first)
        (snapshot / first).rename(snapshot / "aside")
        (snapshot / second).rename(snapshot / first)
        (snapshot / "aside").rename(snapshot / second)
    assert verify_snapshot(snapshot).problems == ()


def test_a_file_of_another_snapshot_is_refused(built: Path, snapshot: Path, tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.md": "# Oil\n\nOil was sold to 13 buyers."})
    location = IndexLocation(tmp_path / "index")
    rebuild(location, make_sources([tmp_path / "docs"]), HashingEncoder(), shared_reader(), SilentProgress())
    for name in ("texts.sqlite", "passages.faiss", "sentences.npy", "report.json"):
        shutil.copyfile(location.published() / name, snapshot / name)
        assert_refused(snapshot, name)
        shutil.copyfile(built / name, snapshot / name)


def test_a_file_that_was_added_is_not_read_and_verify_tells_it(snapshot: Path) -> None:
    (snapshot / "notes.txt").write_text("mine")
    (snapshot / "lexical" / "more.idx").write_text("mine")
    open_snapshot(snapshot).close()
    assert verify_snapshot(snapshot).problems == tuple(
        f"{snapshot / name} is not listed in manifest.json" for name in ("lexical/more.idx", "notes.txt")
    )


def test_an_empty_folder_is_refused(tmp_path: Path, no_reader: None) -> None:
    assert_refused(tmp_path, MANIFEST_FILE)


@pytest.mark.parametrize("version", [2, 99])
def test_a_manifest_of_another_format_is_refused(snapshot: Path, version: int, no_reader: None) -> None:
    path = snapshot / MANIFEST_FILE
    path.write_text(path.read_text().replace(f'"format": {FORMAT_VERSION}', f'"format": {version}'))
    with pytest.raises(SnapshotError, match=f"{path} has index format {version}.*citebox rebuild"):
        open_snapshot(snapshot)
