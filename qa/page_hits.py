"""Evaluation of questions whose answers stand on known pages: how early the right page and the right file come."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.documents import Page, page_at
from index.texts import StoredDocument, StoredPassage, TextStore
from qa.evaluation_data import EvidencePage
from qa.scoring import RankedPassage

DEPTHS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class PageHits:
    """Of one question: the rank (from 1) of the first passage on an evidence page, and whether hit 1 is of its file."""

    first_rank: int | None
    first_document: bool


class PagesOfPassages:
    """Knows on which pages of which documents passages stand."""

    def __init__(self, texts: TextStore) -> None:
        self._texts = texts
        self._documents: dict[int, list[tuple[StoredDocument, list[Page]]]] = {}

    def page_hits(self, ranked: Sequence[RankedPassage], evidence: Sequence[EvidencePage]) -> PageHits:
        """Where the first passage of `ranked` stands that touches a page of `evidence`."""
        passages = self._texts.passages([found.row for found in ranked])
        first = next((rank for rank, found in enumerate(passages, start=1) if self._touches(found, evidence)), None)
        names = [document.path for document, _ in self._holding(passages[0])] if ranked else []
        return PageHits(first, any(_is_named(path, page.document) for path in names for page in evidence))

    def _touches(self, found: StoredPassage, evidence: Sequence[EvidencePage]) -> bool:
        for document, pages in self._holding(found):
            first, last = page_at(pages, found.start), page_at(pages, found.end - 1)
            if first and last:
                for page in evidence:
                    if _is_named(document.path, page.document) and first.number <= page.page <= last.number:
                        return True
        return False

    def _holding(self, found: StoredPassage) -> list[tuple[StoredDocument, list[Page]]]:
        row = found.text_row
        if row not in self._documents:
            documents = self._texts.documents_of_texts([row])[row]
            self._documents[row] = [(document, self._texts.pages(document.document_id)) for document in documents]
        return self._documents[row]


def page_metrics(hits: Sequence[PageHits]) -> dict[str, float]:
    """Page hit@k for each depth, and document@1; means over the questions with evidence pages, nothing without any."""
    if not hits:
        return {}
    ranks = np.array([hit.first_rank or np.inf for hit in hits])
    metrics = {f"page_hit@{depth}": float(np.mean(ranks <= depth)) for depth in DEPTHS}
    return metrics | {"document@1": float(np.mean([hit.first_document for hit in hits]))}


def _is_named(path: str, name: str) -> bool:
    return path == name or path.endswith(f"/{name}")
