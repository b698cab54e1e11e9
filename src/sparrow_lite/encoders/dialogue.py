"""How a dialogue and a rule are laid out for the rule judge's encoder."""

from collections.abc import Iterable
from typing import Any

from sparrow_lite.encoders.pieces import Pieces, turn_pieces

_NAMES = {"user": "User", "sparrow": "Sparrow", "evidence": "Evidence"}
_RULE_LONGEST = 64


def dialogue_pieces(tokenizer: Any, turns: Iterable[tuple[str, str]]) -> Pieces:
    """Return the pieces of a dialogue: the turns before the last, and the last, which is judged.

    Args:
        tokenizer: Of the `tokenizers` library.
        turns: (role, text); a quote that the last turn shows has the role `evidence` and stands before it.
    """
    *before, (_, reply) = turns
    return turn_pieces(tokenizer, "\n".join(f"{_NAMES[role]}: {text}" for role, text in before), reply)


def rule_pieces(tokenizer: Any, text: str) -> Pieces:
    """Return the pieces of a rule's text."""
    return turn_pieces(tokenizer, "", text, longest=_RULE_LONGEST)
