"""Reading order of a page: its spans gathered into rows, and the rows divided into columns where there are any.

A table must not be taken for columns: columns hold prose on both sides, a table short cells on shared baselines.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import median

from corpus.formats.pdf_text import WIDEST_SPACE, Span

Row = list[Span]
"""Spans that stand side by side, from left to right."""

NARROWEST_COLUMN = 8.0
"""In font sizes."""
FEWEST_LINES = 3
"""In each of two columns."""
WORDS_OF_PROSE = 4
"""In the median line of a column whose lines stand on the baselines of its neighbour, as those of a table do."""
WORDS_OF_NARROW_PROSE = 2
LETTERS_OF_PROSE = 0.75
"""Share of letters in the characters of prose; tables hold figures."""
WIDTH_OF_PROSE = 0.4
"""Of the median line, in widths of all lines together; those of two columns side by side have nearly half of it."""
DEEPEST_DIVISION = 8
WIDEST_LEADING = 1.8
"""Of a narrow column, in font sizes."""
MOST_GUTTERS = 16
"""That are tried for a region; a page of figures has hundreds of edges and no gutter."""


@dataclass(frozen=True, slots=True)
class _Division:
    """Rows `start` to `end` that no span of crosses `gutter`, and how many words they hold."""

    start: int
    end: int
    gutter: float
    words: int


def rows_of(spans: Iterable[Span]) -> list[Row]:
    """The rows of `spans` from top to bottom."""
    rows: list[Row] = []
    for span in sorted(spans, key=lambda span: span.top + span.bottom):
        if rows and _on_one_line(rows[-1][0], span):
            rows[-1].append(span)
        else:
            rows.append([span])
    return [_joined(row) for row in rows]


def regions_of(rows: Sequence[Row], depth: int = 0) -> list[list[Row]]:
    """`rows` divided into pieces to be read one after the other: full width, left column, right column."""
    division = _best_division(rows) if depth < DEEPEST_DIVISION else None
    if division is None:
        return [list(rows)] if rows else []
    within = [span for row in rows[division.start : division.end] for span in row]
    left = [span for span in within if span.left < division.gutter]
    right = [span for span in within if span.left >= division.gutter]
    pieces = (rows[: division.start], rows_of(left), rows_of(right), rows[division.end :])
    return [region for piece in pieces for region in regions_of(piece, depth + 1)]


def _on_one_line(span: Span, other: Span) -> bool:
    shared = min(span.bottom, other.bottom) - max(span.top, other.top)
    return shared >= 0.5 * min(span.bottom - span.top, other.bottom - other.top)


def _joined(row: Row) -> Row:
    """The spans of a row in order; those that touch, as the file holds them in another order, become one."""
    row.sort(key=lambda span: span.left)
    joined = row[:1]
    for span in row[1:]:
        before = joined[-1]
        if span.text == before.text and span.left - before.left < 0.3 * span.size:
            continue  # drawn twice, for a shadow or for weight
        if span.left - before.right <= WIDEST_SPACE * max(span.size, before.size):
            joined[-1] = _join(before, span)
        else:
            joined.append(span)
    return joined


def _join(span: Span, following: Span) -> Span:
    main = max(span, following, key=lambda span: len(span.text))
    return Span(
        text=f"{span.text} {following.text}",
        left=span.left,
        top=main.top,
        right=max(span.right, following.right),
        bottom=main.bottom,
        size=main.size,
        bold=span.bold and following.bold,
        words=span.words + following.words,
        first_width=span.first_width,
        order=span.order,
    )


def _best_division(rows: Sequence[Row]) -> _Division | None:
    if len(rows) < 2:
        return None
    gutters = {*_gutters_at_edges(rows), *islice(_gutters_at_jumps(rows), MOST_GUTTERS)}
    divisions = (division for gutter in sorted(gutters) for division in _divisions(rows, gutter))
    return max(divisions, key=lambda division: division.words, default=None)


def _gutters_at_edges(rows: Sequence[Row]) -> list[float]:
    """Where several lines begin below each other, right of where the region does; the most lines first."""
    begins = min(row[0].left for row in rows)
    edges = sorted((span.left, span.size) for row in rows for span in row)
    groups: list[list[tuple[float, float]]] = []
    for edge in edges:
        if groups and edge[0] - groups[-1][0][0] <= 0.3 * edge[1]:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    candidates = sorted((group for group in groups if len(group) >= FEWEST_LINES), key=len, reverse=True)
    lefts = [group[0] for group in candidates[:MOST_GUTTERS]]
    return [left - 0.1 * size for left, size in lefts if left - begins > NARROWEST_COLUMN * size]


def _gutters_at_jumps(rows: Sequence[Row]) -> Iterator[float]:
    """Where the order of the file goes from the foot of one column to the head of the next."""
    spans = sorted((span for row in rows for span in row), key=lambda span: span.order)
    for span, following in pairwise(spans):
        if following.bottom < span.top and following.left > span.left + NARROWEST_COLUMN * span.size:
            yield following.left - 0.1 * following.size


def _divisions(rows: Sequence[Row], gutter: float) -> Iterator[_Division]:
    start = 0
    for position in range(len(rows) + 1):
        if position < len(rows) and not _crosses(rows[position], gutter):
            continue
        if position - start >= 2:
            spans = [span for row in rows[start:position] for span in row]
            left = [span for span in spans if span.left < gutter]
            right = [span for span in spans if span.left >= gutter]
            if left and right and _are_columns(left, right):
                yield _Division(start, position, gutter, sum(span.words for span in spans))
        start = position + 1


def _crosses(row: Row, gutter: float) -> bool:
    return any(span.left < gutter and span.right > gutter - 0.4 * span.size for span in row)


def _are_columns(left: list[Span], right: list[Span]) -> bool:
    if len(left) < FEWEST_LINES or not _is_prose(left):
        return False
    if len(right) < FEWEST_LINES:
        return _is_rest_of_column(left, right)
    if not _is_prose(right):
        return False
    words = min(median(span.words for span in left), median(span.words for span in right))
    if words >= WORDS_OF_PROSE:
        return True
    return words >= WORDS_OF_NARROW_PROSE and not _share_baselines(left, right) and _are_close(left)


def _is_prose(spans: list[Span]) -> bool:
    """Whether the spans are made of letters, and fill the width that they have together."""
    width = max(span.right for span in spans) - min(span.left for span in spans)
    if median(span.right - span.left for span in spans) < WIDTH_OF_PROSE * width:
        return False
    text = "".join(span.text for span in spans).replace(" ", "")
    return sum(map(str.isalpha, text)) >= LETTERS_OF_PROSE * len(text)


def _is_rest_of_column(left: list[Span], right: list[Span]) -> bool:
    """Whether `right` is too short to tell by its look, but goes on after `left` in the file, further up."""
    last, first = max(left, key=lambda span: span.order), min(right, key=lambda span: span.order)
    return (
        last.order < first.order
        and first.bottom < last.top - last.size
        and median(span.words for span in left) >= WORDS_OF_PROSE
        and all(_follow_down(side) for side in (left, right))
    )


def _are_close(spans: list[Span]) -> bool:
    """Whether the spans follow each other as lines do, and not as labels of paragraphs beside them."""
    by_place = sorted(spans, key=lambda span: span.bottom)
    return median(below.bottom - above.bottom for above, below in pairwise(by_place)) < WIDEST_LEADING * spans[0].size


def _follow_down(spans: list[Span]) -> bool:
    """Whether the spans stand below each other, none beside another."""
    by_place = sorted(spans, key=lambda span: span.bottom)
    return all(not _on_one_line(span, following) for span, following in pairwise(by_place))


def _share_baselines(left: list[Span], right: list[Span]) -> bool:
    """Whether at least half the lines of the side with fewer stand level with one on the other side."""
    fewer, more = sorted((left, right), key=len)
    level = sum(any(abs(span.bottom - other.bottom) < 0.15 * span.size for other in more) for span in fewer)
    return 2 * level >= len(fewer)
