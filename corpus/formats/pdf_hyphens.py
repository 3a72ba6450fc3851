"""Hyphens at the ends of lines: hyphenation is undone, the hyphen of a compound stays.

The rest of the document decides where it shows the word elsewhere. Where it does not, the two halves do: by what
English usually begins and ends compounds with, and by whether both are words that the document uses alone.
"""

import re
from collections.abc import Iterable

from corpus.formats.pdf_text import LINE_HYPHEN, Span

RARE = 0.01
"""Share of lines that end with a hyphen, up to which a document is taken not to hyphenate: its hyphens are real."""
FEWEST_LINES = 100
"""From which on that share says something."""
SHORTEST_HALF = 4
"""Letters of a half that says something as a word of its own; shorter ones are syllables as well: in-side, to-day."""

_HYPHENS = ("-", "\u2010", LINE_HYPHEN)
_DIVIDED = re.compile(r"[^\W\d_].$|(?<![^\s(\[“\"$€£])[^\W_](?:\S*\d)?.$", re.DOTALL)
"""The end of a line, with its hyphen, in the middle of a word; -2- is none, but the number of a page."""
_LAST_PART = re.compile(r"[\w-]+$")
_FIRST_PART = re.compile(r"[\w-]+")
_WORD = re.compile(r"[^\W\d_]{2,}(?:[-\u2010][^\W\d_]+)*")
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "et", "ou", "y", "o"})
"""What stands after a hyphen that stands for the rest of a word: short- and long-term."""
_ENDING = re.compile(
    r"(?:[bcdghlmnptv]|er|en|ish|i[sz]|ify|tion|tur|ment)?ings?|(?:[cdnst]|er|en|ifi|i[sz]|at|tion|tur|ment)?ed|"
    r"(?:[dgmnpt]|at|i[sz])?er(?:s|ly)?|(?:[aiu]?[ts])?ion(?:s|al|ally)?|[aeu]?ment(?:s|al|ally)?|[aei]nc(?:e|es|y|ies)|"
    r"d?en(?:ce|t|ts|tly)|ant(?:s|ly)?|(?:[cnrt]|[cdnrst]?i|i?c|tu)?al(?:ly)?|[bnrst]?i?l?it(?:y|ies)|[st]?ive(?:s|ly)?|"
    r"[aiu]?bl[ey]|a?bility|[ct]?i?ous(?:ly)?|ful(?:ly)?|less(?:ly)?|l?iness|ness|t?i[sc]|t?ure[ds]?|t?or(?:s|y|ies)?|"
    r"i[sz](?:e|es|ation)|if(?:y|ies)|is(?:m|t|ts|h|tic)|ians?|ates?|[iu]?[tl]?ly|[cgrt]y|[crgt]ies|e[sn]|est|teen|eth|"
    r"ple|dom|hood|[bdnrt]?ary|itude|nar"
)
"""What is no word, but what hyphenation leaves of one."""
_FIRST_PART_OF_COMPOUND = re.compile(
    "anti|cash|cost|cross|decision|double|energy|free|full|gas|government|half|high|large|long|low|middle|non|oil|old|"
    "one|two|three|four|five|six|seven|eight|nine|open|policy|profit|real|second|self|semi|short|single|small|state|"
    "third|upper|well|world"
)
_LAST_PART_OF_COMPOUND = re.compile(
    "backed|based|building|driven|effective|exporting|friendly|funded|importing|intensive|known|led|level|looking|"
    "making|minded|old|oriented|owned|owner|priced|producing|quality|range|ranging|related|rich|running|scale|sized|"
    "speaking|specific|standing|style|term|type|year"
)
_PREFIX = re.compile("all|best|co|ex|mid|multi|part|post|pre|pro")
"""What compounds and words in one piece begin with alike: before a word that the document has, it counts."""
_ONE_WORD = re.compile(
    "antibod(?:y|ies)|crossroads|exchange[ds]?|experts?|export(?:s|ed|ers)?|expose[ds]?|express(?:ed)?|extend(?:ed|s)?|"
    "halfway|highlands?|highlight(?:s|ed)?|highways?|longstanding|longtime|lowlands?|midday|midnight|nonsense|oneself|outstanding|"
    "postcard|present(?:s|ed)?|preserved?|profiles?|propose[ds]?|proposition|protests?|provisions?|shortages?|shortcomings?|"
    "shortfalls?|understanding|withstanding|worldwide"
)
"""Words in one piece whose halves look like those of a compound."""


def ends_with_hyphen(line: str) -> bool:
    """Whether the last word of `line` can go on on the next."""
    return line.endswith(_HYPHENS) and bool(_DIVIDED.search(line.rpartition(" ")[2]))


class Hyphens:
    """Joins lines by what the rest of the document, its `spans` in reading order, shows of its words."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._words: set[str] = set()
        lines = hyphenated = 0
        after_hyphen = False
        for span in spans:
            # The parts of a word that a hyphen divides are no words that the document has.
            text = span.text.partition(" ")[2] if after_hyphen else span.text
            after_hyphen = ends_with_hyphen(span.text)
            self._words.update(_WORD.findall(text.rpartition(" ")[0] if after_hyphen else text))
            if span.words > 1:
                lines += 1
                hyphenated += after_hyphen
        self._lowered = {word.lower() for word in self._words}
        self._hyphenates = lines < FEWEST_LINES or hyphenated > RARE * lines

    def join(self, line: str, following: str) -> str:
        """The two lines as one string."""
        if not ends_with_hyphen(line):
            return f"{line} {following}"
        first = _LAST_PART.search(line[:-1].rpartition(" ")[2])
        second = _FIRST_PART.match(following)
        if second is None or second[0] in _SUSPENDED:
            return f"{line[:-1]}- {following}"
        if first is None or self._is_compound(first[0].lower(), second[0]):
            return f"{line[:-1]}-{following}"
        return f"{line[:-1]}{following}"

    def _is_compound(self, first: str, second: str) -> bool:
        if not second[0].islower() or first[-1].isdecimal():
            return True
        if f"{first}-{second}" in self._lowered:
            return True
        joined = f"{first}{second}"
        if joined in self._lowered or _ONE_WORD.fullmatch(joined) or _ENDING.fullmatch(second):
            return False
        return "-" in first or not self._hyphenates or self._halves_are_words(first, second)

    def _halves_are_words(self, first: str, second: str) -> bool:
        if _FIRST_PART_OF_COMPOUND.fullmatch(first) or _LAST_PART_OF_COMPOUND.fullmatch(second.partition("-")[0]):
            return True
        # The second half as it is written: the parts of German compounds are words with a capital.
        if len(second) < SHORTEST_HALF or second not in self._words:
            return False
        return bool(_PREFIX.fullmatch(first)) or (len(first) >= SHORTEST_HALF and first in self._lowered)


def shown(text: str) -> str:
    """`text` with an ordinary hyphen for each that PDFium marked."""
    return text.replace(LINE_HYPHEN, "-")
