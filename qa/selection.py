"""Which of the ranked passages are shown: copies folded into one, and no document or page filling the list."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

LARGEST_SHARE = 0.6
"""Of the passages shown, what one document may take while others come near."""
NEAR = 0.8
"""Another document comes near with this share of the score of the passage whose place it takes.

Both set by reading answers of the sample corpus, not fitted."""
MOST_NAMED = 2
"""Documents that a question is taken to ask for by name; where it names more, it names their subject."""


@dataclass(slots=True)  # not frozen, as is Selected: a hundred are made for a question (see qa.scoring)
class Contender:
    """A passage as the selection sees it.

    `group` is the same for near-duplicate texts, `says` its best evidence, None where no other text of the group is
    among the contenders, `page` that on which it begins, if any; `named` tells that the question names its document, as
    far as it names any.
    """

    score: float
    text_row: int
    group: int
    says: str | None
    page: int | None
    named: bool


@dataclass(slots=True)
class Selected:
    """Position of a passage among the contenders, and of those folded into it."""

    position: int
    copies: tuple[int, ...]


def fold_copies(contenders: Sequence[Contender]) -> list[Selected]:
    """The contenders without those that say in a near-duplicate what a better one says; these are its copies."""
    first: dict[tuple[int, str], int] = {}
    copies: dict[int, list[int]] = {}
    for position, contender in enumerate(contenders):
        at = position
        if contender.says is not None:
            at = first.setdefault((contender.group, " ".join(contender.says.lower().split())), position)
        if at == position or contenders[at].text_row == contender.text_row:  # a text that repeats itself is no copy
            copies[position] = []
        else:
            copies[at].append(position)
    return [Selected(position, tuple(folded)) for position, folded in copies.items()]


def spread(contenders: Sequence[Contender], selected: Sequence[Selected], k: int) -> list[Selected]:
    """The `k` best of `selected`, best first.

    What a document has beyond its share, unless it was asked for by name, and a page beyond its best passage, gives
    way to others near it; where no other document comes near, to other pages of the same one.
    """
    named = {contender.text_row for contender in contenders if contender.named}
    exempt = named if len(named) <= MOST_NAMED else set()
    chosen = _choose(contenders, selected, k, max(1, math.floor(LARGEST_SHARE * k)), exempt, [])
    chosen = _choose(contenders, selected, k, k, exempt, chosen)
    positions = {one.position for one in chosen}
    left_out = [one for one in selected if one.position not in positions]
    return sorted(chosen + left_out[: k - len(chosen)], key=lambda one: one.position)


def _choose(
    contenders: Sequence[Contender],
    selected: Sequence[Selected],
    k: int,
    most: int,
    exempt: Collection[int],
    chosen: Sequence[Selected],
) -> list[Selected]:
    """`chosen` and more, up to `k`: of a page one, of a document `most`, and what comes near the best left out.

    `exempt` are text rows of the documents that may have more.
    """
    filled = list(chosen)
    before = {one.position for one in chosen}
    taken = Counter(contenders[one.position].text_row for one in chosen)
    pages = {_page(contenders[one.position]) for one in chosen}
    best_left_out: float | None = None
    for one in selected:
        contender = contenders[one.position]
        if len(filled) == k or (best_left_out is not None and contender.score < NEAR * best_left_out):
            break
        if one.position in before:
            continue
        page = _page(contender)
        if (page and page in pages) or (taken[contender.text_row] >= most and contender.text_row not in exempt):
            best_left_out = contender.score if best_left_out is None else best_left_out
            continue
        filled.append(one)
        taken[contender.text_row] += 1
        pages.add(page)
    return filled


def _page(contender: Contender) -> tuple[int, int] | None:
    return None if contender.page is None else (contender.text_row, contender.page)
