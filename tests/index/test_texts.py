from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.documents import Document, Metadata, Passage
from corpus.passages import PassageSplitter
from corpus.works import Block, BlockKind, Work, assemble
from index.text_writer import TextWriter
from index.texts import Copy, DocumentFilter, TextStore, passage_rows
from tests.hashing_encoder import HashingEncoder


def document_of(path: str, text: str, part: str = "", **metadata: str) -> Document:
    blocks = (Block(BlockKind.HEADING, "Über 😀", 2), Block(BlockKind.PARAGRAPH, text))
    return assemble(Work(Metadata(**metadata), blocks, part), path, "f" * 64)


DOCUMENTS = [
    document_of("docs/2024/a.txt", "Oil was sold. " * 40, title="Oil", published="2024", publisher="Dawn"),
    document_of("docs/2025/b.txt", "Gas was sold.", title="Gas", published="2025-11", url="https://e.org"),
    document_of("docs/2025/deep/c.txt", "Coal was sold.", published="2025-11-28", publisher="The Daily", language="en"),
    document_of("docs/undated.txt", "Steel was sold."),
    document_of("archive/rows.jsonl", "Row one.", part="1"),
    document_of("archive/rows.jsonl", "Row two.", part="2"),
]
COPIES = [document_of("docs/z.txt", "Gas was sold.", title="Gas again"), document_of("docs/y.txt", "Gas was sold.")]
PASSAGES: list[list[Passage]] = [
    PassageSplitter(HashingEncoder().count_tokens, 30).split(document) for document in DOCUMENTS
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextStore]:
    path = tmp_path_factory.mktemp("texts 100%?#") / "texts.sqlite"
    with TextWriter(path) as writer:
        for document, passages in zip(DOCUMENTS, PASSAGES, strict=True):
            assert writer.add_copy(document) is None
            writer.add(document, passages)
        for copy in COPIES:
            assert writer.add_copy(copy) == "docs/2025/b.txt"
    with closing(TextStore(path)) as opened:
        yield opened


def selected(store: TextStore, **filter_: str | tuple[str, ...] | None) -> list[str]:
    return [document.path for document in store.select(DocumentFilter(**filter_))]  # type: ignore[arg-type]


def test_documents_come_back_as_they_were_stored(store: TextStore) -> None:
    for stored, document in zip(store.documents(), DOCUMENTS, strict=True):
        assert (stored.document_id, stored.path, stored.part) == (document.document_id, document.path, document.part)
        assert (stored.source_sha256, stored.sha256) == (document.source_sha256, document.sha256)
        assert stored.metadata == document.metadata
        assert stored.characters == len(document.text)
        assert store.text(stored.row) == document.text
        assert store.headings(stored.row) == list(document.headings)


def test_passages_come_back_as_they_were_stored(store: TextStore) -> None:
    for stored, passages in zip(store.documents(), PASSAGES, strict=True):
        found = store.passages(stored.passages)
        assert [(p.passage_id, p.start, p.end, p.text, p.section) for p in found] == [
            (p.passage_id, p.start, p.end, p.text, p.section) for p in passages
        ]
        assert {passage.document_row for passage in found} == {stored.row}


def test_sentences_come_back_relative_to_their_passage(store: TextStore) -> None:
    for stored, passages in zip(store.documents(), PASSAGES, strict=True):
        for found, passage in zip(store.passages(stored.passages), passages, strict=True):
            assert store.sentence_spans(found.sentences) == [
                (sentence.start - passage.start, sentence.end - passage.start) for sentence in passage.sentences
            ]


def test_rows_are_positions(store: TextStore) -> None:
    documents = store.documents()
    assert [document.row for document in documents] == list(range(len(DOCUMENTS)))
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
        assert len(store.documents_by_row(range(1200))) == 1200
        assert [passage.row for passage in store.passages(range(1199, -1, -1))] == list(range(1199, -1, -1))


def test_records_are_found_by_id(store: TextStore) -> None:
    document, passage = store.document(DOCUMENTS[1].document_id), store.passage(PASSAGES[1][0].passage_id)
    assert document is not None
    assert passage is not None
    assert (document.row, passage.document_row) == (1, 1)


def test_an_unknown_id_gives_none(store: TextStore) -> None:
    assert store.document("0" * 20) is None
    assert store.passage("0" * 20) is None


