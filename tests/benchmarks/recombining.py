"""Many distinct passages and questions, made of the few that a collection has by joining parts of them anew."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import DEFAULT_LANGUAGE, Document
from corpus.sentences import segment

SENTENCES = 4
"""Sentences of a passage that is joined."""
SENTENCE_CHARACTERS = range(40, 200)
"""Shorter ones say little, and of longer ones four may make two passages."""
PASSAGE_CHARACTERS = 800
"""A longer document may be cut into several passages; of such only the sentences are taken."""
PARTS = 3
"""Questions of which a joined one has a part each."""


class TooFewSentencesError(Exception):
    """Documents that do not give the passages wanted; says how many they give."""


@dataclass(frozen=True, slots=True)
class TitledText:
    """A passage to be, under the title of the work it is from."""

    title: str
    text: str


def passages(documents: Sequence[Document], count: int, seed: int) -> list[TitledText]:
    """`count` distinct passages: the documents that are one, then sentences of the same title joined at random.

    Raises TooFewSentencesError where the documents have too few for that.
    """
    whole = (document for document in documents if len(document.text) <= PASSAGE_CHARACTERS)
    made = dict.fromkeys(TitledText(_title(document), document.text) for document in whole)
    by_title: dict[str, dict[str, None]] = defaultdict(dict)
    for document in documents:
        by_title[_title(document)] |= dict.fromkeys(_sentences(document))
    works = {title: list(sentences) for title, sentences in by_title.items() if len(sentences) >= SENTENCES}
    chosen = random.Random(seed)
    attempts = 0
    while works and len(made) < count and attempts < 10 * count:
        attempts += 1
        title = chosen.choice(list(works))
        made[TitledText(title, " ".join(chosen.sample(works[title], SENTENCES)))] = None
    if len(made) < count:
        raise TooFewSentencesError(f"{len(documents)} documents give {len(made)} distinct passages, not {count}")
    return list(made)[:count]


def questions(asked: Sequence[str], seed: int) -> Iterator[str]:
    """Those asked in a random order, then others of as many words, each joined of parts of `PARTS`; none comes twice.

    It ends only when a thousand joined in a row were known, which takes about the third power of the number asked.
    """
    chosen = random.Random(seed)
    given = set()
    for question in chosen.sample(list(asked), len(asked)):
        if question not in given:
            given.add(question)
            yield question
    known = 0
    while known < 1000:
        question = " ".join(_part(chosen.choice(asked), part) for part in range(PARTS))
        known = known + 1 if question in given else 0
        if not known:
            given.add(question)
            yield question


def _part(question: str, part: int) -> str:
    words = question.split()
    return " ".join(words[part * len(words) // PARTS : (part + 1) * len(words) // PARTS])


def _title(document: Document) -> str:
    return document.metadata.title or ""


def _sentences(document: Document) -> list[str]:
    spans = segment(document.text, document.metadata.language or DEFAULT_LANGUAGE)
    texts = (document.text[span.start : span.end].strip() for span in spans)
    return [text for text in texts if len(text) in SENTENCE_CHARACTERS and "\n" not in text]
