"""The application in this process, over the sample index and over small ones."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.report import RebuildReport
from qa.calibrate import write_calibration
from tests.calibrations import always
from tests.hashing_encoder import HashingEncoder
from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="session")
def client(sample_index: Path) -> Iterator[TestClient]:
    """Asks the application over the sample index."""
    with TestClient(create_app(Settings(index=sample_index))) as started:
        yield started


Serve = Callable[[dict[str, str | bytes], float | None], TestClient]


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open every index as one that `build` made."""
    monkeypatch.setattr("qa.search.load_encoder", lambda *_: HashingEncoder())


@pytest.fixture
def serve(
    build: Callable[[dict[str, str | bytes]], RebuildReport], without_model: None, tmp_path: Path
) -> Iterator[Serve]:
    """Index these files without a model and ask the application over them.

    All that is found answers with the confidence that is given; without one the index is not calibrated.
    """
    with ExitStack() as started:

        def serve_files(files: dict[str, str | bytes], confidence: float | None) -> TestClient:
            build(files)
            if confidence is not None:
                write_calibration(tmp_path / "index", always(confidence))
            return started.enter_context(TestClient(create_app(Settings(index=tmp_path / "index"))))

        yield serve_files
