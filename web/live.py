"""The searcher of the published snapshot, following CURRENT while the server runs."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import CiteboxError
from index.history import read_history, standing_of
from index.location import IndexLocation
from index.manifest import SnapshotError
from qa.query import Query
from qa.reranker import Reranker
from qa.search import Answer, Searcher
from web import metrics
from web.answers import RememberedAnswers

logger = logging.getLogger(__name__)

POLL_S = 0.25
RETRY_S = 5.0
RETRY_SHARE = 10
"""A failed try is not repeated before this many times what it took: to hash a large damaged index keeps a core busy."""
STOP_S = 5.0
"""How long to wait for the following thread; opening cannot be interrupted."""


class Serving:
    """A searcher, the answers it gave, and how many requests are in flight on it."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.in_flight = 0
        self._answers = RememberedAnswers(searcher.ask)

    def ask(self, query: Query) -> Answer:
        """The answer to `query`, from memory where it was asked before."""
        return self._answers.ask(query)

    @property
    def snapshot_id(self) -> str:
        return self.searcher.snapshot.folder.name


class LiveSearcher:
    """Answers from the published snapshot: another one is opened beside it, and takes over when it is ready.

    One that cannot be opened leaves the old one in place, and is tried again; where there is no old one yet, another
    snapshot that opens answers, an older one first. A snapshot is closed when no request is in flight on it any more.
    `start` follows CURRENT in the background; without it, `follow` does one step.
    """

    def __init__(self, location: IndexLocation, reranker: Reranker | None = None) -> None:
        self.location = location
        self._reranker = reranker
        self._lock = threading.Lock()  # of what serves and what is left of it; never held for long
        self._serving: Serving | None = None
        self._replaced: list[Serving] = []
        self._step = threading.Lock()  # one step at a time
        self._published: str | None = None
        self._failure: str | None = None
        self._told: tuple[str, str | None] | None = None
        self._retry_at = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def published(self) -> str | None:
        """Id of the snapshot that CURRENT named when it was last read, or None where it named none."""
        return self._published

    @property
    def answering(self) -> str | None:
        """Id of the snapshot that answers, or None where none can be opened."""
        serving = self._serving
        return serving.snapshot_id if serving else None

    @property
    def failure(self) -> str | None:
        """Why the published snapshot is not the one that answers, or None."""
        return self._failure

    @contextmanager
    def in_use(self) -> Iterator[Serving]:
        """What to answer one request with, which stays open for the block.

        Raises SnapshotError, saying why, where no snapshot can be opened.
        """
        with self._lock:
            serving = self._serving
            if serving is None:
                raise SnapshotError(self._failure or "the index is being opened; ask again")
            serving.in_flight += 1
        try:
            yield serving
        finally:
            with self._lock:
                serving.in_flight -= 1

    def start(self) -> None:
        """Open the published snapshot, then follow CURRENT in a thread."""
        self._retry_at = 0.0
        self.follow()
        self._ended.clear()
        self._thread = threading.Thread(target=self._keep_following, name="citebox-follow", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and close the snapshot unless a request is still in flight on it."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
            self._thread = None
        self._serve(None)
        self._close_replaced()

    def follow(self) -> None:
        """One step: take up the snapshot that CURRENT names unless it answers already, and close what none reads."""
        with self._step:
            self._close_replaced()
            if self._is_due():
                started = time.monotonic()
                self._take_up()
                now = time.monotonic()
                self._retry_at = now + max(RETRY_S, RETRY_SHARE * (now - started))
                self._close_replaced()

    def _keep_following(self) -> None:
        while not self._ended.wait(POLL_S):
            try:
                self.follow()
            except Exception:  # a defect; without this thread nothing published from now on would be seen
                logger.exception("following the published snapshot failed, and goes on")

    def _is_due(self) -> bool:
        """Whether CURRENT names another snapshot than before, or it is time to try again what failed."""
        try:
            published = self.location.published_id()
        except SnapshotError:
            published = None  # taking it up says why
        if published != self._published:
            self._published = published
            return True
        if published is not None and published == self.answering and self._failure is None:
            return False
        return time.monotonic() >= self._retry_at

    def _take_up(self) -> None:
        try:
            folder = self.location.published()
            if folder.name != self.answering:
                self._serve(self._open(folder))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # whatever opening makes a library raise; a panic in Rust is no Exception
            self._fail(error)
        else:
            if self._failure is not None:
                logger.warning("the published snapshot %s can be used again", folder.name)
            self._failure, self._told = None, None
            metrics.snapshot_failing(failing=False)

    def _fail(self, error: BaseException) -> None:
        expected = isinstance(error, CiteboxError)
        self._failure = str(error) if expected else f"the index cannot be opened ({type(error).__name__}: {error})"
        metrics.snapshot_failing(failing=True)
        if self._serving is None:
            self._fall_back()
        told = (self._failure, self.answering)
        if told != self._told:
            self._told = told
            instead = f"snapshot {self.answering} answers" if self.answering else "no question can be answered"
            logger.error("no usable snapshot is published, %s: %s", instead, self._failure)

    def _fall_back(self) -> None:
        """Let another snapshot that opens answer."""
        for folder in self._others():
            try:
                self._serve(self._open(folder))
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # as above
                logger.warning("the snapshot %s cannot be used either: %s", folder.name, error)
            else:
                return

    def _others(self) -> list[Path]:
        """Other snapshots, without those that a gate held back: the older ones first, of either the newest first."""
        published = self._published or ""  # unknown where CURRENT cannot be read
        others = [folder for folder in reversed(self.location.snapshots()) if folder.name != published]
        if others:
            history = read_history(self.location.folder)
            others = [folder for folder in others if standing_of(folder.name, history) != "held back"]
        return sorted(others, key=lambda folder: folder.name > published)

    def _open(self, folder: Path) -> Searcher:
        """The searcher over `folder`, which has answered a first question."""
        reuse = self._serving.searcher if self._serving else None
        searcher = Searcher.open(folder, reuse, self._reranker)
        try:
            searcher.warm_up()
        except BaseException:
            searcher.snapshot.close()
            raise
        return searcher

    def _serve(self, searcher: Searcher | None) -> None:
        """Let `searcher` answer from now on, or nothing."""
        before = self.answering
        with self._lock:
            if self._serving is not None:
                self._replaced.append(self._serving)
            self._serving = Serving(searcher) if searcher else None
        metrics.snapshot_answers(before, self.answering)
        if before and searcher:
            logger.info("snapshot %s answers, after %s", self.answering, before)

    def _close_replaced(self) -> None:
        with self._lock:
            unread = [serving for serving in self._replaced if not serving.in_flight]
            self._replaced = [serving for serving in self._replaced if serving.in_flight]
        for serving in unread:
            serving.searcher.snapshot.close()
