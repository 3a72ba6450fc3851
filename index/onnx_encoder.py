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
from functools import partial
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

_HELPED_THREADS = 2
"""Of a question that is alone: they take 0.6 of the time, and a third more of the processors (docs/performance.md)."""

_UNFUSED = ["SkipLayerNormFusion"]
"""The sum of two layers normalised in one node takes six times as long as in two: only the second is vectorised."""

_LIBRARIES = ("onnxruntime", "tokenizers")
"""Other versions of these may embed a text a little differently."""


class OnnxEncoder:
    """An `Encoder` that needs only the files of a folder."""

    def __init__(self, folder: Path, record: EncoderRecord) -> None:
        """Loads the model. Raises EncoderError when ONNX Runtime cannot."""
        self._folder = folder
        self._record = record
        self._cores = os.cpu_count() or 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = _session(folder / MODEL_FILE, threads=1)
            self._helped = _session(folder / MODEL_FILE, min(self._cores, _HELPED_THREADS))
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
            for row in pool.map(partial(_run, self._session), [encoding.ids for encoding in encodings]):
                rows.append(row)
                advance(1)
        return self._stacked(rows)

    def encode_queries(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        """See `Encoder.encode_queries`. One after the other: on other cores a server encodes other questions."""
        session = self._helped if alone else self._session
        encodings = self._tokenizer.encode_batch_fast([self._record.query_prompt + text for text in texts])
        return self._stacked([_run(session, encoding.ids) for encoding in encodings])

    def save(self, folder: Path) -> None:
        """Copy the model and its tokenizer."""
        folder.mkdir()
        for name in (MODEL_FILE, TOKENIZER_FILE):
            shutil.copyfile(self._folder / name, folder / name)

    def _stacked(self, rows: list[NDArray[np.float32]]) -> Vectors:
        if not rows:
            return np.empty((0, self._record.dimension), dtype=np.float32)
        return checked(np.stack(rows))


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors
    options.add_session_config_entry("session.force_spinning_stop", "1")  # else they keep a core busy after each run
    return onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=_UNFUSED
    )


def _run(session: onnxruntime.InferenceSession, ids: list[int]) -> NDArray[np.float32]:
    tokens = np.array([ids], dtype=np.int64)
    (embeddings,) = session.run(None, dict(zip(INPUTS, (tokens, np.ones_like(tokens)), strict=True)))
    row: NDArray[np.float32] = embeddings[0]
    return row
