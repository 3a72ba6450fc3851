import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import SourceError
from corpus.sources import find_files, make_sources
from index.analysis import analyzer
from index.encoder import Advance, Vectors
from index.location import IndexLocation, RebuildError
from index.lock import LockedError
from index.models import EncoderError
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.report import REPORT_FILE, RebuildReport, read_outcomes
from index.snapshot import Snapshot, open_snapshot
from qa.query import make_query
from qa.search import Searcher
from tests.conftest import write_files
from tests.corpus.test_archives import zipped
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

Build = Callable[[dict[str, str | bytes]], RebuildReport]

FILES: dict[str, str | bytes] = {
    "oil.md": "---\ndate: 2025-11\n---\n# Oil\n\nRussia sold oil. Pakistan bought it.\n\n## Price\n\nIt fell.",
    "copy of oil.md": "# Oil\n\nRussia sold oil. Pakistan bought it.\n\n## Price\n\nIt fell.",
    "rows.jsonl": '{"_id": "1", "text": "Gas was cheap."}\n{"_id": "2", "text": "Steel was dear."}',
    "long.txt": "The talks went on for days without any result. " * 30,
    "image.txt": b"\x89PNG\x00",
    "notes.xyz": "not read",
}
GOOD = {"oil.txt": "Russia sold oil to Pakistan."}
BAD: dict[str, str | bytes] = {"a.txt": b"\x00", "b.xyz": "x", "c.md": ""}


class FailingEncoder(HashingEncoder):
    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        raise EncoderError("out of order")


def published(tmp_path: Path) -> Snapshot:
    return open_snapshot(IndexLocation(tmp_path / "index").published())


def rebuild_docs(tmp_path: Path, encoder: HashingEncoder) -> RebuildReport:
    return rebuild(
        IndexLocation(tmp_path / "index"), make_sources([tmp_path / "docs"]), encoder, shared_reader(), SilentProgress()
    )


def left_over(tmp_path: Path) -> list[str]:
    return sorted(os.listdir(tmp_path / "index" / "snapshots"))


def ids_and_rankings(snapshot: Snapshot) -> tuple[list[str], list[str], list[list[int]]]:
    encoder = HashingEncoder()
    documents = snapshot.texts.documents()
    passages = snapshot.texts.passages(range(len(snapshot.passages)))
    rankings = []
    for question in ("Who sold oil?", "steel price", "talks without result", "unheard"):
        rankings.append(snapshot.passages.search(encoder.encode_queries([question])[0], 10)[0].tolist())
        rankings.append(snapshot.lexical.search(analyzer(None).terms(question), 10)[0].tolist())
    return [d.document_id for d in documents], [p.passage_id for p in passages], rankings


def test_a_rebuild_publishes_what_it_reports(build: Build, tmp_path: Path) -> None:
    report = build(FILES)
    snapshot = published(tmp_path)
    assert report.snapshot == snapshot.manifest.snapshot_id
    assert report.counts == snapshot.manifest.counts
    assert (len(snapshot.passages), len(snapshot.sentences)) == (report.counts.passages, report.counts.sentences)
    assert snapshot.texts.document_count() == report.counts.documents == 5
    snapshot.close()


def test_every_file_has_its_outcome(build: Build, tmp_path: Path) -> None:
    report = build(FILES)
    assert [(outcome.path, outcome.status, outcome.code) for outcome in report.outcomes] == [
        ("docs/copy of oil.md", "indexed", None),
        ("docs/image.txt", "skipped", "binary"),
        ("docs/long.txt", "indexed", None),
        ("docs/notes.xyz", "skipped", "file-type"),
        ("docs/oil.md", "duplicate", None),
        ("docs/rows.jsonl", "indexed", None),
    ]
    assert read_outcomes(IndexLocation(tmp_path / "index").published() / REPORT_FILE) == report.outcomes


names = st.from_regex(r"[a-c]{1,2}(/[a-c]{1,2})?\.(txt|md|html|jsonl|xyz)", fullmatch=True)
contents = st.sampled_from(
    [b"", b"\x00", b"\xff\xfe", "Some text. More text.", '{"text": "Row."}', "<p>x</p>", "---\na: [\n---\nx", "# H"]
) | st.binary(max_size=30)


