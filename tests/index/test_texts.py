from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.documents import Document, Metadata, Passage
from corpus.metadata import Claim
from corpus.origins import Origin
from corpus.passages import PassageSplitter
from corpus.works import Block, BlockKind, Work, assemble
from index.analysis import analyzer
from index.text_writer import TextWriter
from index.texts import EVERY_DOCUMENT, DocumentFilter, TextStore
from tests.hashing_encoder import HashingEncoder


def document_of(path: str, text: str, part: str = "", **metadata: str) -> Document:
    blocks = (Block(BlockKind.HEADING, "Über 😀", 2), Block(BlockKind.PARAGRAPH, text))
    return assemble(Work((Claim(Origin.ROW, Metadata(**metadata)),), blocks, part), path, "f" * 64)


DOCUMENTS = [
    document_of("docs/2024/a.txt", "Oil was sold. " * 40, title="Oil", published="2024", publisher="Dawn"),
    document_of("docs/2025/b.txt", "Gas was sold.", title="Gas", published="2025-11", url="https://e.org"),
    document_of("docs/2025/deep/c.txt", "Coal was sold.", published="2025-11-28", publisher="The Daily", language="en"),
    document_of("docs/undated.txt", "Steel was sold."),
    document_of("archive/rows.jsonl", "Row one.", part="1"),
    document_of("archive/rows.jsonl", "Row two.", part="2"),
]
COPIES = [
    document_of("more/y.txt", "Gas was sold."),
    document_of("more/z.txt", "Gas was sold.", title="Gas again", published="2030", publisher="The Copy"),
]
PASSAGES: list[list[Passage]] = [
    PassageSplitter(HashingEncoder().count_tokens, 30).split(document) for document in DOCUMENTS
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextStore]:
    path = tmp_path_factory.mktemp("texts 100%?#") / "texts.sqlite"
    with TextWriter(path) as writer:
        for document, passages in zip(DOCUMENTS, PASSAGES, strict=True):
            assert writer.path_of_text(document) is None
            writer.add(document, passages)
        for copy in COPIES:
            assert writer.path_of_text(copy) == "docs/2025/b.txt"
            writer.add(copy, ())
    with closing(TextStore(path)) as opened:
        yield opened


def selected(store: TextStore, **filter_: str | tuple[str, ...] | None) -> list[str]:
    """Paths of the documents that pass, text by text."""
    passing = store.documents_of_texts(range(len(DOCUMENTS)), DocumentFilter(**filter_))  # type: ignore[arg-type]
    return [document.path for documents in passing.values() for document in documents]


def test_documents_come_back_as_they_were_stored(store: TextStore) -> None:
    for stored, document in zip(store.documents(), DOCUMENTS + COPIES, strict=True):
        assert (stored.document_id, stored.path, stored.part) == (document.document_id, document.path, document.part)
        assert (stored.source_sha256, stored.sha256) == (document.source_sha256, document.sha256)
        assert stored.metadata == document.metadata
        assert stored.characters == len(document.text)
        assert store.text(stored.text_row) == document.text
        assert store.headings(stored.text_row) == list(document.headings)


def test_passages_come_back_as_they_were_stored(store: TextStore) -> None:
    for stored, passages in zip(store.documents(limit=len(DOCUMENTS)), PASSAGES, strict=True):
        found = store.passages(stored.passages)
        assert [(p.passage_id, p.start, p.end, p.text, p.section) for p in found] == [
            (p.passage_id, p.start, p.end, p.text, p.section) for p in passages
        ]
        assert {passage.text_row for passage in found} == {stored.text_row}


def test_sentences_come_back_relative_to_their_passage(store: TextStore) -> None:
    for stored, passages in zip(store.documents(limit=len(DOCUMENTS)), PASSAGES, strict=True):
        for found, passage in zip(store.passages(stored.passages), passages, strict=True):
            assert store.sentence_spans(found.sentences) == [
                (sentence.start - passage.start, sentence.end - passage.start) for sentence in passage.sentences
            ]


def test_rows_are_positions(store: TextStore) -> None:
    documents = store.documents(limit=len(DOCUMENTS))
    assert [document.text_row for document in documents] == list(range(len(DOCUMENTS)))
    passages = [row for document in documents for row in document.passages]
    assert passages == list(range(sum(map(len, PASSAGES))))
    sentences = [row for passage in store.passages(passages) for row in passage.sentences]
    assert sentences == list(range(sum(len(p.sentences) for of_document in PASSAGES for p in of_document)))


def test_passages_come_in_the_order_asked_for(store: TextStore) -> None:
    assert [passage.row for passage in store.passages([3, 0, 2])] == [3, 0, 2]


