"""The signals and their weighted sum."""

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.forward import term_hashes
from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.matches import find_matches
from qa.ranking import (
    COVERAGE_WEIGHT,
    DENSE_WEIGHT,
    DOCUMENT_COVERAGE_WEIGHT,
    FARTHEST,
    MOST_THAT_COUNT,
    NAME_WEIGHT,
    OWN_WEIGHT,
    PASSAGES_WEIGHT,
    PROXIMITY_WEIGHT,
    SENTENCE_WEIGHT,
    DocumentSignals,
    Signals,
    Weights,
    coverage,
    lexical_share,
    passages_that_count,
    proximity,
    score,
    sentence_bm25,
    sentence_scores,
    weigh,
)
from tests.forward import forward_passages

Build = Callable[[dict[str, str | bytes]], RebuildReport]


def test_the_weights_sum_to_one() -> None:
    assert pytest.approx(1.0) == DENSE_WEIGHT + SENTENCE_WEIGHT + COVERAGE_WEIGHT + PROXIMITY_WEIGHT
    assert pytest.approx(1.0) == OWN_WEIGHT + PASSAGES_WEIGHT + NAME_WEIGHT + DOCUMENT_COVERAGE_WEIGHT


def test_a_passage_that_is_all_the_question_asks_for_scores_one() -> None:
    assert weigh(Signals(1, 99, 1, 1, 1)) == pytest.approx(1.0)


def test_one_in_a_document_that_is_all_about_it_scores_one() -> None:
    assert score(1.0, 1.0, 1.0, 1.0) == pytest.approx(1.0)


signals = st.builds(DocumentSignals, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


@given(lower=st.floats(0, 1), higher=st.floats(0, 1), document=signals)
def test_of_one_document_the_better_passage_scores_higher(
    lower: float, higher: float, document: DocumentSignals
) -> None:
    lower, higher = sorted((lower, higher))
    assert score(lower, *astuple(document)) <= score(higher, *astuple(document))


@pytest.mark.parametrize(("passages", "count"), [(1, 1), (19, 1), (20, 2), (99, 9), (5_000, MOST_THAT_COUNT)])
def test_a_long_document_is_judged_by_more_of_its_passages(passages: int, count: int) -> None:
    assert passages_that_count(np.array([passages])).tolist() == [count]


IDF = {"oil": 2.0, "price": 1.0, "moscow": 3.0}


def weights(idf: dict[str, float]) -> Weights:
    return np.array(list(idf.values()))


def near(sentence: str, idf: dict[str, float]) -> float:
    """The proximity in a sentence, of a passage without context."""
    return float(proximity(find_matches(forward_passages([f"\n{sentence}"]), term_hashes(idf)), weights(idf))[1])


@pytest.mark.parametrize(
    ("terms", "share"), [(set(), 0.0), ({"oil"}, 1 / 3), ({"oil", "price", "moscow", "tea"}, 1.0), ({"tea"}, 0.0)]
)
def test_coverage_is_the_weight_of_the_terms_that_are_there(terms: set[str], share: float) -> None:
    held = np.array([[term in terms] for term in IDF])
    assert coverage(held, weights(IDF)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("oil price moscow", 1.0),
        ("price oil", 0.5),
        ("oil x price", 0.25),
        ("oil", 0.0),
        ("oil moscow", 0.0),
        (f"oil {'x ' * FARTHEST}price", 0.0),
        ("oil x x price oil", 0.5),
    ],
    ids=["all", "order does not matter", "apart", "alone", "no neighbours in the question", "too far", "nearest pair"],
)
def test_proximity_is_the_weight_of_neighbours_that_stay_near(sentence: str, expected: float) -> None:
    assert near(sentence, IDF) == pytest.approx(expected)


def test_only_words_of_one_sentence_are_near() -> None:
    matches = find_matches(
        forward_passages(["oil price moscow\nprice oil\nmoscow oil", "tea\noil\nprice\n\nmoscow"]), term_hashes(IDF)
    )
    shares = matches.by_passage(np.maximum, proximity(matches, weights(IDF)))
    assert shares.tolist() == pytest.approx([0.5, 0.0])


@pytest.mark.parametrize("idf", [{}, {"oil": 2.0}])
def test_a_question_of_less_than_two_terms_has_no_proximity(idf: dict[str, float]) -> None:
    assert near("oil price", idf) == 0
    assert coverage(np.zeros((len(idf), 1), dtype=np.bool_), weights(idf)) == 0


@given(
    words=st.lists(st.sampled_from(["oil", "gas", "steel", "tea", "rail"]), min_size=1, max_size=30),
    asked=st.lists(st.sampled_from(["oil", "gas", "steel", "tea", "rail"]), min_size=1, max_size=5, unique=True),
)
def test_a_lexical_share_lies_between_0_and_1(words: list[str], asked: list[str]) -> None:
    idf = dict.fromkeys(asked, 1.7)
    share = lexical_share(
        sentence_bm25(find_matches(forward_passages([" ".join(words)]), term_hashes(asked)), weights(idf)), idf
    )[0]
    assert 0 <= share < 1
    assert (share > 0) == bool(set(words) & set(asked))


def test_without_terms_the_lexical_share_is_0() -> None:
    assert lexical_share(np.zeros(2, dtype=np.float32), {}).tolist() == [0.0, 0.0]


def test_a_sentence_score_is_the_mean_of_cosine_and_share() -> None:
    assert sentence_scores(np.float32([0.8]), np.float32([0.4]))[0] == pytest.approx(0.6)


def test_bm25_of_passages_is_below_its_bound(build: Build, tmp_path: Path) -> None:
    build({"a.txt": "oil " * 40 + ".", "b.txt": "gas and oil.", "c.txt": "tea."})
    snapshot = open_snapshot(IndexLocation(tmp_path / "index").published())
    idf = {term: snapshot.lexical.idf(term) for term in ("oil", "gas")}
    shares = lexical_share(snapshot.lexical.scores(list(idf), np.arange(3)), idf)
    assert shares.max() < 1
    assert shares[2] == 0
