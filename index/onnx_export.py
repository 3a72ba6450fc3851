"""Exports a sentence-transformers model to ONNX, so that answering needs neither torch nor the model's own folder.

All modules of the model go into the graph (transformer, pooling, normalisation and what else it has): a text's tokens
go in, its embedding comes out. ONNX Runtime's optimizer fuses attention and normalisation
(https://onnxruntime.ai/docs/performance/transformers-optimization.html). In int8 the weights of each output channel
have a scale of their own, and activations get theirs while the model runs
(https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
"""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer

from index.manifest import Precision
from index.models import EncoderError
from index.onnx_encoder import INPUTS, MODEL_FILE, TOKENIZER_FILE, OnnxEncoder
from index.torch_encoder import TorchEncoder

FLOORS: dict[Precision, float] = {"int8": 0.97, "fp32": 0.9999}
"""Least cosine of an embedding and that of sentence-transformers; the bundled model has 0.983 and 1.0000."""

_OPSET = 17
"""The newest in which the optimizer finds all its patterns."""
_OUTPUT = "embedding"
_PARITY_TEXTS = (
    "",
    "Oil",
    "Who pays for the pipeline?",
    "GDP grew by 3.5% in 2023/24, after -0.2% a year before.",
    "The refinery in Karachi was closed for repairs; nobody said when it would open again.",
    "Contrat d'achat d'électricité signé à Genève le 12 mai 2021.",
    "石油 und Erdgas 😀 — naïve façade",
    "https://example.org/reports?id=42&lang=en",
    "Minister of Energy\nThe minister told parliament that the tariff would be reviewed in June. " * 2,
    "Table 3: exports, million barrels | 2021 | 2022 | 2023 | crude 12.4 | 11.9 | 15.0 | products 3.1 | 2.8 | 2.2",
    "Long haul shipping raises what a barrel costs when it arrives, and freight rates move with the season. " * 8,
    "A very long passage goes beyond what the model takes in, so that its end is cut in the same place. " * 40,
)
"""Of all lengths, and of what documents hold besides plain sentences."""


class ExportError(EncoderError):
    """A model that cannot be exported; sentence-transformers can still run it."""


def export(encoder: TorchEncoder, precision: Precision, folder: Path) -> OnnxEncoder:
    """The model of `encoder`, exported into `folder`, which must exist, and compared with what it was made of.

    Raises ExportError where ONNX has no place for something of it, or embeddings come out below the floor.
    """
    model = folder / MODEL_FILE
    try:
        _save_tokenizer(encoder, folder / TOKENIZER_FILE)
        with _silence():
            _trace(encoder, model)
            _fuse(encoder, model)
            if precision == "int8":
                _quantize(model)
    except Exception as error:  # whatever the exporter makes of a model it does not know
        raise ExportError(f"the model cannot be exported to ONNX: {error}") from error
    record = replace(encoder.record, precision=precision, runtime="onnxruntime")
    parity = _parity(encoder, OnnxEncoder(folder, record))
    if not parity >= FLOORS[precision]:  # nor where it is not a number
        raise ExportError(f"exported in {precision}, the model gives other embeddings (cosine {parity:.4f} at worst)")
    return OnnxEncoder(folder, replace(record, parity=round(parity, 6)))


def _save_tokenizer(encoder: TorchEncoder, path: Path) -> None:
    """One that cuts where the model does and pads nothing."""
    tokenizer = Tokenizer.from_str(encoder.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(encoder.max_length)
    tokenizer.save(str(path))


def _trace(encoder: TorchEncoder, path: Path) -> None:
    whole = _Whole(encoder.model).eval()
    few = {"padding": True, "truncation": True, "max_length": encoder.max_length, "return_tensors": "pt"}
    inputs = encoder.tokenizer(list(_PARITY_TEXTS[1:4]), **few)
    axes = {0: "batch", 1: "length"}
    with torch.no_grad():
        torch.onnx.export(
            whole,
            tuple(inputs[name] for name in INPUTS),
            str(path),
            input_names=list(INPUTS),
            output_names=[_OUTPUT],
            dynamic_axes={**dict.fromkeys(INPUTS, axes), _OUTPUT: {0: "batch"}},
            opset_version=_OPSET,
            dynamo=False,  # in what the newer exporter writes the optimizer finds no pattern
        )


class _Whole(torch.nn.Module):
    """A sentence-transformers model as a function of tensors."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._parts = torch.nn.ModuleList(model)
        self._has_types = "token_type_ids" in model.tokenizer.model_input_names

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if self._has_types:
            features["token_type_ids"] = torch.zeros_like(input_ids)
        for part in self._parts:
            features = part(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)


def _fuse(encoder: TorchEncoder, path: Path) -> None:
    """Replace the graph by one with fused nodes, where it is of the kind that the optimizer knows."""
    transformer: Any = encoder.model[0]
    config = transformer.auto_model.config
    fusions = FusionOptions("bert")
    fusions.enable_skip_layer_norm = False  # see `index.onnx_encoder`
    with contextlib.suppress(Exception):  # an unfused graph is slower, and right
        fused = optimize_model(
            str(path),
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            opt_level=0,
            optimization_options=fusions,
        )
        fused.save_model_to_file(str(path))


def _quantize(path: Path) -> None:
    quantize_dynamic(
        onnx.load(path),
        path,
        per_channel=True,
        reduce_range=True,  # without it products overflow on processors that lack VNNI, and embeddings differ there
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # of what fused nodes give, which it cannot infer
    )


def _parity(encoder: TorchEncoder, exported: OnnxEncoder) -> float:
    """Least cosine of what both make of the same texts, as passages and as questions."""
    texts = list(_PARITY_TEXTS)
    passages = encoder.encode_passages(texts, _ignore) * exported.encode_passages(texts, _ignore)
    queries = encoder.encode_queries(texts) * exported.encode_queries(texts)
    return float(np.concatenate([passages, queries]).sum(axis=1).min())


def _ignore(_: int) -> None: ...


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what exporting and optimizing warn of from the terminal: the result is compared."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
