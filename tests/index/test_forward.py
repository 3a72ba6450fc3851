"""The forward index: what is read of passages and texts is what was written, and what the text store says."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import analyzer
from index.forward import ForwardIndex, PassageEntry, TextEntry, term_hashes
from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot

Build = Callable[[dict[str, str | bytes]], RebuildReport]

terms = st.lists(st.sampled_from(["oil", "gas", "öl", "石油", "1.5"]), max_size=5)
passages = st.builds(PassageEntry, st.none() | st.integers(1, 9), st.lists(terms, min_size=2, max_size=4).map(tuple))
texts = st.lists(
    st.builds(TextEntry, st.integers(0, 5), terms, st.lists(passages, min_size=1, max_size=3).map(tuple)), min_size=1
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder each time."""
    return iter(lambda: tmp_path_factory.mktemp("forward"), None)


def write_and_open(folder: Path, written: list[TextEntry]) -> ForwardIndex:
    ForwardIndex.write(folder, written)
    return ForwardIndex(folder)


@settings(deadline=None)
@given(written=texts, data=st.data())
def test_what_is_read_is_what_was_written(
    folders: Iterator[Path], written: list[TextEntry], data: st.DataObject
) -> None:
    forward = write_and_open(next(folders), written)
    every = [(row, passage) for row, text in enumerate(written) for passage in text.passages]
    asked = data.draw(st.lists(st.integers(0, len(every) - 1), min_size=1))
    found = forward.passages(np.array(asked))
    lines = [line for at in asked for line in every[at][1].lines]
    assert found.text_rows.tolist() == [every[at][0] for at in asked]
    assert found.pages.tolist() == [every[at][1].page or 0 for at in asked]
    assert found.line_lengths.tolist() == list(map(len, lines))
    assert found.terms.tolist() == [hashed for line in lines for hashed in term_hashes(line).tolist()]
    starts = np.cumsum([0, *(len(passage.lines) - 1 for _, passage in every)])
    assert found.sentences.tolist() == [row for at in asked for row in range(starts[at], starts[at + 1])]
    assert (len(forward), forward.sentences) == (len(every), starts[-1])


@settings(deadline=None)
@given(written=texts, data=st.data())
def test_a_text_has_its_group_and_the_terms_of_its_name(
    folders: Iterator[Path], written: list[TextEntry], data: st.DataObject
) -> None:
    asked = data.draw(st.lists(st.integers(0, len(written) - 1)))
    found = write_and_open(next(folders), written).texts(np.array(asked, dtype=np.int64))
    assert found.passages.tolist() == [len(written[row].passages) for row in asked]
    assert found.group_rows.tolist() == [written[row].group_row for row in asked]
    assert found.name_lengths.tolist() == [len(written[row].name) for row in asked]
    assert found.names.tolist() == [hashed for row in asked for hashed in term_hashes(written[row].name).tolist()]


def test_equal_terms_have_equal_hashes_and_others_do_not() -> None:
    hashes = term_hashes(["oil", "gas", "oil", "ol", "öl"])
    assert hashes[0] == hashes[2]
    assert len(set(hashes.tolist())) == 4


def test_a_rebuild_writes_what_the_text_store_has(build: Build, tmp_path: Path) -> None:
    build({"a.md": "---\ntitle: Oil prices\n---\n# Crude\n\nOil rose. Gas fell.", "b_2024.txt": "Steel was dear."})
    with closing(open_snapshot(IndexLocation(tmp_path / "index").published())) as snapshot:
        rows = range(len(snapshot.forward))
        stored = snapshot.texts.passages(rows)
        found = snapshot.forward.passages(np.array(rows))
        assert found.text_rows.tolist() == [passage.text_row for passage in stored]
        assert found.sentences.tolist() == [row for passage in stored for row in passage.sentences]
        in_order = [
            term for passage in stored for line in (passage.context_terms, *passage.sentence_terms) for term in line
        ]
        assert found.terms.tolist() == term_hashes(in_order).tolist()
        names = analyzer("en").terms("Oil prices docs a") + analyzer("en").terms("docs b 2024")
        assert snapshot.forward.texts(np.array([0, 1])).names.tolist() == term_hashes(names).tolist()
