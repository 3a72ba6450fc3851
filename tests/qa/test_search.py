"""From a question to an answer, over small indexes without a model and the sample index with it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.location import IndexLocation
from index.manifest import EncoderRecord, SnapshotError
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.query import make_query
from qa.scope import Scope
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]

FILES: dict[str, str | bytes] = {
    "oil/crude.md": "---\ntitle: Crude\ndate: 2023-06\n---\nCrude came by ship. It was cheap.\n\n## Ports\n\nKarachi.",
    "oil/gas.txt": "Title: Gas\nDate: 2025-01-15\nPublisher: The Daily\n\nGas came by pipe. It was dear.",
    "tea.txt": "Tea came by road. It was hot.",
}


@pytest.fixture
def searcher(build: Build, tmp_path: Path, hashing_encoder: HashingEncoder) -> Searcher:
    build(FILES)
    return Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), hashing_encoder)


def paths(searcher: Searcher, **filters: object) -> set[str]:
    answer = searcher.ask(make_query("came by", 100, **filters))  # type: ignore[arg-type]
    return {hit.citation.path for hit in answer.hits}


def test_the_passage_with_the_words_asked_for_comes_first(searcher: Searcher) -> None:
    first = searcher.ask(make_query("Did tea come by road?")).hits[0]
    assert first.citation.path == "docs/tea.txt"
    assert first.evidence[0].text == "Tea came by road."


def test_every_passage_is_returned_when_so_many_are_asked_for(searcher: Searcher) -> None:
    assert len(searcher.ask(make_query("unheard-of", 100)).hits) == len(searcher.snapshot.passages)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"sources": ["docs/oil"]}, {"docs/oil/crude.md", "docs/oil/gas.txt"}),
        ({"sources": ["docs/oil/gas.txt"]}, {"docs/oil/gas.txt"}),
        ({"sources": ["docs/*.txt"]}, {"docs/oil/gas.txt", "docs/tea.txt"}),
        ({"sources": ["the daily"]}, {"docs/oil/gas.txt"}),
        ({"sources": ["the daily", "docs/tea.txt"]}, {"docs/oil/gas.txt", "docs/tea.txt"}),
        ({"sources": ["docs/oi"]}, set()),
        ({"since": "2023-06-30"}, {"docs/oil/crude.md", "docs/oil/gas.txt"}),
        ({"since": "2024"}, {"docs/oil/gas.txt"}),
        ({"until": "2023"}, {"docs/oil/crude.md"}),
        ({"since": "2024", "sources": ["docs/tea.txt"]}, set()),
        ({"document_ids": ["unknown"]}, set()),
    ],
    ids=str,
)
def test_a_filter_keeps_to_its_documents(searcher: Searcher, filters: dict[str, object], expected: set[str]) -> None:
    assert paths(searcher, **filters) == expected


def test_a_filter_changes_neither_scores_nor_order(searcher: Searcher) -> None:
    every = searcher.ask(make_query("came by pipe", 100)).hits
    some = searcher.ask(make_query("came by pipe", 100, sources=["docs/oil"])).hits
    kept = [hit for hit in every if hit.citation.path.startswith("docs/oil/")]
    assert [(hit.passage.passage_id, hit.score) for hit in some] == [
        (hit.passage.passage_id, pytest.approx(hit.score)) for hit in kept
    ]


def test_of_documents_that_are_named_nothing_gives_way(build: Build, tmp_path: Path) -> None:
    told = "\n\n".join(f"## Tea {number}\n\nTea came by road, said witness {number}." for number in range(6))
    build(
        {
            "a.md": f"---\ntitle: Report\n---\n{told}",
            "b.md": "---\ntitle: Report\n---\nTea came by road, said another witness.",
        }
    )
    searcher = Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())
    ids = [document.document_id for document in searcher.snapshot.texts.documents()]
    spread_out = searcher.ask(make_query("Did tea come by road, as witnesses said?")).hits
    named = searcher.ask(make_query("Did tea come by road, as witnesses said?", document_ids=ids)).hits
    assert {hit.citation.path for hit in spread_out} == {"docs/a.md", "docs/b.md"}
    assert [hit.citation.path for hit in named] == ["docs/a.md"] * 5


def test_equal_scores_come_in_the_order_of_the_index(build: Build, tmp_path: Path) -> None:
    build({f"{name}.jsonl": f'{{"text": "same words {number}"}}' for number, name in enumerate("dbca")})
    searcher = Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())
    hits = searcher.ask(make_query("nothing of it")).hits
    assert [hit.citation.path for hit in hits] == sorted(hit.citation.path for hit in hits)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1, max_size=80).filter(str.strip))
def test_any_question_gets_verbatim_passages_in_a_fixed_order(searcher: Searcher, question: str) -> None:
    first = searcher.rank(searcher.encode(question), Scope(), 100)
    again = searcher.rank(searcher.encode(question), Scope(), 100)
    assert [(found.row, found.score) for found in first] == [(found.row, found.score) for found in again]
    for found in searcher.read(first):
        document = searcher.snapshot.texts.text(found.passage.text_row)
        assert document[found.passage.start : found.passage.end] == found.passage.text
        for evidence in found.evidence:
            assert found.passage.text[evidence.start : evidence.end] == evidence.text


def test_a_snapshot_of_another_model_is_refused_in_words(searcher: Searcher) -> None:
    class Other(HashingEncoder):
        @property
        def record(self) -> EncoderRecord:
            return replace(super().record, model="other", sha256="0" * 64)

    with pytest.raises(SnapshotError, match=r"built with model hashing .* but other .* is loaded"):
        Searcher(searcher.snapshot, Other())


def test_the_real_model_understands_a_paraphrase(sample_searcher: Searcher) -> None:
    hits = sample_searcher.ask(make_query("Which oil firms got permits to look for petroleum at sea?")).hits
    assert any(hit.citation.path == "sample/briefs/offshore-exploration.md" for hit in hits[:3])
