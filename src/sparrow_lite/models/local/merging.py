"""Attention to one set of keys at a time, and its merging by log-sum-exp.

Tensors are rows x heads x tokens x size; log-sum-exps have the size 1, so that they multiply.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How scores are made, and where the queries and keys stand.

    Attributes:
        scale: Factor of the scores.
        softcap: Bound of the scores, as in Gemma 2; None for none.
        window: A query sees a key that is less than this many positions before it; None for no such bound.
        asked: Position of each query, row after row; empty when no window needs it.
        first: Position of the first key, of each row or of all.
    """

    scale: float
    softcap: float | None = None
    window: int | None = None
    asked: tuple[int, ...] = ()
    first: tuple[int, ...] = ()

    def at(self, asked: Sequence[int], first: int) -> "Part":
        """Return the part with queries at these positions, over keys from `first` on."""
        return replace(self, asked=tuple(asked), first=(first,)) if self.window is not None else self

    def at_rows(self, asked: Sequence[int], first: Sequence[int]) -> "Part":
        """The same with one query a row, and keys from another position in each."""
        return replace(self, asked=tuple(asked), first=tuple(first)) if self.window is not None else self

    @property
    def plain(self) -> bool:
        """Whether a fused kernel can do it."""
        return self.softcap is None and self.window is None


class Merged:
    """What queries saw so far: the weighted mean of values, and the log of the sum of weights."""

    def __init__(self, out: Any, weight: Any) -> None:
        self._out = out
        self._weight = weight

    @classmethod
    def empty(cls, query: Any, size: int) -> "Merged":
        """Return room for what these queries will see; all of it is to be `put`."""
        import torch

        rows, heads, asked, _ = query.shape
        out = query.new_empty((rows, asked, heads, size)).transpose(1, 2)
        return cls(out, query.new_empty((rows, heads, asked, 1), dtype=torch.float32))

    def put(self, where: slice, seen: tuple[Any, Any]) -> None:
        """Put what the queries of this run saw first."""
        self._out[:, :, where], self._weight[:, :, where] = seen

    def add(self, start: int, seen: tuple[Any, Any]) -> None:
        """Add what the queries from `start` on saw elsewhere."""
        import torch

        out, weight = seen
        where = slice(start, start + out.shape[2])
        before = self._weight[:, :, where]
        total = torch.logaddexp(before, weight)
        self._out[:, :, where].mul_((before - total).exp_()).add_(out.mul((weight - total).exp_()))
        self._weight[:, :, where] = total

    def result(self) -> Any:
        """Return what was seen in all."""
        return self._out


def look(query: Any, keys: Any, values: Any, part: Part) -> tuple[Any, Any]:
    """Return what the queries see of all keys, and the log of the weights' sum.

    The query heads that share a key head are laid behind each other as more queries, so that no key is
    repeated.
    """
    rows, heads, asked, size = query.shape
    shared = keys.shape[1]
    folded = query.reshape(rows, shared, heads // shared * asked, size)
    if part.plain:
        out, weight = _fused(folded, keys, values, part.scale, causal=False)
    else:
        hidden = None if part.window is None else _too_far(part, keys, heads // shared)
        out, weight = _by_hand(folded, keys, values, part, hidden)
    return out.reshape(rows, heads, asked, -1), weight.reshape(rows, heads, asked, 1)


def look_causally(query: Any, keys: Any, values: Any, part: Part) -> tuple[Any, Any]:
    """Return what each query sees of the keys up to its own, and the log of the weights' sum."""
    import torch

    times = query.shape[1] // keys.shape[1]
    if times > 1:
        keys, values = keys.repeat_interleave(times, dim=1), values.repeat_interleave(times, dim=1)
    if part.plain:
        return _fused(query, keys, values, part.scale, causal=True)
    places = torch.arange(query.shape[2], device=query.device)
    distance = places[:, None] - places[None, :]
    hidden = distance < 0
    if part.window is not None:
        hidden = hidden | (distance >= part.window)
    return _by_hand(query, keys, values, part, hidden)


def _too_far(part: Part, keys: Any, times: int) -> Any:
    """Return which keys lie beyond the window: rows or 1, 1, folded queries, keys."""
    import torch

    device = keys.device
    rows = len(part.first)
    asked = torch.tensor(part.asked, device=device).reshape(rows, -1, 1)
    first = torch.tensor(part.first, device=device).reshape(rows, 1, 1)
    distance = asked - (first + torch.arange(keys.shape[2], device=device))
    return (distance >= (part.window or 0)).repeat(1, times, 1).unsqueeze(1)


def _fused(query: Any, keys: Any, values: Any, scale: float, *, causal: bool) -> tuple[Any, Any]:
    import torch

    half = query.dtype in {torch.float16, torch.bfloat16}
    same = query.shape[-1] == values.shape[-1]
    if query.device.type == "cpu" and same:
        out, weight = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
            query, keys, values, 0.0, causal, scale=scale
        )
        return out, weight.unsqueeze(-1)
    if query.device.type == "cuda" and half and same and query.shape[-1] % 8 == 0:
        out, weight, *_ = torch.ops.aten._scaled_dot_product_flash_attention(
            query, keys, values, 0.0, causal, scale=scale
        )
        return out, weight.unsqueeze(-1)
    hidden = None
    if causal:
        places = torch.arange(query.shape[2], device=query.device)
        hidden = places[:, None] < places[None, :]
    return _by_hand(query, keys, values, Part(scale=scale), hidden)


def _by_hand(query: Any, keys: Any, values: Any, part: Part, hidden: Any) -> tuple[Any, Any]:
    """Return the same with all scores written out; a query that sees nothing weighs nothing."""
    import torch

    scores = torch.matmul(query, keys.transpose(2, 3)) * part.scale
    if part.softcap is not None:
        scores = torch.tanh(scores / part.softcap) * part.softcap
    scores = scores.float()
    if hidden is not None:
        scores = scores.masked_fill(hidden, float("-inf"))
    weight = torch.logsumexp(scores, dim=-1, keepdim=True)
    shares = (scores - weight.clamp_min(torch.finfo(weight.dtype).min)).exp()
    return torch.matmul(shares.to(values.dtype), values), weight
