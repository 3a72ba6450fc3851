"""No file can crash or hang a rebuild; the long run of the same is `python -m tests.benchmarks.mutations`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from corpus.archives import ARCHIVE_SUFFIXES, is_archive
from corpus.formats.table import FORMATS
from corpus.reading import ReadFile, SkippedFile
from corpus.sources import find_files, make_sources
from corpus.workers import FileReader
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from tests.conftest import write_files
from tests.corpus.hostile_files import HostileFile, hostile_files, hostile_lines
from tests.corpus.mutations import mutated_files
from tests.corpus.seed_files import seed_files
from tests.corpus.timed_reading import STRICT_LIMITS, outcome, read_timed
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

SEED = 7
MUTATED = 200
LINE = 5_000
SLOW = frozenset(
    {
        "attributes.html", "brackets.md", "columns.csv", "flate-bomb.pdf", "forms.pdf", "groups.eml", "header.eml",
        "images.md", "lone-bomb.pdf", "long.txt", "many-lines.txt", "many-members.zip", "many-pages.pdf",
        "many-rows.csv", "many-strings.xlsx", "merge-keys.md", "parameters.eml", "parameters.mhtml", "parts.eml",
        "parts.mhtml", "repeated-page.pdf", "rows.rtf", "same-chapter.epub", "same-names.zip", "sections.rst",
        "substitutions.rst", "table-rows.md", "table.rst", "wide.docx", "wide.odt", "levels.mhtml", "bomb.tar.bz2",
        "bomb.tar.xz", "field.csv", "labels-loop.pdf", "bomb.pptx", "bomb.xlsx", "bomb.epub", "bomb.odt",
        "levels.eml", "deep-yaml.md", "wide.xlsx", "spaces-bomb.pdf",
    }
)  # fmt: skip
"""Left to the long run: each takes more than its share of the time here."""


@pytest.fixture(scope="module")
def strict_reader() -> Iterator[FileReader]:
    """A reader whose files may take little."""
    with FileReader(limits=STRICT_LIMITS, read=read_timed) as reader:
        yield reader


def outcomes(folder: Path, files: Iterable[tuple[str, bytes]], reader: FileReader) -> dict[str, set[str]]:
    """Name of a file to its outcomes, or those of the files in it; a file that is no archive has one."""
    write_files(folder / "docs", dict(files))
    found = find_files(make_sources([folder / "docs"]), folder / "index")
    results: defaultdict[str, list[ReadFile | SkippedFile]] = defaultdict(list)
    for result in reader.read(found):
        assert isinstance(result, (ReadFile, SkippedFile))
        results[result.path.split("/")[1]].append(result)
    assert list(results) == [file.path.removeprefix("docs/") for file in found]
    assert [name for name, of_file in results.items() if len(of_file) > 1 and not is_archive(Path(name))] == []
    return {name: set(map(outcome, of_file)) for name, of_file in results.items()}


def test_every_format_and_kind_of_archive_is_mutated() -> None:
    suffixes = {suffix for known in FORMATS for suffix in known.suffixes}
    assert suffixes.union(ARCHIVE_SUFFIXES) == set(seed_files())
    assert {"".join(Path(file.name).suffixes) for file in mutated_files(SEED, len(seed_files()))} == set(seed_files())


def test_a_seed_makes_the_same_mutations_again() -> None:
    assert list(mutated_files(SEED, 60)) == list(mutated_files(SEED, 60))
    assert list(mutated_files(SEED, 60)) != list(mutated_files(SEED + 1, 60))


def test_the_files_that_are_mutated_can_be_read(tmp_path: Path, strict_reader: FileReader) -> None:
    files = ((f"{number}{suffix}", seed) for suffix, of in seed_files().items() for number, seed in enumerate(of))
    assert {name: found for name, found in outcomes(tmp_path, files, strict_reader).items() if found != {"read"}} == {}


def test_a_mutated_file_costs_itself_at_most(tmp_path: Path, strict_reader: FileReader) -> None:
    files = {file.name: file.content for file in mutated_files(SEED, MUTATED)}
    found = outcomes(tmp_path, [*files.items(), ("zz-good.txt", b"A good sentence.")], strict_reader)
    assert found.keys() == {*files, "zz-good.txt"}
    assert found["zz-good.txt"] == {"read"}
    assert {name: codes for name, codes in found.items() if "timeout" in codes} == {}


def expectations(files: Iterable[HostileFile]) -> dict[str, frozenset[str]]:
    return {file.name: file.outcomes for file in files if file.outcomes}


def assert_as_expected(folder: Path, files: list[HostileFile], reader: FileReader) -> None:
    found = outcomes(folder, [*((file.name, file.make()) for file in files), ("zz-good.txt", b"A good one.")], reader)
    expected = expectations(files) | {"zz-good.txt": frozenset({"read"})}
    assert found.keys() == expected.keys()
    assert {name: codes for name, codes in found.items() if not codes <= expected[name]} == {}


def test_a_hostile_file_costs_itself_at_most(tmp_path: Path, strict_reader: FileReader) -> None:
    files = [file for file in hostile_files() if file.name not in SLOW]
    assert_as_expected(tmp_path, files, strict_reader)


def test_no_line_is_too_long_or_too_odd(tmp_path: Path, strict_reader: FileReader) -> None:
    files = list(hostile_lines(LINE))
    assert_as_expected(tmp_path, files, strict_reader)


def test_a_rebuild_over_damaged_files_publishes_and_accounts_for_each(tmp_path: Path) -> None:
    files = {file.name: file.content for file in mutated_files(SEED + 1, 60)}
    write_files(tmp_path / "docs", files)
    sources = make_sources([tmp_path / "docs"])
    report = rebuild(IndexLocation(tmp_path / "index"), sources, HashingEncoder(), shared_reader(), SilentProgress())
    assert {outcome.path.split("/")[1] for outcome in report.outcomes} == set(files)
    counts = report.summary()["files"]
    assert counts["found"] == len(report.outcomes)
    assert counts["indexed"] + counts["duplicate"] + counts["skipped"] == counts["found"]
    assert IndexLocation(tmp_path / "index").published().name == report.snapshot
