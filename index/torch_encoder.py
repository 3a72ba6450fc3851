"""Encodes with sentence-transformers itself (https://sbert.net): on a GPU, and for models that cannot be exported.

Importing this module costs seconds and hundreds of megabytes: only what needs torch does.
"""

import importlib.metadata
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from index.encoder import Vectors, checked
from index.manifest import Device, EncoderRecord
from index.model_settings import choose_prompts, count_tokens, limit_input, pad_alike, special_tokens
from index.models import EncoderError, LocatedModel, settings_sha256
from index.progress import Advance

_LIBRARIES = ("sentence-transformers", "transformers", "torch")
"""Other versions of these may embed a text a little differently."""

_ATTENTION = "eager"
"""Other implementations of attention compute differently when no text of a batch needs padding."""

_BATCH_SIZES: dict[Device, int] = {"cpu": 32, "cuda": 1024}

disable_progress_bar()  # type: ignore[no-untyped-call]  # loading is no stage worth a bar, and standard error belongs to the command


class TorchEncoder:
    """An `Encoder` that runs a model with sentence-transformers: in 32-bit floats on the CPU, 16-bit ones on a GPU."""

    def __init__(self, located: LocatedModel, device: Device = "cpu") -> None:
        """Loads the model. Raises EncoderError when sentence-transformers cannot, or there is no such device."""
        if device == "cuda" and not torch.cuda.is_available():
            raise EncoderError("--device cuda needs a GPU that torch can use, and there is none; leave the option away")
        self._located = located
        self._device = device
        self._lock = threading.Lock()  # the tokenizer changes itself while it truncates
        try:
            # Attention is fused on a GPU: bits that depend on the batch are the price of its speed there.
            settings = {"dtype": torch.float16} if device == "cuda" else {"dtype": torch.float32}
            attention = {} if device == "cuda" else {"attn_implementation": _ATTENTION}
            self.model = SentenceTransformer(
                str(located.folder), device=device, local_files_only=True, model_kwargs=settings | attention
            )
            dimension = self.model.get_embedding_dimension()
            self.tokenizer: Any = self.model.tokenizer
            self.max_length = limit_input(self.model)
            pad_alike(self.model, self.max_length)
            prompts = choose_prompts(self.model.prompts, self.model.default_prompt_name)
            reserved = special_tokens(self.tokenizer) + self.count_tokens([prompts.passage])[0]
        except Exception as error:  # whatever a damaged model, or one of another kind, makes a library raise
            raise EncoderError(f"the model in {located.folder} cannot be loaded: {error}") from error
        if dimension is None:
            raise EncoderError(f"the model in {located.folder} states no dimension")
        if self.max_length <= reserved:
            raise EncoderError(
                f"the model in {located.folder} takes in {self.max_length} tokens, of which its prompt for passages, "
                f"{prompts.passage!r}, leaves none; shorten it in its config_sentence_transformers.json"
            )
        self._record = EncoderRecord(
            model=located.name,
            sha256=located.sha256,
            dimension=int(dimension),
            max_tokens=self.max_length - reserved,
            query_prompt=prompts.query,
            passage_prompt=prompts.passage,
            runtime="sentence-transformers",
            device=device,
        )

    @property
    def record(self) -> EncoderRecord:
        return self._record

    @property
    def version(self) -> str:
        libraries = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
        settings = settings_sha256(self._located.folder)
        return repr((replace(self._record, model=""), settings, libraries))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return count_tokens(self.tokenizer, texts)

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        vectors = self._encode(self.model.encode_document, texts, self._record.passage_prompt)
        advance(len(texts))
        return vectors

    def encode_queries(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        with self._lock:
            return self._encode(self.model.encode_query, texts, self._record.query_prompt)

    def save(self, folder: Path) -> None:
        """Write nothing: questions need the model itself."""

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self._record.dimension), dtype=np.float32)
        vectors = encode(
            list(texts),
            prompt=prompt,
            batch_size=_BATCH_SIZES[self._device],
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return checked(np.asarray(vectors, dtype=np.float32))
