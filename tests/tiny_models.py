"""Models of one small layer with random weights, saved as real ones are: what tests need to know of other models."""

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    PreTrainedModel,
    RobertaConfig,
    RobertaModel,
)
from transformers.utils.logging import disable_progress_bar

POSITIONS = 40
DIMENSION = 32
SPECIAL = ("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = (*string.ascii_lowercase, *string.digits, *string.punctuation)
VOCABULARY = (*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), "query", "passage", "tea", "oil", "hills")

SIZES: dict[str, Any] = {
    "vocab_size": len(VOCABULARY),
    "hidden_size": DIMENSION,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": POSITIONS,
    "pad_token_id": SPECIAL.index("[PAD]"),
    "initializer_range": 0.5,  # so that texts, and scores, lie far apart
}

disable_progress_bar()  # type: ignore[no-untyped-call]


def save_encoder(
    folder: Path,
    prompts: Mapping[str, str] | None = None,
    default_prompt: str | None = None,
    *,
    seed: int = 0,
    dtype: torch.dtype = torch.float32,
    roberta: bool = False,
) -> Path:
    """A SentenceTransformer with mean pooling and without a Normalize module, saved in `folder`."""
    torch.manual_seed(seed)
    model = RobertaModel(RobertaConfig(**SIZES)) if roberta else BertModel(BertConfig(**SIZES))
    _save(model.to(dtype), folder)  # type: ignore[arg-type]  # as transformers declares it
    transformer = Transformer(str(folder))
    SentenceTransformer(
        modules=[transformer, Pooling(DIMENSION)],
        prompts=dict(prompts or {}),
        default_prompt_name=default_prompt,
        device="cpu",
    ).save(str(folder), create_model_card=False)
    return folder


def save_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder with so many labels, saved in `folder`."""
    torch.manual_seed(1)
    _save(BertForSequenceClassification(BertConfig(**{**SIZES, "num_labels": labels})), folder)
    return folder


def _save(model: PreTrainedModel, folder: Path) -> None:
    model.save_pretrained(folder)
    BertTokenizer(vocab={token: place for place, token in enumerate(VOCABULARY)}).save_pretrained(folder)
