"""Telling sentences that claim something about the world from those that do not.

Only claims need evidence: greetings, questions, offers and words about Sparrow itself do not. In doubt a
sentence is a claim.
"""

import re

from sparrow_lite.language import stems

_NOT_A_CLAIM = re.compile(
    r"""^(?:
        (?:hi|hello|hey|welcome|thanks|thank\ you|you(?:'|’)re\ welcome|goodbye|bye|sorry|sure|great)\b
      | (?:of\ course|certainly|good\ (?:morning|afternoon|evening)|no\ problem|glad\ to)\b
      | (?:i|i(?:'|’)m|i(?:'|’)ve|i(?:'|’)d|i(?:'|’)ll|my|let\ me|as\ an\ ai)\b
      | (?:could|can|would|do|did|please|what|which|if\ you)\b[^.]*\b(?:you|your|me)\b
      | here\ (?:is|are)\b
      | the\ (?:source|passage|result|page)s?\ (?:(?:that\ )?i\ [a-z]+\ )?(?:do|does|did|cannot|can(?:'|’)t)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def is_claim(sentence: str) -> bool:
    """Return whether the sentence claims something about the world, and so needs evidence."""
    text = sentence.strip()
    if text.endswith("?") or not stems(text):
        return False
    return not _NOT_A_CLAIM.match(text)
