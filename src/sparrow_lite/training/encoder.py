"""The network that is trained: a small BERT whose word embeddings stay as they are, and a head of its own.

The word embeddings are half of such a model's weights. Frozen, they are shipped once for all judges, and
words that the training data lacks keep the place that pretraining gave them.
"""

from pathlib import Path
from typing import Any

from sparrow_lite.encoders.pieces import Pieces
from sparrow_lite.encoders.weights import read_tokenizer
from sparrow_lite.errors import ConfigError


def load_encoder(base: Path) -> tuple[Any, Any]:
    """Return the transformers model and the `tokenizers` tokenizer of a checkpoint's folder.

    Raises:
        ConfigError: When the folder holds no BERT checkpoint with a `tokenizer.json`.
    """
    from transformers import AutoConfig, AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    tokenizer = base / "tokenizer.json"
    if not tokenizer.is_file() or not (base / "config.json").is_file():
        raise ConfigError(f"{base} holds no checkpoint: give a folder with config.json and tokenizer.json.")
    config = AutoConfig.from_pretrained(base, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0)
    if config.model_type != "bert":
        raise ConfigError(f"{base} holds a {config.model_type} model: the judges are trained from a BERT.")
    model = AutoModel.from_pretrained(base, config=config, add_pooling_layer=False)
    model.embeddings.word_embeddings.weight.requires_grad_(False)
    return model, read_tokenizer(tokenizer)


def pad(encoded: list[Pieces], device: Any) -> dict[str, Any]:
    """Return (ids, types) of several texts as tensors of shape (texts, longest): ids, types and mask."""
    import torch

    longest = max(len(ids) for ids, _ in encoded)
    ids = torch.zeros(len(encoded), longest, dtype=torch.long)
    types = torch.zeros_like(ids)
    mask = torch.zeros_like(ids)
    for at, (one, kinds) in enumerate(encoded):
        ids[at, : len(one)] = torch.tensor(one)
        types[at, : len(kinds)] = torch.tensor(kinds)
        mask[at, : len(one)] = 1
    tensors = {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}
    return {name: tensor.to(device) for name, tensor in tensors.items()}
