"""Tiny untrained models with the architectures of real families."""

from collections.abc import Callable, Mapping
from typing import Any

VOCABULARY = 97
WINDOW = 24  # far shorter than the prompts of the tests, so that it bites
_SIZES = {
    "vocab_size": VOCABULARY, "hidden_size": 48, "intermediate_size": 64, "num_hidden_layers": 3,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 512,
    "initializer_range": 0.3, "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0,
}  # fmt: skip


def _llama() -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(**_SIZES))


def _qwen2() -> Any:
    from transformers import Qwen2Config, Qwen2ForCausalLM

    return Qwen2ForCausalLM(Qwen2Config(**_SIZES))


def _qwen3() -> Any:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(Qwen3Config(**_SIZES, head_dim=16))


def _mistral() -> Any:
    from transformers import MistralConfig, MistralForCausalLM

    return MistralForCausalLM(MistralConfig(**_SIZES, sliding_window=None))


def _mistral_sliding() -> Any:
    from transformers import MistralConfig, MistralForCausalLM

    return MistralForCausalLM(MistralConfig(**_SIZES, sliding_window=WINDOW))


def _gemma2() -> Any:
    from transformers import Gemma2Config, Gemma2ForCausalLM

    config = Gemma2Config(
        **_SIZES, head_dim=16, sliding_window=WINDOW, attn_logit_softcapping=5.0, query_pre_attn_scalar=16
    )
    return Gemma2ForCausalLM(config)


def _gemma3() -> Any:
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    config = Gemma3TextConfig(**_SIZES, head_dim=16, sliding_window=WINDOW, query_pre_attn_scalar=16)
    return Gemma3ForCausalLM(config)


def _gpt2() -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=VOCABULARY, n_positions=512, n_embd=32, n_layer=2, n_head=2, initializer_range=0.4,
        bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    return GPT2LMHeadModel(config)


def _mixtral() -> Any:
    from transformers import MixtralConfig, MixtralForCausalLM

    return MixtralForCausalLM(MixtralConfig(**_SIZES, num_local_experts=2))


def _lfm2() -> Any:
    from transformers import Lfm2Config, Lfm2ForCausalLM

    return Lfm2ForCausalLM(Lfm2Config(**_SIZES, layer_types=["conv", "full_attention", "conv"]))


def _bloom() -> Any:
    from transformers import BloomConfig, BloomForCausalLM

    config = BloomConfig(
        vocab_size=VOCABULARY, hidden_size=32, n_layer=2, n_head=2, initializer_range=0.4,
        bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    return BloomForCausalLM(config)


def _gpt_oss() -> Any:
    from transformers import GptOssConfig, GptOssForCausalLM

    sizes = {**_SIZES, "num_local_experts": 2, "num_experts_per_tok": 1}
    return GptOssForCausalLM(GptOssConfig(**sizes, head_dim=16, sliding_window=WINDOW))


def _mamba() -> Any:
    from transformers import MambaConfig, MambaForCausalLM

    config = MambaConfig(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, state_size=4,
        bos_token_id=0, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    return MambaForCausalLM(config)


PACKED: Mapping[str, Callable[[], Any]] = {
    "llama": _llama,
    "qwen2": _qwen2,
    "qwen3": _qwen3,
    "mistral": _mistral,
    "mistral with a window": _mistral_sliding,
    "gemma2": _gemma2,
    "gemma3": _gemma3,
    "gpt2": _gpt2,
    "mixtral": _mixtral,
}
"""Families whose attention packs sequences."""

OTHERS: Mapping[str, tuple[Callable[[], Any], str]] = {
    "lfm2, convolutions beside attention": (_lfm2, "BatchReader"),
    "bloom, slopes by position": (_bloom, "BatchReader"),
    "gpt-oss, sinks": (_gpt_oss, "BatchReader"),
    "mamba": (_mamba, "PlainReader"),
}
"""Families that take a slower way, and which."""


def make(build: Callable[[], Any]) -> Any:
    """Return the model with the same weights every time, ready to read."""
    import torch

    torch.manual_seed(3)
    return build().eval()
