"""What a loaded sentence-transformers model says of itself: its prompts, and how much text it takes in."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_INPUT = 512
"""Tokens that a model is given at most, whatever more it takes: a passage is quoted whole and should say one thing, and
what attention needs in memory grows with the square."""

PADDING = 16
"""With 8, very short texts were still embedded a little differently alone and in company (docs/architecture.md)."""

_PASSAGE_PROMPTS = ("document", "passage", "corpus")
"""Names that models give their prompt for passages."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """What a model wants put before a question and before a passage; most want nothing."""

    query: str = ""
    passage: str = ""


def choose_prompts(named: Mapping[str, str | None], default: str | None) -> Prompts:
    """The prompts for the two roles among those a model names; that named `default` where neither has its own.

    Chosen here because sentence-transformers 6 takes the empty "document" prompt that every model has there for one
    that is meant, and so never uses a prompt that the model calls "passage", as the E5 models do.
    """
    query = named.get("query") or ""
    passage = next((prompt for name in _PASSAGE_PROMPTS if (prompt := named.get(name))), "")
    if query or passage or default is None:
        return Prompts(query, passage)
    prompt = named.get(default) or ""
    return Prompts(prompt, prompt)


def limit_input(model: Any) -> int:
    """Make the sentence-transformers `model` cut what it is given at the number of tokens returned.

    That is what it states, prompt and special tokens included, but no more than it has positions for, nor than
    `LONGEST_INPUT`. A model without attention has no length at which it cuts, and keeps none.
    """
    stated = model.max_seq_length or math.inf
    limit = int(min(LONGEST_INPUT, stated, *_positions(model)))
    if stated < math.inf:
        model.max_seq_length = limit
    return limit


def pad_alike(model: Any, limit: int) -> None:
    """Make the sentence-transformers `model`, which cuts at `limit` tokens, pad texts to multiples of `PADDING`.

    With matrices of few shapes the same text gets the same embedding, bit for bit, whatever texts share its batch.
    """
    for module in model:
        if hasattr(module, "processing_kwargs"):
            module.processing_kwargs = {"text": {"pad_to_multiple_of": math.gcd(PADDING, limit)}}


def _positions(model: Any) -> list[int]:
    """Places in each table of position embeddings."""
    tables: list[Any] = [getattr(module, "position_embeddings", None) for module in model.modules()]
    # RoBERTa and its kin count positions from beyond the one that stands for padding.
    return [
        table.num_embeddings - (0 if table.padding_idx is None else table.padding_idx + 1)
        for table in tables
        if hasattr(table, "num_embeddings")
    ]


def special_tokens(tokenizer: Any) -> int:
    """How many tokens the model's tokenizer adds to a text."""
    return len(tokenizer("")["input_ids"]) if _is_of_transformers(tokenizer) else 0


def count_tokens(tokenizer: Any, texts: Sequence[str]) -> list[int]:
    """Tokens the model's tokenizer makes of each text, special ones not counted."""
    if not texts:
        return []
    if _is_of_transformers(tokenizer):
        encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]
    return [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def _is_of_transformers(tokenizer: Any) -> bool:
    return callable(tokenizer)  # that of a static model is of the tokenizers library, which is not
