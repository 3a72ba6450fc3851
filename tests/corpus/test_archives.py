import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from corpus import archives
from corpus.archives import Member, is_archive, unpack
from corpus.bombs import SMALL_BYTES
from corpus.errors import DocumentError


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def unpacked(folder: Path, name: str, content: bytes) -> list[Member]:
    (folder / "archive").write_bytes(content)
    (folder / "unpacked").mkdir()
    return unpack(folder / "archive", name, folder / "unpacked")


def contents(members: list[Member]) -> dict[str, bytes]:
    return {member.name: member.location.read_bytes() for member in members if member.location}


FILES = {"b.txt": b"two", "sub/a.txt": b"one"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zipped(FILES)),
        ("a.tar", tarred(FILES, "w:")),
        ("a.tar.gz", tarred(FILES)),
        ("A.TGZ", tarred(FILES)),
        ("a.tar.bz2", tarred(FILES, "w:bz2")),
        ("a.tar.xz", tarred(FILES, "w:xz")),
    ],
)
def test_an_archive_is_unpacked_in_order_of_names(tmp_path: Path, name: str, content: bytes) -> None:
    assert is_archive(Path(name))
    members = unpacked(tmp_path, name, content)
    assert [member.name for member in members] == ["b.txt", "sub/a.txt"]
    assert contents(members) == FILES


@pytest.mark.parametrize("name", ["a.txt", "a.gz", "zip", "a.zip.txt"])
def test_other_files_are_no_archives(name: str) -> None:
    assert not is_archive(Path(name))


@pytest.mark.parametrize("name", [".hidden", ".git/config", "__MACOSX/a.txt", "sub/.DS_Store"])
def test_hidden_files_in_an_archive_are_left_out(tmp_path: Path, name: str) -> None:
    assert contents(unpacked(tmp_path, "a.zip", zipped({name: b"x", "a.txt": b"one"}))) == {"a.txt": b"one"}


@pytest.mark.parametrize("name", ["../../a.txt", "/a.txt", "./a.txt", "..\\a.txt"])
def test_a_name_never_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:
    (member,) = unpacked(tmp_path, "a.tar", tarred({name: b"one"}, "w:"))
    assert member.name == "a.txt"
    assert member.location is not None
    assert member.location.parent == tmp_path / "unpacked"


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        info = tarfile.TarInfo("link.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    (member,) = unpacked(tmp_path, "a.tar", target.getvalue())
    assert member.skip is not None
    assert member.skip[0] == "link"


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    (member,) = unpacked(tmp_path, "a.zip", target.getvalue())
    assert member.skip is not None
    assert member.skip[0] == "link"


def test_a_bomb_in_a_zip_costs_that_file(tmp_path: Path) -> None:
    bomb = b"\0" * (SMALL_BYTES + 1)
    members = unpacked(tmp_path, "a.zip", zipped({"a.txt": b"one", "bomb.txt": bomb}))
    assert contents(members) == {"a.txt": b"one"}
    assert [member.skip[0] for member in members if member.skip] == ["bomb"]


def test_a_bomb_in_a_tar_costs_the_archive(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="more than 200 times its size") as caught:
        unpacked(tmp_path, "a.tar.gz", tarred({"bomb.txt": b"\0" * (SMALL_BYTES + 1)}))
    assert caught.value.code == "bomb"


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with pytest.raises(DocumentError, match="more than 3 files"):
        unpacked(tmp_path, "a.zip", zipped({f"{number}.txt": b"x" for number in range(4)}))


def test_an_archive_too_large_for_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 5)
    with pytest.raises(DocumentError, match="unpack it yourself"):
        unpacked(tmp_path, "a.zip", zipped({"a.txt": b"three", "b.txt": b"more"}))


@pytest.mark.parametrize(("name", "content"), [("a.zip", b"no archive"), ("a.tar.gz", b"no archive")])
def test_what_is_no_archive_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(DocumentError, match="is damaged") as caught:
        unpacked(tmp_path, name, content)
    assert caught.value.code == "archive"


def test_an_archive_that_ends_early_gives_what_came_before(tmp_path: Path) -> None:
    whole = tarred({"a.txt": b"one", "b.txt": bytes(range(256)) * 400}, "w:")
    damaged, first = unpacked(tmp_path, "a.tar", whole[:60_000])[:2]
    assert (first.name, contents([first])) == ("a.txt", {"a.txt": b"one"})
    assert damaged.skip is not None
    assert damaged.skip[0] == "archive"


def test_a_damaged_file_in_a_zip_costs_that_file(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"first " * 100, "b.txt": b"one"}))
    content[40] ^= 0xFF
    members = unpacked(tmp_path, "a.zip", bytes(content))
    assert contents(members) == {"b.txt": b"one"}
    assert [member.skip[0] for member in members if member.skip] == ["archive"]


def test_an_empty_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="holds no files"):
        unpacked(tmp_path, "a.zip", zipped({}))
