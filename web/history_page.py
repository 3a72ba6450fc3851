"""The history of publications, as a page and as JSON. It needs no snapshot that opens, only the index folder."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from index.gate import GATE_DEPTH
from index.history import Publication, read_history
from web.current import live
from web.rendering import render
from web.schemas import HistoryOut, PublicationOut

router = APIRouter()

MAX_PUBLICATIONS = 100
"""The newest that are shown."""


@dataclass(frozen=True, slots=True)
class PublicationView:
    """A line of the history, and what shows only beside the others.

    `share` is its passages in percent of the most that one publication has.
    """

    publication: Publication
    is_current: bool
    share: float


@router.get("/history", include_in_schema=False)
def history_page(request: Request) -> HTMLResponse:
    """What was published when, by which command, and what a gate said of it; newest first."""
    publications, left_out = _newest(request)
    published = live(request).published
    current = current_publication(publications, published)
    most = max((publication.counts.passages for publication in publications), default=0) or 1
    context = {
        "views": [
            PublicationView(one, one is current, round(100 * one.counts.passages / most, 1)) for one in publications
        ],
        "left_out": left_out,
        "unlisted": published if current is None else None,
        "answering": live(request).answering,
        "published": published,
        "failure": live(request).failure,
        "depth": GATE_DEPTH,
        "index": live(request).location.folder,
    }
    return render(request, "history.html", context)


@router.get("/api/v1/history")
def history(request: Request) -> HistoryOut:
    """The newest 100 publications of the index, newest first; those that a gate held back are among them."""
    publications, _ = _newest(request)
    return HistoryOut(
        published=live(request).published,
        answering=live(request).answering,
        publications=[PublicationOut.model_validate(one, from_attributes=True) for one in publications],
    )


def current_publication(newest_first: Iterable[Publication], published_id: str | None) -> Publication | None:
    """The publication by which `published_id` is the published snapshot, or None where the history does not know it."""
    return next((one for one in newest_first if one.published and one.snapshot == published_id), None)


def _newest(request: Request) -> tuple[list[Publication], int]:
    """The newest publications, newest first, and how many older ones there are."""
    every = read_history(live(request).location.folder)
    return list(reversed(every[-MAX_PUBLICATIONS:])), max(0, len(every) - MAX_PUBLICATIONS)
