import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cache_file import CacheFile

SCHEMA = "CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "words.sqlite"


def add(cache: CacheFile, word: str) -> None:
    def insert(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR REPLACE INTO words VALUES (?)", (word,))
        connection.commit()

    cache.attempt(insert)


def words(cache: CacheFile) -> list[str]:
    return cache.attempt(lambda connection: [word for (word,) in connection.execute("SELECT word FROM words")])


@pytest.fixture
def filled(path: Path) -> Iterator[Path]:
    with closing(CacheFile(path, SCHEMA)) as cache:
        add(cache, "oil")
    yield path


def test_what_was_committed_is_found_again(filled: Path) -> None:
    with closing(CacheFile(filled, SCHEMA)) as cache:
        assert words(cache) == ["oil"]


def test_what_was_committed_is_found_again_when_the_file_was_never_closed(path: Path, tmp_path: Path) -> None:
    with closing(CacheFile(path, SCHEMA)) as cache:
        add(cache, "oil")
        killed = tmp_path / "as a killed process leaves it"
        killed.mkdir()
        for file in path.parent.iterdir():
            (killed / file.name).write_bytes(file.read_bytes())
    with closing(CacheFile(killed / path.name, SCHEMA)) as cache:
        assert words(cache) == ["oil"]


@given(content=st.binary(max_size=300))
@settings(max_examples=30)
def test_a_file_that_is_no_database_is_begun_anew(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "cache" / "any.sqlite"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with closing(CacheFile(path, SCHEMA)) as cache:
        assert words(cache) == []
        add(cache, "oil")
        assert words(cache) == ["oil"]


def test_a_file_that_turns_out_to_be_damaged_while_it_is_used_is_begun_anew(filled: Path) -> None:
    with closing(CacheFile(filled, SCHEMA)) as cache:
        for number in range(2000):
            add(cache, f"word {number}")
    content = filled.read_bytes()
    filled.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with closing(CacheFile(filled, SCHEMA)) as cache:
        assert words(cache) == []
        add(cache, "gas")
        assert words(cache) == ["gas"]


def test_a_full_disk_is_no_damage(filled: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with closing(CacheFile(filled, SCHEMA)) as cache:
        with pytest.raises(sqlite3.OperationalError):
            cache.attempt(fail)
        assert words(cache) == ["oil"]


def test_an_error_of_the_system_costs_the_cache_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "x.sqlite"
    file = CacheFile(path, "CREATE TABLE IF NOT EXISTS kept (value INTEGER)")
    file.attempt(lambda connection: (connection.execute("INSERT INTO kept VALUES (1)"), connection.commit()))

    def fail(connection: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        raise error

    with pytest.raises(sqlite3.OperationalError):
        file.attempt(fail)
    assert file.attempt(lambda connection: connection.execute("SELECT value FROM kept").fetchall()) == [(1,)]
    file.close()
