"""BM25 over passages, by tantivy.

User text never reaches tantivy's query parser, which a few thousand parentheses kill: words are analysed here and
put together as term queries.
"""

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from index.vectors import TIE_MARGIN, Rows, Scores, best

_TEXT, _PASSAGE, _TEXT_ROW, _ANALYZER = "text", "passage", "text_row", "citebox"
_WRITER_BYTES = 128_000_000
_LONGEST_TERM = 64

K1, B = 1.2, 0.75
"""Those of tantivy's BM25, for sentences to be scored alike."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What is indexed of a passage: its row, its text's row, and what it says with title and section."""

    passage: int
    text_row: int
    text: str


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_TERM))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stopword("english"))
        .filter(Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TEXT, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_unsigned_field(_PASSAGE, indexed=True, fast=True)
    builder.add_unsigned_field(_TEXT_ROW, indexed=True)
    return builder.build()


class LexicalIndex:
    """An inverted index of all passages. Terms are what `analyze` makes of words."""

    def __init__(self, index: tantivy.Index) -> None:
        self._analyzer = _analyzer()
        index.register_tokenizer(_ANALYZER, _analyzer())
        self._schema = index.schema
        index.config_reader(reload_policy="manual")  # a snapshot never changes: nothing to watch
        self._searcher = index.searcher()

    @staticmethod
    def write(folder: Path, entries: Iterable[LexicalEntry]) -> None:
        """Write an index of `entries` to `folder`, which must exist and be empty."""
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(_ANALYZER, _analyzer())
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)  # one thread keeps passages in order
        for entry in entries:
            document = tantivy.Document()
            document.add_text(_TEXT, entry.text)
            document.add_unsigned(_PASSAGE, entry.passage)
            document.add_unsigned(_TEXT_ROW, entry.text_row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """The index written to `folder`, which need not be writable.

        Opening takes lock files, so tantivy is shown a folder of its own with links to the files.
        """
        with tempfile.TemporaryDirectory(prefix="citebox-", ignore_cleanup_errors=True) as links:
            for file in folder.iterdir():
                if file.suffix != ".lock":
                    Path(links, file.name).symlink_to(file.resolve())
            return cls(tantivy.Index.open(links))  # its searcher has opened the files when the links go

    def analyze(self, text: str) -> list[str]:
        """The terms of `text` in order: lower case, without accents and English stop words, stemmed."""
        return list(self._analyzer.analyze(text))

    def idf(self, term: str) -> float:
        """Inverse document frequency of `term` over passages (Robertson/Spärck Jones with +1, as Lucene's)."""
        frequency = self._searcher.doc_freq(_TEXT, term)
        return math.log(1 + (self._searcher.num_docs - frequency + 0.5) / (frequency + 0.5))

    def search(self, terms: Sequence[str], k: int, text_rows: Rows | None = None) -> tuple[Rows, Scores]:
        """The `k` passages of highest BM25, among those of the texts in `text_rows`; best first."""
        return self._search(terms, k, None if text_rows is None else (_TEXT_ROW, text_rows))

    def scores(self, terms: Sequence[str], rows: Rows) -> Scores:
        """BM25 of each passage in `rows`; 0 for one that holds none of the terms."""
        found, scores = self._search(terms, len(rows), (_PASSAGE, rows))
        by_row = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([by_row.get(row, 0.0) for row in rows.tolist()], dtype=np.float32)

    def _search(self, terms: Sequence[str], k: int, within: tuple[str, Rows] | None) -> tuple[Rows, Scores]:
        if not terms or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        any_term = Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, _TEXT, term, "freq")) for term in terms]
        )
        query = any_term
        if within is not None:
            field, allowed = within
            inside = Query.term_set_query(self._schema, field, allowed.tolist())
            query = Query.boolean_query([(Occur.Must, any_term), (Occur.Must, Query.const_score_query(inside, 0.0))])
        hits = self._searcher.search(query, limit=k + TIE_MARGIN, count=False).hits
        addresses = [address for _, address in hits]
        rows = np.array(self._searcher.fast_field_values(_PASSAGE, addresses), dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return best(rows, scores, k)
