"""The ASGI application: routes, error shapes, headers, and the searcher they share."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from index.location import IndexLocation
from qa.reranker import load_reranker
from web import api, health, history_page, metrics, pages
from web.conditional import add_not_modified_handler
from web.headers import AddHeaders
from web.live import LiveSearcher
from web.problems import add_problem_handlers
from web.settings import Settings
from web.static_files import VersionedFiles

GZIP_LEVEL = 4
"""Of zlib: an answer takes less than 0.1 ms and a third of its bytes; more levels save 2% of those."""


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
        await anyio.to_thread.run_sync(live.start)
        try:
            yield
        finally:
            # With a thread of its own: requests that hang may hold all others.
            await anyio.to_thread.run_sync(live.stop, limiter=anyio.CapacityLimiter(1))

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
    app.include_router(metrics.router)
    app.include_router(history_page.router)
    app.include_router(pages.router)
    app.mount("/static", VersionedFiles(), name="static")
    add_problem_handlers(app)
    add_not_modified_handler(app)
    app.add_middleware(GZipMiddleware, compresslevel=GZIP_LEVEL)
    app.add_middleware(AddHeaders)
    app.add_middleware(metrics.MeasureRequests)
    return app


def application() -> FastAPI:
    """The application as a server's worker makes it, from the environment; what it logs goes to standard error."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").addFilter(_is_defect)
    return create_app(Settings())


def _is_defect(record: logging.LogRecord) -> bool:
    """False for the traceback of a request that was given up at the end; that it was is logged without one."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
