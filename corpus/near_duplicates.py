"""Near-duplicates: syndicated and lightly edited copies of one text, by MinHash over word shingles.

Broder, "On the resemblance and containment of documents" (1997); banding as in Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", ch. 3. Signatures by datasketch.
"""

import re
import zlib
from itertools import combinations

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SHINGLE_WORDS = 4
PERMUTATIONS = 128
BANDS = 32
"""Two texts are compared when one of these bands of their signatures is equal: of pairs with half of their shingles in
common 87% are, with 60% of them 99%, with a tenth 0.3%."""
RESEMBLANCE = 0.5
"""Share of common shingles from which two texts are copies of one (docs/corpus.md)."""
LARGEST_BUCKET = 50
"""Of more texts than this with an equal band, each is compared with the first one only."""

Signatures = NDArray[np.uint32]
"""One row a text, `PERMUTATIONS` columns."""

_WORD = re.compile(r"\w+")


def signature(text: str) -> NDArray[np.uint32]:
    """MinHash of the shingles of `text`, shape (PERMUTATIONS,); the share of equal values estimates resemblance."""
    words = _WORD.findall(text.lower())
    last = max(1, len(words) - SHINGLE_WORDS + 1)
    shingles = {" ".join(words[start : start + SHINGLE_WORDS]).encode() for start in range(last)}
    minhash = MinHash(num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    minhash.update_batch(shingles)
    return np.asarray(minhash.hashvalues, dtype=np.uint32)


def group(signatures: Signatures) -> NDArray[np.int64]:
    """For each text the lowest row of those it is a copy of, by however many steps; its own where it is alone."""
    pairs = {pair for band in np.split(signatures, BANDS, axis=1) for pair in _pairs_in(band)}
    alike = np.array([pair for pair in sorted(pairs) if _resemblance(signatures, *pair) >= RESEMBLANCE], dtype=np.int64)
    first, second = alike.reshape(-1, 2).T
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(signatures),) * 2)
    _, component = connected_components(links, directed=False)
    _, lowest, inverse = np.unique(component, return_index=True, return_inverse=True)
    return np.asarray(lowest[inverse], dtype=np.int64)


def _pairs_in(band: Signatures) -> set[tuple[int, int]]:
    """Pairs of rows whose values in `band` are all equal."""
    order = np.lexsort(band.T)
    differs = np.any(band[order][1:] != band[order][:-1], axis=1)
    pairs: set[tuple[int, int]] = set()
    for bucket in np.split(order, np.flatnonzero(differs) + 1):
        if len(bucket) > LARGEST_BUCKET:
            pairs |= {(int(bucket.min()), int(row)) for row in bucket if row != bucket.min()}
        elif len(bucket) > 1:
            pairs |= set(combinations(sorted(bucket.tolist()), 2))
    return pairs


def _resemblance(signatures: Signatures, first: int, second: int) -> float:
    return float(np.mean(signatures[first] == signatures[second]))
