"""The searcher of the published snapshot, following CURRENT while the server runs."""

import logging
import threading
import time

from corpus.errors import CiteboxError
from index.location import IndexLocation
from index.manifest import SnapshotError
from qa.reranker import Reranker
from qa.search import Searcher

logger = logging.getLogger(__name__)

RETRY_S = 5.0


class LiveSearcher:
    """Opens the published snapshot when it is first asked for, and again when another one is published.

    Requests in flight keep the searcher they were given, and others are answered by it while the new snapshot opens.
    One that cannot be opened leaves the old one in place, and is tried again after `RETRY_S` seconds.
    """

    def __init__(self, location: IndexLocation, reranker: Reranker | None = None) -> None:
        self.location = location
        self._reranker = reranker
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._tried: str | None = None
        self._failure: str | None = None
        self._retry_at = 0.0

    def current(self) -> Searcher:
        """The searcher to answer with. Raises SnapshotError, saying why, where no snapshot can be opened."""
        if self._is_behind() and self._lock.acquire(blocking=self._searcher is None):
            try:
                if self._is_behind():  # another thread may have caught up while this one waited
                    self._follow()
            finally:
                self._lock.release()
        if self._searcher is None:
            raise SnapshotError(self._failure or "the index is being opened; ask again")
        return self._searcher

    @property
    def failure(self) -> str | None:
        """Why the published snapshot is not the one that answers, or None."""
        return self._failure

    def _is_behind(self) -> bool:
        if self._failure is not None and time.monotonic() >= self._retry_at:
            return True
        return self._published() != self._tried or self._tried is None

    def _published(self) -> str | None:
        try:
            return self.location.published_id()
        except SnapshotError:
            return self._tried  # cannot be told; opening it says why

    def _follow(self) -> None:
        self._tried = self._published()
        try:
            self._searcher = Searcher.open(self.location.published(), self._searcher, self._reranker)
            self._failure = None
        except Exception as error:  # whatever a damaged or unreadable index makes a library raise
            expected = isinstance(error, CiteboxError)
            failure = str(error) if expected else f"the index cannot be opened ({type(error).__name__}: {error})"
            if failure != self._failure:
                logger.error("the published snapshot cannot be used: %s", failure)
            self._failure = failure
            self._retry_at = time.monotonic() + RETRY_S
