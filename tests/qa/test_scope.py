"""From where answers may come: filters, phrases and exclusions."""

from collections.abc import Callable
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dates import first_day, last_day
from corpus.sources import make_sources
from index.location import IndexLocation
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.report import RebuildReport
from index.snapshot import Snapshot, open_snapshot
from index.texts import EVERY_DOCUMENT, DocumentFilter, StoredDocument
from qa.operators import holds, read_operators
from qa.query import make_query
from qa.scope import Scope, find_scope
from qa.search import Searcher
from tests.conftest import write_files
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

Build = Callable[[dict[str, str | bytes]], RebuildReport]

FILES: dict[str, str | bytes] = {
    "a.txt": "Crude   oil came from Russia. It was “cheap”.",
    "b.txt": "Oil from a crude country came. To be or not to be.",
    "c.txt": "Tea didn’t come. It cost 1,577 rupees.",
    "old/d.txt": "crude oil, again and again.",
    "old/e.txt": "Oils were crude.",
}


@pytest.fixture
def snapshot(build: Build, tmp_path: Path) -> Snapshot:
    build(FILES)
    return open_snapshot(IndexLocation(tmp_path / "index").published())


def scope_of(snapshot: Snapshot, question: str, *sources: str) -> Scope:
    return find_scope(snapshot, DocumentFilter(sources=sources), read_operators(question))


def names(snapshot: Snapshot, scope: Scope) -> str:
    """The letters of the files that may answer."""
    assert scope.passages is not None
    paths = {document.text_row: Path(document.path).stem for document in snapshot.texts.documents()}
    return "".join(paths[passage.text_row] for passage in snapshot.texts.passages(scope.passages.tolist()))


def test_without_filter_and_operators_everything_may_answer(snapshot: Snapshot) -> None:
    assert scope_of(snapshot, "crude oil") == Scope(None, None, ())


def test_a_filter_alone_names_passages_and_texts(snapshot: Snapshot) -> None:
    scope = scope_of(snapshot, "crude oil", "docs/old")
    assert names(snapshot, scope) == "de"
    assert scope.texts is not None
    assert scope.texts.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        pytest.param('"crude oil"', "ad", id="a phrase, in any case and spacing"),
        pytest.param('"oil crude"', "abcde", id="in its order: missing"),
        pytest.param('price "crude"', "abde", id="a word"),
        pytest.param('"oil"', "abd", id="not another form of it"),
        pytest.param('"to be or not to be"', "b", id="nothing but stop words"),
        pytest.param('"it was"', "a", id="two stop words"),
        pytest.param('"didn\'t"', "c", id="a straight apostrophe"),
        pytest.param('it was “"cheap"”', "a", id="quotes within quotes"),
        pytest.param('"1,577 rupees"', "c", id="a number as it is written"),
        pytest.param('"1577 rupees"', "abcde", id="a number as it is not: missing"),
        pytest.param('"crude" "came"', "ab", id="two phrases"),
        pytest.param("tea -crude", "c", id="an excluded word"),
        pytest.param("tea -CRUDE -tea", "", id="everything excluded"),
        pytest.param('oil -"crude oil"', "bce", id="an excluded phrase"),
        pytest.param("oil -the", "abcde", id="an excluded word that no passage holds"),
        pytest.param("oil -it", "bde", id="an excluded stop word"),
        pytest.param('"crude" -russia', "bde", id="a phrase and an excluded word"),
        pytest.param('"uranium" -russia', "bcde", id="a missing phrase and an excluded word"),
    ],
)
def test_phrases_are_demanded_and_exclusions_ruled_out(snapshot: Snapshot, question: str, allowed: str) -> None:
    assert names(snapshot, scope_of(snapshot, question)) == allowed


def test_a_missing_phrase_rules_out_nothing_and_is_told(snapshot: Snapshot) -> None:
    scope = scope_of(snapshot, '"crude oil" "from Mars" "uranium"')
    assert names(snapshot, scope) == "ad"
    assert scope.missing == ("from Mars", "uranium")
    answer = Searcher(snapshot, HashingEncoder()).ask(make_query('"came from Mars"'))
    assert len(answer.hits) == 5
    assert "came from Mars" in answer.absent


def test_a_phrase_must_stand_among_what_passes_the_filter(snapshot: Snapshot) -> None:
    assert names(snapshot, scope_of(snapshot, '"crude oil"', "docs/old")) == "d"
    beyond = scope_of(snapshot, '"from Russia" -again', "docs/old")
    assert (names(snapshot, beyond), beyond.missing) == ("e", ("from Russia",))


def test_two_phrases_that_no_passage_holds_together_are_told(snapshot: Snapshot) -> None:
    scope = scope_of(snapshot, '"tea" "crude"')
    assert (names(snapshot, scope), scope.missing) == ("c", ("crude",))


def test_a_phrase_of_stop_words_of_one_language_is_found_in_every_language(build: Build, tmp_path: Path) -> None:
    build({"a.txt": "It was to be.", "b.md": "---\nlanguage: de\n---\nEr sagte: to be. Die da."})
    with closing(open_snapshot(IndexLocation(tmp_path / "index").published())) as snapshot:
        assert names(snapshot, scope_of(snapshot, '"to be"')) == "ab"
        assert names(snapshot, scope_of(snapshot, '"die da"')) == "b"


