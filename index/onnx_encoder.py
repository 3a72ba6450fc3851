"""Encodes with a model exported to ONNX, by ONNX Runtime (https://onnxruntime.ai): fast, and without torch.

Each text is run by itself, as many at once as there are cores, each on one thread. So no text is padded, and 8-bit
integers, whose scale follows the largest value of a run, do not depend on which texts come together. Batches were no
faster on a CPU (docs/performance.md).
"""

import hashlib
import importlib.metadata
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoder import Vectors, checked
from index.manifest import EncoderRecord
from index.models import EncoderError
from index.progress import Advance

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
"""Cuts at the number of tokens that the model takes in."""
INPUTS = ("input_ids", "attention_mask")

_LIBRARIES = ("onnxruntime", "tokenizers")
"""Other versions of these may embed a text a little differently."""


class OnnxEncoder:
    """An `Encoder` that needs only the files of a folder."""

    def __init__(self, folder: Path, record: EncoderRecord) -> None:
        """Loads the model. Raises EncoderError when ONNX Runtime cannot."""
        self._folder = folder
        self._record = record
        self._cores = os.cpu_count() or 1
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # neither library documents a common base of what it raises
            raise EncoderError(f"the encoder in {folder} cannot be loaded: {error}") from error

    @property
    def record(self) -> EncoderRecord:
        return self._record

    @property
    def version(self) -> str:
        files = [(self._folder / name).read_bytes() for name in (MODEL_FILE, TOKENIZER_FILE)]
        libraries = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
        prompts = (self._record.query_prompt, self._record.passage_prompt)
        return repr(([hashlib.sha256(content).hexdigest() for content in files], prompts, libraries))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, those beyond the model's limit too."""
        whole = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) + sum(map(len, encoding.overflowing)) for encoding in whole]

    def encode_passages(self, texts: Sequence[str], advance: Advance) -> Vectors:
        rows = []
        encodings = self._tokenizer.encode_batch_fast([self._record.passage_prompt + text for text in texts])
        with ThreadPoolExecutor(self._cores) as pool:
            for row in pool.map(self._run, [encoding.ids for encoding in encodings]):
                rows.append(row)
                advance(1)
        return self._stacked(rows)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder.encode_queries`. One after the other: on other cores a server encodes other questions."""
        encodings = self._tokenizer.encode_batch_fast([self._record.query_prompt + text for text in texts])
        return self._stacked([self._run(encoding.ids) for encoding in encodings])

    def save(self, folder: Path) -> None:
        """Copy the model and its tokenizer."""
        folder.mkdir()
        for name in (MODEL_FILE, TOKENIZER_FILE):
            shutil.copyfile(self._folder / name, folder / name)

    def _run(self, ids: list[int]) -> NDArray[np.float32]:
        tokens = np.array([ids], dtype=np.int64)
        (embeddings,) = self._session.run(None, dict(zip(INPUTS, (tokens, np.ones_like(tokens)), strict=True)))
        row: NDArray[np.float32] = embeddings[0]
        return row

    def _stacked(self, rows: list[NDArray[np.float32]]) -> Vectors:
        if not rows:
            return np.empty((0, self._record.dimension), dtype=np.float32)
        return checked(np.stack(rows))
