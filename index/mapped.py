"""Arrays in files of NumPy's format, mapped into memory: processes share them, and only what is touched is read."""

import mmap
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

_KEPT_BYTES = 256_000_000
"""Of a file; of a larger one no page stays mapped. Mapping them anew takes some 0.5 ms a question."""


class MappedArray:
    """An array to read from.

    Of a large file each touched page, which may be one of 2 MB, would stay resident; it is given back after each use.
    Reads of the file (pread) would leave none, but from a disk they fetch no more than they ask for, which takes six
    times as long, and each lets another thread have the interpreter.
    """

    def __init__(self, path: Path) -> None:
        """Maps the file at `path`, which must have been verified. Raises TypeError where it is shorter than it says."""
        with path.open("rb") as stream:
            np.lib.format.read_magic(stream)
            shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
            self._mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            self.array: NDArray[Any] = np.ndarray(shape, dtype, self._mapped, stream.tell())

    def give_back(self) -> None:
        """Unmap the pages of a large file; to be called once what was read has been copied."""
        if self.array.nbytes > _KEPT_BYTES:
            self._mapped.madvise(mmap.MADV_DONTNEED)


class ArrayWriter:
    """Writes an array slice by slice, so that it is never whole in memory; complete when the `with` block is left.

    It is not mapped while it is written: on a full disk writing to a mapped file ends the process.
    """

    def __init__(self, path: Path, dtype: DTypeLike, row: tuple[int, ...] = ()) -> None:
        """`row` is the shape of one row."""
        self._dtype = np.dtype(dtype)
        self._row = row
        self.rows = 0  # so far
        self._stream = path.open("wb")
        self._write_header()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._stream:
            if kind is None:
                self._stream.seek(0)
                self._write_header()  # of the same length, as NumPy leaves room in it for any number of rows

    def append(self, rows: NDArray[Any]) -> None:
        """Write more rows, shape (n, *row)."""
        assert rows.shape[1:] == self._row
        self._stream.write(np.ascontiguousarray(rows, self._dtype).tobytes())
        self.rows += len(rows)

    def _write_header(self) -> None:
        descr = np.lib.format.dtype_to_descr(self._dtype)
        header = {"descr": descr, "fortran_order": False, "shape": (self.rows, *self._row)}
        np.lib.format.write_array_header_1_0(self._stream, header)