SENTENCES = (
    "Crude oil came by ship.", "The oil was crude.", "Tea came by road.", "Nobody knows the price.", "It was so.",
)  # fmt: skip
DATES = ("2023", "2024-06", "2025-11-28")
PUBLISHERS = ("Dawn", "The Daily")
PHRASES = ("crude oil", "came by", "it was", "tea", "uranium", "the")

texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True)
rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        texts,
        st.none() | st.sampled_from(DATES),
        st.none() | st.sampled_from(PUBLISHERS),
        st.sampled_from([None, "en", "de"]),
    ),
    min_size=1,
    max_size=6,
)
filters = st.builds(
    DocumentFilter,
    sources=st.lists(
        st.sampled_from(["docs/a", "docs/a/*.md", "docs/*1.md", "dawn", "The Daily", "docs"]), max_size=2
    ).map(tuple),
    since=st.none() | st.sampled_from(["2024", "2025-11"]),
    until=st.none() | st.sampled_from(["2023-05", "2025-11-27"]),
)
demanded = st.lists(st.sampled_from(PHRASES), max_size=2, unique=True)


def passes(document: StoredDocument, filter_: DocumentFilter) -> bool:
    """What the filter says, worked out for one document."""
    metadata, path = document.metadata, document.path
    named = (
        path == source
        or path.startswith(f"{source}/")
        or fnmatchcase(path, source)
        or (metadata.publisher or "").lower() == source.lower()
        for source in filter_.sources
    )
    if filter_.sources and not any(named):
        return False
    if filter_.document_ids and document.document_id not in filter_.document_ids:
        return False
    if filter_.since and not (metadata.published and last_day(metadata.published) >= first_day(filter_.since)):
        return False
    return not filter_.until or bool(metadata.published and first_day(metadata.published) <= last_day(filter_.until))


def front_matter(date: str | None, publisher: str | None, language: str | None) -> str:
    given = {"date": date, "publisher": publisher, "language": language}
    return "".join(f"{name}: '{value}'\n" for name, value in given.items() if value)


@given(rows=rows, filter_=filters, phrases=demanded, excluded=demanded, one=st.none() | st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_exactly_the_passages_that_pass_are_returned(
    rows: list[tuple[str, list[str], str | None, str | None, str | None]],
    filter_: DocumentFilter,
    phrases: list[str],
    excluded: list[str],
    one: int | None,
) -> None:
    files: dict[str, str | bytes] = {
        f"{folder}/{number}.md": f"---\n{front_matter(*given)}---\n# {number}\n\n" + "\n\n## Next\n\n".join(sentences)
        for number, (folder, sentences, *given) in enumerate(rows)
    }
    with TemporaryDirectory() as temporary:
        write_files(Path(temporary, "docs"), files)
        location = IndexLocation(Path(temporary, "index"))
        rebuild(location, make_sources([Path(temporary, "docs")]), HashingEncoder(), shared_reader(), SilentProgress())
        with closing(open_snapshot(location.published())) as snapshot:
            documents = snapshot.texts.documents()
            ids = () if one is None else (documents[one % len(documents)].document_id,)
            question = " ".join(
                ["ships of oil", *(f'"{phrase}"' for phrase in phrases), *(f'-"{phrase}"' for phrase in excluded)]
            )
            query = make_query(
                question,
                100,
                sources=filter_.sources,
                since=filter_.since,
                until=filter_.until if (filter_.since or "") < (filter_.until or "9") else None,
                document_ids=ids,
            )
            allowed = {row for document in documents if passes(document, query.filter) for row in document.passages}
            text = {passage.row: passage.text for passage in snapshot.texts.passages(range(len(snapshot.passages)))}
            missing = []
            for phrase in phrases:
                holding = {row for row in allowed if holds(text[row], phrase)}
                if holding:
                    allowed = holding
                else:
                    missing.append(phrase)
            allowed = {row for row in allowed if not any(holds(text[row], phrase) for phrase in excluded)}
            searcher = Searcher(snapshot, HashingEncoder())
            found = searcher.retrieve(query.text, query.filter, 100)
            assert {one.row for one in found.ranked} == allowed
            assert list(found.missing) == missing
            hits = searcher.ask(query).hits
            shown = {hit.passage.row for hit in hits}
            assert shown <= allowed
            for row in allowed - shown:  # what is not shown is named by the hit that says the same
                said = {document.document_id for document in documents if row in document.passages}
                assert any(said & {copy.document_id for copy in hit.also_in} for hit in hits)
            cited = {document.document_id for document in documents if passes(document, query.filter)}
            assert {hit.citation.document_id for hit in hits} <= cited


def test_a_filter_of_few_among_many_is_not_starved(build: Build, tmp_path: Path) -> None:
    rows = "\n".join(f'{{"text": "Tea came by road {number}."}}' for number in range(400))
    build({"many.jsonl": rows, "few/a.txt": "Camels carried leaves.", "few/b.txt": "Nothing of it."})
    with closing(open_snapshot(IndexLocation(tmp_path / "index").published())) as snapshot:
        searcher = Searcher(snapshot, HashingEncoder())
        found = searcher.ask(make_query("Tea came by road", 100, sources=["docs/few"]))
        assert {hit.citation.path for hit in found.hits} == {"docs/few/a.txt", "docs/few/b.txt"}
        found = searcher.ask(make_query('Tea came by road "camels carried"', 100))
        assert [hit.citation.path for hit in found.hits] == ["docs/few/a.txt"]
        assert len(searcher.ask(make_query("Tea came by road", 100)).hits) == 100
        assert find_scope(snapshot, EVERY_DOCUMENT, read_operators("tea")).passages is None
