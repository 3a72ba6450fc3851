"""Which of a question's sentences ask: the others set the scene or say how to answer."""

from corpus.documents import DEFAULT_LANGUAGE
from corpus.sentences import segment

QUESTION_MARKS = ("?", "？", "؟")


def asking_sentences(text: str) -> str:
    """The sentences of `text` that end with a question mark of some script; all of it where none does."""
    sentences = [text[sentence.start : sentence.end] for sentence in segment(text, DEFAULT_LANGUAGE)]
    return " ".join(sentence for sentence in sentences if sentence.endswith(QUESTION_MARKS)) or text
