"""The searcher of the published snapshot, following CURRENT while the server runs."""

import logging
import threading

from corpus.errors import CiteboxError
from index.location import IndexLocation
from index.manifest import SnapshotError
from qa.search import Searcher

logger = logging.getLogger(__name__)


class LiveSearcher:
    """Opens the published snapshot when it is first asked for, and again when another one is published.

    Requests in flight keep the searcher they were given. One that cannot be opened leaves the old one in place.
    """

    def __init__(self, location: IndexLocation) -> None:
        self.location = location
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._seen: str | None = None
        self._failure: str | None = None

    def current(self) -> Searcher:
        """The searcher to answer with. Raises SnapshotError or EncoderError where no snapshot can be opened."""
        published = self.location.published_id()
        if published != self._seen:
            with self._lock:
                if published != self._seen:
                    self._follow(published)
        if self._searcher is None:
            raise SnapshotError(self._failure or self._missing())
        return self._searcher

    @property
    def failure(self) -> str | None:
        """Why the published snapshot is not the one that answers, or None."""
        return self._failure

    def _follow(self, published: str | None) -> None:
        try:
            self._searcher = Searcher.open(self.location.published(), reuse=self._searcher)
            self._failure = None
        except CiteboxError as error:
            logger.error("the published snapshot cannot be opened: %s", error)
            self._failure = str(error)
        self._seen = published

    def _missing(self) -> str:
        try:
            self.location.published()
        except SnapshotError as error:
            return str(error)
        return f"the index in {self.location.folder} has just been published; ask again"
