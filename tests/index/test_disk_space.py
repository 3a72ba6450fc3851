import errno
import os
import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sources import SourceFile
from index.disk_space import is_full, is_out_of_memory, require_space, shortage_told
from index.location import RebuildError
from index.manifest import Counts


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def full_database() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "x"),
        OSError(errno.EDQUOT, "x"),
        full_database(),
        RuntimeError(f"Error in write: {os.strerror(errno.ENOSPC)}"),  # as FAISS
        ValueError(f"An IO error occurred: '{os.strerror(errno.ENOSPC)} (os error 28)'"),  # as tantivy
    ],
    ids=["space", "quota", "SQLite", "FAISS", "tantivy"],
)
def test_a_full_disk_is_recognised_whoever_tells_of_it(tmp_path: Path, error: Exception) -> None:
    assert is_full(error)
    with pytest.raises(RebuildError, match=r"about [\d,]+ MB more are needed"), shortage_told(tmp_path, []):
        raise error


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "x"), sqlite3.OperationalError("locked"), ValueError("bad")])
def test_other_errors_are_none_of_a_shortage(tmp_path: Path, error: Exception) -> None:
    assert not is_full(error)
    assert not is_out_of_memory(error)
    with pytest.raises(type(error)) as raised, shortage_told(tmp_path, []):
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
        RuntimeError("can't start new thread"),
        ValueError("System error.'Failed to spawn segment merging thread'"),
    ],
    ids=["Python", "system", "thread", "tantivy"],
)
def test_too_little_memory_is_recognised_whoever_tells_of_it(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(RebuildError, match="not enough memory"), shortage_told(tmp_path, []):
        raise error


def test_an_interruption_is_none_of_a_shortage(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), shortage_told(tmp_path, []):
        raise KeyboardInterrupt


@given(passages=st.integers(1, 10**7), free_share=st.floats(0, 2))
def test_what_does_not_fit_is_refused_before_it_is_written_with_what_is_missing(
    tmp_path_factory: pytest.TempPathFactory, passages: int, free_share: float
) -> None:
    texts = tmp_path_factory.getbasetemp() / "texts"
    texts.write_bytes(b"x" * 1000)
    counts, dimension = Counts(1, 1, passages, 0), 384
    needed = passages * dimension * 4 + 800
    free = int(needed * free_share)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, free))
        if free >= needed:
            require_space(texts, counts, dimension)
            return
        with pytest.raises(RebuildError) as told:
            require_space(texts, counts, dimension)
    megabytes = int(str(told.value).partition("about ")[2].partition(" MB")[0].replace(",", ""))
    assert free + megabytes * 1_000_000 >= needed


def test_the_more_there_is_to_read_the_more_is_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 0))
    for size, megabytes in ((10, 11), (10_000_000, 310)):
        (tmp_path / "file").write_bytes(b"x" * size)
        with (
            pytest.raises(RebuildError, match=f"about {megabytes} MB more are needed"),
            shortage_told(tmp_path / "none yet", [SourceFile("file", tmp_path / "file")]),
        ):
            raise OSError(errno.ENOSPC, "x")


def test_a_file_that_is_gone_does_not_hide_the_shortage(tmp_path: Path) -> None:
    with (
        pytest.raises(RebuildError, match="no space left"),
        shortage_told(tmp_path, [SourceFile("gone", tmp_path / "gone")]),
    ):
        raise OSError(errno.ENOSPC, "x")
