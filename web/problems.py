"""Errors as a client meets them: RFC 9457 problem details for programs, a page for browsers."""

import http
import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from corpus.errors import CiteboxError
from qa.query import QueryError
from web.headers import SECURITY_HEADERS
from web.rendering import render
from web.schemas import FieldError, Problem

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 5


def add_problem_handlers(app: FastAPI) -> None:
    """Map every error to one shape; unknown ones are logged and say nothing of their inside."""

    @app.exception_handler(QueryError)
    def bad_query(request: Request, error: QueryError) -> Response:
        return problem(request, 422, str(error), [FieldError(field=error.field, message=str(error))])

    @app.exception_handler(RequestValidationError)
    def bad_request(request: Request, error: RequestValidationError) -> Response:
        errors = [
            FieldError(field=".".join(map(str, item["loc"][1:])) or str(item["loc"][0]), message=item["msg"])
            for item in error.errors()
        ]
        return problem(request, 422, "; ".join(f"{item.field}: {item.message}" for item in errors), errors)

    @app.exception_handler(CiteboxError)
    def unavailable(request: Request, error: CiteboxError) -> Response:
        return problem(request, 503, str(error))

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        unmatched = error.status_code == http.HTTPStatus.NOT_FOUND and error.detail == http.HTTPStatus.NOT_FOUND.phrase
        detail = f"There is nothing at {request.url.path}." if unmatched else str(error.detail)
        response = problem(request, error.status_code, detail)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    def defect(request: Request, error: Exception) -> Response:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(request, 500, "Citebox failed on this request; its log says where.")


def problem(request: Request, status: int, detail: str, errors: Sequence[FieldError] = ()) -> Response:
    """The response for an error, in the form the client reads."""
    title = http.HTTPStatus(status).phrase
    response: Response
    if _wants_page(request):
        response = render(request, "error.html", {"title": title, "status": status, "detail": detail}, status)
    else:
        content = Problem(
            title=title, status=status, detail=detail, instance=request.url.path, errors=list(errors) or None
        )
        response = JSONResponse(content.model_dump(exclude_none=True), status, media_type="application/problem+json")
    response.headers.update(SECURITY_HEADERS)  # the last-resort handler runs outside the middleware that adds them
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
