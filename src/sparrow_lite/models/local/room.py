"""Whether a model fits the machine, found out before its weights are loaded or even fetched."""

from pathlib import Path
from typing import Any

from sparrow_lite.errors import ModelError

_GIB = 1 << 30
_CGROUP = Path("/sys/fs/cgroup")
_QUANTIZED_BYTES = {"int8": 1.0, "int4": 0.5}


def require_room(name: str, config: Any, *, dtype: str, quantization: str, device_map: str) -> None:
    """Check that the weights fit into the memory of the devices they are meant for.

    Args:
        name: The model's name, for the error.
        config: Its configuration, which tells the number of weights.
        dtype: As in `ModelOptions`.
        quantization: As in `ModelOptions`; weights that are stored quantized are not checked.
        device_map: Where they go: `cpu`, a `cuda` device, or `auto` for both.

    Raises:
        ModelError: When they do not fit, with what is needed and what there is.
    """
    if getattr(config, "quantization_config", None) is not None:
        return
    count = _weights(config)
    if count is None:
        return
    needed = count * _QUANTIZED_BYTES.get(quantization, _bytes_each(config, dtype))
    free = free_bytes(device_map)
    if needed > free:
        raise ModelError(
            f"{name} has {count / 1e9:.1f} billion weights, which need {needed / _GIB:.1f} GiB; "
            f"{free / _GIB:.1f} GiB are free (device_map {device_map!r}): take a smaller model, "
            "dtype bfloat16, or on a GPU quantization int8 or int4.",
            retryable=False,
        )


def free_bytes(device_map: str) -> int:
    """Return the memory that weights may take on these devices now."""
    import torch

    total = 0
    if device_map != "cpu" and torch.cuda.is_available():
        total += sum(torch.cuda.mem_get_info(device)[0] for device in range(torch.cuda.device_count()))
    if not device_map.startswith("cuda"):
        total += _free_main_memory()
    return total


def _free_main_memory() -> int:
    """Return what the machine has free, or the container where that is less."""
    import psutil

    free: int = psutil.virtual_memory().available
    try:
        limit = (_CGROUP / "memory.max").read_text(encoding="ascii").strip()
        used = (_CGROUP / "memory.current").read_text(encoding="ascii").strip()
        return min(free, max(0, int(limit) - int(used)))
    except (OSError, ValueError):  # no such container, or one without a limit: the word `max`
        return free


def _weights(config: Any) -> int | None:
    """Return how many weights a model of this configuration has; None when it cannot be built so."""
    import torch
    from transformers import AutoModelForCausalLM

    try:
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
                config, trust_remote_code=False
            )
    except (ValueError, TypeError, LookupError, RuntimeError, ImportError, OSError):
        return None  # loading will say what is wrong
    count: int = sum(weight.numel() for weight in model.parameters())
    return count


def _bytes_each(config: Any, dtype: str) -> int:
    import torch

    stored = config.dtype if dtype == "auto" else getattr(torch, dtype)
    size: int = (stored or torch.float32).itemsize
    return size
