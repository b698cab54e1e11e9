"""Word pieces: how two texts are laid out for one reading of an encoder."""

from typing import Any

Pieces = tuple[list[int], list[int]]
"""Ids, and for each its type: 0 for the first text, 1 for the second."""

LONGEST = 192
_LONGEST_FIRST = 80
_LONGEST_BEFORE = 72
_REPLY_END = 40


def pair_pieces(tokenizer: Any, first: str, second: str, *, longest: int = LONGEST) -> Pieces:
    """Return the ids and the types of `[CLS] first [SEP] second [SEP]`.

    The first text is cut to 80 pieces, the second to what is left of `longest`.

    Args:
        tokenizer: Of the `tokenizers` library.
        first: A claim or a question.
        second: A passage.
        longest: Most ids.
    """
    one = _ids(tokenizer, first)[:_LONGEST_FIRST]
    return _joined(tokenizer, one, _ids(tokenizer, second)[: longest - len(one) - 3])


def single_pieces(tokenizer: Any, text: str, *, longest: int = LONGEST) -> Pieces:
    """Return the ids and the types of `[CLS] text [SEP]`, at most `longest` ids."""
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    ids = [start, *_ids(tokenizer, text)[: longest - 2], end]
    return ids, [0] * len(ids)


def turn_pieces(tokenizer: Any, before: str, reply: str, *, longest: int = LONGEST) -> Pieces:
    """Return the ids and the types of the turns before a reply, of which the end is kept, and the reply.

    A reply that is too long keeps its beginning and its last 40 pieces, where advice and threats often stand.
    """
    one = _ids(tokenizer, before)[-_LONGEST_BEFORE:]
    two = _ids(tokenizer, reply)
    room = longest - len(one) - 3
    if len(two) > room:
        two = [*two[: room - _REPLY_END], *two[-_REPLY_END:]]
    return _joined(tokenizer, one, two)


def piece_spans(tokenizer: Any, first: str, second: str, pieces: Pieces) -> dict[int, tuple[int, int]]:
    """Return, for each place of the second text in pieces of `pair_pieces`, its characters (start, end)."""
    begin = min(len(_ids(tokenizer, first)), _LONGEST_FIRST) + 2
    offsets = tokenizer.encode(second, add_special_tokens=False).offsets
    return {begin + at: offsets[at] for at in range(len(pieces[0]) - begin - 1)}


def _ids(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def _joined(tokenizer: Any, one: list[int], two: list[int]) -> Pieces:
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    return [start, *one, end, *two, end], [0] * (len(one) + 2) + [1] * (len(two) + 1)
