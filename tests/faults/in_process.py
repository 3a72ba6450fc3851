"""A reader that starts no processes: for a process that forks, or whose memory is limited."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from corpus.formats.content import ReadingOptions
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile
from corpus.workers import FileReader


class InProcessReader(FileReader):
    """Reads files where it is called, by `read`; archives are no files to it."""

    def __init__(self, read: Callable[[SourceFile, ReadingOptions], ReadFile | SkippedFile] = read_file) -> None:
        self._read_file = read
        self._options = ReadingOptions()

    def close(self) -> None:
        """There is nothing to end."""

    def read_by_file(
        self, files: Iterable[SourceFile], scratch: Path | None = None
    ) -> Iterator[tuple[SourceFile, ReadFile | SkippedFile]]:
        """See `FileReader.read_by_file`."""
        return ((file, self._read_file(file, self._options)) for file in files)
