"""What a rebuild costs after one file of many changed: `python -m tests.benchmarks.incremental`."""

import random
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import RebuildOptions, rebuild
from index.report import RebuildReport

FILES = 1_000
SENTENCES = 12
SUBJECTS = ("The ministry", "A delegation", "The joint commission", "The board of the mill", "The port authority")
VERBS = ("signed", "reviewed", "postponed", "will finance", "has questioned", "agreed on")
OBJECTS = ("the protocol", "a pipeline", "two cargoes of crude", "the terminal", "a loan for the furnace", "the tariff")


def main() -> None:
    table = Table("rebuild", "read", "embed", "index", "total", "texts embedded", "of the full one")
    table.title = f"1 of {FILES:,} files changed"
    table.title_justify = "left"
    with tempfile.TemporaryDirectory() as folder, FileReader() as reader:
        docs, location = Path(folder, "docs"), IndexLocation(Path(folder, "index"))
        docs.mkdir()
        chosen = random.Random(7)
        for number in range(FILES):
            _write(docs, number, chosen)
        encoder = prepare_encoder(locate_model(), SilentProgress())

        def rebuilt(options: RebuildOptions | None = None) -> RebuildReport:
            return rebuild(location, make_sources([docs]), encoder, reader, SilentProgress(), options)

        full = rebuilt(RebuildOptions(full=True))
        reports = {"full": full, "nothing changed": rebuilt()}
        _write(docs, FILES // 2, chosen)
        reports["one file changed"] = rebuilt()
    for name, report in reports.items():
        seconds = report.seconds
        figures = (seconds.read, seconds.embed, seconds.index, seconds.total)
        share = seconds.total / full.seconds.total
        table.add_row(name, *(f"{figure:.1f} s" for figure in figures), f"{report.embedded:,}", f"{share:.1%}")
    Console(width=110).print(table)


def _write(folder: Path, number: int, chosen: random.Random) -> None:
    """An article of about 1 KB, different each time."""
    sentences = [
        f"{chosen.choice(SUBJECTS)} {chosen.choice(VERBS)} {chosen.choice(OBJECTS)} under file "
        f"{chosen.randrange(100_000)} in week {chosen.randrange(52)}."
        for _ in range(SENTENCES)
    ]
    (folder / f"{number:04}.md").write_text(
        f"# Round {number} of the talks\n\n{' '.join(sentences)}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