def test_more_rows_than_variables_of_a_statement_can_be_fetched(tmp_path: Path) -> None:
    documents = [document_of(f"docs/{number:04}.txt", f"Number {number}.") for number in range(1200)]
    splitter = PassageSplitter(HashingEncoder().count_tokens, 30)
    with TextWriter(tmp_path / "texts.sqlite") as writer:
        for document in documents:
            writer.add(document, splitter.split(document))
    with closing(TextStore(tmp_path / "texts.sqlite")) as store:
        assert [len(found) for found in store.documents_of_texts(range(1200)).values()] == [1] * 1200
        assert [passage.row for passage in store.passages(range(1199, -1, -1))] == list(range(1199, -1, -1))


def test_records_are_found_by_id(store: TextStore) -> None:
    document, passage = store.document(DOCUMENTS[1].document_id), store.passage(PASSAGES[1][0].passage_id)
    assert document is not None
    assert passage is not None
    assert (document.text_row, passage.text_row) == (1, 1)


def test_an_unknown_id_gives_none(store: TextStore) -> None:
    assert store.document("0" * 20) is None
    assert store.passage("0" * 20) is None


def test_documents_can_be_paged(store: TextStore) -> None:
    assert [document.text_row for document in store.documents(offset=2, limit=3)] == [2, 3, 4]
    assert store.document_count() == len(DOCUMENTS + COPIES)


def test_documents_of_one_text_are_listed_together(store: TextStore) -> None:
    of_text = store.documents_of_texts([1])[1]
    assert [document.path for document in of_text] == ["docs/2025/b.txt", "more/y.txt", "more/z.txt"]


def test_a_copy_has_its_own_metadata_and_the_passages_of_its_text(store: TextStore) -> None:
    first, copy = store.document(DOCUMENTS[1].document_id), store.document(COPIES[1].document_id)
    assert first is not None
    assert copy is not None
    assert (copy.path, copy.metadata.publisher) == ("more/z.txt", "The Copy")
    assert copy.passages == first.passages


def test_a_filter_that_only_a_copy_passes_finds_its_text(store: TextStore) -> None:
    for filter_ in (DocumentFilter(sources=("more",)), DocumentFilter(since="2030"), DocumentFilter(("the copy",))):
        text_rows, passages = store.passages_passing(filter_)
        assert text_rows.tolist() == [1]
        assert passages.tolist() == list(store.documents()[1].passages)


def test_what_is_embedded_is_context_text_and_sentences(store: TextStore) -> None:
    expected = [
        (passage.context, passage.text, [document.text[s.start : s.end] for s in passage.sentences])
        for document, passages in zip(DOCUMENTS, PASSAGES, strict=True)
        for passage in passages
    ]
    assert list(store.embedding_inputs()) == expected


def test_what_is_indexed_is_context_and_text_with_their_terms(store: TextStore) -> None:
    expected = [
        (row, analyzer("en").terms(f"{passage.context} {passage.text}"), passage.context, passage.text)
        for row, (document, passages) in enumerate(zip(DOCUMENTS, PASSAGES, strict=True))
        for passage in passages
    ]
    found = list(store.lexical_inputs())
    assert [(text_row, terms.split(), context, text) for _, text_row, terms, context, text in found] == expected
    assert [columns[0] for columns in found] == list(range(len(expected)))


def test_terms_of_context_and_of_each_sentence_come_back(store: TextStore) -> None:
    for stored, passages in zip(store.documents(limit=len(DOCUMENTS)), PASSAGES, strict=True):
        for found, passage in zip(store.passages(stored.passages), passages, strict=True):
            assert list(found.context_terms) == analyzer("en").terms(passage.context)
            assert len(found.sentence_terms) == len(passage.sentences)
            spans = store.sentence_spans(found.sentences)
            for terms, (start, end) in zip(found.sentence_terms, spans, strict=True):
                assert list(terms) == analyzer("en").terms(found.text[start:end])


def test_terms_are_those_of_the_language_of_the_document(tmp_path: Path) -> None:
    document = document_of("docs/de.txt", "Die Lieferungen der Schiffe.", language="de")
    splitter = PassageSplitter(HashingEncoder().count_tokens, 30)
    with TextWriter(tmp_path / "texts.sqlite") as writer:
        writer.add(document, splitter.split(document))
    with closing(TextStore(tmp_path / "texts.sqlite")) as store:
        (passage,) = store.passages([0])
        assert passage.sentence_terms[-1] == ["liefer", "schiff"]
        assert store.languages == ["de"]


def test_languages_of_documents_are_known_and_that_some_have_none(store: TextStore) -> None:
    assert store.languages == [None, "en"]


def test_passages_of_no_rows_are_none(store: TextStore) -> None:
    assert store.passages([]) == []


def test_a_store_is_kept_only_when_it_was_written_to_the_end(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), TextWriter(tmp_path / "texts.sqlite") as writer:
        writer.add(DOCUMENTS[0], PASSAGES[0])
        raise ZeroDivisionError
    with closing(TextStore(tmp_path / "texts.sqlite")) as store:
        assert store.document_count() == 0


