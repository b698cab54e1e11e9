"""From a trained network to the files that ship: ONNX with 8-bit weights, and the shared table of words."""

import gzip
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sparrow_lite.errors import ConfigError


def export_network(module: Any, path: Path, *, outputs: Sequence[str], size: int) -> None:
    """Write a module of (words, types, mask) as ONNX with 8-bit weights.

    Args:
        module: Takes `inputs_embeds`, `token_type_ids` and `attention_mask`.
        path: Of the `.onnx` file.
        outputs: Names of its outputs.
        size: Of a word's embedding.

    Raises:
        ConfigError: When the packages of the extra `train` are not installed.
    """
    import torch

    words = torch.randn(2, 9, size)
    types = torch.zeros(2, 9, dtype=torch.long)
    mask = torch.ones(2, 9, dtype=torch.long)
    mask[1, 7:] = 0
    axes = {"words": {0: "n", 1: "t"}, "types": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}}
    _export(_Named(module), (words, types, mask), path, inputs=axes, outputs=outputs)


def pack(path: Path) -> None:
    """Put a network into a `.gz` file in its place; the same network gives the same bytes."""
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()


def export_head(head: Any, path: Path, *, size: int) -> None:
    """Write a head of (states, mask, rules) as ONNX with 8-bit weights."""
    import torch

    given = (torch.randn(2, 9, size), torch.ones(2, 9, dtype=torch.long), torch.randn(3, size))
    axes = {"states": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}, "rules": {0: "r"}}
    _export(head, given, path, inputs=axes, outputs=["logits"])


def _Named(module: Any) -> Any:  # noqa: N802  # makes a class's instance; torch must be imported late
    import torch

    class Named(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.module = module

        def forward(self, words: Any, types: Any, mask: Any) -> Any:
            return self.module(inputs_embeds=words, token_type_ids=types, attention_mask=mask)

    return Named()


def _export(
    module: Any,
    given: tuple[Any, ...],
    path: Path,
    *,
    inputs: Mapping[str, Mapping[int, str]],
    outputs: Sequence[str],
) -> None:
    import torch

    try:
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError as error:
        raise ConfigError("Training needs more packages: pip install 'sparrow-lite[train]'.") from error
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module.eval(),
            given,
            str(plain),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: dict(axes) for name, axes in inputs.items()},
            opset_version=17,
            dynamo=False,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            plain,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            extra_options={"MatMulConstBOnly": True},
        )


def export_words(encoder: Any, tokenizer: Any, folder: Path) -> None:
    """Write the tokenizer and the table of embeddings, 8 bits a number with one scale a row."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    table = encoder.embeddings.word_embeddings.weight.detach().float().cpu().numpy()
    scales = np.maximum(np.abs(table).max(axis=1), 1e-8) / 127
    np.save(folder / "words.npy", np.round(table / scales[:, None]).astype(np.int8))
    np.save(folder / "scales.npy", scales.astype(np.float32))
    tokenizer.save(str(folder / "tokenizer.json"))


def write_constants(folder: Path, name: str, constants: Mapping[str, Any]) -> None:
    """Write what was fitted beside a network."""
    text = json.dumps(constants, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
