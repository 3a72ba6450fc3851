"""BM25 over passages, and which words they hold."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.analysis import analyzer, words
from index.lexical import LexicalEntry, LexicalIndex

TEXTS = [
    "Russia delivered crude oil to Karachi.",
    "The deliveries of oil stopped, and oil prices rose.",
    "A railway through Afghanistan was planned.",
    "The Café in Köln serves insulin researchers.",
    "Oil oil oil oil.",
    "Railways and roads were planned for years.",
]
DOCUMENTS = [0, 0, 1, 1, 2, 2]
VOCABULARY = ["oil", "railway", "planned", "delivered", "insulin", "unheard", "Russia"]


def terms_of(text: str) -> list[str]:
    return analyzer("en").terms(text)


def made(folder: Path, texts: list[str], documents: list[int]) -> LexicalIndex:
    entries = [
        LexicalEntry(row, document, " ".join(terms_of(text)), " ".join({word.text for word in words(text)}))
        for row, (text, document) in enumerate(zip(texts, documents, strict=True))
    ]
    LexicalIndex.write(folder, entries)
    return LexicalIndex.open(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return made(tmp_path_factory.mktemp("lexical"), TEXTS, DOCUMENTS)


def found(lexical: LexicalIndex, question: str, k: int = 10) -> list[int]:
    rows, _ = lexical.search(terms_of(question), k)
    return sorted(rows.tolist())


def rows_of(*rows: int) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        pytest.param("planning", [2, 5], id="by stem"),
        pytest.param("RAILWAYS", [2, 5], id="in any case"),
        pytest.param("cafe koln", [3], id="without accents"),
        pytest.param("insulin or Karachi", [0, 3], id="any word"),
        pytest.param("the of and", [], id="stop words find nothing"),
        pytest.param("unheard", [], id="unknown word"),
        pytest.param("", [], id="no words"),
    ],
)
def test_a_question_finds_the_passages_with_its_words(lexical: LexicalIndex, question: str, rows: list[int]) -> None:
    assert found(lexical, question) == rows


def test_the_passage_that_says_it_more_often_comes_first(lexical: LexicalIndex) -> None:
    rows, scores = lexical.search(["oil"], 10)
    assert rows.tolist() == [4, 1, 0]
    assert sorted(scores.tolist(), reverse=True) == scores.tolist()


@pytest.mark.parametrize("k", [0, 1, 2])
def test_no_more_are_given_than_asked_for(lexical: LexicalIndex, k: int) -> None:
    assert len(lexical.search(["oil"], k)[0]) == k


def test_equal_scores_come_by_row_number(tmp_path: Path) -> None:
    lexical = made(tmp_path, ["the same text"] * 200, [0] * 200)
    assert lexical.search(["text"], 30)[0].tolist() == list(range(30))


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("(" * 20_000 + "oil" + ")" * 20_000, id="nested parentheses"),
        pytest.param('"oil', id="a lone quote"),
        pytest.param("oil AND NOT -(+*:^~", id="operators"),
        pytest.param("http://oil [oil TO oil] text:oil", id="query syntax"),
        pytest.param("oil\x00oil\u202e", id="controls"),
        pytest.param("oil " + "x" * 100_000, id="an endless word"),
        pytest.param("oil 😀 \U0010ffff", id="rare characters"),
    ],
)
def test_a_hostile_question_is_only_words(lexical: LexicalIndex, question: str) -> None:
    assert found(lexical, question) == [0, 1, 4]


def test_thousands_of_words_do_no_harm(lexical: LexicalIndex) -> None:
    assert found(lexical, "oil " + " ".join(f"word{number}" for number in range(5000))) == [0, 1, 4]


@given(question=st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_asked(lexical: LexicalIndex, question: str) -> None:
    assert set(found(lexical, question)) <= set(range(len(TEXTS)))


@given(
    terms=st.lists(st.sampled_from(VOCABULARY), max_size=5),
    documents=st.sets(st.integers(0, 3)),
    k=st.integers(1, 8),
)
@settings(max_examples=50, deadline=None)
def test_a_filter_equals_filtering_all_results(
    lexical: LexicalIndex, terms: list[str], documents: set[int], k: int
) -> None:
    analysed = terms_of(" ".join(terms))
    rows, scores = lexical.search(analysed, len(TEXTS))
    kept = [
        (row, score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True) if DOCUMENTS[row] in documents
    ]
    passages = rows_of(*(row for row, document in enumerate(DOCUMENTS) if document in documents))
    for filtered, filtered_scores in (
        lexical.search(analysed, k, texts=rows_of(*documents)),
        lexical.search(analysed, k, passages=passages),
    ):
        assert filtered.tolist() == [row for row, _ in kept[:k]]
        np.testing.assert_allclose(filtered_scores, [score for _, score in kept[:k]], rtol=1e-5)


def test_rows_are_the_same_whether_looked_up_one_by_one_or_as_a_set(
    lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms, rows = terms_of("oil price"), rows_of(0, 2, 4, 5)
    one_by_one = lexical.search(terms, 6, passages=rows), lexical.scores(terms, rows)
    monkeypatch.setattr("index.lexical._FEW", len(rows) - 1)
    as_a_set = lexical.search(terms, 6, passages=rows), lexical.scores(terms, rows)
    assert one_by_one[0][0].tolist() == as_a_set[0][0].tolist() == [4, 0]
    np.testing.assert_array_equal(one_by_one[0][1], as_a_set[0][1])
    np.testing.assert_array_equal(one_by_one[1], as_a_set[1])


@given(terms=st.lists(st.sampled_from(VOCABULARY), max_size=5), rows=st.lists(st.integers(0, 5), unique=True))
@settings(max_examples=50, deadline=None)
def test_scores_are_those_of_a_search_and_zero_elsewhere(
    lexical: LexicalIndex, terms: list[str], rows: list[int]
) -> None:
    analysed = terms_of(" ".join(terms))
    by_row = dict(zip(*(values.tolist() for values in lexical.search(analysed, len(TEXTS))), strict=True))
    expected = [by_row.get(row, 0.0) for row in rows]
    np.testing.assert_allclose(lexical.scores(analysed, rows_of(*rows)), expected, rtol=1e-5)


@pytest.mark.parametrize(("term", "frequency"), [("oil", 3), ("insulin", 1), ("unheard", 0)])
def test_idf_follows_the_formula(lexical: LexicalIndex, term: str, frequency: int) -> None:
    expected = math.log(1 + (len(TEXTS) - frequency + 0.5) / (frequency + 0.5))
    assert lexical.idf(term) == pytest.approx(expected)


def test_a_score_is_bm25(lexical: LexicalIndex) -> None:
    lengths = [len(terms_of(text)) for text in TEXTS]  # short enough to be stored exactly
    ((score,), frequency) = lexical.scores(["oil"], rows_of(4)), 4
    norm = 1.2 * (1 - 0.75 + 0.75 * lengths[4] / (sum(lengths) / len(lengths)))
    assert score == pytest.approx(lexical.idf("oil") * frequency * 2.2 / (frequency + norm), rel=1e-4)


@pytest.mark.parametrize(
    ("terms", "rows"), [(["oil"], [0, 1, 4]), (["oil", "insulin"], []), (["oil", "price"], [1]), (["unheard"], [])]
)
def test_passages_with_terms_hold_all_of_them(lexical: LexicalIndex, terms: list[str], rows: list[int]) -> None:
    assert lexical.passages_with(terms).tolist() == rows


def test_all_passages_with_a_term_are_given_in_order(tmp_path: Path) -> None:
    lexical = made(tmp_path, [f"oil {'oil ' * (row % 7)}" for row in range(300)], [0] * 300)
    assert lexical.passages_with(["oil"]).tolist() == list(range(300))


@pytest.mark.parametrize(
    ("word", "passages"), [("oil", 3), ("deliveries", 1), ("deliver", 0), ("and", 2), ("unheard", 0)]
)
def test_words_are_known_as_they_stand_and_stop_words_too(lexical: LexicalIndex, word: str, passages: int) -> None:
    assert lexical.word_frequency(word) == passages


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        pytest.param("raiway", "railway", id="a letter is left out"),
        pytest.param("insuline", "insulin", id="a letter too many"),
        pytest.param("crade", "crude", id="another letter"),
        pytest.param("karahci", "karachi", id="neighbours swapped"),
        pytest.param("raliwya", None, id="two edits in a short word"),
        pytest.param("reserchers", "researchers", id="two edits in a long word, one of them a gap"),
        pytest.param("afganisthan", "afghanistan", id="two edits in a long word"),
        pytest.param("afganisten", "afghanistan", id="a gap and another letter"),
        pytest.param("oli", None, id="a word too short to be told from others"),
        pytest.param("uranium", None, id="like no other"),
        pytest.param("1578", None, id="a number"),
        pytest.param("q4year", None, id="digits in it"),
        pytest.param("", None, id="nothing"),
        pytest.param("kussia", None, id="another first letter"),
    ],
)
def test_a_misspelling_is_near_the_word_that_was_meant(lexical: LexicalIndex, word: str, nearest: str | None) -> None:
    assert lexical.nearest_word(word) == nearest


def test_no_number_is_taken_for_what_was_meant(tmp_path: Path) -> None:
    assert made(tmp_path, ["In 1577 model a1pha was made."], [0]).nearest_word("alpha") is None


def test_of_words_as_near_the_most_frequent_was_meant(tmp_path: Path) -> None:
    lexical = made(tmp_path, ["a steal", "steel", "steel and a steak", "steed", "steak"], [0] * 5)
    assert lexical.nearest_word("steew") == "steel"
    assert lexical.nearest_word("stea") == "steak"  # as frequent as steel, and an edit nearer


def test_fewer_edits_count_more_than_frequency(tmp_path: Path) -> None:
    lexical = made(tmp_path, ["delivered", "delivered", "delivereth"], [0] * 3)
    assert lexical.nearest_word("deliverets") == "delivereth"
