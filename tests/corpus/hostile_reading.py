"""Does what parsers do on the worst files; a module, so that worker processes can load it."""

import ctypes
import os
import threading
import time

from corpus.formats.content import ReadingOptions
from corpus.reading import ReadFile, SkippedFile, read_file
from corpus.sources import SourceFile


def read_hostile(file: SourceFile, options: ReadingOptions) -> ReadFile | SkippedFile:
    """Hangs, crashes, devours memory, fails oddly or crashes later if the file's name says so; else reads it."""
    match file.location.stem:
        case "hang":
            time.sleep(600)
        case "crash":
            ctypes.string_at(0)  # no exception: a signal ends the process
        case "glutton":
            hoard = [bytearray(64 * 1024**2) for _ in range(100)]
            del hoard
        case "odd":
            raise ValueError("\ud800")  # no UTF-8 can hold it
        case "late":
            threading.Timer(0.2, os.abort).start()  # the process ends after the file was read
    return read_file(file, options)


def end_at_once(memory_mb: int) -> None:
    """Ends the worker process while it is started."""
    os._exit(memory_mb)
