"""Scores of candidates: their own signals, and those of the document around them."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.query import make_query
from qa.ranking import weigh
from qa.scope import Scope
from qa.scoring import RankedPassage
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]
Open = Callable[[dict[str, str | bytes]], Searcher]


@pytest.fixture
def index(build: Build, tmp_path: Path) -> Open:
    def searcher_of(files: dict[str, str | bytes]) -> Searcher:
        build(files)
        return Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())

    return searcher_of


def ranked(searcher: Searcher, question: str) -> list[RankedPassage]:
    return searcher.rank(searcher.encode(question), Scope(), 100)


def paths(searcher: Searcher, found: list[RankedPassage]) -> list[str]:
    of_texts = searcher.snapshot.texts.documents_of_texts([one.text_row for one in found])
    return [of_texts[one.text_row][0].path for one in found]


def saying(searcher: Searcher, word: str, found: list[RankedPassage]) -> list[RankedPassage]:
    """Those of the passages whose text has the word."""
    return [one for one, read in zip(found, searcher.read(found), strict=True) if word in read.passage.text]


REPORT = "# Results\n\nRevenue rose to five million.\n"


def test_of_equal_passages_that_of_the_document_that_is_named_comes_first(index: Open) -> None:
    searcher = index(
        {f"{name}.md": f"---\ntitle: Annual report\n---\n{REPORT}{name}" for name in ("Acme", "Bolt", "Cord")}
    )
    found = ranked(searcher, "How far did the revenue of Bolt rise?")
    assert paths(searcher, found)[0] == "docs/Bolt.md"


@pytest.mark.parametrize("name", ["bolt_2024", "bolt.2024", "bolt-2024", "bolt/2024", "BOLT 2024"])
def test_a_document_is_named_by_its_path(index: Open, name: str) -> None:
    title = "---\ntitle: Annual report\n---\n"
    searcher = index({"acme/2024.md": f"{title}{REPORT}", f"{name}.md": f"{title}{REPORT}Again.", "z.md": "Tea."})
    found = ranked(searcher, "Bolt: how far did revenue rise?")
    assert paths(searcher, found)[0] == f"docs/{name}.md"


def test_rows_of_one_file_are_not_named_by_it(index: Open) -> None:
    rows = '{"text": "Revenue rose."}\n{"text": "Revenue rose, too."}'
    alone, with_name = (
        ranked(index({f"{name}.jsonl": rows, "tea.txt": "Tea."}), "Did the revenue of Bolt rise?")
        for name in ("rows", "bolt")
    )
    assert [one.score for one in alone] == [one.score for one in with_name]


def test_a_passage_gains_from_what_the_rest_of_its_document_says(index: Open) -> None:
    searcher = index(
        {
            "a.md": f"---\ntitle: A\n---\n{REPORT}\n# Company\n\nThis is Bolt, of Oslo.",
            "b.md": f"---\ntitle: B\n---\n{REPORT}\n# Company\n\nThis is Cord, of Rome.",
        }
    )
    found = ranked(searcher, "How far did the revenue of Bolt rise?")
    results = saying(searcher, "Revenue", found)
    assert results[0].signals.coverage == results[1].signals.coverage
    assert paths(searcher, results) == ["docs/a.md", "docs/b.md"]
    assert results[0].score > results[1].score


def test_signals_are_of_the_passage_alone(index: Open) -> None:
    rest = {"tea.txt": "Tea came by road."}
    alone = index({"a.md": REPORT, **rest})
    signals = [asdict(one.signals) for one in saying(alone, "Revenue", ranked(alone, "revenue"))]
    beside = index({"a.md": f"{REPORT}\n# Tea\n\nTea came by ship.", **rest})
    for one in saying(beside, "Revenue", ranked(beside, "revenue")):
        assert one.signals.dense == pytest.approx(signals[0]["dense"])
        assert one.signals.coverage == pytest.approx(signals[0]["coverage"])


def test_a_passage_that_repeats_the_question_has_the_highest_signals(index: Open) -> None:
    searcher = index({"a.txt": "Crude oil came.", "b.txt": "Oil came, and nobody knew if it was crude or not."})
    first, second = ranked(searcher, "Crude oil came")
    assert paths(searcher, [first]) == ["docs/a.txt"]
    assert first.signals.coverage == second.signals.coverage == 1
    assert first.signals.proximity == 1 > second.signals.proximity
    assert first.signals.dense > second.signals.dense
    assert weigh(first.signals) > weigh(second.signals)


def test_a_passage_without_a_word_of_the_question_has_no_lexical_signals(index: Open) -> None:
    found = ranked(index({"a.txt": "Crude oil came.", "b.txt": "Tea."}), "crude")[-1]
    assert (found.signals.lexical, found.signals.coverage, found.signals.proximity) == (0, 0, 0)


MANY: dict[str, str | bytes] = {
    f"{number}.md": f"# Oil {number}\n\nOil came by ship {number % 7}.\n\n# Tea {number}\n\nTea came by road."
    for number in range(80)
}


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.lists(st.sampled_from(["oil", "tea", "ship", "road", "3", "uranium"]), min_size=1).map(" ".join))
def test_scores_do_not_depend_on_how_many_are_asked_for(many: Searcher, question: str) -> None:
    every = many.ask(make_query(question, 100)).hits
    scores = {hit.passage.row: hit.score for hit in every}
    for top_k in (1, 7):
        hits = many.ask(make_query(question, top_k)).hits
        assert len(hits) == top_k
        assert {hit.passage.row: hit.score for hit in hits} == {
            hit.passage.row: scores.get(hit.passage.row, hit.score) for hit in hits
        }
        assert hits[0].passage.row == every[0].passage.row


@pytest.fixture
def many(index: Open) -> Searcher:
    return index(MANY)
