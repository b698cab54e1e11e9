"""Tiny real models: untrained weights, a tokenizer trained on a few lines, saved as any model is."""

from pathlib import Path

import pytest

_LINES = [
    "User: What is the capital of France?\n\nSparrow: Paris is the capital of France [1].",
    "Search Result [1]: France (example.org)\n> Paris is the capital and largest city of France.",
    "yes no Yes No maybe Hello! The bridge was built in 1889, and rivers are long — naïve café.",
]
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _tokenizer(*, chat_template: str | None):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=specials,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(_LINES * 20, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token="<|endoftext|>",
        additional_special_tokens=specials[1:],
    )
    if chat_template:
        tokenizer.chat_template = chat_template
    return tokenizer


def _save_base(folder: Path, *, positions: int) -> Path:
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = _tokenizer(chat_template=None)
    torch.manual_seed(1)
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=positions, n_embd=32, n_layer=2, n_head=2,
        bos_token_id=0, eos_token_id=0, initializer_range=0.4,
    )  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _save_chat(folder: Path, *, positions: int) -> Path:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer(chat_template=_TEMPLATE)
    torch.manual_seed(2)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=48, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=positions,
        bos_token_id=0, eos_token_id=0, initializer_range=0.4,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def base_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 of 512 positions without a chat template."""
    return _save_base(tmp_path_factory.mktemp("models") / "base", positions=512)


@pytest.fixture(scope="session")
def chat_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of 1,024 positions with a chat template."""
    return _save_chat(tmp_path_factory.mktemp("models") / "chat", positions=1_024)


@pytest.fixture(scope="session")
def roomy_base_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same GPT-2 with room for a whole turn."""
    return _save_base(tmp_path_factory.mktemp("models") / "roomy-base", positions=4_096)


@pytest.fixture(scope="session")
def roomy_chat_model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same Llama with room for a whole turn."""
    return _save_chat(tmp_path_factory.mktemp("models") / "roomy-chat", positions=8_192)
