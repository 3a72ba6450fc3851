"""What a question demands beside its words: "exact phrases" and -excluded words."""

import re
from dataclasses import dataclass
from unicodedata import normalize

_OPERATOR = re.compile(
    r"""(?<![^\s(])(?P<minus>-?)(?:"(?P<straight>\s*[^\s"][^"]*)"|“(?P<curly>\s*[^\s”][^”]*)”)(?!\w)"""
    r"""|(?<!\S)-(?P<word>[^\W\d_][^\s"“”]*)"""
)
_STRAIGHT_QUOTES = str.maketrans("‘’“”", "''\"\"")


@dataclass(frozen=True, slots=True)
class Demands:
    """A question without its operators, what a passage must hold verbatim, and what it must not hold."""

    text: str
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything is demanded."""
        return bool(self.phrases or self.excluded)


def read_operators(question: str) -> Demands:
    """What `question` demands. A phrase stays part of the question, what is excluded does not."""
    phrases: list[str] = []
    excluded: list[str] = []

    def keep(match: re.Match[str]) -> str:
        said = match["straight"] or match["curly"] or match["word"]
        if match["minus"] or match["word"]:
            excluded.append(said.strip(" ,;.!?") if match["word"] else said.strip())
            return " "
        phrases.append(said.strip())
        return f" {said} "

    text = " ".join(_OPERATOR.sub(keep, question).split())
    return Demands(text, tuple(dict.fromkeys(phrases)), tuple(dict.fromkeys(filter(None, excluded))))


def holds(text: str, phrase: str) -> bool:
    """Whether `text` holds `phrase` as whole words; letter case, spacing and kind of quotes aside."""
    # a boundary is asked for only beside a letter or digit: US$20 holds $20
    return re.search(rf"(?!\B\w){re.escape(_comparable(phrase))}(?<!\w\B)", _comparable(text)) is not None


def _comparable(text: str) -> str:
    return " ".join(normalize("NFC", text).translate(_STRAIGHT_QUOTES).casefold().split())
