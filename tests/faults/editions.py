"""A folder of documents that tell their edition, so that a passage shows which state of the folder it is from."""

import random
from pathlib import Path

from tests.conftest import write_files

QUESTION = "Which edition of the notice is this?"

_NOTICES = (
    "Ferries cross the northern strait at dawn.",
    "Bakers in the old town raise their prices.",
    "Snow has closed the mountain road to lorries.",
    "The museum shows coins that divers found.",
    "Beekeepers expect a poor harvest of honey.",
    "A new bridge carries trams over the river.",
    "The choir sings hymns by candlelight tonight.",
    "Engineers replace the turbines of the dam.",
)
_CHANGED_AT_ONCE = 2


class Editions:
    """Writes the documents into `folder`, each one a passage of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._random = random.Random(seed)
        self._edition = 1
        self._texts = {
            f"{folder.name}/{number}.txt": self._text(notice) for number, notice in enumerate(_NOTICES, start=1)
        }
        self._write()

    def change(self) -> None:
        """Give some of the documents a new edition."""
        self._edition += 1
        changed = self._random.sample(range(len(_NOTICES)), _CHANGED_AT_ONCE)
        self._texts |= {f"{self.folder.name}/{number + 1}.txt": self._text(_NOTICES[number]) for number in changed}
        self._write()

    def texts(self) -> dict[str, str]:
        """The documents by their paths, as they are now."""
        return dict(self._texts)

    def _text(self, notice: str) -> str:
        return f"{notice} This is edition {self._edition} of the notice."

    def _write(self) -> None:
        write_files(self.folder.parent, dict(self._texts))
