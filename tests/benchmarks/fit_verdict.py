"""Fits the verdict's logistic curve (`qa.verdict`) on a BEIR folder whose queries say whether they are answerable.

Run: python -m tests.benchmarks.fit_verdict DATASETS/uncovered-dev
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoder import SentenceTransformerEncoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.texts import DocumentFilter
from qa.evaluation_data import read_beir
from qa.search import Searcher


def main(folder: Path) -> None:
    collection = read_beir(folder)
    with tempfile.TemporaryDirectory() as temporary:
        location = IndexLocation(Path(temporary))
        encoder = SentenceTransformerEncoder(locate_model())
        with FileReader() as reader:
            rebuild(location, make_sources([collection.corpus]), encoder, reader, SilentProgress())
        searcher = Searcher.open(location.published())
        scores = np.array([searcher.rank(query.text, 1, DocumentFilter())[0].score for query in collection.queries])
    answerable = np.array([query.answerable for query in collection.queries])
    model = LogisticRegression(C=100).fit(scores[:, np.newaxis], answerable)
    steepness, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    confidences = model.predict_proba(scores[:, np.newaxis])[:, 1]
    bins = np.digitize(confidences, np.linspace(0, 1, 11)[1:-1])
    gaps = [
        np.mean(bins == bin_) * abs(confidences[bins == bin_].mean() - answerable[bins == bin_].mean())
        for bin_ in np.unique(bins)
    ]
    print(f"{len(answerable)} queries, {answerable.sum()} answerable")
    print(f"steepness {steepness:.2f}, midpoint {-intercept / steepness:.4f}")
    print(f"AUROC {roc_auc_score(answerable, scores):.4f}, expected calibration error {sum(gaps):.4f} (same data)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
