"""Which encoder a rebuild uses, and which one a snapshot is asked with."""

import atexit
import hashlib
import importlib.metadata
import json
import shutil
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from index.encoder import Encoder
from index.manifest import Device, EncoderRecord, Precision, checksum
from index.models import EncoderError, LocatedModel, locate_model, settings_sha256
from index.onnx_encoder import MODEL_FILE, TOKENIZER_FILE, OnnxEncoder
from index.progress import Progress
from index.snapshot import ENCODER_FOLDER
from index.user_cache import user_cache

_REMEMBERED = "encoders"
_EXPORTED_FILE = "exported.json"
_FILES = (MODEL_FILE, TOKENIZER_FILE)
_EXPORT_VERSION = 2
"""Counts what `index.onnx_export` changes in the graphs that it makes of the same model."""
_LIBRARIES = ("onnx", "onnxruntime", "sentence-transformers", "torch", "transformers")
"""Other versions of these may export a model differently."""


def prepare_encoder(
    located: LocatedModel, progress: Progress, precision: Precision = "int8", device: Device = "cpu"
) -> Encoder:
    """The encoder for a rebuild with the model `located`: exported to ONNX, once for each user.

    Where that cannot be done well enough in `precision` it is 32-bit floats, and else sentence-transformers itself,
    and `progress` notes it. On a GPU sentence-transformers embeds the passages. Raises EncoderError.
    """
    exported = _remembered(located, precision) or _export(located, precision, progress)
    if device == "cpu":
        return exported
    from index.gpu_encoder import GpuEncoder  # it needs torch
    from index.torch_encoder import TorchEncoder

    on_gpu = TorchEncoder(located, device)
    return GpuEncoder(on_gpu, exported) if isinstance(exported, OnnxEncoder) else on_gpu


def load_encoder(snapshot: Path, built: EncoderRecord) -> Encoder:
    """The encoder that the snapshot in that folder was `built` with. Raises EncoderError where it is not to be had."""
    if built.runtime == "onnxruntime":
        return OnnxEncoder(snapshot / ENCODER_FOLDER, built)
    from index.torch_encoder import TorchEncoder  # costs seconds: only where the model could not be exported

    try:
        return TorchEncoder(locate_model(built.model))
    except EncoderError as error:
        raise EncoderError(
            f"the model that the index was built with cannot be used: {error}; bring it back, or rebuild the index "
            "with another: citebox rebuild SOURCE... --model MODEL"
        ) from error


def _export(located: LocatedModel, precision: Precision, progress: Progress) -> Encoder:
    from index.onnx_export import ExportError, export
    from index.torch_encoder import TorchEncoder

    encoder = TorchEncoder(located)
    attempts: tuple[Precision, ...] = ("int8", "fp32") if precision == "int8" else ("fp32",)
    for attempt in attempts:
        folder = _new_folder()
        try:
            exported = export(encoder, attempt, folder)
        except ExportError as error:
            shutil.rmtree(folder)
            progress.note(str(error))
        else:
            return _remember(exported, folder, located, precision)
    progress.note("sentence-transformers itself encodes: rebuilding and answering are several times slower")
    return encoder


def _new_folder() -> Path:
    """Beside the remembered ones; somewhere else where the user has no place for them."""
    try:
        encoders = user_cache() / _REMEMBERED
        encoders.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".", dir=encoders))
    except (OSError, RuntimeError):
        folder = Path(tempfile.mkdtemp(prefix="citebox-encoder-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder


def _remember(exported: OnnxEncoder, folder: Path, located: LocatedModel, asked: Precision) -> OnnxEncoder:
    """The encoder in `folder`, from now on found where `asked` is asked for, if the user has a place for it."""
    if not folder.name.startswith("."):
        return exported
    if other := _remembered(located, asked):  # another process has just made it, and may be reading it
        shutil.rmtree(folder)
        return other
    written = {"record": asdict(exported.record), "files": {name: asdict(checksum(folder / name)) for name in _FILES}}
    (folder / _EXPORTED_FILE).write_text(json.dumps(written), encoding="utf-8")
    place = _place(located, asked)
    shutil.rmtree(place, ignore_errors=True)  # a damaged one
    folder.rename(place)
    return OnnxEncoder(place, exported.record)


def _remembered(located: LocatedModel, precision: Precision) -> OnnxEncoder | None:
    """The model as it was exported before; None where it was not, or is not as it was written."""
    try:
        place = _place(located, precision)
        written = json.loads((place / _EXPORTED_FILE).read_bytes())
        if any(asdict(checksum(place / name)) != written["files"][name] for name in _FILES):
            return None
        return OnnxEncoder(place, replace(EncoderRecord(**written["record"]), model=located.name))
    except (OSError, RuntimeError, ValueError, TypeError, KeyError, EncoderError):
        return None


def _place(located: LocatedModel, precision: Precision) -> Path:
    """Of one exported model. Raises RuntimeError for a user without a home."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    made_of = repr((located.sha256, settings_sha256(located.folder), precision, versions, _EXPORT_VERSION))
    return user_cache() / _REMEMBERED / hashlib.sha256(made_of.encode("utf-8")).hexdigest()[:20]
