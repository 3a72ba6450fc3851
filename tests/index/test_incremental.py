"""A rebuild reads and embeds only what changed, and its result does not tell."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from corpus.reading import ReadFile, SkippedFile
from corpus.sources import SourceFile, make_sources
from corpus.workers import FileReader
from index.encoder import Encoder, Vectors
from index.location import IndexLocation
from index.progress import Advance, SilentProgress
from index.rebuild import RebuildOptions, rebuild
from index.report import RebuildReport
from tests.conftest import write_files
from tests.corpus.test_archives import zipped
from tests.hashing_encoder import HashingEncoder
from tests.index.snapshots import content_of
from tests.shared_reader import shared_reader


class RecordingReader(FileReader):
    """Remembers which files it was asked to read."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._options = shared_reader().options

    def read_by_file(
        self, files: Iterable[SourceFile], scratch: Path | None = None
    ) -> Iterator[tuple[SourceFile, ReadFile | SkippedFile]]:
        """See `FileReader.read_by_file`."""
        given = list(files)
        self.paths += [file.path for file in given]
        return shared_reader().read_by_file(given, scratch)


class RecordingEncoder(HashingEncoder):
    """Remembers which texts it was asked to embed for the index, and not to verify it."""

    def __init__(self, max_tokens: int = 60) -> None:
        super().__init__(max_tokens)
        self.texts: list[str] = []
        self.recording = False

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """See `HashingEncoder.encode_passages`."""
        if self.recording:
            self.texts += texts
        return super().encode_passages(texts, advance)


class StageOf(SilentProgress):
    """Lets the encoder record during the stage of embedding."""

    def __init__(self, encoder: RecordingEncoder) -> None:
        self._encoder = encoder

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        """See `Progress.stage`."""
        self._encoder.recording = name == "embedding"
        yield lambda _: None
        self._encoder.recording = False


class Place:
    """A folder of documents with its index, and what its last rebuild had to do."""

    def __init__(self, folder: Path) -> None:
        self.docs = folder / "docs"
        self.docs.mkdir(parents=True)
        self.location = IndexLocation(folder / "index")

    def rebuild(self, options: RebuildOptions | None = None) -> RebuildReport:
        self.reader, self.encoder = RecordingReader(), RecordingEncoder()
        progress = StageOf(self.encoder)
        return rebuild(self.location, make_sources([self.docs]), self.encoder, self.reader, progress, options)

    def statuses(self, report: RebuildReport) -> dict[str, str]:
        return {outcome.path.removeprefix("docs/"): outcome.status for outcome in report.outcomes}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


FILES: dict[str, str | bytes] = {
    "a.txt": "Oil was sold. It was dear.",
    "b.md": "# Gas\n\nGas was cheap.",
    "c.txt": "Tea.",
}
UNREADABLE = "---\na: [\n---\nx"


def test_an_unchanged_folder_is_neither_read_nor_embedded_again(place: Place) -> None:
    write_files(place.docs, FILES)
    assert place.rebuild().embedded > 0
    report = place.rebuild()
    assert (place.reader.paths, place.encoder.texts, report.embedded) == ([], [], 0)
    assert place.statuses(report) == dict.fromkeys(FILES, "unchanged")


def test_only_what_changed_is_read_and_embedded(place: Place) -> None:
    write_files(place.docs, FILES)
    place.rebuild()
    write_files(place.docs, {"a.txt": "Oil was sold. It was cheap.", "new.txt": "Steel is grey."})
    report = place.rebuild()
    assert place.reader.paths == ["docs/a.txt", "docs/new.txt"]
    assert sorted(place.encoder.texts) == [
        "a\nIt was cheap.",
        "a\nOil was sold. It was cheap.",
        "new\nSteel is grey.",
    ]
    assert report.embedded == 3
    statuses = {"a.txt": "indexed", "b.md": "unchanged", "c.txt": "unchanged", "new.txt": "indexed"}
    assert place.statuses(report) == statuses


def test_a_file_that_is_touched_or_written_anew_with_the_same_bytes_is_unchanged(place: Place) -> None:
    write_files(place.docs, FILES)
    place.rebuild()
    (place.docs / "a.txt").unlink()
    write_files(place.docs, FILES)
    place.rebuild()
    assert place.reader.paths == []


