"""Takes out of a work the furniture of the web page it was copied from, and the headline and captions said twice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.cleaning import clean_line
from corpus.residue_rules import (
    LONGEST_RESIDUE,
    claims_copyright,
    companion_rule,
    is_unmistakable,
    names_network,
    residue_rule,
)
from corpus.sentences import ends_sentence, is_prose
from corpus.works import Block, BlockKind

LONGEST_TOP = 12
"""How many blocks may stand between the headline of a copied page and its first prose."""
FEWEST_CAPTION_WORDS = 4
FEWEST_SENTENCE_WORDS = 5

REPEATED_HEADLINE, REPEATED_CAPTION = "repeated-headline", "repeated-caption"


def without_residue(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], Counter[str]]:
    """The blocks that belong to the work, and how many lines each rule took away.

    What goes is furniture beside other furniture, above or below all sentences of the work, or such as no work says.
    Rows of tables stay whatever they say, and so do lists of nothing but furniture, lines that a colon announces, and
    headings over anything else than furniture.
    """
    counts: Counter[str] = Counter()
    kept, furniture = _without_furniture(blocks, counts)
    return tuple(_without_repeated([block for _, block in kept], [at for at, _ in kept], furniture, counts)), counts


@dataclass(frozen=True, slots=True)
class _Lines:
    """The blocks of a work with what each could be: `rules` of furniture, and `companions` that go only beside it."""

    blocks: Sequence[Block]
    rules: Sequence[Sequence[str]]
    companions: Sequence[str | None]
    top_end: int  # the position of the first sentence
    tail_start: int  # the position after the last sentence

    def can_be_furniture(self, position: int) -> bool:
        return bool(self.rules[position] or self.companions[position])


def _lines(blocks: Sequence[Block]) -> _Lines:
    rules = [_rules_of(block) for block in blocks]
    companions = [None if rule else _companion_rule(block) for block, rule in zip(blocks, rules, strict=True)]
    sentences = [
        position
        for position, block in enumerate(blocks)
        if block.kind is BlockKind.ROW or (not rules[position] and _is_sentence(block))
    ]
    top_end, tail_start = (sentences[0], sentences[-1] + 1) if sentences else (0, len(blocks))
    return _Lines(blocks, rules, companions, min(top_end, LONGEST_TOP), tail_start)


def _without_furniture(blocks: Sequence[Block], counts: Counter[str]) -> tuple[list[tuple[int, Block]], list[int]]:
    """The blocks that are no furniture, with their positions among all, and the positions where furniture was."""
    trimmed = [_trimmed(block, counts) for block in blocks]
    furniture = [position for position, block in enumerate(trimmed) if block is not blocks[position]]
    lines = _lines(trimmed)
    gone = {position for group in _groups(lines) if _is_furniture(lines, group) for position in group}
    for position in gone:
        counts.update(lines.rules[position] or filter(None, [lines.companions[position]]))
    kept = [(position, block) for position, block in enumerate(trimmed) if position not in gone]
    return kept, sorted({*gone, *furniture})


def _rules_of(block: Block) -> list[str]:
    """The rules that the lines of `block` match; none when one of them matches none."""
    if block.kind is BlockKind.ROW or len(block.text) > LONGEST_RESIDUE:
        return []
    rules = [residue_rule(line) for line in block.text.split("\n") if line.strip()]
    return [rule for rule in rules if rule] if all(rules) else []


def _companion_rule(block: Block) -> str | None:
    return None if block.kind in (BlockKind.ROW, BlockKind.HEADING) else companion_rule(block.text)


def _is_sentence(block: Block) -> bool:
    text = block.text.rstrip()
    is_text = block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
    return is_text and len(text.split()) >= FEWEST_SENTENCE_WORDS and ends_sentence(text)


def _groups(lines: _Lines) -> Iterator[list[int]]:
    """Runs of blocks that could be furniture and directly follow each other."""
    stays = {*_announced(lines), *_headings_over_content(lines), *_lists_of_the_work(lines)}
    group: list[int] = []
    for position in range(len(lines.blocks)):
        if position not in stays and lines.can_be_furniture(position):
            group.append(position)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _is_furniture(lines: _Lines, group: Sequence[int]) -> bool:
    """Whether blocks that could be furniture are. A list proves nothing: it can be one of the buttons of a program."""
    proof = [at for at in group if lines.blocks[at].kind is not BlockKind.ITEM or names_network(lines.blocks[at].text)]
    is_tail = group[0] >= lines.tail_start
    if not any(lines.rules[at] for at in proof):
        return is_tail and any(claims_copyright(lines.blocks[at].text) for at in proof)
    texts = [line for at in proof for line in lines.blocks[at].text.split("\n") if line.strip()]
    if is_tail or _prove_furniture(texts) or _is_above_headline(lines.blocks, group[-1] + 1):
        return True
    if group[-1] < lines.top_end:
        # A line alone above the text can be its title.
        is_stamp = any("update-line" in lines.rules[at] for at in proof)
        return is_stamp or len(group) < lines.top_end
    return False


def _prove_furniture(lines: Sequence[str]) -> bool:
    """Whether lines that could be furniture, beside each other, are: two that differ, or one that no work says."""
    return len({line.casefold() for line in lines}) > 1 or any(map(is_unmistakable, lines))


def _is_above_headline(blocks: Sequence[Block], below: int) -> bool:
    """Whether a page says its headline, with which it begins, again at the position `below`."""
    if not 0 < below < min(len(blocks), LONGEST_TOP) or len(blocks[0].text.split()) < FEWEST_CAPTION_WORDS:
        return False
    return clean_line(blocks[below].text).casefold() == clean_line(blocks[0].text).casefold()


def _announced(lines: _Lines) -> Iterator[int]:
    """Positions of the lines, or of the items of the lists, above which a line of the work ends in a colon."""
    announcing = False  # whether the block above announces this one, or is an item that is announced
    for position, block in enumerate(lines.blocks):
        if announcing:
            yield position
        ends_with_colon = block.text.rstrip().endswith(":") and not lines.can_be_furniture(position)
        announcing = ends_with_colon or (announcing and _goes_on_as_list(lines.blocks, position))


def _goes_on_as_list(blocks: Sequence[Block], position: int) -> bool:
    pair = blocks[position : position + 2]
    return len(pair) == 2 and all(block.kind is BlockKind.ITEM for block in pair)


def _headings_over_content(lines: _Lines) -> Iterator[int]:
    """Positions of the headings below which, up to the next one of their level, something else than furniture is."""
    open_headings: list[int] = []
    for position, block in enumerate(lines.blocks):
        if block.kind is BlockKind.HEADING:
            while open_headings and lines.blocks[open_headings[-1]].level >= block.level:
                open_headings.pop()
        if not lines.can_be_furniture(position) or (block.kind is BlockKind.ITEM and not names_network(block.text)):
            yield from open_headings
            open_headings.clear()
        if block.kind is BlockKind.HEADING:
            open_headings.append(position)


def _lists_of_the_work(lines: _Lines) -> Iterator[int]:
    """Positions of the items of lists in which not every item could be furniture."""
    by_list = groupby(range(len(lines.blocks)), key=lambda position: lines.blocks[position].kind is BlockKind.ITEM)
    for is_list, positions in by_list:
        items = list(positions)
        if is_list and not all(map(lines.can_be_furniture, items)):
            yield from items


def _trimmed(block: Block, counts: Counter[str]) -> Block:
    """`block` without furniture in its first and last lines, where it has several and the furniture is set apart."""
    if block.kind is BlockKind.ROW or "\n" not in block.text.strip():
        return block
    lines = [line for line in block.text.split("\n") if line.strip()]
    rules = [residue_rule(line) for line in lines]
    first = next((position for position, rule in enumerate(rules) if rule is None), None)
    if first is None:
        return block
    last = next(position for position in range(len(lines) - 1, -1, -1) if rules[position] is None)
    # Of a sentence that is only wrapped here every word stays.
    if lines[first].lstrip()[0].islower() or not _prove_furniture(lines[:first]):
        first = 0
    if not _ends_line(lines[last]) or not _prove_furniture(lines[last + 1 :]):
        last = len(lines) - 1
    if (first, last) == (0, len(lines) - 1):
        return block
    counts.update(rule for rule in (*rules[:first], *rules[last + 1 :]) if rule)
    return replace(block, text="\n".join(lines[first : last + 1]))


def _ends_line(line: str) -> bool:
    return line.rstrip()[-1] in ".!?…\"'”’»)]"


def _without_repeated(
    blocks: Sequence[Block], positions: Sequence[int], furniture: Sequence[int], counts: Counter[str]
) -> Iterator[Block]:
    """The blocks but for the headline and captions that the top of a page says twice.

    `positions` are those of the blocks, and `furniture` those where furniture was, among all blocks there were.
    """
    texts = [clean_line(block.text) for block in blocks]
    top = _top(texts, positions)
    is_page = bool(top and furniture and furniture[0] <= positions[top - 1] + 1)
    repeated = dict(_repeated_in_top(blocks[:top], texts, is_page))
    counts.update(repeated.values())
    headlines = (blocks[at] for at, rule in repeated.items() if rule == REPEATED_HEADLINE)
    declared = next((block for block in headlines if block.kind is BlockKind.HEADING), None)
    for at, block in enumerate(blocks):
        if at == 0 and declared and block.kind is not BlockKind.HEADING:
            yield replace(declared, page=block.page)
        elif at not in repeated:
            yield block


def _repeated_in_top(top: Sequence[Block], texts: Sequence[str], is_page: bool) -> Iterator[tuple[int, str]]:
    """Positions in the top of a work where it says something again, with the rule.

    Only a page that shows furniture there says captions twice; elsewhere a line may be said twice on purpose.
    """
    seen: dict[str, int] = {}
    for at, (block, text) in enumerate(zip(top, texts, strict=False)):
        if block.kind in (BlockKind.ROW, BlockKind.ITEM) or len(text) > LONGEST_RESIDUE:
            continue
        first = seen.setdefault(text.casefold(), at)
        if first == at:
            continue
        is_headline = BlockKind.HEADING in (block.kind, top[0].kind) and not ends_sentence(text)
        if first == 0 and (is_page or is_headline):
            yield at, REPEATED_HEADLINE
        elif first and is_page and len(text.split()) >= FEWEST_CAPTION_WORDS:
            yield at, REPEATED_CAPTION


def _top(texts: Sequence[str], positions: Sequence[int]) -> int:
    """How many blocks the top of a page has: those above the first prose.

    A caption that reads like prose is in it where the headline follows again and furniture was between them. There is
    no top where no prose follows: a poem or a list has no headline to repeat.
    """
    if not texts or is_prose(texts[0]):
        return 0
    near = range(1, min(len(texts), LONGEST_TOP))
    prose = [at for at in near if is_prose(texts[at])]
    if not prose:
        return 0
    again = next((at for at in near if texts[at].casefold() == texts[0].casefold()), 0)
    is_page = again > prose[0] and positions[again] - positions[0] > again
    if is_page and sum(at < again for at in prose) == 1:
        return again + 1
    return prose[0]
