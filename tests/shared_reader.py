"""One pool of workers for all tests that rebuild: starting one takes a second."""

from functools import cache

from corpus.workers import FileReader


@cache
def shared_reader() -> FileReader:
    """A reader with the default options and limits; `tests.conftest` ends it."""
    return FileReader()
