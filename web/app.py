"""The ASGI application: routes, error shapes, headers, and the searcher they share."""

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from corpus.errors import CiteboxError
from index.location import IndexLocation
from qa.reranker import load_reranker
from web import api, health, pages
from web.headers import SECURITY_HEADERS
from web.live import LiveSearcher
from web.problems import add_problem_handlers
from web.rendering import FOLDER
from web.settings import Settings

logger = logging.getLogger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """The application over the index that `settings` name; it need not exist yet.

    Raises EncoderError where there is to be a reranker and it cannot be had.
    """
    reranker = load_reranker(settings.reranker) if settings.reranker else None
    live = LiveSearcher(IndexLocation(settings.index), reranker)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # More threads than this only make each other wait: a question keeps a core busy (docs/architecture.md).
        anyio.to_thread.current_default_thread_limiter().total_tokens = 2 * (os.cpu_count() or 1)
        await anyio.to_thread.run_sync(_warm_up, live)
        yield

    app = FastAPI(
        title="Citebox",
        description="Ranked source passages that answer a question, word for word, with citations.",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the usual documentation pages load their script from elsewhere
        redoc_url=None,
    )
    app.state.live = live
    app.include_router(api.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    add_problem_handlers(app)

    @app.middleware("http")
    async def add_security_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    return app


def application() -> FastAPI:
    """The application as a server's worker makes it, from the environment."""
    return create_app(Settings())


def _warm_up(live: LiveSearcher) -> None:
    """Open the snapshot before the first question; without one the server starts all the same and says so."""
    try:
        live.current().warm_up()
    except CiteboxError:
        logger.warning("no question can be answered yet; once an index that can be used is published, questions are")
