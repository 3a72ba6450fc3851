"""Which of the ranked passages are shown: copies folded into one, and no document filling the page."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LARGEST_SHARE = 0.6
"""Of the passages shown, what one document may take while others come near."""
NEAR = 0.8
"""Another document comes near with this share of the score of the passage whose place it takes.

Both set by reading answers of the sample corpus, not fitted."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A passage as the selection sees it; `group` is the same for near-duplicate texts, `says` its best evidence."""

    score: float
    text_row: int
    group: int
    says: str


@dataclass(frozen=True, slots=True)
class Selected:
    """Position of a passage among the contenders, and of those folded into it."""

    position: int
    copies: tuple[int, ...]


def fold_copies(contenders: Sequence[Contender]) -> list[Selected]:
    """The contenders without those that say in a near-duplicate what a better one says; these are its copies."""
    first: dict[tuple[int, str], int] = {}
    copies: dict[int, list[int]] = {}
    for position, contender in enumerate(contenders):
        at = first.setdefault((contender.group, " ".join(contender.says.lower().split())), position)
        if at == position or contenders[at].text_row == contender.text_row:  # a text that repeats itself is no copy
            copies[position] = []
        else:
            copies[at].append(position)
    return [Selected(position, tuple(folded)) for position, folded in copies.items()]


def spread(contenders: Sequence[Contender], selected: Sequence[Selected], k: int) -> list[Selected]:
    """The `k` best of `selected`, best first; a document with more than its share gives way to others near it."""
    most = max(1, math.floor(LARGEST_SHARE * k))
    taken: Counter[int] = Counter()
    chosen: list[Selected] = []
    waiting: list[Selected] = []
    for one in selected:
        contender = contenders[one.position]
        if len(chosen) == k or (waiting and contender.score < NEAR * contenders[waiting[0].position].score):
            break
        taken[contender.text_row] += 1
        (chosen if taken[contender.text_row] <= most else waiting).append(one)
    left_out = [one for one in selected if one not in chosen]
    return sorted(chosen + left_out[: k - len(chosen)], key=lambda one: one.position)
