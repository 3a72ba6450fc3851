"""A reranker: a cross-encoder that reads question and passage together, with sentence-transformers (https://sbert.net).

It costs some hundred times what ranking costs, so it reads only the best passages, and only where one is asked for.
"""

import threading
from collections.abc import Sequence

import numpy as np

from index.model_settings import limit_input
from index.models import EncoderError, LocatedModel, locate

RERANKED = 50
"""Of the ranked passages, how many are read and put in a new order."""

BATCH_SIZE = 16


class Reranker:
    """A cross-encoder in 32-bit floats on the CPU. Safe to share between threads."""

    def __init__(self, model: LocatedModel) -> None:
        """Loads the model. Raises EncoderError for one that cannot be loaded or gives no single score."""
        from sentence_transformers import CrossEncoder  # costs seconds: only where a reranker is asked for
        from torch.nn import Identity
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]  # standard error belongs to the command
        self.model = model
        self._lock = threading.Lock()  # the tokenizer changes itself while it truncates
        self._as_it_is = Identity()
        try:
            self._model = CrossEncoder(
                str(model.folder), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
            )
            limit_input(self._model)
            labels = self._model.num_labels
            trained = len(self._model) > 1 or any(
                name.endswith("ForSequenceClassification") for name in self._model.config.architectures or ()
            )
        except Exception as error:  # whatever a damaged model, or one of another kind, makes a library raise
            raise EncoderError(f"the reranker in {model.folder} cannot be loaded: {error}") from error
        if labels != 1:
            raise EncoderError(
                f"the model {model.name} gives {labels} labels, and a reranker gives one score; "
                "give a cross-encoder that was trained to rank passages"
            )
        if not trained:  # sentence-transformers would give it a random head
            raise EncoderError(
                f"the model {model.name} is no cross-encoder, so it cannot score a passage for a question; "
                "give a cross-encoder that was trained to rank passages"
            )

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """How well each passage answers `question`: the logistic function of what the model gives, between 0 and 1.

        What exceeds the model's limit is not read. The scores are for order: how far they are probabilities is up to
        the model.
        """
        if not passages:
            return []
        with self._lock:
            logits = self._model.predict(
                [(question, passage) for passage in passages],
                batch_size=BATCH_SIZE,
                activation_fn=self._as_it_is,
                show_progress_bar=False,
            )
        # In 64 bits, where high scores still differ: in 32 all logits from 17 on would be 1.
        scores: list[float] = (1 / (1 + np.exp(-np.asarray(logits, dtype=np.float64)))).tolist()
        return scores


def load_reranker(name: str) -> Reranker:
    """The cross-encoder in the folder `name`, or of that name on the hub, fetched where it is not in the local cache.

    Raises EncoderError.
    """
    return Reranker(locate(name, download=True))
