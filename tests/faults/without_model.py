"""The `citebox` command with `HashingEncoder` in the place of the bundled model, which takes seconds to load.

With `--hang` before its arguments it hangs when it has embedded a batch of texts, and says so on standard error.
"""

import sys
import time
from collections.abc import Sequence
from unittest.mock import patch

from index.encoder import Vectors
from index.progress import Advance
from tests.hashing_encoder import HashingEncoder
from web.cli import main

COMMAND_WITHOUT_MODEL = [sys.executable, "-m", "tests.faults.without_model"]
HANG, HANGS = "--hang", "hangs"
LONG_S = 600


class HangingEncoder(HashingEncoder):
    """Embeds one batch of texts."""

    def __init__(self) -> None:
        super().__init__()
        self._used = False

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        if self._used:
            print(HANGS, file=sys.stderr, flush=True)
            time.sleep(LONG_S)
        self._used = True
        return super().encode_passages(texts, advance)


if __name__ == "__main__":
    encoder = HashingEncoder()
    if HANG in sys.argv:
        sys.argv.remove(HANG)
        encoder = HangingEncoder()
    with (
        patch("index.rebuild_command.locate_model"),
        patch("index.rebuild_command.prepare_encoder", lambda *_: encoder),
    ):
        main()
