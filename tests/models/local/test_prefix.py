import pytest
import torch

from sparrow_lite.models.local.prefix import Beginning, PrefixCache, common_length
from sparrow_lite.models.local.store import KeyValues


def _read(ids: list[int]) -> Beginning:
    """A beginning whose keys are its tokens."""
    beginning = Beginning()
    _extend(beginning, ids)
    return beginning


def _extend(beginning: Beginning, ids: list[int]) -> None:
    new = ids[len(beginning.ids) :]
    if new:
        beginning.past.put(0, *[torch.tensor(new, dtype=torch.float32).reshape(1, 1, -1, 1)] * 2)
        beginning.past.advance(len(new))
        beginning.ids += new


def _tokens(past: KeyValues) -> list[int]:
    return [int(key) for key in past.read(0, past.length)[0].flatten()]


@pytest.mark.parametrize(
    ("sequences", "length"),
    [
        (([1, 2, 3], [1, 2, 4]), 2),
        (([1, 2], [1, 2, 3], [1, 2, 3, 4]), 2),
        (([5], [6]), 0),
        (([], [1]), 0),
        (([1, 9], [1, 9], [1, 2]), 1),
        (([7, 7],), 2),
    ],
)
def test_the_common_beginning_is_measured(sequences: tuple[list[int], ...], length: int) -> None:
    assert common_length(sequences) == length


def test_a_longer_prompt_goes_on_from_what_is_kept() -> None:
    cache = PrefixCache()
    cache.keep(_read([1, 2, 3]))
    taken = cache.take([1, 2, 3, 4])
    assert (taken.ids, _tokens(taken.past)) == ([1, 2, 3], [1, 2, 3])
    assert cache.bytes == 0


def test_a_changed_end_is_cut_back() -> None:
    cache = PrefixCache()
    cache.keep(_read([1, 2, 3, 4]))
    taken = cache.take([1, 2, 3, 9, 9])
    assert taken.ids == [1, 2, 3]
    _extend(taken, [1, 2, 3, 9, 9])
    cache.keep(taken)
    assert _tokens(cache.take([1, 2, 3, 9, 9, 9]).past) == [1, 2, 3, 9, 9]


def test_another_dialogue_takes_a_copy_of_what_both_begin_with() -> None:
    cache = PrefixCache()
    cache.keep(_read([1, 2, 3, 4, 5, 6, 7]))
    other = cache.take([1, 2, 8])
    _extend(other, [1, 2, 8])
    cache.keep(other)
    assert cache.known([1, 2, 3, 4, 5, 6, 7]) == 7
    assert _tokens(cache.take([1, 2, 3, 4, 5, 6, 7]).past) == [1, 2, 3, 4, 5, 6, 7]
    assert _tokens(cache.take([1, 2, 8]).past) == [1, 2, 8]


def test_the_oldest_goes_when_the_bound_is_reached() -> None:
    one = _read([1]).past.bytes
    cache = PrefixCache(2 * one)
    for ids in ([1], [2], [3]):
        cache.keep(_read(ids))
    assert [cache.known([token]) for token in (1, 2, 3)] == [0, 1, 1]
    cache.keep(cache.take([2]))
    cache.keep(_read([4]))
    assert [cache.known([token]) for token in (2, 3, 4)] == [1, 0, 1]
    assert cache.bytes <= 2 * one


def test_a_pass_that_failed_leaves_nothing_behind() -> None:
    beginning = _read([1, 2])
    beginning.past.put(0, *[torch.full((1, 1, 50, 1), 9.0)] * 2)  # never counted
    _extend(beginning, [1, 2, 3])
    assert _tokens(beginning.past) == [1, 2, 3]
