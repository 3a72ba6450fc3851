"""Passages: runs of whole sentences that fit the encoder together with their title, section and table head.

Sections are cut on their own, so that a passage never speaks of two things under one heading; inside a section the
sentences are spread evenly, so that none ends in a tiny leftover.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from semantic_text_splitter import TextSplitter

from corpus.documents import DEFAULT_LANGUAGE, Document, Passage, Sentence, make_passage_id
from corpus.file_names import words_of_name
from corpus.sections import SECTION_SEPARATOR, Section, sections
from corpus.sentences import segment
from corpus.table_heads import table_heads

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Number of tokens the encoder makes of each text, without its special tokens."""

CONTEXT_SHARE = 6
"""The context may take one part in this many of the encoder's tokens."""

TITLE_SHARE = 3
"""A title too long may take one part in this many of the context's tokens, or what heading and table head leave."""

CHARACTERS_PER_TOKEN = 10
"""Tokenizers call an endless word one unknown token; this many characters count as one token at least."""

WINDOW_PIECES = 16
"""Pieces that are cut from a long sentence at a time: the splitter takes time by the square of what it is given."""


@dataclass(frozen=True, slots=True)
class PassageSplitter:
    """Cuts documents so that context and passage together make at most `max_tokens` tokens.

    The room kept for the context does not depend on its length: where a text is cut follows from the text and its
    headings alone, so that a changed title leaves passages and their citations as they were.

    Token counts are added up sentence by sentence, which is exact for tokenizers that split at whitespace first
    (WordPiece) and at most a little too high for the others.
    """

    count_tokens: TokenCounter
    max_tokens: int

    def split(self, document: Document) -> list[Passage]:
        """The passages of `document` in order; only whitespace and headings with text below them are left out."""
        text_hash = document.sha256
        title = _title(document)
        context_budget = self.max_tokens // CONTEXT_SHARE
        budget = max(1, self.max_tokens - context_budget)
        passages = []
        for section in sections(document):
            sentences = list(self._fitting_sentences(document, section, budget))
            lengths = self._lengths([document.text[s.start : s.end] for s in sentences])
            runs = list(_even_runs(sentences, lengths, budget))
            heads = list(table_heads(document.text, [run[0].start for run in runs]))
            contexts = {head: self._context(title, section.path, head, context_budget) for head in set(heads)}
            for run, head in zip(runs, heads, strict=True):
                start, end = run[0].start, run[-1].end
                passages.append(
                    Passage(
                        passage_id=make_passage_id(text_hash, start, end),
                        document_id=document.document_id,
                        start=start,
                        end=end,
                        text=document.text[start:end],
                        section=section.path,
                        context=contexts[head],
                        sentences=tuple(run),
                    )
                )
        return passages

    def _fitting_sentences(self, document: Document, section: Section, budget: int) -> Iterator[Sentence]:
        """The sentences of a section; one that alone exceeds `budget` comes in pieces."""
        language = document.metadata.language or DEFAULT_LANGUAGE
        whole = list(segment(document.text, language, section.start, section.end))
        lengths = self._lengths([document.text[s.start : s.end] for s in whole])
        for sentence, length in zip(whole, lengths, strict=True):
            if length <= budget:
                yield sentence
                continue
            for offset, piece in self._pieces(document.text[sentence.start : sentence.end], budget):
                start = sentence.start + offset
                yield Sentence(start, start + len(piece))

    def _pieces(self, text: str, budget: int) -> Iterator[tuple[int, str]]:
        """Pieces of at most `budget` tokens, each with its place in `text`."""
        splitter = TextSplitter.from_callback(self._length, budget)
        window = WINDOW_PIECES * CHARACTERS_PER_TOKEN * budget
        start = 0
        while start < len(text):
            pieces = splitter.chunk_indices(text[start : start + window])
            following = start + window
            if following < len(text) and len(pieces) > 1:  # the window may cut the last piece short
                following = start + pieces.pop()[0]
            yield from ((start + offset, piece) for offset, piece in pieces)
            start = following

    def _context(self, title: str, section: str, table_head: str, limit: int) -> str:
        """Title, section and head of the table.

        Where they are too long together, the ancestors of the section go first; then words at the end of the title,
        down to its share, of the head of the table, and of the heading.
        """
        heading = section.rpartition(SECTION_SEPARATOR)[2]
        for parts in ((title, section, table_head), (title, heading, table_head)):
            context = "\n".join(filter(None, parts))
            if self._length(context) <= limit:
                return context
        title = self._opening_words(title, max(limit // TITLE_SHARE, limit - sum(self._lengths([heading, table_head]))))
        heading = self._opening_words(heading, limit - self._length(title))
        table_head = self._opening_words(table_head, limit - sum(self._lengths([title, heading])))
        return "\n".join(filter(None, (title, heading, table_head)))

    def _opening_words(self, text: str, limit: int) -> str:
        """As many words from the beginning of `text` as make at most `limit` tokens."""
        words = text.split()
        counts = range(len(words) + 1)
        fitting = bisect_right(counts, limit, key=lambda count: self._length(" ".join(words[:count]))) - 1
        return " ".join(words[: max(fitting, 0)])

    def _length(self, text: str) -> int:
        return self._lengths([text])[0]

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        """Lengths in tokens; see `CHARACTERS_PER_TOKEN`."""
        if not texts:
            return []
        return [
            max(tokens, math.ceil(len(text) / CHARACTERS_PER_TOKEN))
            for text, tokens in zip(texts, self.count_tokens(texts), strict=True)
        ]


def _title(document: Document) -> str:
    """The title, or for a file of one work without one the words of its name."""
    return document.metadata.title or ("" if document.part else words_of_name(document.path))


def _even_runs(sentences: Sequence[Sentence], lengths: Sequence[int], budget: int) -> Iterator[list[Sentence]]:
    """Runs of at most `budget` tokens, as few as needed, of about equal length."""
    remaining = sum(lengths)
    run: list[Sentence] = []
    used = 0
    for sentence, length in zip(sentences, lengths, strict=True):
        full = used + length > budget
        target = (remaining + used) / math.ceil((remaining + used) / budget) if used else budget
        # Half of the sentence beyond the target is nearer to it than stopping before.
        if run and (full or used + length / 2 > target):
            yield run
            run, used = [], 0
        run.append(sentence)
        used += length
        remaining -= length
    if run:
        yield run