def test_a_change_that_keeps_size_and_times_is_found(place: Place) -> None:
    write_files(place.docs, FILES)
    before = (place.docs / "c.txt").stat()
    place.rebuild()
    write_files(place.docs, {"c.txt": "Tee."})
    os.utime(place.docs / "c.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    place.rebuild()
    assert place.reader.paths == ["docs/c.txt"]


def test_a_file_that_is_moved_is_not_parsed_again_but_has_its_new_path(place: Place) -> None:
    write_files(place.docs, FILES)
    place.rebuild()
    (place.docs / "sub").mkdir()
    (place.docs / "a.txt").rename(place.docs / "sub" / "a.txt")
    report = place.rebuild()
    assert (place.reader.paths, place.encoder.texts) == ([], [])
    assert place.statuses(report) == {"b.md": "unchanged", "c.txt": "unchanged", "sub/a.txt": "indexed"}


def test_a_deleted_file_is_in_the_next_snapshot_no_more(place: Place) -> None:
    write_files(place.docs, FILES)
    place.rebuild()
    (place.docs / "a.txt").unlink()
    assert place.statuses(place.rebuild()) == {"b.md": "unchanged", "c.txt": "unchanged"}


def test_a_sidecar_that_comes_changes_or_goes_has_its_file_read_again(place: Place) -> None:
    write_files(place.docs, FILES)
    place.rebuild()
    for change in ("title: A", "title: B"):
        write_files(place.docs, {"a.txt.meta.yaml": change})
        place.rebuild()
        assert place.reader.paths == ["docs/a.txt"]
    (place.docs / "a.txt.meta.yaml").unlink()
    place.rebuild()
    assert place.reader.paths == ["docs/a.txt"]


def test_an_archive_is_read_again_only_when_it_changed(place: Place) -> None:
    write_files(place.docs, {"z.zip": zipped({"x.txt": b"In it.", "y.xyz": b"?"})})
    place.rebuild()
    report = place.rebuild()
    assert place.reader.paths == []
    assert place.statuses(report) == {"z.zip/x.txt": "unchanged", "z.zip/y.xyz": "skipped"}


def test_a_file_that_cannot_be_read_is_not_parsed_again_until_it_changes(place: Place) -> None:
    write_files(place.docs, FILES | {"bad.md": UNREADABLE})
    place.rebuild()
    place.rebuild()
    assert place.reader.paths == []
    write_files(place.docs, {"bad.md": "Mended."})
    assert place.statuses(place.rebuild())["bad.md"] == "indexed"


def test_what_could_not_be_read_is_read_again_on_demand(place: Place) -> None:
    write_files(place.docs, FILES | {"bad.md": UNREADABLE, "z.zip": zipped({"x.txt": b"In it.", "y.xyz": b"?"})})
    place.rebuild()
    place.rebuild(RebuildOptions(retry_failed=True))
    assert place.reader.paths == ["docs/bad.md", "docs/z.zip"]


@pytest.mark.parametrize("code", ["timeout", "crash", "memory", "unreadable", "parser"])
def test_what_failed_by_chance_is_read_again(place: Place, code: str) -> None:
    write_files(place.docs, FILES)

    class Unlucky(RecordingReader):
        def read_by_file(
            self, files: Iterable[SourceFile], scratch: Path | None = None
        ) -> Iterator[tuple[SourceFile, ReadFile | SkippedFile]]:
            for file, result in super().read_by_file(files, scratch):
                yield file, SkippedFile(file.path, code, "bad luck") if "b.md" in file.path else result

    rebuild(place.location, make_sources([place.docs]), HashingEncoder(), Unlucky(), SilentProgress())
    place.rebuild()
    assert place.reader.paths == ["docs/b.md"]


def test_a_full_rebuild_reads_and_embeds_everything(place: Place) -> None:
    write_files(place.docs, FILES)
    embedded = place.rebuild().embedded
    report = place.rebuild(RebuildOptions(full=True))
    assert place.reader.paths == [f"docs/{name}" for name in FILES]
    assert report.embedded == embedded == len(place.encoder.texts)
    assert set(place.statuses(report).values()) == {"indexed"}


def test_another_encoder_embeds_everything_and_reads_nothing(place: Place) -> None:
    write_files(place.docs, FILES)
    place.rebuild()
    reader, encoder = RecordingReader(), RecordingEncoder(max_tokens=50)
    report = rebuild(place.location, make_sources([place.docs]), encoder, reader, StageOf(encoder))
    assert reader.paths == []
    assert report.embedded == len(encoder.texts) > 0


def test_a_text_is_embedded_once_wherever_it_stands(place: Place) -> None:
    rows = ("Tea is dear.", "Oil was sold. Tea is dear.", "Tea is dear.")
    write_files(place.docs, {"a.jsonl": "\n".join(json.dumps({"text": row}) for row in rows)})
    place.rebuild()
    assert sorted(place.encoder.texts) == ["Oil was sold.", "Oil was sold. Tea is dear.", "Tea is dear."]


def test_a_killed_rebuild_is_gone_on_from_what_it_had_embedded(place: Place) -> None:
    write_files(place.docs, {f"{number:03}.txt": f"Cargo {number} was sold in port {number}." for number in range(200)})

    class Dying(RecordingEncoder):
        def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
            if self.texts:
                raise KeyboardInterrupt
            return super().encode_passages(texts, advance)

    dying = Dying()
    with pytest.raises(KeyboardInterrupt):
        rebuild(place.location, make_sources([place.docs]), dying, shared_reader(), StageOf(dying))
    place.rebuild()
    assert len(dying.texts) > 0
    assert not set(dying.texts) & set(place.encoder.texts)
    assert place.reader.paths == []


CACHES = ("files.sqlite", "embeddings-*.sqlite")


@pytest.mark.parametrize("cache", CACHES)
@pytest.mark.parametrize("damage", ["no database", "empty", "cut", "gone"])
def test_a_damaged_cache_costs_time_and_nothing_else(place: Place, cache: str, damage: str) -> None:
    write_files(place.docs, {f"{number}.txt": f"Cargo {number} was sold. " * 30 for number in range(20)})
    place.rebuild()
    before = content_of(place.location.published())
    (path,) = place.location.cache_folder.glob(cache)
    content = path.read_bytes()
    match damage:
        case "no database":
            path.write_bytes(b"x" * 5000)
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "gone":
            path.unlink()
    place.rebuild()
    assert content_of(place.location.published()) == before


@given(data=st.data())
@settings(max_examples=20, deadline=None, phases=[Phase.generate])  # a smaller example tells no more, and takes long
def test_flipped_bits_of_a_cache_never_reach_the_index(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        write_files(place.docs, FILES | {"long.txt": "The talks went on for days without result. " * 30})
        place.rebuild()
        before = content_of(place.location.published())
        (path,) = place.location.cache_folder.glob(data.draw(st.sampled_from(CACHES)))
        content = bytearray(path.read_bytes())
        for _ in range(30):
            content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(content)
        place.rebuild()
        assert content_of(place.location.published()) == before


NAMES = ("a.txt", "b.txt", "c.md", "rows.jsonl", "sub/a.txt", "sub/d.html", "z.zip", "a.txt.meta.yaml")
TEXTS: tuple[str | bytes, ...] = (
    "Oil was sold. Gas was cheap.",
    "Oil was sold. Gas was dear.",
    "# Tea\n\nTea was sold. It was dear.",
    '{"text": "Row one."}\n{"text": "Row two."}',
    "<h1>Steel</h1><p>Steel is grey. It is hard.</p>",
    "title: Another title",
    "---\na: [\n---\nx",
    zipped({"x.txt": b"In the archive.", "sub/y.md": b"# Deep\n\nIn the archive.", "z.bin": b"\x00"}),
    b"\x00",
    b"",
    "The talks went on for days without any result. " * 20,
)

Edit = Callable[[Path], None]


def write(name: str, content: str | bytes) -> Edit:
    return lambda docs: write_files(docs, {name: content})


def delete(name: str) -> Edit:
    return lambda docs: (docs / name).unlink(missing_ok=True)


def rename(name: str, target: str) -> Edit:
    def edit(docs: Path) -> None:
        if (docs / name).exists():
            (docs / target).parent.mkdir(parents=True, exist_ok=True)
            (docs / name).rename(docs / target)

    return edit


names = st.sampled_from(NAMES)
edits = st.one_of(
    st.builds(write, names, st.sampled_from(TEXTS)), st.builds(delete, names), st.builds(rename, names, names)
)


@given(steps=st.lists(st.lists(edits, max_size=4), min_size=2, max_size=4))
@settings(max_examples=30, deadline=None)
def test_an_incremental_rebuild_gives_what_a_full_one_gives(steps: list[list[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        write_files(place.docs, {"always.txt": "A good file."})
        for some in steps:
            for edit in some:
                edit(place.docs)
            incremental = place.rebuild()
        before = content_of(place.location.published())
        shutil.rmtree(place.location.folder)
        full = place.rebuild()
        assert content_of(place.location.published()) == before
        assert len(full.outcomes) == len(incremental.outcomes)


def test_the_real_model_gives_a_text_the_same_embedding_whatever_is_embedded_beside_it(
    tmp_path: Path, encoder: Encoder
) -> None:
    place = Place(tmp_path)

    def built(files: dict[str, str | bytes], options: RebuildOptions) -> dict[str, Any]:
        write_files(place.docs, files)
        sources = make_sources([place.docs])
        rebuild(place.location, sources, encoder, shared_reader(), SilentProgress(), options)
        return content_of(place.location.published())

    weeks = {f"{week}.txt": f"In week {week} it was sold. {'It went by rail. ' * week}" for week in range(12)}
    built({"first.txt": "Oil.", "second.txt": "It went by rail and by sea, and came back by air."}, RebuildOptions())
    incremental = built(weeks, RebuildOptions())
    assert built({}, RebuildOptions(full=True)) == incremental
