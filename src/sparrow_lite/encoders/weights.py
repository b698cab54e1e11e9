"""Where the weights lie, and the table of word embeddings that all encoders share.

A folder of weights holds `tokenizer.json`, `words.npy` (8-bit embeddings, a row a word piece), `scales.npy`
(what a row's numbers are multiplied by), and for each judge `<name>.onnx` and `<name>.json`.
"""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError

_SHIPPED = Path(__file__).parent / "weights"


def open_words(own_dir: Path | None) -> "Words":
    """Return the words of the user's own folder of weights, or of the shipped one.

    Raises:
        ConfigError: When the folder lacks the shared files.
    """
    folder = own_dir or _SHIPPED
    lacking = [
        name for name in ("tokenizer.json", "words.npy", "scales.npy") if not (folder / name).is_file()
    ]
    if lacking:
        raise ConfigError(f"{folder} lacks {lacking[0]}: give a folder that `sparrow-lite train` wrote.")
    return _words_of(folder)


@lru_cache(maxsize=4)
def _words_of(folder: Path) -> "Words":
    """The judges and the reader of one folder share its tokenizer and its table."""
    return Words(folder)


def read_tokenizer(path: Path) -> Any:
    """Return the `tokenizers` tokenizer of a file, without the padding and truncation that it may ask for."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@dataclass(frozen=True)
class Words:
    """The word pieces and their embeddings; read when first used, kept in mapped memory.

    Attributes:
        folder: Of the weights.
    """

    folder: Path

    @cached_property
    def tokenizer(self) -> Any:
        """The `tokenizers` tokenizer, without padding or truncation."""
        return read_tokenizer(self.folder / "tokenizer.json")

    @cached_property
    def _table(self) -> tuple[Any, Any]:
        import numpy as np

        return np.load(self.folder / "words.npy", mmap_mode="r"), np.load(self.folder / "scales.npy")

    def embed(self, ids: Any) -> Any:
        """Return the embeddings of an array of ids, shape (*ids.shape, size), float32."""
        table, scales = self._table
        return table[ids].astype("float32") * scales[ids][..., None]


def read_constants(folder: Path, name: str) -> dict[str, Any]:
    """Return what was fitted beside a judge's network: thresholds, temperatures, weights.

    Raises:
        ConfigError: When the folder has no such judge.
    """
    path = folder / f"{name}.json"
    if not path.is_file():
        raise ConfigError(f"{folder} has no {name} weights: run `sparrow-lite train {name}` into it.")
    return dict(json.loads(path.read_text(encoding="utf-8")))
