"""What was verified before need not be hashed again, and everything else is."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index import verified
from index.manifest import (
    ChunkingRecord,
    Counts,
    EncoderRecord,
    FileChecksum,
    Manifest,
    SnapshotError,
    VectorsRecord,
    checksums,
)
from index.verified import VerifiedFiles, verify_unseen_files


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and a process that remembers nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(verified, "_in_process", {})
    return tmp_path / "cache"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are hashed, in order."""
    names: list[str] = []
    hash_file = verified.checksum

    def noted(path: Path) -> FileChecksum:
        names.append(path.name)
        return hash_file(path)

    monkeypatch.setattr(verified, "checksum", noted)
    return names


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the time pass that files need to be remembered."""

    def wait() -> None:
        monkeypatch.setattr(verified, "SETTLED_NS", 0)
        time.sleep(0.05)  # more than the clock of any file system here takes to tick

    return wait


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "index" / "snapshots" / "1"
    folder.mkdir(parents=True)
    (folder / "a").write_bytes(b"one")
    (folder / "b").write_bytes(b"two")
    return folder


def manifest_of(folder: Path) -> Manifest:
    return Manifest(
        snapshot_id=folder.name,
        built_at="2026-01-01T00:00:00+00:00",
        citebox="0",
        encoder=EncoderRecord("", "", 1, 1),
        chunking=ChunkingRecord(1, 1, 1),
        counts=Counts(0, 0, 0, 0),
        vectors=VectorsRecord("exact"),
        sources=(),
        files=checksums(folder),
    )


def memory(cache: Path) -> Path:
    (path,) = cache.rglob("*.json")
    return path


def test_a_file_that_was_verified_is_not_hashed_again(
    snapshot: Path, hashed: list[str], settled: Callable[[], None]
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b"]
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b"]


def test_a_file_that_changed_a_moment_ago_is_hashed_again(snapshot: Path, hashed: list[str]) -> None:
    manifest = manifest_of(snapshot)
    verify_unseen_files(snapshot, manifest)
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b", "a", "b"]


def test_a_file_from_the_future_is_hashed_again(
    snapshot: Path, hashed: list[str], settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    monkeypatch.setattr(verified.time, "time_ns", lambda: 1_000_000_000)  # the clock was set back
    verify_unseen_files(snapshot, manifest)
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b", "a", "b"]


def overwrite_in_place(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(b"x")


def overwrite_and_set_the_time_back(path: Path) -> None:
    status = path.stat()
    overwrite_in_place(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_by_another_with_its_time(path: Path) -> None:
    status = path.stat()
    other = path.with_name("other")
    other.write_bytes(b"xne")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize(
    "change", [overwrite_in_place, overwrite_and_set_the_time_back, replace_by_another_with_its_time]
)
def test_a_file_that_was_touched_since_is_refused(
    snapshot: Path, settled: Callable[[], None], change: Callable[[Path], None]
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    time.sleep(0.05)
    change(snapshot / "a")
    with pytest.raises(SnapshotError, match=f"{snapshot / 'a'} is not as it was written"):
        verify_unseen_files(snapshot, manifest)


def test_a_file_with_another_checksum_in_the_manifest_is_hashed_again(
    snapshot: Path, settled: Callable[[], None]
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    manifest.files["a"] = FileChecksum(3, "0" * 64)
    with pytest.raises(SnapshotError, match="is not as it was written"):
        verify_unseen_files(snapshot, manifest)


def test_all_sizes_are_compared_before_any_file_is_hashed(snapshot: Path, hashed: list[str]) -> None:
    manifest = manifest_of(snapshot)
    (snapshot / "b").write_bytes(b"tw")
    with pytest.raises(SnapshotError, match=f"{snapshot / 'b'} is not as it was written"):
        verify_unseen_files(snapshot, manifest)
    assert hashed == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"snapshots": 5}', b'{"snapshots": {"1": 5}}', b"\xff"], ids=str
)
def test_a_damaged_memory_only_means_hashing_again(
    snapshot: Path, cache: Path, hashed: list[str], settled: Callable[[], None], content: bytes
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    memory(cache).write_bytes(content)
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b", "a", "b"]
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b", "a", "b"]


def test_a_process_that_cannot_write_the_memory_remembers_on_its_own(
    snapshot: Path, cache: Path, hashed: list[str], settled: Callable[[], None]
) -> None:
    cache.write_text("no folder can be made here")
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b"]


def test_a_user_without_a_home_is_served(
    snapshot: Path, hashed: list[str], settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    assert hashed == ["a", "b"]


def test_the_memory_lies_below_the_home_folder_without_an_absolute_cache_folder(
    snapshot: Path, tmp_path: Path, settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settled()
    verify_unseen_files(snapshot, manifest_of(snapshot))
    assert len(list((tmp_path / "home" / ".cache" / "citebox").rglob("*.json"))) == 1


def test_snapshots_that_are_gone_are_forgotten(snapshot: Path, cache: Path, settled: Callable[[], None]) -> None:
    second = Path(shutil.copytree(snapshot, snapshot.parent / "2"))
    settled()
    verify_unseen_files(snapshot, manifest_of(snapshot))
    verify_unseen_files(second, manifest_of(second))
    assert set(json.loads(memory(cache).read_text())["snapshots"]) == {"1", "2"}
    third = snapshot.rename(snapshot.parent / "3")
    verify_unseen_files(third, manifest_of(third))
    assert set(json.loads(memory(cache).read_text())["snapshots"]) == {"2", "3"}


def test_hashing_on_purpose_ignores_what_is_remembered(
    snapshot: Path, hashed: list[str], settled: Callable[[], None]
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    VerifiedFiles(snapshot, manifest).check("a")
    assert hashed == ["a", "b", "a"]


def test_damage_that_left_no_trace_is_remembered_no_longer_once_it_was_found(
    snapshot: Path, settled: Callable[[], None]
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    overwrite_in_place(snapshot / "a")
    stored = VerifiedFiles(snapshot, manifest)
    stored._seen["a"] = verified._as_seen((snapshot / "a").stat(), manifest.files["a"])  # as a failing disk leaves it
    stored.save()
    verify_unseen_files(snapshot, manifest)
    with pytest.raises(SnapshotError, match="is not as it was written"):
        VerifiedFiles(snapshot, manifest).check("a")
    with pytest.raises(SnapshotError, match="is not as it was written"):
        verify_unseen_files(snapshot, manifest)


def test_a_memory_that_cannot_be_finished_leaves_the_old_one(
    snapshot: Path, cache: Path, settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = manifest_of(snapshot)
    settled()
    verify_unseen_files(snapshot, manifest)
    before = memory(cache).read_bytes()

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    (snapshot / "a").touch()
    time.sleep(0.05)
    monkeypatch.setattr(verified.json, "dump", full)
    verify_unseen_files(snapshot, manifest)
    assert [path.read_bytes() for path in cache.rglob("*") if path.is_file()] == [before]
