"""Encodes passages on a GPU, and questions as the server that has none will."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.encoder import Vectors
from index.manifest import EncoderRecord
from index.onnx_encoder import OnnxEncoder
from index.progress import Advance
from index.torch_encoder import TorchEncoder


class GpuEncoder:
    """An `Encoder` of two that run the same model, in 16-bit floats on the GPU and in 32-bit ones for questions."""

    def __init__(self, passages: TorchEncoder, queries: OnnxEncoder) -> None:
        self._passages = passages
        self._queries = queries

    @property
    def record(self) -> EncoderRecord:
        return replace(self._queries.record, device="cuda")

    @property
    def version(self) -> str:
        return self._passages.version

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._queries.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        return self._passages.encode_passages(texts, advance)

    def encode_queries(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        return self._queries.encode_queries(texts, alone=alone)

    def save(self, folder: Path) -> None:
        self._queries.save(folder)