@given(files=st.dictionaries(names, contents, min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_every_file_found_is_accounted_for(files: dict[str, str | bytes]) -> None:
    with TemporaryDirectory() as folder:
        tmp_path = Path(folder)
        write_files(tmp_path / "docs", {"always.txt": "A good file.", **files})
        report = rebuild_docs(tmp_path, HashingEncoder())
        found = [file.path for file in find_files(make_sources([tmp_path / "docs"]), tmp_path / "index")]
    assert found == sorted(f"docs/{name}" for name in {*files, "always.txt"})
    assert [outcome.path for outcome in report.outcomes] == found
    statuses = Counter(outcome.status for outcome in report.outcomes)
    assert statuses["indexed"] + statuses["duplicate"] + statuses["skipped"] == len(found)
    for outcome in report.outcomes:
        assert (outcome.status == "indexed") == (outcome.passages > 0)
        assert (outcome.status == "duplicate") == (outcome.duplicate_of is not None)
        assert (outcome.status == "skipped") == (outcome.code is not None) == (outcome.reason is not None)
        assert (outcome.status == "skipped") == (outcome.documents == 0)
    assert sum(outcome.documents for outcome in report.outcomes) == report.counts.documents
    assert sum(outcome.passages for outcome in report.outcomes) == report.counts.passages


sentences = st.lists(
    st.sampled_from(["Oil rose", "Gas fell", "Steel is dear", "Tea is cheap", "Who knows?"]), max_size=8
)
documents = st.dictionaries(
    st.from_regex(r"[a-d]{1,2}\.(txt|md)", fullmatch=True), sentences.map(". ".join), min_size=1, max_size=6
)


@given(files=documents, question=st.text(max_size=30))
@settings(max_examples=15, deadline=None)
def test_a_rebuild_of_any_unchanged_input_changes_no_id_and_no_ranking(
    files: dict[str, str | bytes], question: str
) -> None:
    results = []
    with TemporaryDirectory() as folder:
        tmp_path = Path(folder)
        for place in ("here", "there"):  # nor does it matter where the folder lies
            write_files(tmp_path / place / "docs", {"always.txt": "A good file.", **files})
            rebuild_docs(tmp_path / place, HashingEncoder())
            snapshot = published(tmp_path / place)
            hits = Searcher(snapshot, HashingEncoder()).ask(make_query(f"{question} oil?", 100)).hits
            results.append(
                (ids_and_rankings(snapshot), [(hit.passage.passage_id, hit.score, hit.citation) for hit in hits])
            )
            snapshot.close()
    assert results[0] == results[1]
    assert results[0][1]


def test_the_same_input_gives_the_same_ids_and_rankings(build: Build, tmp_path: Path) -> None:
    results = []
    for _ in range(2):
        build(FILES)
        snapshot = published(tmp_path)
        results.append(ids_and_rankings(snapshot))
        snapshot.close()
    assert results[0] == results[1]
    assert len(left_over(tmp_path)) == 2


def test_vectors_stand_in_the_rows_of_their_texts(build: Build, tmp_path: Path) -> None:
    build(FILES)
    snapshot, encoder = published(tmp_path), HashingEncoder()
    for row, (context, text, sentences) in enumerate(snapshot.texts.embedding_inputs()):
        query = encoder.encode_queries([f"{context}\n{text}"])[0]
        (passage,) = snapshot.texts.passages([row])
        assert snapshot.passages.scores(query, np.array([row])) == pytest.approx(1, abs=1e-3)
        for sentence_row, sentence in zip(passage.sentences, sentences, strict=True):
            query = encoder.encode_queries([f"{context}\n{sentence}"])[0]
            assert snapshot.sentences.scores(query, np.array([sentence_row])) == pytest.approx(1, abs=2e-3)
    snapshot.close()


def test_equal_texts_are_stored_once_with_a_copy(build: Build, tmp_path: Path) -> None:
    report = build({"a.txt": "The same text.", "b/c.txt": "The same text.", "d.txt": "Another."})
    snapshot = published(tmp_path)
    documents = [(document.path, document.text_row) for document in snapshot.texts.documents()]
    assert documents == [("docs/a.txt", 0), ("docs/b/c.txt", 0), ("docs/d.txt", 1)]
    assert len(snapshot.passages) == report.counts.passages == 2
    assert report.outcomes[1].duplicate_of == "docs/a.txt"
    snapshot.close()


def test_a_file_of_which_part_is_a_copy_is_indexed(build: Build) -> None:
    report = build({"a.txt": "Row one.", "b.jsonl": '{"text": "Row one."}\n{"text": "Row two."}'})
    assert [(outcome.status, outcome.documents) for outcome in report.outcomes] == [("indexed", 1), ("indexed", 2)]


def test_a_text_that_changed_is_found_as_it_is_now(build: Build, tmp_path: Path) -> None:
    build(GOOD)
    build({"oil.txt": "Insulin is made in Lahore."})
    snapshot = published(tmp_path)
    assert snapshot.texts.text(0) == "Insulin is made in Lahore."
    assert snapshot.lexical.search(["russia"], 5)[0].tolist() == []
    snapshot.close()


def test_files_without_any_text_publish_nothing(build: Build, tmp_path: Path) -> None:
    with pytest.raises(RebuildError, match=r"none of the 3 files found gave a document \(docs/a.txt: holds binary"):
        build(BAD)
    assert IndexLocation(tmp_path / "index").published_id() is None
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("trouble", ["nothing to index", "no files", "failing encoder"])
def test_a_rebuild_that_fails_leaves_the_old_snapshot(build: Build, tmp_path: Path, trouble: str) -> None:
    old = build(GOOD).snapshot
    (tmp_path / "docs" / "oil.txt").unlink()
    encoder = HashingEncoder()
    if trouble == "nothing to index":
        write_files(tmp_path / "docs", BAD)
    elif trouble == "failing encoder":
        write_files(tmp_path / "docs", {"new.txt": "New text."})
        encoder = FailingEncoder()
    with pytest.raises((RebuildError, SourceError, EncoderError)):
        rebuild_docs(tmp_path, encoder)
    snapshot = published(tmp_path)
    assert snapshot.manifest.snapshot_id == old
    assert left_over(tmp_path) == [old]
    snapshot.close()


def test_what_a_killed_rebuild_left_behind_is_removed(build: Build, tmp_path: Path) -> None:
    old = build(GOOD).snapshot
    write_files(tmp_path / "index" / "snapshots", {".building-killed/lexical/part": "x"})
    new = build(GOOD).snapshot
    assert left_over(tmp_path) == sorted([old, new])


def test_an_index_among_its_documents_is_not_indexed(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", GOOD)
    location, sources = IndexLocation(tmp_path / "docs" / "index"), make_sources([tmp_path / "docs"])
    for _ in range(2):
        report = rebuild(location, sources, HashingEncoder(), shared_reader(), SilentProgress())
        assert [outcome.path for outcome in report.outcomes] == ["docs/oil.txt"]


def test_a_second_rebuild_at_the_same_time_is_refused(build: Build, tmp_path: Path) -> None:
    location = IndexLocation(tmp_path / "index")
    with (
        location.lock("citebox rebuild"),
        pytest.raises(LockedError, match=r"by citebox rebuild .*; wait for it to end"),
    ):
        build(GOOD)
    assert build(GOOD).snapshot


class RecordingProgress:
    """Adds up what each stage says is done."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[int, int]] = {}

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        done: list[int] = []
        yield done.append
        self.stages[name] = (sum(done), total)


def test_every_stage_tells_of_all_its_items(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", FILES)
    progress = RecordingProgress()
    sources = make_sources([tmp_path / "docs"])
    counts = rebuild(IndexLocation(tmp_path / "index"), sources, HashingEncoder(), shared_reader(), progress).counts
    to_embed = counts.passages + counts.sentences
    assert progress.stages == {
        "reading": (len(FILES), len(FILES)),
        "comparing": (4, 4),
        "embedding": (to_embed, to_embed),
        "indexing": (counts.passages, counts.passages),
    }


STORY = [f"In week {week} the two delegations met in a new place and spoke of cargo {week * 7}." for week in range(20)]


def test_near_duplicates_are_linked(build: Build, tmp_path: Path) -> None:
    build({"a.txt": " ".join(STORY), "b.txt": " ".join(STORY[2:]), "c.txt": "Something else was reported."})
    with closing(published(tmp_path)) as snapshot:
        groups = {document.path: document.group_row for document in snapshot.texts.documents()}
        assert groups["docs/a.txt"] == groups["docs/b.txt"] != groups["docs/c.txt"]
        first = snapshot.texts.documents()[0]
        assert [other.path for other in snapshot.texts.near_duplicates(first)] == ["docs/b.txt"]


def test_files_of_an_archive_are_indexed(build: Build) -> None:
    report = build({"a.zip": zipped({"x.txt": b"Oil was sold.", "y.xyz": b"?"}), "b.txt": "Gas was sold."})
    assert [(outcome.path, outcome.status) for outcome in report.outcomes] == [
        ("docs/a.zip/x.txt", "indexed"),
        ("docs/a.zip/y.xyz", "skipped"),
        ("docs/b.txt", "indexed"),
    ]