@pytest.mark.parametrize(
    ("sources", "paths"),
    [
        pytest.param(("docs/2025/b.txt",), ["docs/2025/b.txt"], id="a path"),
        pytest.param(("docs/2025",), ["docs/2025/b.txt", "docs/2025/deep/c.txt"], id="a folder"),
        pytest.param(("archive",), ["archive/rows.jsonl", "archive/rows.jsonl"], id="a source"),
        pytest.param(("doc",), [], id="not a beginning of a name"),
        pytest.param(("docs/*/?.txt",), ["docs/2024/a.txt", "docs/2025/b.txt", "docs/2025/deep/c.txt"], id="a pattern"),
        pytest.param(("docs/202[4]/*",), ["docs/2024/a.txt"], id="a pattern with a set"),
        pytest.param(("dawn",), ["docs/2024/a.txt"], id="a publisher, in any case"),
        pytest.param(("Dawn", "docs/2025/deep"), ["docs/2024/a.txt", "docs/2025/deep/c.txt"], id="one of several"),
        pytest.param(("' OR 1 --",), [], id="hostile"),
    ],
)
def test_sources_restrict_documents(store: TextStore, sources: tuple[str, ...], paths: list[str]) -> None:
    assert selected(store, sources=sources) == paths


@pytest.mark.parametrize(
    ("since", "until", "paths"),
    [
        pytest.param("2025", "2029", ["docs/2025/b.txt", "docs/2025/deep/c.txt"], id="since a year"),
        pytest.param("2025-11-20", "2029", ["docs/2025/b.txt", "docs/2025/deep/c.txt"], id="a month may go on"),
        pytest.param("2025-11-29", "2029", ["docs/2025/b.txt"], id="after the day, not after the month"),
        pytest.param("2025-12", None, ["more/z.txt"], id="since a month"),
        pytest.param(None, "2024", ["docs/2024/a.txt"], id="until a year"),
        pytest.param(None, "2024-01-01", ["docs/2024/a.txt"], id="a year may begin with it"),
        pytest.param(
            None, "2025-11", ["docs/2024/a.txt", "docs/2025/b.txt", "docs/2025/deep/c.txt"], id="until a month"
        ),
        pytest.param("2024-06", "2025-11-27", ["docs/2024/a.txt", "docs/2025/b.txt"], id="between"),
        pytest.param(
            "0001", "9999", ["docs/2024/a.txt", "docs/2025/b.txt", "more/z.txt", "docs/2025/deep/c.txt"], id="any date"
        ),
    ],
)
def test_dates_restrict_documents_to_those_that_can_be_of_that_time(
    store: TextStore, since: str | None, until: str | None, paths: list[str]
) -> None:
    assert selected(store, since=since, until=until) == paths


def test_ids_restrict_documents(store: TextStore) -> None:
    ids = (DOCUMENTS[5].document_id, DOCUMENTS[0].document_id, "0" * 20)
    assert store.passages_passing(DocumentFilter(document_ids=ids))[0].tolist() == [0, 5]


@pytest.mark.parametrize(
    ("languages", "paths"),
    [
        pytest.param(("en",), ["docs/2025/deep/c.txt"], id="one"),
        pytest.param(("de", "en"), ["docs/2025/deep/c.txt"], id="one of several"),
        pytest.param(("de",), [], id="none; a document that tells none passes no language"),
        pytest.param(("' OR 1 --",), [], id="hostile"),
    ],
)
def test_languages_restrict_documents(store: TextStore, languages: tuple[str, ...], paths: list[str]) -> None:
    assert selected(store, languages=languages) == paths


def test_a_language_and_another_part_of_a_filter_hold_together(store: TextStore) -> None:
    assert selected(store, languages=("en",), sources=("docs/2025",)) == ["docs/2025/deep/c.txt"]
    assert selected(store, languages=("en",), sources=("docs/2024",)) == []


def test_all_parts_of_a_filter_hold(store: TextStore) -> None:
    assert selected(store, sources=("docs/2025",), since="2025-11-29") == ["docs/2025/b.txt"]


def test_an_empty_filter_restricts_nothing(store: TextStore) -> None:
    text_rows, passages = store.passages_passing(EVERY_DOCUMENT)
    assert text_rows.tolist() == list(range(len(DOCUMENTS)))
    assert passages.tolist() == list(range(sum(map(len, PASSAGES))))


def test_folders_are_the_sources_and_what_stands_directly_in_them(store: TextStore) -> None:
    assert store.folders() == ["archive", "docs", "docs/2024", "docs/2025", "more"]


def test_publishers_are_in_order(store: TextStore) -> None:
    assert store.publishers() == ["Dawn", "The Copy", "The Daily"]
