"""Which FAISS index a number of passages gets: one table.

`exact` compares a question with every row, kept as 16-bit floats; its time grows with their number. `ivf` sorts the
same rows into lists around centroids (Jégou, Douze and Schmid: Product quantization for nearest neighbor search, 2011)
and looks into the nearest lists only. The lists hold the same 16-bit rows too: what is found there has its exact score
without a second array to rank it by again. Lists of 8-bit codes beside such an array would be half as long to read,
and half as much again on the disk and in memory.

One thread, 384 dimensions, the nearest 116 rows: exact search takes 0.26 ms over 10,000 rows, 4 ms over 100,000 and 7
to 8 ms over 200,000. Over 1,000,000, 362 of 4,096 lists with recall@10 of 0.999 take 4.4 ms
(`python -m tests.benchmarks.scale`).
"""

from dataclasses import dataclass

EXACT_UP_TO = 200_000
"""Rows whose exact search is fast enough: some 8 ms, of the 15 that retrieval may take."""


@dataclass(frozen=True, slots=True)
class IndexChoice:
    """`lists` is None for exact search; `up_to` passages, or any number."""

    up_to: int | None
    lists: int | None


TABLE = (
    IndexChoice(up_to=EXACT_UP_TO, lists=None),
    IndexChoice(up_to=None, lists=4_096),
)


def choose_lists(passages: int) -> int | None:
    """The number of lists for so many passages; None for exact search."""
    return next(choice.lists for choice in TABLE if choice.up_to is None or passages <= choice.up_to)
