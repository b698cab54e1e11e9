"""Attention of a packed sequence: many short continuations of one long beginning, in one pass.

Queries that share a past look at it together, without a mask, which keeps the fast kernels; their own tokens
are looked at in a second call, and the two are merged by their log-sum-exps, as softmax over the union
demands. No key of the past is ever repeated. Nothing but the attention of a model knows about the packing:
all other layers work token by token.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sparrow_lite.models.local.merging import Merged, Part, look, look_causally
from sparrow_lite.models.local.store import KeyValues

NAME = "sparrow_packed"
_OFF = (None, False)
_HARMLESS = frozenset({"dropout", "position_ids", "use_cache", "output_attentions", "is_causal", "plan"})


class UnknownAttentionError(Exception):
    """A model's attention has something that this one does not know, as sinks or a bias of positions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The packed queries `start` to `stop` see the first `length` tokens of `past`.

    `first` is the position of the first of these tokens.
    """

    start: int
    stop: int
    past: KeyValues
    length: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who sees what in one pass.

    Attributes:
        reaches: What is seen of the past, each by a run of queries.
        runs: Lengths of the packed continuations, in order; each sees itself causally.
        positions: Position of every packed token.
        kept: Where each run's keys and values are put, behind what is there already and not seen as
            their own past; empty when none are kept.
        rows: For a step of writing: the rows' own past, to which every token, one a row, is added.
        attended: The layers that have attended by the plan, for whoever made it to check.
    """

    reaches: tuple[Reach, ...]
    runs: tuple[int, ...]
    positions: tuple[int, ...]
    kept: tuple[KeyValues, ...] = ()
    rows: KeyValues | None = None
    attended: set[int] = field(default_factory=set)


@contextmanager
def packed_attention(model: Any) -> Iterator[None]:
    """Let the model attend as plans say, for passes that are given a `plan`."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, _attend)
    configs = _configs(model)
    before = [config._attn_implementation for config in configs]
    try:
        for config in configs:
            config._attn_implementation = NAME
        yield
    finally:
        for config, name in zip(configs, before, strict=True):
            config._attn_implementation = name


def _configs(model: Any) -> list[Any]:
    """Return every configuration that some layer reads, once."""
    found = {id(model.config): model.config}
    for module in model.modules():
        config = getattr(module, "config", None)
        if hasattr(config, "_attn_implementation"):
            found[id(config)] = config
    return list(found.values())


def _attend(
    module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **given: Any
) -> tuple[Any, None]:
    """Take the place of a model's attention function; tensors are 1 x heads x tokens x size."""
    plan: Plan | None = given.get("plan")
    if plan is None or attention_mask is not None or query.shape[0] != 1:
        raise UnknownAttentionError(f"{type(module).__name__} hands no plan on, or a mask of its own.")
    _check_known(module, given)
    plan.attended.add(module.layer_idx)
    scale = given.get("scaling")
    window = given.get("sliding_window")
    part = Part(
        scale=query.shape[-1] ** -0.5 if scale is None else scale,
        softcap=given.get("softcap"),
        window=window if window is not None and window <= max(plan.positions) else None,
    )
    seeing = _Seeing(plan, module.layer_idx, part)
    merged = (seeing.runs if plan.rows is None else seeing.rows)(query, key, value)
    for reach in plan.reaches:
        seeing.look_back(reach, query, merged)
    return merged.result().transpose(1, 2).contiguous(), None


def _check_known(module: Any, given: dict[str, Any]) -> None:
    """Check that the layer asks for nothing else, and tells of the window that its configuration gives it."""
    known = _HARMLESS | {"scaling", "sliding_window", "softcap"}
    unknown = sorted(
        name for name, value in given.items() if name not in known and not any(value is off for off in _OFF)
    )
    if unknown:
        raise UnknownAttentionError(f"{type(module).__name__} takes {', '.join(unknown)}")
    kinds = getattr(module.config, "layer_types", None)
    bounded = getattr(module.config, "sliding_window", None) is not None
    if kinds is not None:
        bounded = kinds[module.layer_idx] == "sliding_attention"
    if bounded and given.get("sliding_window") is None:
        raise UnknownAttentionError(f"{type(module).__name__} does not tell its window")


class _Seeing:
    """What one layer's queries see in one pass."""

    def __init__(self, plan: Plan, layer: int, part: Part) -> None:
        self._plan = plan
        self._layer = layer
        self._part = part

    def rows(self, query: Any, key: Any, value: Any) -> Merged:
        """One new token a row sees the row's own tokens, itself included."""
        plan, rows = self._plan, self._plan.rows
        query, key, value = (tensor.transpose(0, 2) for tensor in (query, key, value))
        if rows is None:
            raise UnknownAttentionError("a step of writing needs rows")
        rows.put(self._layer, key, value)
        keys, values = rows.read(self._layer, rows.length + 1)
        first = [position - rows.length for position in plan.positions]
        out, weight = look(query, keys, values, self._part.at_rows(plan.positions, first))
        return Merged(out.transpose(0, 2), weight.transpose(0, 2))

    def runs(self, query: Any, key: Any, value: Any) -> Merged:
        """Each run sees itself causally: in a call of its own, since padding would cost more."""
        runs = self._plan.runs
        for run, kept in zip(slices(runs), self._plan.kept, strict=False):
            kept.put(self._layer, key[:, :, run], value[:, :, run])
        if len(runs) == 1:
            return Merged(*look_causally(query, key, value, self._part))
        merged = Merged.empty(query, value.shape[-1])
        for run in slices(runs):
            merged.put(run, look_causally(query[:, :, run], key[:, :, run], value[:, :, run], self._part))
        return merged

    def look_back(self, reach: Reach, query: Any, merged: Merged) -> None:
        """Add what the queries of a reach see of its past."""
        asked, window = self._plan.positions[reach.start : reach.stop], self._part.window
        beyond = 0 if window is None else max(0, min(asked) - window + 1 - reach.first)
        if beyond >= reach.length:
            return
        keys, values = reach.past.read(self._layer, reach.length)
        part = self._part.at(asked, reach.first + beyond)
        queries = query[:, :, reach.start : reach.stop]
        merged.add(reach.start, look(queries, keys[:, :, beyond:], values[:, :, beyond:], part))


def slices(runs: Sequence[int]) -> Iterator[slice]:
    """Yield where each run lies in the packed sequence."""
    start = 0
    for length in runs:
        yield slice(start, start + length)
        start += length
