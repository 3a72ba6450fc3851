"""The application in this process, over the sample index and over small ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="session")
def client(sample_index: Path) -> Iterator[TestClient]:
    """Asks the application over the sample index."""
    with TestClient(create_app(Settings(index=sample_index))) as started:
        yield started
