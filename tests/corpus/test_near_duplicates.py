import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.near_duplicates import LARGEST_BUCKET, PERMUTATIONS, group, signature
from tests.corpus.articles import Article, articles

WORDS = [f"word{number}" for number in range(2000)]


def story(seed: int, sentences: int = 20) -> list[str]:
    chosen = random.Random(seed)
    return [" ".join(chosen.choices(WORDS, k=12)) + "." for _ in range(sentences)]


def groups_of(*texts: str) -> list[int]:
    return group(np.stack([signature(text) for text in texts])).tolist()


def test_independent_texts_stand_alone() -> None:
    assert groups_of(*(" ".join(story(seed)) for seed in range(5))) == [0, 1, 2, 3, 4]


def test_an_edited_copy_is_linked_to_the_first() -> None:
    original = story(1)
    cut = original[:16]
    retitled = ["A new headline.", *original[1:]]
    assert groups_of(" ".join(story(2)), " ".join(original), " ".join(cut), " ".join(retitled)) == [0, 1, 1, 1]


def test_case_and_punctuation_make_no_new_text() -> None:
    text = " ".join(story(1))
    assert groups_of(text, text.upper().replace(".", "!")) == [0, 0]


def test_texts_that_share_a_quotation_are_independent() -> None:
    quotation = story(1)[:3]
    assert groups_of(" ".join(quotation + story(2)), " ".join(quotation + story(3))) == [0, 1]


def test_copies_of_copies_are_one_group() -> None:
    original = story(1, 40)
    versions = [" ".join(story(seed, 8) + original[8:]) for seed in (2, 3)]
    assert groups_of(versions[0], " ".join(original), versions[1]) == [0, 0, 0]


def test_more_copies_than_are_compared_in_pairs_are_one_group() -> None:
    assert set(groups_of(*[" ".join(story(1))] * (LARGEST_BUCKET + 5))) == {0}


def test_texts_without_words_have_a_signature() -> None:
    assert signature("—").shape == signature("").shape == (PERMUTATIONS,)


def test_no_texts_make_no_groups() -> None:
    assert group(np.empty((0, PERMUTATIONS), dtype=np.uint32)).tolist() == []


@given(st.lists(articles(), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_a_group_goes_by_its_lowest_row(given_articles: list[Article]) -> None:
    groups = groups_of(*(" ".join(article.sentences) for article in given_articles))
    assert all(groups[first] == first <= row for row, first in enumerate(groups))
