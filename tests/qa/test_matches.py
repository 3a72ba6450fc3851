"""Occurrences of a question's terms in many passages at once, against counting them word by word."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.forward import term_hashes
from qa.matches import find_matches
from tests.forward import forward_passages

WORDS = ["oil", "oils", "gas", "öl", "石油", "1.5"]

lines = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
passages = st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=5)
terms = st.lists(st.sampled_from([*WORDS, "tea"]), max_size=5, unique=True)


@given(passages, terms)
def test_each_term_is_counted_in_each_line(passages: list[list[str]], terms: list[str]) -> None:
    matches = find_matches(forward_passages(["\n".join(lines) for lines in passages]), term_hashes(terms))
    words = [line.split() for lines in passages for line in lines]
    assert matches.counts.tolist() == [[line.count(term) for line in words] for term in terms]
    assert matches.lengths.tolist() == list(map(len, words))


@given(passages, terms)
def test_each_occurrence_has_its_line_and_its_word(passages: list[list[str]], terms: list[str]) -> None:
    matches = find_matches(forward_passages(["\n".join(lines) for lines in passages]), term_hashes(terms))
    in_order = [line for lines in passages for line in lines]
    words = [(number, word) for number, line in enumerate(in_order) for word in line.split()]
    for term, lines, places in zip(terms, matches.lines, matches.places, strict=True):
        expected = [(number, place) for place, (number, word) in enumerate(words) if word == term]
        assert list(zip(lines.tolist(), places.tolist(), strict=True)) == expected


@given(passages, terms)
def test_a_passage_holds_the_terms_of_its_context_and_its_sentences(
    passages: list[list[str]], terms: list[str]
) -> None:
    matches = find_matches(forward_passages(["\n".join(lines) for lines in passages]), term_hashes(terms))
    held = [[any(term in line.split() for line in lines) for lines in passages] for term in terms]
    assert matches.held.tolist() == held


def test_the_first_line_of_a_passage_is_no_sentence() -> None:
    matches = find_matches(forward_passages(["context\none\ntwo", "", "context\n"]), term_hashes(["one"]))
    assert matches.sentences.tolist() == [False, True, True, False, False, True]
    assert matches.begins.tolist() == [0, 3, 4]
    assert np.flatnonzero(matches.counts[0]).tolist() == [1]
