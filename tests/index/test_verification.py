"""What is wrong with a snapshot is found and named, even where every file is as it was written."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.sources import make_sources
from index import verification
from index.leases import removing
from index.location import IndexLocation
from index.manifest import MANIFEST_FILE, Manifest, SnapshotError, checksums, read_manifest
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.vector_building import build_passage_vectors
from index.vectors import PassageVectors
from index.verification import Checked, check, verify_snapshot
from index.verified import verify_unseen_files
from tests.conftest import write_files
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

TEXTS = {
    "a.md": "# Oil\n\nOil was sold to 12 buyers. Gas was not sold.\n\n# Steel\n\nSteel was dear. Mills were closed.",
    "b.txt": "Tea prices rose by nine percent. Nobody knew why the harvest was late.",
    "c.txt": "Tea prices rose by nine percent. Nobody knew why the harvest was late.",
    "d.txt": "Nine ships left the harbour at dawn.",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published snapshot, not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    write_files(folder / "docs", TEXTS)
    location = IndexLocation(folder / "index")
    rebuild(location, make_sources([folder / "docs"]), HashingEncoder(), shared_reader(), SilentProgress())
    return location.published()


@pytest.fixture
def snapshot(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(built, tmp_path / "snapshot"))


def rewrite_manifest(snapshot: Path, change: Callable[[Manifest], Manifest] = lambda manifest: manifest) -> None:
    """Let the manifest say what the files are now."""
    change(replace(read_manifest(snapshot), files=checksums(snapshot))).write(snapshot)


def execute(snapshot: Path, statement: str) -> None:
    with closing(sqlite3.connect(snapshot / "texts.sqlite")) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()
    rewrite_manifest(snapshot)


def problems(snapshot: Path) -> str:
    return "\n".join(verify_snapshot(snapshot, HashingEncoder()).problems)


def test_a_whole_snapshot_has_no_problems_and_says_what_was_checked(snapshot: Path) -> None:
    found = verify_snapshot(snapshot, HashingEncoder())
    manifest = read_manifest(snapshot)
    assert found.problems == ()
    assert found.checked == Checked(
        files=len(manifest.files),
        bytes=sum(file.bytes for file in manifest.files.values()),
        texts=3,
        documents=4,
        passages=manifest.counts.passages,
        sentences=manifest.counts.sentences,
        retrieved=manifest.counts.passages,
    )
    check(snapshot, HashingEncoder())


def test_without_an_encoder_nothing_is_looked_up(snapshot: Path) -> None:
    found = verify_snapshot(snapshot)
    assert found.problems == ()
    assert found.checked.retrieved is None


def test_every_damaged_file_is_named_and_nothing_reads_it(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = list(read_manifest(snapshot).files)
    for name in names:
        (snapshot / name).write_bytes(b"damaged")
    monkeypatch.delattr(verification, "_check_contents")
    found = verify_snapshot(snapshot)
    for name in names:
        assert any(f"{snapshot / name} is not as it was written" in problem for problem in found.problems)
    assert found.checked.passages == 0


def test_damage_that_left_no_trace_in_a_remembered_file_is_found(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.verified.VerifiedFiles.is_seen", lambda *_: True)
    path = snapshot / "report.json"
    path.write_bytes(path.read_bytes().replace(b"docs", b"dogs"))
    verify_unseen_files(snapshot, read_manifest(snapshot))
    assert f"{path} is not as it was written" in problems(snapshot)


def test_a_file_that_is_not_listed_is_told(snapshot: Path) -> None:
    (snapshot / "lexical" / "notes.txt").write_text("mine")
    (snapshot / "lexical" / ".tantivy-meta.lock").touch()
    found = verify_snapshot(snapshot)
    assert found.problems == (f"{snapshot / 'lexical' / 'notes.txt'} is not listed in manifest.json",)
    assert found.checked.passages > 0


def test_a_manifest_that_cannot_be_used_is_a_problem(snapshot: Path) -> None:
    (snapshot / MANIFEST_FILE).write_text("{")
    assert f"{snapshot / MANIFEST_FILE} is damaged" in problems(snapshot)
    (snapshot / MANIFEST_FILE).unlink()
    assert f"{snapshot / MANIFEST_FILE} cannot be read" in problems(snapshot)
    with pytest.raises(SnapshotError, match="cannot be read"):
        check(snapshot)


def test_no_lease_is_left_behind(snapshot: Path) -> None:
    verify_snapshot(snapshot, HashingEncoder())
    with removing(snapshot) as free:
        assert free


@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        ("documents", ["4 documents in texts.sqlite", "it accounts for 4 documents"]),
        (
            "passages",
            [
                "passages in texts.sqlite",
                "vectors in passages.faiss",
                "passages in lexical/",
                "passages in forward/",
                "it accounts for",
            ],
        ),
        ("sentences", ["sentences in texts.sqlite", "vectors in sentences.npy", "sentences in forward/"]),
        ("files", ["files that were indexed"]),
    ],
)
def test_counts_that_differ_from_the_manifest_are_told(snapshot: Path, field: str, kinds: list[str]) -> None:
    def one_more(manifest: Manifest) -> Manifest:
        return replace(manifest, counts=replace(manifest.counts, **{field: getattr(manifest.counts, field) + 1}))

    rewrite_manifest(snapshot, one_more)
    for kind in kinds:
        assert kind in problems(snapshot)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE passages SET text = upper(text) WHERE row = 1", r"passage row 1 \(\w+\) is not the text at its place"),
        ('UPDATE passages SET "end" = 9999 WHERE row = 1', r"passage row 1 \(\w+\) is not the text at its place"),
        ("UPDATE passages SET start = -3 WHERE row = 1", r"passage row 1 \(\w+\) is not the text at its place"),
        ("UPDATE passages SET passage_id = 'ab' WHERE row = 1", r"passage row 1 \(ab\) has an id that does not follow"),
        ("UPDATE passages SET row = 99 WHERE row = 1", r"passage row 2 .* stands where row 1 belongs"),
        ("UPDATE passages SET text_row = 1 WHERE row = 0", r"passage row 0 .* is not among the passages of its text"),
        ("UPDATE passages SET text_row = 77 WHERE row = 0", r"passage row 0 .* is not among the passages of its text"),
        ("UPDATE passages SET first_sentence = 0 WHERE row = 1", r"passage row 1 .* begins with sentence row 0"),
        ("UPDATE passages SET sentence_count = 1 WHERE row = 0", "sentence"),
        ("UPDATE passages SET terms = 'oil' WHERE row = 0", "passage row 0 .* does not have the terms"),
        ('UPDATE sentences SET "end" = 9999 WHERE row = 1', r"sentence row 1 of passage row 0 .* does not lie inside"),
        ("UPDATE sentences SET start = 0 WHERE row = 1", r"sentence row 1 of passage row 0 .* overlaps the one before"),
        ("UPDATE sentences SET row = 99 WHERE row = 1", r"passage row 0 .* lacks sentences of the rows 0 to 1"),
        ("INSERT INTO sentences VALUES (99, 0, 1)", "sentence row 99 and those behind it belong to no passage"),
        ("UPDATE texts SET sha256 = 'ab' WHERE row = 1", "text row 1 does not have the SHA-256 it states, ab"),
        ("UPDATE texts SET characters = 1 WHERE row = 1", "characters, and states 1"),
        ("UPDATE texts SET row = 99 WHERE row = 2", "text row 99 stands where row 2 belongs"),
        ("UPDATE texts SET first_passage = 0 WHERE row = 1", "the passages of text row 1 begin at row 0"),
        ("UPDATE texts SET passage_count = 7 WHERE row = 2", "the texts have 10 passages, and there are"),
        ("UPDATE texts SET group_row = 2 WHERE row = 1", "text row 1 is linked to row 2, which is not the first"),
        ("UPDATE texts SET group_row = -1 WHERE row = 1", "text row 1 is linked to row -1, which is not the first"),
        ("UPDATE documents SET document_id = 'ab' WHERE row = 1", r"document row 1 \(docs/b.txt\) has the id ab"),
        ("UPDATE documents SET path = 'x' WHERE row = 1", r"document row 1 \(x\) has the id"),
        ("UPDATE documents SET row = 99 WHERE row = 1", "document row 2 stands where row 1 belongs"),
        ("UPDATE documents SET text_row = 99 WHERE row = 1", r"document row 1 \(docs/b.txt\) has no text"),
        ("UPDATE documents SET text_row = 0 WHERE row = 3", "text row 2 belongs to no document"),
        ("DROP TABLE sentences", "cannot be checked to the end"),
    ],
)
def test_what_is_wrong_in_the_text_store_is_told_with_its_row(snapshot: Path, statement: str, problem: str) -> None:
    with closing(sqlite3.connect(snapshot / "texts.sqlite")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)
        connection.commit()
    rewrite_manifest(snapshot)
    found = problems(snapshot)
    assert str(snapshot) in found
    assert re.search(problem, found), found


def test_of_what_is_wrong_throughout_only_the_first_are_told(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "MOST_PROBLEMS", 2)
    execute(snapshot, "UPDATE passages SET text = upper(text)")
    found = verify_snapshot(snapshot).problems
    assert len(found) == 3
    assert found[-1].startswith(f"{snapshot / 'texts.sqlite'}: and ")


def write_vectors(snapshot: Path, matrix: np.ndarray) -> None:
    build_passage_vectors(snapshot / "passages.faiss", matrix.shape[1], [matrix])
    rewrite_manifest(snapshot)


def vectors(snapshot: Path) -> np.ndarray:
    passages = PassageVectors.open(snapshot / "passages.faiss")
    return passages.vectors(np.arange(len(passages)))


@pytest.mark.parametrize("value", [np.nan, np.inf, 3.0, 0.0])
def test_a_vector_that_is_not_of_length_1_is_told_with_its_row(
    snapshot: Path, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "VECTORS_AT_ONCE", 2)
    matrix = vectors(snapshot)
    matrix[3] = value
    write_vectors(snapshot, matrix)
    sentences = np.load(snapshot / "sentences.npy")
    sentences[5] = 0 if np.isnan(value) else np.sign(value) * 3
    np.save(snapshot / "sentences.npy", sentences)
    rewrite_manifest(snapshot)
    found = problems(snapshot)
    assert f"{snapshot / 'passages.faiss'}: row 3 is not a vector of length 1" in found
    assert f"{snapshot / 'sentences.npy'}: row 5 is not a vector of length 1" in found


def test_vectors_of_another_dimension_are_told(snapshot: Path) -> None:
    write_vectors(snapshot, np.eye(4, 7, dtype=np.float32))
    assert "passages.faiss: its vectors have 7 dimensions, and those of the encoder 64" in problems(snapshot)


def test_a_report_that_does_not_account_for_all_is_told(snapshot: Path) -> None:
    path = snapshot / "report.json"
    report = json.loads(path.read_text())
    path.write_text(json.dumps({"files": report["files"][1:]}))
    rewrite_manifest(snapshot)
    assert f"{path}: it accounts for 3 documents, and the manifest counts 4" in problems(snapshot)


def test_passages_whose_vectors_stand_in_other_rows_are_told(snapshot: Path) -> None:
    write_vectors(snapshot, np.roll(vectors(snapshot), 1, axis=0))
    assert verify_snapshot(snapshot).problems == ()
    assert "has a vector whose cosine with its text, embedded anew, is" in problems(snapshot)


def test_sentences_whose_vectors_stand_in_other_rows_are_told(snapshot: Path) -> None:
    np.save(snapshot / "sentences.npy", np.roll(np.load(snapshot / "sentences.npy"), 1, axis=0))
    rewrite_manifest(snapshot)
    assert "has a first sentence whose vector's cosine with its text" in problems(snapshot)


def test_passages_that_their_own_words_do_not_find_are_told(snapshot: Path) -> None:
    execute(snapshot, "UPDATE passages SET terms = 'zzz' || char(10) || 'zzz' WHERE sentence_count = 1")
    assert "is not found by its own words in lexical/" in problems(snapshot)


def test_check_raises_the_first_problems(snapshot: Path) -> None:
    execute(snapshot, "UPDATE passages SET text = upper(text)")
    with pytest.raises(SnapshotError, match=r"passage row 0 .*; .*passage row 1 .*; .*passage row 2 .* more problem"):
        check(snapshot, HashingEncoder())
