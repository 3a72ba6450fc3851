"""BM25 over passages, by tantivy.

User text never reaches tantivy's query parser, which a few thousand parentheses kill: terms come from
`index.analysis` and are put together as term queries.
"""

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from tantivy import Occur, Query, TextAnalyzerBuilder, Tokenizer

from index.segments import name_segments
from index.vectors import TIE_MARGIN, Rows, Scores, best

_TERMS, _WORDS, _PASSAGE, _TEXT_ROW, _WHITESPACE = "terms", "words", "passage", "text_row", "citebox"
_WRITER_BYTES = 512_000_000
"""Of which no more is taken than is needed. Some 300,000 passages fit: up to eight times as many are written in so few
segments that tantivy merges none, which it would do as its threads happen to run."""

K1, B = 1.2, 0.75
"""Those of tantivy's BM25, for sentences to be scored alike."""

_FEW = 500
"""Passages or texts that are looked up each by itself: 100 take a third of the time of a set, 1,000 more than one."""

SHORTEST_MISSPELT, LONG = 4, 8
"""A word of fewer letters is near too many others; only one of `LONG` letters may differ in two places."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What is indexed of a passage: its row, its text's row, its terms in order, and its words before stemming."""

    passage: int
    text_row: int
    terms: str  # separated by spaces, as are the words
    words: str


def _analyzer() -> tantivy.TextAnalyzer:
    """Terms are made by `index.analysis`; here they are only told apart."""
    return TextAnalyzerBuilder(Tokenizer.whitespace()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERMS, tokenizer_name=_WHITESPACE, index_option="freq")
    builder.add_text_field(_WORDS, tokenizer_name=_WHITESPACE, index_option="basic")
    builder.add_unsigned_field(_PASSAGE, indexed=True, fast=True)
    builder.add_unsigned_field(_TEXT_ROW, indexed=True)
    return builder.build()


class LexicalIndex:
    """An inverted index of all passages, of terms and of the words behind them."""

    def __init__(self, index: tantivy.Index) -> None:
        index.register_tokenizer(_WHITESPACE, _analyzer())
        self._schema = index.schema
        index.config_reader(reload_policy="manual")  # a snapshot never changes: nothing to watch
        self._searcher = index.searcher()

    @staticmethod
    def write(folder: Path, entries: Iterable[LexicalEntry]) -> None:
        """Write an index of `entries` to `folder`, which must exist and be empty."""
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(_WHITESPACE, _analyzer())
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)  # one thread keeps passages in order
        for entry in entries:
            document = tantivy.Document()
            document.add_text(_TERMS, entry.terms)
            document.add_text(_WORDS, entry.words)
            document.add_unsigned(_PASSAGE, entry.passage)
            document.add_unsigned(_TEXT_ROW, entry.text_row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        name_segments(folder)

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

    def frequency(self, term: str) -> int:
        """Number of passages that hold `term`."""
        return int(self._searcher.doc_freq(_TERMS, term))

    def word_frequency(self, word: str) -> int:
        """Number of passages that hold `word`, a stop word or not, as it stands."""
        return int(self._searcher.doc_freq(_WORDS, word))

    def idf(self, term: str) -> float:
        """Inverse document frequency of `term` over passages (Robertson/Spärck Jones with +1, as Lucene's)."""
        frequency = self.frequency(term)
        return math.log(1 + (self._searcher.num_docs - frequency + 0.5) / (frequency + 0.5))

    def search(
        self, terms: Sequence[str], k: int, *, passages: Rows | None = None, texts: Rows | None = None
    ) -> tuple[Rows, Scores]:
        """The `k` passages of highest BM25, best first, among the rows `passages` or those of the rows `texts`."""
        if texts is not None:  # far fewer to look up than their passages
            return self._search(terms, k, (_TEXT_ROW, texts))
        return self._search(terms, k, None if passages is None else (_PASSAGE, passages))

    def scores(self, terms: Sequence[str], rows: Rows) -> Scores:
        """BM25 of each passage in `rows`; 0 for one that holds none of the terms."""
        found, scores = self._search(terms, len(rows), (_PASSAGE, rows))
        by_row = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([by_row.get(row, 0.0) for row in rows.tolist()], dtype=np.float32)

    def passages_with(self, terms: Sequence[str]) -> Rows:
        """Rows, ascending, of the passages that hold all of `terms`, of which there must be one."""
        query = Query.boolean_query(
            [(Occur.Must, Query.term_query(self._schema, _TERMS, term, "basic")) for term in terms]
        )
        return np.sort(self._rows(query, limit=self._searcher.num_docs)[0])

    def nearest_word(self, word: str) -> str | None:
        """The word of the passages that `word` is most likely a misspelling of, or None.

        That is the one of the fewest edits (Damerau and Levenshtein's: insert, delete, replace, swap neighbours), at
        most one, or two for `LONG` letters; among those the most frequent. Its first letter must be the same, which
        people rarely mistype: otherwise words that a small index lacks would be taken for others that it has.
        """
        if len(word) < SHORTEST_MISSPELT or not word.isalpha():
            return None
        edits = 1 if len(word) < LONG else 2
        known = dict(self._searcher.terms_with_prefix(_WORDS, word[0]))
        found = process.extract(word, known.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=edits, limit=None)
        near = [(distance, -known[other], other) for other, distance, _ in found if other.isalpha()]
        return min(near)[2] if near else None

    def _search(self, terms: Sequence[str], k: int, within: tuple[str, Rows] | None) -> tuple[Rows, Scores]:
        if not terms or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        any_term = Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, _TERMS, term, "freq")) for term in terms]
        )
        query = any_term
        if within is not None:
            field, allowed = within
            inside = Query.const_score_query(self._one_of(field, allowed.tolist()), 0.0)
            query = Query.boolean_query([(Occur.Must, any_term), (Occur.Must, inside)])
        rows, scores = self._rows(query, limit=k + TIE_MARGIN)
        return best(rows, scores, k)

    def _one_of(self, field: str, numbers: list[int]) -> Query:
        if len(numbers) > _FEW:
            return Query.term_set_query(self._schema, field, numbers)
        each = [Query.term_query(self._schema, field, number, "basic") for number in numbers]
        return Query.boolean_query([(Occur.Should, one) for one in each])

    def _rows(self, query: Query, limit: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, limit=limit, count=False).hits
        addresses = [address for _, address in hits]
        rows = np.array(self._searcher.fast_field_values(_PASSAGE, addresses), dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return rows, scores
