"""Writing with transformers' own `generate`: for models or settings that `writing.py` does not know."""

from collections.abc import Callable, Sequence
from typing import Any

from sparrow_lite.models.base import Sampling
from sparrow_lite.models.local.streams import Stream

GoesOn = Callable[[Sequence[int]], bool]


def generate(
    model: Any, ids: Sequence[int], sampling: Sampling, stream: Stream, ending: tuple[int, int | None, GoesOn]
) -> None:
    """Write one text into the stream, and leave the caller's random numbers alone.

    Args:
        model: The transformers model.
        ids: The prompt.
        sampling: How to sample; a model's own top-p and top-k stay in force.
        stream: Takes the tokens.
        ending: Most new tokens that the context has room for, the padding token, and what is told all that
            is written after each token and returns whether the text goes on.
    """
    import torch

    prompt = torch.tensor([list(ids)], device=model.device)
    room, pad, goes_on = ending

    def stop(every: Any, _scores: Any, **_: Any) -> Any:
        halted = not goes_on(every[0, len(ids) :].tolist())
        return torch.full((every.shape[0],), halted, device=every.device, dtype=torch.bool)

    devices = [model.device] if model.device.type == "cuda" else []
    with torch.inference_mode(), torch.random.fork_rng(devices=devices):
        torch.manual_seed(sampling.seed)
        model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            streamer=stream,
            stopping_criteria=[stop],
            max_new_tokens=min(sampling.max_tokens, room),
            pad_token_id=pad,
            **_arguments(sampling),
        )


def _arguments(sampling: Sampling) -> dict[str, Any]:
    if sampling.temperature <= 0.0:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    return {"do_sample": True, "temperature": sampling.temperature}
