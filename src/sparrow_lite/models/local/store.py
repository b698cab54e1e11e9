"""Keys and values of tokens that a model has read, for every layer, in buffers that grow."""

from collections.abc import Sequence
from typing import Any

_GROWTH = 1.25
_STEP = 32  # buffers grow to a multiple of it, so that a few tokens more cost no new buffer


class KeyValues:
    """Keys and values of some rows of equally many tokens.

    A layer's tensors are of the shape rows x heads x tokens x size. What lies beyond `length` is not read: a
    pass that fails half-way leaves nothing behind.
    """

    def __init__(self, rows: int = 1) -> None:
        self.rows = rows
        self.length = 0
        self._keys: dict[int, Any] = {}
        self._values: dict[int, Any] = {}

    @property
    def bytes(self) -> int:
        """What the buffers take."""
        buffers = [*self._keys.values(), *self._values.values()]
        return sum(buffer.numel() * buffer.element_size() for buffer in buffers)

    def put(self, layer: int, keys: Any, values: Any) -> None:
        """Put a layer's new tokens behind the `length` old ones; `advance` makes them count."""
        self._keys[layer] = self._written(self._keys.get(layer), keys)
        self._values[layer] = self._written(self._values.get(layer), values)

    def advance(self, tokens: int) -> None:
        """Count the tokens that every layer has put."""
        self.length += tokens

    def read(self, layer: int, stop: int) -> tuple[Any, Any]:
        """Return a layer's keys and values of the first `stop` tokens, as views."""
        return self._keys[layer][:, :, :stop], self._values[layer][:, :, :stop]

    def crop(self, length: int) -> None:
        """Forget all tokens from `length` on."""
        self.length = min(self.length, length)

    def copy(self, length: int) -> "KeyValues":
        """Return a copy of the first `length` tokens."""
        copied = KeyValues(self.rows)
        copied.length = length
        copied._keys = {layer: keys[:, :, :length].clone() for layer, keys in self._keys.items()}
        copied._values = {layer: values[:, :, :length].clone() for layer, values in self._values.items()}
        return copied

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows alone, in this order."""
        if list(rows) == list(range(self.rows)):
            return
        self.rows = len(rows)
        self._keys = {layer: keys[list(rows)] for layer, keys in self._keys.items()}
        self._values = {layer: values[list(rows)] for layer, values in self._values.items()}

    def _written(self, buffer: Any, new: Any) -> Any:
        stop = self.length + new.shape[2]
        if buffer is None or buffer.shape[2] < stop:
            room = -(-int(stop * _GROWTH) // _STEP) * _STEP
            grown = new.new_empty((new.shape[0], new.shape[1], room, new.shape[3]))
            if buffer is not None:
                grown[:, :, : self.length] = buffer[:, :, : self.length]
            buffer = grown
        buffer[:, :, self.length : stop] = new
        return buffer
