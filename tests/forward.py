"""Forward entries of passages written as text, for tests of what reads them."""

from collections.abc import Sequence

import numpy as np

from index.forward import ForwardPassages, term_hashes


def forward_passages(passages: Sequence[str]) -> ForwardPassages:
    """Passages given as lines of terms: their context, then their sentences."""
    lines = [passage.split("\n") for passage in passages]
    counts = np.array([len(some) - 1 for some in lines])
    return ForwardPassages(
        text_rows=np.arange(len(lines)),
        pages=np.zeros(len(lines), np.int64),
        first_sentences=np.cumsum(counts) - counts,
        sentence_counts=counts,
        line_lengths=np.array([len(line.split()) for some in lines for line in some]),
        terms=term_hashes(term for some in lines for line in some for term in line.split()),
    )
