"""What is costly is made once: the real model, and an index of the sample corpus built with it."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.sources import make_sources
from index.encoder import Encoder
from index.encoders import prepare_encoder
from index.location import IndexLocation
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.report import RebuildReport
from qa.search import Searcher
from tests.hashing_encoder import HashingEncoder
from tests.shared_reader import shared_reader

REPOSITORY = Path(__file__).parent.parent
SAMPLE = REPOSITORY / "corpus" / "sample"


@pytest.fixture(scope="session", autouse=True)
def _cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let nothing be written into the cache folder of the user; a browser that playwright installed there stays."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux" and not os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
            patch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(caches / "ms-playwright"))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _workers() -> Iterator[None]:
    """End the workers that tests shared."""
    yield
    if shared_reader.cache_info().currsize:
        shared_reader().close()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model, as a rebuild runs it."""
    return prepare_encoder(locate_model(), SilentProgress())


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """An index folder with the sample corpus published; not to be changed."""
    folder = tmp_path_factory.mktemp("sample-index")
    rebuild(IndexLocation(folder), make_sources([SAMPLE]), encoder, shared_reader(), SilentProgress())
    return folder


@pytest.fixture(scope="session")
def sample_searcher(sample_index: Path, encoder: Encoder) -> Searcher:
    """Answers from the sample corpus."""
    return Searcher.open(IndexLocation(sample_index).published())


@pytest.fixture
def hashing_encoder() -> HashingEncoder:
    """An encoder that needs no model."""
    return HashingEncoder()


@pytest.fixture
def build(tmp_path: Path, hashing_encoder: HashingEncoder) -> Callable[[dict[str, str | bytes]], RebuildReport]:
    """Write these files into a folder named `docs` and index it in `tmp_path / "index"`, without a model."""

    def build_files(files: dict[str, str | bytes]) -> RebuildReport:
        folder = tmp_path / "docs"
        write_files(folder, files)
        return rebuild(
            IndexLocation(tmp_path / "index"),
            make_sources([folder]),
            hashing_encoder,
            shared_reader(),
            SilentProgress(),
        )

    return build_files


def write_files(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write files by relative path, with their folders."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
