"""Conditional requests (RFC 9110, section 13): what the client has is not made again while nothing changed.

A response that depends on its address and the snapshot alone has an entity tag, which names what answered. The tag is
weak: the time that an answer took may differ, and so may the bytes by how they are compressed.
"""

import hashlib
import importlib.metadata
import re
from functools import lru_cache

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from web.current import CurrentServing
from web.rendering import APPEARANCE

_TAG = re.compile(r'(?:W/)?("[^"]*")')


class NotModifiedError(Exception):
    """No error: the client has the response already."""


def add_not_modified_handler(app: FastAPI) -> None:
    """Answer with 304, which has no body."""

    @app.exception_handler(NotModifiedError)
    async def not_modified(request: Request, _: NotModifiedError) -> Response:
        return Response(status_code=304, headers={**revalidation_headers(request.state.tag), "Vary": "Accept-Encoding"})


def revalidation_headers(tag: str) -> dict[str, str]:
    """Headers of a response that has a tag: keep it, and ask each time whether it still holds."""
    return {"ETag": tag, "Cache-Control": "no-cache"}


async def _tag_response(request: Request, serving: CurrentServing) -> None:
    """Give the response a tag, which only success keeps (web/headers.py). Raises NotModifiedError to who has it."""
    request.state.tag = _tag(serving.searcher.version)
    known = request.headers.get("If-None-Match", "")
    if request.state.tag.removeprefix("W/") in _TAG.findall(known):
        raise NotModifiedError


FROM_SNAPSHOT = [Depends(_tag_response, scope="function")]
"""Dependencies of a route whose responses depend on their address and the snapshot alone."""


@lru_cache(maxsize=4)
def _tag(searcher_version: str) -> str:
    parts = (importlib.metadata.version("citebox"), APPEARANCE, searcher_version)
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'
