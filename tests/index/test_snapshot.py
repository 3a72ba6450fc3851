import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.formats.content import ReadingOptions, RowFields
from corpus.sources import make_sources
from index import snapshot as snapshot_module
from index.leases import removing
from index.location import IndexLocation
from index.manifest import FORMAT_VERSION, MANIFEST_FILE, SnapshotError, checksums, read_manifest
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.snapshot import open_snapshot
from tests.conftest import write_files
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published snapshot, not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    write_files(folder / "docs", {"a.txt": "Oil was sold. Gas was not.", "b.txt": "Steel was dear.", "c.xyz": ""})
    location = IndexLocation(folder / "index")
    rebuild(location, make_sources([folder / "docs"]), HashingEncoder(), shared_reader(), SilentProgress())
    return location.published()


@pytest.fixture
def snapshot(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(built, tmp_path / "snapshot"))


def flip(position: Callable[[int], int]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes() or b"x")
        content[position(len(content))] ^= 1
        path.write_bytes(content)

    return damage


def truncate(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] if content else b"x")


DAMAGES = [
    pytest.param(flip(lambda length: 0), id="first byte"),
    pytest.param(flip(lambda length: length // 2), id="byte in the middle"),
    pytest.param(flip(lambda length: length - 1), id="last byte"),
    pytest.param(truncate, id="truncated"),
    pytest.param(lambda path: path.write_bytes(path.read_bytes() + b"\0"), id="longer"),
    pytest.param(Path.unlink, id="deleted"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_any_file_is_named_before_anything_opens_it(
    snapshot: Path, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for reader in ("TextStore", "PassageVectors", "SentenceVectors", "LexicalIndex", "ForwardIndex"):
        monkeypatch.delattr(snapshot_module, reader)
    files = read_manifest(snapshot).files
    assert {
        "texts.sqlite",
        "passages.faiss",
        "sentences.npy",
        "report.json",
        "lexical/meta.json",
        "forward/terms.npy",
    } <= set(files)
    for name in files:
        path = snapshot / name
        content = path.read_bytes()
        damage(path)
        with pytest.raises(SnapshotError) as caught:
            open_snapshot(snapshot)
        assert str(path) in str(caught.value)
        assert "rebuild" in str(caught.value)
        path.write_bytes(content)


def test_a_copied_snapshot_opens_where_it_is(snapshot: Path) -> None:
    opened = open_snapshot(snapshot)
    assert [document.path for document in opened.texts.documents()] == ["docs/a.txt", "docs/b.txt"]
    assert opened.lexical.search(["steel"], 5)[0].tolist() == [1]
    assert opened.folder == snapshot
    opened.close()


def test_every_file_but_the_manifest_has_its_checksum(snapshot: Path) -> None:
    files = {path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*") if path.is_file()}
    listed = set(read_manifest(snapshot).files)
    assert {name for name in files - listed if not name.endswith(".lock")} == {MANIFEST_FILE}


def test_opening_changes_no_file(snapshot: Path) -> None:
    before = checksums(snapshot)
    open_snapshot(snapshot).close()
    assert checksums(snapshot) == before


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"{}", id="no fields"),
        pytest.param(f'{{"format": {FORMAT_VERSION}}}'.encode(), id="fields missing"),
        pytest.param(f'{{"format": {FORMAT_VERSION}, "encoder": 5}}'.encode(), id="a field of the wrong kind"),
    ],
)
def test_a_damaged_manifest_is_told(snapshot: Path, content: bytes) -> None:
    (snapshot / MANIFEST_FILE).write_bytes(content)
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged; rebuild the index"):
        open_snapshot(snapshot)


def test_a_missing_manifest_is_told(snapshot: Path) -> None:
    (snapshot / MANIFEST_FILE).unlink()
    with pytest.raises(SnapshotError, match=r"manifest\.json cannot be read: No such file or directory; rebuild"):
        open_snapshot(snapshot)


def of_format(snapshot: Path, version: object) -> None:
    fields = json.loads((snapshot / MANIFEST_FILE).read_text())
    (snapshot / MANIFEST_FILE).write_text(json.dumps({**fields, "format": version, "unknown": True}))


def test_an_older_format_is_refused_with_the_command_that_rebuilds_the_index(built: Path) -> None:
    index = built.parent.parent
    old = Path(shutil.copytree(built, built.parent / "20990101T000000.000000Z-00000000"))
    of_format(old, 2)
    with pytest.raises(SnapshotError) as caught:
        open_snapshot(old)
    shutil.rmtree(old)
    assert f"{old / MANIFEST_FILE} has index format 2" in str(caught.value)
    assert f"reads format {FORMAT_VERSION}" in str(caught.value)
    assert f"`citebox rebuild {index.parent / 'docs'} --index {index}`" in str(caught.value)


def test_a_newer_format_is_refused_with_how_to_upgrade(snapshot: Path) -> None:
    of_format(snapshot, 99)
    with pytest.raises(
        SnapshotError, match=r"manifest\.json has index format 99 .*pip install --upgrade citebox.*rebuild"
    ):
        open_snapshot(snapshot)


@pytest.mark.parametrize("version", ["3", None, True, 3.0, [3]], ids=str)
def test_a_format_that_is_no_version_is_damage(snapshot: Path, version: object) -> None:
    of_format(snapshot, version)
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged"):
        open_snapshot(snapshot)


def test_damage_is_told_with_the_snapshot_before_to_go_back_to(built: Path) -> None:
    index = built.parent.parent
    later = Path(shutil.copytree(built, built.parent / "20990101T000000.000000Z-00000000"))
    truncate(later / "texts.sqlite")
    with pytest.raises(SnapshotError, match=f"`citebox rollback --index {index}`, or rebuild the index with `citebox"):
        open_snapshot(later)
    shutil.rmtree(later)


def test_without_a_snapshot_before_only_a_rebuild_is_named(snapshot: Path) -> None:
    truncate(snapshot / "texts.sqlite")
    with pytest.raises(SnapshotError, match="rebuild the index") as caught:
        open_snapshot(snapshot)
    assert "rollback" not in str(caught.value)


def test_a_snapshot_is_not_removed_before_it_is_closed(snapshot: Path) -> None:
    opened = open_snapshot(snapshot)
    with removing(snapshot) as free:
        assert not free
    opened.close()
    with removing(snapshot) as free:
        assert free


def test_one_that_cannot_be_opened_holds_no_lease(snapshot: Path) -> None:
    truncate(snapshot / "texts.sqlite")
    with pytest.raises(SnapshotError) as caught:
        open_snapshot(snapshot)
    with removing(snapshot) as free:
        assert free
    assert caught.value is not None


def test_counts_that_do_not_fit_the_vectors_are_refused(snapshot: Path) -> None:
    manifest = read_manifest(snapshot)
    counts = replace(manifest.counts, passages=manifest.counts.passages + 1)
    replace(manifest, counts=counts).write(snapshot)
    with pytest.raises(SnapshotError, match="do not fit its texts; rebuild"):
        open_snapshot(snapshot)


def test_a_manifest_comes_back_as_it_was_written(snapshot: Path, tmp_path: Path) -> None:
    manifest = read_manifest(snapshot)
    manifest.write(tmp_path)
    assert read_manifest(tmp_path) == manifest


def test_a_manifest_says_what_the_snapshot_is(built: Path) -> None:
    manifest = read_manifest(built)
    encoder = HashingEncoder()
    assert manifest.snapshot_id == built.name
    assert manifest.encoder == encoder.record
    assert (manifest.counts.files, manifest.counts.documents) == (2, 2)
    assert [source.name for source in manifest.sources] == ["docs"]


def test_any_bit_that_flips_in_the_manifest_is_noticed(snapshot: Path) -> None:
    content = (snapshot / MANIFEST_FILE).read_bytes()
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1 << position % 8
        (snapshot / MANIFEST_FILE).write_bytes(damaged)
        with pytest.raises(SnapshotError, match=MANIFEST_FILE):
            read_manifest(snapshot)


def test_a_manifest_without_how_its_sources_were_read_has_the_usual_options(snapshot: Path) -> None:
    manifest = read_manifest(snapshot)
    fields = json.loads((snapshot / MANIFEST_FILE).read_text())
    del fields["reading"], fields["sha256"]
    own = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    (snapshot / MANIFEST_FILE).write_text(json.dumps({**fields, "sha256": own}, indent=1) + "\n")
    assert read_manifest(snapshot) == replace(manifest, reading=ReadingOptions())


def test_a_manifest_tells_how_its_sources_were_read(snapshot: Path) -> None:
    reading = ReadingOptions(RowFields(text="body"), ocr=True)
    replace(read_manifest(snapshot), reading=reading).write(snapshot)
    assert read_manifest(snapshot).reading == reading
