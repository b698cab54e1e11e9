"""Leaves out what a reasoning model thinks aloud before it answers.

Vendors' APIs keep thoughts apart by themselves; local models and plain servers send them as text, between
`<think>` and `</think>`, and some chat templates have written the first of these already.
"""

from collections.abc import Iterable, Iterator

OPENING = "<think>"
_CLOSING = "</think>"


def without_thoughts(pieces: Iterable[str], *, inside: bool = False) -> Iterator[str]:
    """Yield the text after the thoughts that it begins with; all of it when it begins with none.

    Args:
        pieces: The text in pieces.
        inside: Whether the prompt has opened the thoughts already.
    """
    stream = iter(pieces)
    held = OPENING if inside else ""
    for piece in stream:
        held += piece
        begun = held.lstrip()
        if begun.startswith(OPENING):
            _, closed, answer = begun.partition(_CLOSING)
            if closed:
                yield answer
                break
        elif not OPENING.startswith(begun):
            yield held
            break
    else:
        if not held.lstrip().startswith(OPENING):
            yield held
    yield from stream