def test_documents_can_be_paged(store: TextStore) -> None:
    assert [document.row for document in store.documents(offset=2, limit=3)] == [2, 3, 4]
    assert store.document_count() == len(DOCUMENTS)


def test_copies_are_listed_by_path(store: TextStore) -> None:
    by_path = [Copy(copy.document_id, copy.path, copy.part, copy.metadata.title) for copy in reversed(COPIES)]
    assert store.copies([0, 1]) == {1: by_path}


def test_the_id_of_a_copy_gives_the_stored_document(store: TextStore) -> None:
    document = store.document(COPIES[0].document_id)
    assert document is not None
    assert document.path == "docs/2025/b.txt"


def test_what_is_embedded_is_context_text_and_sentences(store: TextStore) -> None:
    expected = [
        (passage.context, passage.text, [document.text[s.start : s.end] for s in passage.sentences])
        for document, passages in zip(DOCUMENTS, PASSAGES, strict=True)
        for passage in passages
    ]
    assert list(store.embedding_inputs()) == expected


def test_what_is_indexed_is_title_section_and_text(store: TextStore) -> None:
    expected = [
        (document.metadata.title, passage.section, passage.text)
        for document, passages in zip(DOCUMENTS, PASSAGES, strict=True)
        for passage in passages
    ]
    found = list(store.lexical_inputs())
    assert [columns[2:] for columns in found] == expected
    assert [columns[0] for columns in found] == list(range(len(expected)))


def test_a_passage_that_misquotes_its_document_is_told(tmp_path: Path) -> None:
    document, (first, *_) = DOCUMENTS[1], PASSAGES[1]
    wrong = Passage("wrong", document.document_id, 0, 3, "Oil", "", "", ())
    with TextWriter(tmp_path / "texts.sqlite") as writer:
        writer.add(document, [first, wrong])
    with closing(TextStore(tmp_path / "texts.sqlite")) as store:
        assert list(store.misquoted_passages()) == ["wrong"]


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
        pytest.param("2025", None, ["docs/2025/b.txt", "docs/2025/deep/c.txt"], id="since a year"),
        pytest.param("2025-11-20", None, ["docs/2025/b.txt", "docs/2025/deep/c.txt"], id="a month may be later in it"),
        pytest.param("2025-11-29", None, ["docs/2025/b.txt"], id="after the day, not after the month"),
        pytest.param("2025-12", None, [], id="since a month"),
        pytest.param(None, "2024", ["docs/2024/a.txt"], id="until a year"),
        pytest.param(None, "2024-01-01", ["docs/2024/a.txt"], id="a year may begin with it"),
        pytest.param(
            None, "2025-11", ["docs/2024/a.txt", "docs/2025/b.txt", "docs/2025/deep/c.txt"], id="until a month"
        ),
        pytest.param("2024-06", "2025-11-27", ["docs/2024/a.txt", "docs/2025/b.txt"], id="between"),
        pytest.param("0001", "9999", ["docs/2024/a.txt", "docs/2025/b.txt", "docs/2025/deep/c.txt"], id="any date"),
    ],
)
def test_dates_restrict_documents_to_those_that_can_be_of_that_time(
    store: TextStore, since: str | None, until: str | None, paths: list[str]
) -> None:
    assert selected(store, since=since, until=until) == paths


def test_ids_restrict_documents(store: TextStore) -> None:
    ids = (DOCUMENTS[5].document_id, DOCUMENTS[0].document_id, "0" * 20)
    assert [document.row for document in store.select(DocumentFilter(document_ids=ids))] == [0, 5]


def test_all_parts_of_a_filter_hold(store: TextStore) -> None:
    assert selected(store, sources=("docs/2025",), since="2025-11-29") == ["docs/2025/b.txt"]


def test_an_empty_filter_restricts_nothing(store: TextStore) -> None:
    assert DocumentFilter().is_empty
    assert not DocumentFilter(since="2025").is_empty
    assert store.select(DocumentFilter()) == store.documents()


def test_folders_are_the_sources_and_what_stands_directly_in_them(store: TextStore) -> None:
    assert store.folders() == ["archive", "docs", "docs/2024", "docs/2025"]


def test_publishers_are_in_order(store: TextStore) -> None:
    assert store.publishers() == ["Dawn", "The Daily"]


def test_the_passages_of_documents_are_told_by_row(store: TextStore) -> None:
    first, second, *_ = store.documents()
    assert passage_rows([second, first]).tolist() == [*second.passages, *first.passages]
    assert passage_rows([]).tolist() == []
