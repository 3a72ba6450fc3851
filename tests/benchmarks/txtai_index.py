"""Builds the index that txtai's API serves in `tests.benchmarks.serving`; runs in txtai's own environment.

Run: python -m tests.benchmarks.txtai_index MODEL CORPUS INDEX. MODEL is a folder, CORPUS a BEIR corpus.jsonl.
Cosines alone, not hybrid, as that is the faster; content is stored, so that answers carry their texts.
"""

import sys
from pathlib import Path

from tests.benchmarks.peer_process import titled_texts


def main(model: str, corpus: Path, index: Path) -> None:
    from txtai import Embeddings  # type: ignore[import-not-found, unused-ignore]

    embeddings = Embeddings(path=model, content=True, gpu=False)
    embeddings.index(titled_texts(corpus))
    embeddings.save(str(index))


if __name__ == "__main__":
    model, *paths = sys.argv[1:]
    main(model, *map(Path, paths))
