"""The pages: search, document, sources, about. They work without JavaScript; the script only adds comfort."""

import re
from collections import Counter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from corpus.dates import first_day, last_day
from index.history import read_history
from index.report import residue_counts
from qa.citations import display_title
from qa.query import DEFAULT_TOP_K, MAX_CHARACTERS, MAX_TOP_K, QueryError, make_query
from qa.search import Answer, Hit
from web.api import ask_and_count, find_document
from web.conditional import FROM_SNAPSHOT
from web.current import CurrentSearcher, CurrentServing, live
from web.history_page import current_publication
from web.rendering import Span, document_sections, pieces, render

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

DOCUMENTS_PER_PAGE = 50
MAX_MARKS = 20
_MARK = re.compile(r"(\d{1,9})-(\d{1,9})")


@router.get("/", dependencies=FROM_SNAPSHOT)
def search(
    request: Request,
    serving: CurrentServing,
    q: str = "",
    source: str = "",
    since: str = "",
    until: str = "",
    language: str = "",
    top_k: int = DEFAULT_TOP_K,
    debug: bool = False,
) -> HTMLResponse:
    """The search box, and below it the answer to `q`; with `debug` also where its time went."""
    texts = serving.searcher.snapshot.texts
    answer, error, status = None, None, 200
    if q.strip():
        try:
            query = make_query(q, top_k, sources=[source], since=since, until=until, languages=[language])
            answer = ask_and_count(serving, query, debug=debug)
            since, until = _full_dates(query.filter.since, query.filter.until)
        except QueryError as problem:
            error, status = str(problem), 422
    form = {"q": q, "source": source, "since": since, "until": until, "language": language}
    context = {
        "form": form,
        "folders": texts.folders(),
        "publishers": texts.publishers(),
        "languages": [known for known in texts.languages if known],
        "documents": serving.searcher.snapshot.manifest.counts.documents,
        "max_characters": MAX_CHARACTERS,
        "answer": answer,
        "hits": [_hit_view(hit) for hit in answer.hits] if answer else [],
        "more": _more_link(form, top_k, answer) if answer else None,
        "stages": answer.stages if answer and debug else (),
        "error": error,
    }
    return render(request, "search.html", context, status)


@router.get("/documents/{document_id}", dependencies=FROM_SNAPSHOT)
def document(
    request: Request,
    searcher: CurrentSearcher,
    document_id: str,
    mark: Annotated[list[str], Query()] = [],  # noqa: B006  # FastAPI copies it
) -> HTMLResponse:
    """A whole document; the passage named by the fragment is set off, and `mark` spans (start-end) are marked."""
    found = find_document(request, searcher, document_id)
    texts = searcher.snapshot.texts
    sections = document_sections(
        texts.text(found.text_row),
        texts.headings(found.text_row),
        texts.passages(found.passages),
        _spans(mark),
        texts.pages(document_id),
    )
    context = {
        "document": found,
        "title": display_title(found),
        "sections": list(sections),
        "copies": [other for other in texts.documents_of_texts([found.text_row])[found.text_row] if other != found],
        "near_duplicates": texts.near_duplicates(found),
    }
    return render(request, "document.html", context)


@router.get("/sources", dependencies=FROM_SNAPSHOT)
def sources(request: Request, searcher: CurrentSearcher, page: Annotated[int, Query(ge=1)] = 1) -> HTMLResponse:
    """What is in the index."""
    texts = searcher.snapshot.texts
    total = texts.document_count()
    pages = max(1, -(-total // DOCUMENTS_PER_PAGE))
    if page > pages:
        raise HTTPException(404, f"there is no page {page} of the sources; the last one is {pages}")
    documents = texts.documents((page - 1) * DOCUMENTS_PER_PAGE, DOCUMENTS_PER_PAGE)
    context = {
        "documents": [(document, display_title(document)) for document in documents],
        "total": total,
        "page": page,
        "pages": pages,
        "skipped": sum(outcome.status == "skipped" for outcome in searcher.snapshot.outcomes),
    }
    return render(request, "sources.html", context)


@router.get("/about")
def about(request: Request, searcher: CurrentSearcher) -> HTMLResponse:
    """The snapshot, what became of every source file, and how answers come about."""
    outcomes = searcher.snapshot.outcomes
    following = live(request)
    history = read_history(following.location.folder)
    context = {
        "manifest": searcher.snapshot.manifest,
        "statuses": Counter(outcome.status for outcome in outcomes),
        "files_found": len(outcomes),
        "remarkable": [(outcome, remarks) for outcome in outcomes if (remarks := outcome.remarks())],
        "residue": residue_counts(outcomes),
        "published": following.published,
        "failure": following.failure,
        "last": current_publication(reversed(history), following.published),
    }
    return render(request, "about.html", context)


def _hit_view(hit: Hit) -> dict[str, Any]:
    """A hit with its text in pieces, and a link that marks the evidence in the document."""
    start = hit.citation.start
    evidence = [(part.start, part.end) for part in hit.evidence]
    marks = urlencode([("mark", f"{start + first}-{start + last}") for first, last in sorted(evidence)])
    path, _, fragment = hit.citation.permalink.partition("#")
    return {"hit": hit, "pieces": pieces(hit.passage.text, evidence), "link": f"{path}?{marks}#{fragment}"}


def _more_link(form: dict[str, str], top_k: int, answer: Answer) -> str | None:
    """The same question with twice the passages, while there can be more."""
    if len(answer.hits) < top_k or top_k >= MAX_TOP_K:
        return None
    filled = {name: value for name, value in form.items() if value}
    return "/?" + urlencode({**filled, "top_k": min(2 * top_k, MAX_TOP_K)})


def _full_dates(since: str | None, until: str | None) -> tuple[str, str]:
    """Filter dates to the day, as the date fields of a form need them."""
    return first_day(since) if since else "", last_day(until) if until else ""


def _spans(marks: list[str]) -> list[Span]:
    """The spans in `mark` parameters; others are ignored, since they only colour the page."""
    matches = (_MARK.fullmatch(mark) for mark in marks[:MAX_MARKS])
    return [(int(match[1]), int(match[2])) for match in matches if match]
