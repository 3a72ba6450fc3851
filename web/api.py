"""The HTTP API, under /api/v1. The contract is docs/api.md."""

import http
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from index.report import file_counts, residue_counts, skipped_files
from index.retired import snapshot_that_held
from index.texts import StoredDocument, TextStore
from qa.answer_document import answer_document, citation_document
from qa.citations import also_in, cite, display_title
from qa.explain import UnknownDocumentError, explain, explanation_document
from qa.query import DEFAULT_TOP_K, make_query
from qa.query import Query as MadeQuery
from qa.search import Answer, Searcher
from web.conditional import FROM_SNAPSHOT
from web.current import CurrentSearcher, CurrentServing, live
from web.live import Serving
from web.metrics import count_question
from web.schemas import (
    DEBUG,
    AskRequest,
    AskResponse,
    DocumentOut,
    DocumentPage,
    ExplanationOut,
    PassageOut,
    Problem,
    SnapshotOut,
)

router = APIRouter(prefix="/api/v1", responses={422: {"model": Problem}, 503: {"model": Problem}})

MAX_PAGE = 500
MAX_OFFSET = 2**31


@router.get("/ask", response_model=AskResponse, dependencies=FROM_SNAPSHOT)
def ask(
    serving: CurrentServing,
    q: str,
    top_k: int = DEFAULT_TOP_K,
    source: Annotated[list[str], Query()] = [],  # noqa: B006  # FastAPI copies it
    since: str = "",
    until: str = "",
    document: Annotated[list[str], Query()] = [],  # noqa: B006
    language: Annotated[list[str], Query()] = [],  # noqa: B006
    debug: Annotated[bool, Query(description=DEBUG)] = False,
) -> Response:
    """Ranked passages that answer a question, with citations."""
    query = make_query(q, top_k, sources=source, since=since, until=until, document_ids=document, languages=language)
    return _answer(serving, query, debug=debug)


@router.post("/ask", response_model=AskResponse)
def ask_by_post(serving: CurrentServing, request: AskRequest) -> Response:
    """The same, with the question in the body."""
    filters = request.filters
    query = make_query(
        request.question,
        request.top_k,
        sources=filters.source,
        since=filters.since,
        until=filters.until,
        document_ids=filters.document,
        languages=filters.language,
    )
    return _answer(serving, query, debug=request.debug)


@router.get("/explain", dependencies=FROM_SNAPSHOT, responses={404: {"model": Problem}, 410: {"model": Problem}})
def explanation(
    request: Request, searcher: CurrentSearcher, q: str, document: str, top_k: int = DEFAULT_TOP_K
) -> ExplanationOut:
    """Why a document is, or is not, among the answers."""
    try:
        return ExplanationOut.model_validate(explanation_document(explain(searcher, q, document, top_k)))
    except UnknownDocumentError as error:
        absent = _absent(request, "document", document)
        raise absent if absent.status_code == http.HTTPStatus.GONE else HTTPException(404, str(error)) from error


