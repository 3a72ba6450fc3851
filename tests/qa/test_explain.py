"""Why a document is, or is not, among the answers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.explain import Outcome, UnknownDocumentError, explain, explanation_document
from qa.operators import read_operators
from qa.query import QueryError, make_query
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder

Build = Callable[[dict[str, str | bytes]], RebuildReport]
Open = Callable[[dict[str, str | bytes]], Searcher]

FILES: dict[str, str | bytes] = {
    "oil/crude.md": "---\ntitle: Crude\n---\nCrude came by ship. It was cheap.\n\n## Ports\n\nKarachi took it.",
    "oil/gas.txt": "Gas came by pipe. It was dear.",
    "tea.txt": "Tea came by road. It was hot.",
    "old/tea.txt": "Camels carried leaves over the mountains.",
    "rows.jsonl": '{"text": "Salt came by rail."}\n{"text": "Steel came by barge."}',
    "film.mp4": b"film",
}


@pytest.fixture
def index(build: Build, tmp_path: Path) -> Open:
    def searcher_of(files: dict[str, str | bytes]) -> Searcher:
        build(files)
        return Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())

    return searcher_of


@pytest.fixture
def searcher(index: Open) -> Searcher:
    return index(FILES)


def test_a_document_that_is_quoted_is_returned_with_the_rank_of_its_hit(searcher: Searcher) -> None:
    explanation = explain(searcher, "Gas came by pipe", "docs/oil/gas.txt")
    assert (explanation.outcome, explanation.hit) == (Outcome.RETURNED, 1)
    assert explanation.best
    assert (explanation.best.ranks.dense, explanation.best.ranks.lexical, explanation.best.ranks.fused) == (1, 1, 1)
    assert explanation.sentences()[0] == "docs/oil/gas.txt is among the answers, as hit 1."


def test_a_document_below_the_cut_is_compared_with_the_last_hit(searcher: Searcher) -> None:
    explanation = explain(searcher, "Gas came by pipe", "docs/tea.txt", top_k=1)
    hit = searcher.ask(make_query("Gas came by pipe", 1)).hits[0]
    assert (explanation.outcome, explanation.hit) == (Outcome.NOT_RETURNED, None)
    assert explanation.last_hit
    assert (explanation.last_hit.rank, explanation.last_hit.score) == (1, hit.score)
    assert explanation.best
    assert explanation.best.candidate
    assert explanation.best.score < hit.score
    assert explanation.best.ranks.fused > 1


def test_the_score_is_the_one_the_document_would_be_returned_with(searcher: Searcher) -> None:
    everything = searcher.ask(make_query("came by ship", 100)).hits
    tea = next(hit for hit in everything if hit.citation.path == "docs/tea.txt")
    best = explain(searcher, "came by ship", "docs/tea.txt", top_k=1).best
    assert best
    assert (best.passage_id, best.signals) == (tea.passage.passage_id, tea.signals)
    assert best.score == pytest.approx(tea.score)


def test_the_score_counts_names_as_beside_the_other_candidates(searcher: Searcher) -> None:
    question = "Did crude tea come by ship?"  # names two documents
    everything = searcher.ask(make_query(question, 100)).hits
    crude = next(hit for hit in everything if hit.citation.path == "docs/oil/crude.md")
    best = explain(searcher, question, "oil/crude.md", top_k=1).best
    assert best
    assert best.score == pytest.approx(crude.score)


def test_a_document_that_the_question_rules_out_is_explained_by_the_score_it_would_have(searcher: Searcher) -> None:
    explanation = explain(searcher, "What came by road? -tea", "docs/tea.txt")
    assert explanation.outcome is Outcome.RULED_OUT
    assert explanation.best
    assert not explanation.best.candidate
    assert explanation.last_hit
    assert explanation.best.score > explanation.last_hit.score


def test_words_that_only_ask_and_excluded_words_are_not_lacking(searcher: Searcher) -> None:
    assert explain(searcher, "What did you do with gas -camels?", "oil/gas.txt").lacking == ()


def test_a_misspelt_word_that_is_put_right_is_not_lacking(searcher: Searcher) -> None:
    assert explain(searcher, "What took Karachhi?", "oil/crude.md").unknown == ()


def test_the_ranks_are_those_of_brute_force(searcher: Searcher) -> None:
    question = searcher.encode("Tea came by ship")
    rows = np.arange(len(searcher.snapshot.passages))
    dense = searcher.snapshot.passages.scores(question.embedding, rows)
    lexical = searcher.snapshot.lexical.scores(question.terms, rows)
    for document in searcher.snapshot.texts.documents():
        best = explain(searcher, "Tea came by ship", document.document_id).best
        assert best
        passage = searcher.snapshot.texts.passage(best.passage_id)
        assert passage
        assert best.ranks.dense == sorted(rows, key=lambda row: (-dense[row], row)).index(passage.row) + 1
        by_words = sorted(rows[lexical > 0], key=lambda row: (-lexical[row], row))
        assert best.ranks.lexical == (by_words.index(passage.row) + 1 if lexical[passage.row] else None)


def test_a_passage_that_neither_index_draws_is_no_candidate(index: Open) -> None:
    files: dict[str, str | bytes] = {f"{number:03}.txt": f"Tea came by road {number}." for number in range(120)}
    searcher = index({**files, "z.txt": "Camels carried leaves."})
    explanation = explain(searcher, "Tea came by road", "z.txt")
    assert explanation.best
    assert not explanation.best.candidate
    assert explanation.best.ranks.lexical is None
    assert explanation.best.ranks.dense == 121
    assert explanation.candidates
    assert explanation.best.ranks.fused == explanation.candidates + 1
    assert "it was not among the" in explanation.sentences()[1]
    assert "121st by meaning and holds no word of the question" in explanation.sentences()[1]


def test_the_words_that_a_document_lacks_are_told_as_they_were_asked(searcher: Searcher) -> None:
    explanation = explain(searcher, "Did Karachi's camels carry crude or uranium? CRUDE", "oil/crude.md")
    assert explanation.lacking == ("camels", "carry", "uranium")
    assert explanation.unknown == ("uranium",)
    assert any("camels, carry" in sentence for sentence in explanation.sentences())


def test_a_skipped_file_is_explained_by_the_reason_it_was_skipped_for(searcher: Searcher) -> None:
    explanation = explain(searcher, "What film?", "film.mp4")
    assert (explanation.outcome, explanation.best) == (Outcome.SKIPPED, None)
    assert explanation.code
    (sentence,) = explanation.sentences()
    assert sentence.startswith("docs/film.mp4 was never read, skipped: files of type .mp4 are not read")


def test_a_copy_is_explained_by_the_document_that_is_cited_for_it(index: Open) -> None:
    searcher = index({"a.txt": "Tea came by road.", "b.txt": "Tea came by road.", "c.txt": "Oil came by sea."})
    copy = explain(searcher, "Did tea come by road?", "b.txt")
    assert (copy.outcome, copy.hit, copy.duplicate_of) == (Outcome.ALSO_IN, 1, "docs/a.txt")
    assert "Its text is that of docs/a.txt, which answers cite for both." in copy.sentences()
    below = explain(searcher, "Did oil come by sea?", "b.txt", top_k=1)
    assert (below.outcome, below.duplicate_of) == (Outcome.NOT_RETURNED, "docs/a.txt")


def test_of_a_file_with_several_documents_the_best_is_explained(searcher: Searcher) -> None:
    best = explain(searcher, "Did steel come by barge?", "rows.jsonl").best
    assert best
    passage = searcher.snapshot.texts.passage(best.passage_id)
    assert passage
    assert passage.text == "Steel came by barge."


def test_a_document_is_found_by_its_id_its_path_or_the_end_of_it(searcher: Searcher) -> None:
    document = next(one for one in searcher.snapshot.texts.documents() if one.path == "docs/oil/gas.txt")
    for name in (document.document_id, "docs/oil/gas.txt", "oil/gas.txt", "gas.txt", "/gas.txt"):
        assert explain(searcher, "gas", name).path == "docs/oil/gas.txt"


def test_the_end_of_several_paths_is_refused_with_their_names(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match=r"fits 2 files .*docs/tea\.txt") as refused:
        explain(searcher, "tea", "tea.txt")
    assert refused.value.field == "document"
    assert explain(searcher, "tea", "docs/tea.txt").path == "docs/tea.txt"


def test_a_path_that_reads_as_a_pattern_is_taken_literally(index: Open) -> None:
    searcher = index({"a[1].txt": "Oil came by sea.", "a1.txt": "Tea came by road."})
    explanation = explain(searcher, "Did tea come by road?", "a[1].txt")
    assert explanation.path == "docs/a[1].txt"
    assert explanation.best
    assert explanation.best.ranks.fused == 2


def test_a_file_of_very_many_documents_must_be_asked_for_by_id(index: Open) -> None:
    searcher = index({"many.jsonl": "\n".join(f'{{"text": "Row {number}."}}' for number in range(501))})
    with pytest.raises(QueryError, match="holds 501 documents"):
        explain(searcher, "row", "many.jsonl")


@pytest.mark.parametrize("document", ["nowhere.txt", "as.txt", "0" * 20])
def test_a_document_that_the_index_does_not_know_is_named(searcher: Searcher, document: str) -> None:
    with pytest.raises(UnknownDocumentError, match=document):
        explain(searcher, "gas", document)


@pytest.mark.parametrize("document", ["", " ", "/", "\ud800"])
def test_no_document_is_refused(searcher: Searcher, document: str) -> None:
    with pytest.raises(QueryError) as refused:
        explain(searcher, "gas", document)
    assert refused.value.field == "document"


def test_a_file_of_nothing_but_a_heading_can_be_explained(index: Open) -> None:
    searcher = index({"head.md": "# Only a heading\n", "tea.txt": "Tea came by road."})
    assert explain(searcher, "tea", "head.md").sentences()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1, max_size=60).filter(lambda text: read_operators(text.strip()).text))
def test_any_question_can_be_explained_for_any_document(searcher: Searcher, question: str) -> None:
    returned = {hit.citation.document_id for hit in searcher.ask(make_query(question, 2)).hits}
    for document in searcher.snapshot.texts.documents():
        explanation = explain(searcher, question, document.document_id, top_k=2)
        assert (explanation.outcome is Outcome.RETURNED) == (document.document_id in returned)
        assert explanation_document(explanation)["sentences"]
        assert set(explanation.unknown) <= set(explanation.lacking)


def test_a_document_without_the_phrase_that_is_demanded_is_ruled_out(searcher: Searcher) -> None:
    told = explain(searcher, 'What "came by ship"?', "oil/gas.txt")
    assert told.outcome is Outcome.RULED_OUT
    assert "ruled out" in told.sentences()[0]


def test_a_document_with_an_excluded_word_is_ruled_out(searcher: Searcher) -> None:
    assert explain(searcher, "What came by pipe? -dear", "oil/gas.txt").outcome is Outcome.RULED_OUT


def test_a_copy_of_a_better_passage_has_no_place_after_folding(index: Open) -> None:
    text = " ".join(
        f"The harbour of Gwadar took cargo number {number} from a ship of the north." for number in range(40)
    )
    searcher = index({"a.txt": f"{text} It was Monday.", "b.txt": f"{text} It was Tuesday."})
    places = [
        explanation.best.ranks.folded
        for path in ("a.txt", "b.txt")
        if (explanation := explain(searcher, "What cargo came to the harbour of Gwadar?", path)).best
    ]
    assert sorted(places, key=str) == [1, None]
