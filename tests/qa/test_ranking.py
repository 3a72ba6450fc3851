"""The signals and their weighted sum."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.ranking import (
    DENSE_WEIGHT,
    LEXICAL_WEIGHT,
    SENTENCE_WEIGHT,
    lexical_share,
    passage_scores,
    sentence_bm25,
    sentence_scores,
)

Build = Callable[[dict[str, str | bytes]], RebuildReport]


def test_the_weights_sum_to_one() -> None:
    assert pytest.approx(1.0) == DENSE_WEIGHT + LEXICAL_WEIGHT + SENTENCE_WEIGHT


def test_a_score_does_not_depend_on_the_other_candidates() -> None:
    dense, shares, sentences = (np.array([0.9, 0.2, 0.5], dtype=np.float32) for _ in range(3))
    together = passage_scores(dense, shares, sentences)
    alone = passage_scores(dense[1:2], shares[1:2], sentences[1:2])
    assert together[1] == alone[0]


@given(
    words=st.lists(st.sampled_from(["oil", "gas", "steel", "tea", "rail"]), min_size=1, max_size=30),
    asked=st.lists(st.sampled_from(["oil", "gas", "steel", "tea", "rail"]), min_size=1, max_size=5, unique=True),
)
def test_a_lexical_share_lies_between_0_and_1(words: list[str], asked: list[str]) -> None:
    idf = dict.fromkeys(asked, 1.7)
    share = lexical_share(sentence_bm25(WhitespaceIndex(), [" ".join(words)], idf), idf)[0]  # type: ignore[arg-type]
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


class WhitespaceIndex:
    """Analyses text at spaces."""

    def analyze(self, text: str) -> list[str]:
        return text.split()