@router.get("/documents", dependencies=FROM_SNAPSHOT)
def documents(
    searcher: CurrentSearcher,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> DocumentPage:
    """The documents of the index in order of their paths."""
    texts = searcher.snapshot.texts
    found = texts.documents(offset, limit)
    same_text = texts.documents_of_texts([document.text_row for document in found])
    return DocumentPage(
        total=texts.document_count(),
        offset=offset,
        limit=limit,
        documents=[_document_out(texts, document, same_text[document.text_row]) for document in found],
    )


@router.get(
    "/documents/{document_id}", dependencies=FROM_SNAPSHOT, responses={404: {"model": Problem}, 410: {"model": Problem}}
)
def document(request: Request, searcher: CurrentSearcher, document_id: str) -> DocumentOut:
    """One document without its text."""
    found = find_document(request, searcher, document_id)
    texts = searcher.snapshot.texts
    return _document_out(texts, found, texts.documents_of_texts([found.text_row])[found.text_row])


@router.get(
    "/documents/{document_id}/text",
    response_class=PlainTextResponse,
    dependencies=FROM_SNAPSHOT,
    responses={404: {"model": Problem}, 410: {"model": Problem}},
)
def document_text(request: Request, searcher: CurrentSearcher, document_id: str) -> PlainTextResponse:
    """The text that citations count their characters in; its SHA-256 is the document's `sha256`."""
    found = find_document(request, searcher, document_id)
    return PlainTextResponse(searcher.snapshot.texts.text(found.text_row))


@router.get(
    "/passages/{passage_id}", dependencies=FROM_SNAPSHOT, responses={404: {"model": Problem}, 410: {"model": Problem}}
)
def passage(request: Request, searcher: CurrentSearcher, passage_id: str) -> PassageOut:
    """One passage with its citation; 410 when its document changed or went since an earlier snapshot."""
    texts = searcher.snapshot.texts
    found = texts.passage(passage_id)
    if found is None:
        raise _absent(request, "passage", passage_id)
    first, *_ = texts.documents_of_texts([found.text_row])[found.text_row]
    citation = citation_document(cite(first, found, texts.pages(first.document_id)))
    return PassageOut.model_validate({"passage_id": passage_id, "text": found.text, "citation": citation})


@router.get("/snapshot", dependencies=FROM_SNAPSHOT)
def snapshot(searcher: CurrentSearcher) -> SnapshotOut:
    """The published snapshot: its counts, its model, and what became of the source files."""
    manifest = searcher.snapshot.manifest
    outcomes = searcher.snapshot.outcomes
    return SnapshotOut.model_validate(
        {
            "id": manifest.snapshot_id,
            "built_at": manifest.built_at,
            "model": manifest.encoder.model,
            "model_sha256": manifest.encoder.sha256,
            "documents": manifest.counts.documents,
            "passages": manifest.counts.passages,
            "sentences": manifest.counts.sentences,
            "sources": [source.name for source in manifest.sources],
            "files": file_counts(outcomes),
            "skipped": skipped_files(outcomes),
            "pages_without_text": sum(outcome.pages_without_text for outcome in outcomes),
            "residue": residue_counts(outcomes),
        }
    )


def ask_and_count(serving: Serving, query: MadeQuery, *, debug: bool) -> Answer:
    """The answer to `query`, which is not from memory where it is to tell its stages."""
    return count_question(serving.searcher.ask(query) if debug else serving.ask(query))


def find_document(request: Request, searcher: Searcher, document_id: str) -> StoredDocument:
    """The document of that id. Raises HTTPException 404, or 410 where an earlier snapshot held it."""
    found = searcher.snapshot.texts.document(document_id)
    if found is None:
        raise _absent(request, "document", document_id)
    return found


def _answer(serving: Serving, query: MadeQuery, *, debug: bool) -> Response:
    """The whole response, made in this thread: what FastAPI is left to check and write waits for two others."""
    answer = ask_and_count(serving, query, debug=debug)
    document = answer_document(answer)
    if debug:
        document["stages"] = {stage.name: round(stage.ms, 3) for stage in answer.stages}
    content = AskResponse.model_validate(document).model_dump_json(exclude_unset=True)
    return Response(content, media_type="application/json")


def _absent(request: Request, kind: str, record_id: str) -> HTTPException:
    held_by = snapshot_that_held(live(request).location, record_id)
    if held_by:
        return HTTPException(
            410, f"the {kind} {record_id} is gone: its source was changed or removed after snapshot {held_by}"
        )
    return HTTPException(404, f"no {kind} has the id {record_id!r}")


def _document_out(texts: TextStore, document: StoredDocument, same_text: list[StoredDocument]) -> DocumentOut:
    metadata = document.metadata
    return DocumentOut.model_validate(
        {
            "document_id": document.document_id,
            "path": document.path,
            "part": document.part,
            "title": display_title(document),
            "authors": metadata.authors,
            "published": metadata.published,
            "publisher": metadata.publisher,
            "url": metadata.url,
            "language": metadata.language,
            "sha256": document.sha256,
            "source_sha256": document.source_sha256,
            "characters": document.characters,
            "pages": len(texts.pages(document.document_id)) or None,
            "passages": len(document.passages),
            "metadata_from": metadata.origins,
            "also_in": [also_in(other) for other in same_text if other != document],
            "near_duplicates": list(map(also_in, texts.near_duplicates(document))),
        },
        from_attributes=True,
    )
