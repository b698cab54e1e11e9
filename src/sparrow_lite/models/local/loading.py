"""Loads a local model of transformers, from a folder or the Hugging Face hub."""

from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.models.local.model import TransformersModel
from sparrow_lite.models.local.room import require_room
from sparrow_lite.options import ModelOptions

_DTYPES = ("auto", "float32", "float16", "bfloat16")
_QUANTIZATIONS = ("none", "int8", "int4")
_COMMIT_DIGITS = 40


def open_transformers(name: str, options: ModelOptions) -> TransformersModel:
    """Return the model of `hf:NAME_OR_PATH`; for a folder nothing is asked of the network.

    Code that comes with a model is never run.

    Raises:
        ConfigError: For options that cannot be used, or that this machine cannot fulfil.
        ModelError: When the model is missing, cannot be loaded, or is larger than the machine.
    """
    import httpx
    from safetensors import SafetensorError
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    source = name.partition(":")[2]
    folder = _folder(source)
    arguments = _loading_arguments(name, options)
    where: dict[str, Any] = {"revision": options.revision, "local_files_only": folder is not None}
    try:
        config = AutoConfig.from_pretrained(folder or source, trust_remote_code=False, **where)
        require_room(
            name,
            config,
            dtype=options.dtype,
            quantization=options.quantization,
            device_map=arguments["device_map"],
        )
        tokenizer = AutoTokenizer.from_pretrained(folder or source, **where)
        model = AutoModelForCausalLM.from_pretrained(folder or source, **where, **arguments)
    except (OSError, ValueError, LookupError, RuntimeError, ImportError) as error:
        raise _unloadable(name, folder, error) from error
    except (httpx.HTTPError, SafetensorError) as error:
        raise _unloadable(name, folder, error) from error
    model.eval()  # type: ignore[no-untyped-call]
    revision = None if folder else _commit(source, options.revision)
    return TransformersModel(name=name, model=model, tokenizer=tokenizer, revision=revision)


def _folder(source: str) -> Path | None:
    """Return the folder that the source names; None for a name on the hub.

    Raises:
        ModelError: When the source is a path and nothing is there.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        return path
    if source.startswith((".", "/", "~")) or source.count("/") > 1:
        raise ModelError(
            f"There is no model folder {source}: give a folder that `save_pretrained` wrote, or a "
            "name on the Hugging Face hub, such as hf:ORGANISATION/MODEL.",
            retryable=False,
        )
    return None


def _loading_arguments(name: str, options: ModelOptions) -> dict[str, Any]:
    import torch

    _check_choice("dtype", options.dtype, _DTYPES)
    _check_choice("quantization", options.quantization, _QUANTIZATIONS)
    has_gpu = torch.accelerator.is_available()
    device_map = options.device_map
    if device_map == "auto" and not has_gpu:
        device_map = "cpu"
    if device_map.startswith("cuda") and not torch.cuda.is_available():
        raise ConfigError(
            f"device_map is {device_map!r}, but this machine has no GPU that torch can use: "
            "set it to cpu or auto."
        )
    arguments = {"dtype": options.dtype, "device_map": device_map, "trust_remote_code": False}
    if options.quantization != "none":
        arguments["quantization_config"] = _quantized(name, options)
    return arguments


def _quantized(name: str, options: ModelOptions) -> Any:
    from importlib.util import find_spec

    import torch
    from transformers import BitsAndBytesConfig

    wish = f"{name} with quantization {options.quantization!r}"
    if not torch.cuda.is_available():
        raise ConfigError(f"{wish} needs a GPU, and torch finds none: set quantization to none.")
    if find_spec("bitsandbytes") is None:
        raise ConfigError(f"{wish} needs another package: pip install bitsandbytes.")
    if options.quantization == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)  # type: ignore[no-untyped-call]
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
    )


def _check_choice(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigError(f"{option} is {value!r}: choose one of {', '.join(choices)}.")


def _unloadable(name: str, folder: Path | None, error: Exception) -> ModelError:
    line = " ".join(str(error).split())[:300]
    advice = (
        "check that the folder holds a causal language model and its tokenizer"
        if folder
        else "check the name, the network, and `hf auth login` for gated models"
    )
    return ModelError(f"{name} cannot be loaded: {line} — {advice}.", retryable=False)


def _commit(source: str, revision: str | None) -> str | None:
    """Return the commit that the cache holds for this name; None when the cache does not say."""
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(source, "config.json", revision=revision or "main")
    commit = Path(cached).parent.name if isinstance(cached, str) else ""
    return commit if len(commit) == _COMMIT_DIGITS else None
