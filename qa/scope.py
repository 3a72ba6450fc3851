"""Where answers may come from: the documents that pass a filter, less what a question's operators rule out."""

from dataclasses import dataclass

import numpy as np

from index.analysis import analyzer
from index.snapshot import Snapshot
from index.texts import EVERY_DOCUMENT, DocumentFilter
from index.vectors import Rows
from qa.operators import Demands, holds


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows, ascending, of the passages that may answer, and of their texts where all passages of these may.

    None stands for all. `missing` are phrases that no passage holds; they rule out nothing, since what comes near is
    still of use.
    """

    passages: Rows | None = None
    texts: Rows | None = None
    missing: tuple[str, ...] = ()


def find_scope(snapshot: Snapshot, filter_: DocumentFilter, demands: Demands) -> Scope:
    """The passages that pass `filter_`, hold the phrases that are demanded, and nothing that is excluded."""
    texts, passages = (None, None) if filter_ == EVERY_DOCUMENT else snapshot.texts.passages_passing(filter_)
    if not demands.any:
        return Scope(passages, texts)
    allowed = np.arange(snapshot.manifest.counts.passages) if passages is None else passages
    missing = []
    for phrase in demands.phrases:
        holding = _holding(snapshot, phrase, allowed)
        if len(holding):
            allowed = holding
        else:
            missing.append(phrase)
    for excluded in demands.excluded:
        allowed = np.setdiff1d(allowed, _holding(snapshot, excluded, allowed), assume_unique=True)
    return Scope(allowed, missing=tuple(missing))


def _holding(snapshot: Snapshot, phrase: str, rows: Rows) -> Rows:
    """Those of `rows` whose passages hold `phrase` verbatim."""
    by_language = [analyzer(language).terms(phrase) for language in snapshot.texts.languages]
    if all(by_language):  # one of nothing but stop words in some language is looked for everywhere
        likely = [snapshot.lexical.passages_with(terms) for terms in by_language]
        rows = np.intersect1d(rows, np.concatenate(likely))
    texts = (passage.text for passage in snapshot.texts.passages(rows.tolist()))
    held = np.fromiter((holds(text, phrase) for text in texts), dtype=bool, count=len(rows))
    holding: Rows = rows[held]
    return holding
