from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.lexical import LexicalEntry, LexicalIndex

SMALLEST_HEAP = 15_000_000
"""The least that tantivy takes."""

terms = st.lists(st.sampled_from(["oil", "gas", "tea", "steel"]), min_size=1, max_size=5).map(" ".join)


def written(folder: Path, texts: list[str]) -> dict[str, bytes]:
    """The files of an index of passages with these terms, by their names."""
    folder.mkdir()
    LexicalIndex.write(folder, (LexicalEntry(row, row, text, text) for row, text in enumerate(texts)))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(texts=st.lists(terms, min_size=1, max_size=10))
@settings(max_examples=10, deadline=None)
def test_the_same_passages_give_the_same_files(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("lexical")
    first = written(folder / "a", texts)
    assert first == written(folder / "b", texts)
    assert first != written(folder / "c", [*texts, "coal"])


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two indexes of the same passages, in some segments, but not in the eight or more that tantivy merges."""
    monkeypatch.setattr(lexical, "_WRITER_BYTES", SMALLEST_HEAP)
    texts = [" ".join(f"w{row}x{place}" for place in range(40)) for row in range(1_500)]
    for name in "ab":
        written(tmp_path / name, texts)
    return [tmp_path / name for name in "ab"]


def test_passages_in_several_segments_give_the_same_files_and_are_found(several: list[Path]) -> None:
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in several)
    assert first == second
    assert sum(name.endswith(".store") for name in first) > 1
    index = LexicalIndex.open(several[0])
    for row in (0, 749, 1_499):
        assert index.search([f"w{row}x7"], 5)[0].tolist() == [row]


def test_lock_files_go_and_the_others_have_the_permissions_of_new_files(tmp_path: Path) -> None:
    written(tmp_path / "lexical", ["oil"])
    (tmp_path / "new").touch()
    files = list((tmp_path / "lexical").iterdir())
    assert [path.name for path in files if path.suffix == ".lock"] == []
    assert {path.stat().st_mode for path in files} == {(tmp_path / "new").stat().st_mode}
