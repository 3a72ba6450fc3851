"""What a request is answered from: the same snapshot from first to last."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from qa.search import Searcher
from web.live import LiveSearcher, Serving


def live(request: Request) -> LiveSearcher:
    """The server's searcher, whichever snapshot it follows."""
    searcher: LiveSearcher = request.app.state.live
    return searcher


async def _current(request: Request) -> AsyncIterator[Serving]:
    with live(request).in_use() as serving:
        yield serving


# Given back before the response is sent: who reads slowly keeps no snapshot open.
CurrentServing = Annotated[Serving, Depends(_current, scope="function")]
"""What answers questions, with its memory."""


async def _searcher(serving: CurrentServing) -> Searcher:
    return serving.searcher


CurrentSearcher = Annotated[Searcher, Depends(_searcher, scope="function")]
"""What answers questions, and tells why."""
