import pytest
import torch

from sparrow_lite.models.local.merging import Merged, Part, look, look_causally

HEADS, SHARED, SIZE = 4, 2, 16


def _made(count: int, heads: int, seed: int) -> torch.Tensor:
    return torch.randn(1, heads, count, SIZE, generator=torch.Generator().manual_seed(seed))


def _expected(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, hidden: torch.Tensor, part: Part
):
    """Softmax over all keys at once."""
    keys, values = (tensor.repeat_interleave(HEADS // SHARED, dim=1) for tensor in (keys, values))
    scores = query @ keys.transpose(2, 3) * part.scale
    if part.softcap:
        scores = torch.tanh(scores / part.softcap) * part.softcap
    return torch.softmax(scores.masked_fill(hidden, float("-inf")), dim=-1) @ values


@pytest.mark.parametrize("softcap", [None, 2.0])
@pytest.mark.parametrize("window", [None, 8, 3])
def test_looking_at_parts_and_merging_is_looking_at_all(softcap: float | None, window: int | None) -> None:
    past, own = 20, 6
    query = _made(own, HEADS, 1)
    keys, values = _made(past + own, SHARED, 2), _made(past + own, SHARED, 3)
    part = Part(scale=0.25, softcap=softcap, window=window)
    distance = torch.arange(past, past + own)[:, None] - torch.arange(past + own)[None]
    hidden = (distance < 0) | (distance >= (window or 10_000))
    merged = Merged(*look_causally(query, keys[:, :, past:], values[:, :, past:], part))
    for start, stop in ((0, 13), (13, past)):
        asked = range(past, past + own)
        merged.add(0, look(query, keys[:, :, start:stop], values[:, :, start:stop], part.at(asked, start)))
    expected = _expected(query, keys, values, hidden, part)
    assert torch.allclose(merged.result(), expected, atol=1e-5)


def test_only_the_queries_of_a_reach_see_it() -> None:
    query, keys, values = _made(5, HEADS, 1), _made(5, SHARED, 2), _made(5, SHARED, 3)
    part = Part(scale=0.25)
    merged = Merged(*look_causally(query, keys, values, part))
    before = merged.result().clone()
    past = _made(9, SHARED, 4)
    merged.add(2, look(query[:, :, 2:4], past, past, part))
    changed = (merged.result() != before).any(dim=-1).any(dim=1)[0]
    assert changed.tolist() == [False, False, True, True, False]
