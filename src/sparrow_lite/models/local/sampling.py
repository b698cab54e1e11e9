"""How the next token is chosen: as transformers' `generate` chooses it, for one row at a time.

A row has its own random numbers, so that its text does not depend on what is written beside it.
"""

from collections.abc import Sequence
from typing import Any

from sparrow_lite.models.base import Sampling

_TOP_K = 50  # what `generate` takes where a model's configuration says nothing
_UNSET = (None, 0, 1, 1.0, False)
_UNUSUAL = (
    "guidance_scale", "sequence_bias", "bad_words_ids", "min_length", "min_new_tokens", "forced_bos_token_id",
    "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens",
    "begin_suppress_tokens", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff", "renormalize_logits",
    "watermarking_config", "num_beams", "penalty_alpha", "dola_layers", "stop_strings",
)  # fmt: skip


def is_usual(generation: Any) -> bool:
    """Return whether a model's generation settings are all known here; else `generate` itself must write."""
    return all(getattr(generation, name, None) in _UNSET for name in _UNUSUAL)


def end_tokens(generation: Any) -> frozenset[int]:
    """Return the tokens that end a text."""
    end = generation.eos_token_id
    if end is None:
        return frozenset()
    return frozenset(end if isinstance(end, list) else [end])


class Chooser:
    """Chooses the tokens of one text.

    Args:
        generation: The model's generation settings; its top-k, top-p, min-p and penalties stay in force.
        sampling: Temperature and seed.
        device: Where the logits are.
    """

    def __init__(self, generation: Any, sampling: Sampling, device: Any) -> None:
        import torch

        self._steps = _steps(generation, sampling)
        self._random = None
        if sampling.temperature > 0.0:
            self._random = torch.Generator(device=device).manual_seed(sampling.seed)

    def choose(self, before: Sequence[int], logits: Any) -> int:
        """Return the next token.

        Args:
            before: The prompt and all that is written.
            logits: Of the next token, in float32.
        """
        import torch

        scores = logits[None]
        if self._steps:
            ids = torch.tensor([list(before)], device=logits.device)
            for step in self._steps:
                scores = step(ids, scores)
        if self._random is None:
            return int(scores.argmax(dim=-1))
        shares = torch.softmax(scores, dim=-1)
        return int(torch.multinomial(shares, num_samples=1, generator=self._random))


def _steps(generation: Any, sampling: Sampling) -> list[Any]:
    """Return what changes the scores, in the order of `generate`."""
    from transformers import (
        MinPLogitsWarper,
        NoRepeatNGramLogitsProcessor,
        RepetitionPenaltyLogitsProcessor,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    steps: list[Any] = []
    if generation.repetition_penalty not in _UNSET:
        steps.append(RepetitionPenaltyLogitsProcessor(generation.repetition_penalty))
    if generation.no_repeat_ngram_size:
        steps.append(NoRepeatNGramLogitsProcessor(generation.no_repeat_ngram_size))
    if sampling.temperature <= 0.0:
        return steps
    if sampling.temperature != 1.0:
        steps.append(TemperatureLogitsWarper(sampling.temperature))
    top_k = _TOP_K if generation.top_k is None else generation.top_k
    if top_k:
        steps.append(TopKLogitsWarper(top_k))
    if generation.top_p is not None and generation.top_p < 1.0:
        steps.append(TopPLogitsWarper(generation.top_p))
    if generation.min_p is not None:
        steps.append(MinPLogitsWarper(generation.min_p))
    return steps
