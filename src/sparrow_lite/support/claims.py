"""Telling sentences that claim something about the world from those that do not.

Only claims need evidence: greetings, questions, offers and words about Sparrow itself do not. In doubt a
sentence is a claim, and a figure or a date makes one of any sentence that states it.
"""

import re

from sparrow_lite.language import AnchorKind, anchors, stems

_TAG_QUESTION = re.compile(
    r",\s*(?:right|correct|no|yes|is(?:n't|n’t)?\s+\w+|does(?:n't|n’t)\s+\w+)\s*\?$", re.I
)
_HEADING = re.compile(r"^#{1,6}\s")
# An opener is one only when it is the whole sentence: "Great!" is, "Great Britain lost" is not.
_OPENER = re.compile(
    r"^(?:hi|hello|hey|welcome|thanks|thank you|you(?:'|’)re welcome|goodbye|bye|sorry|sure|great|certainly"
    r"|of course|good (?:morning|afternoon|evening)|no problem|glad to help)"
    r"(?:[\s,]+(?-i:[a-z]\w*)){0,3}\s*[.!]*$",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(
    r"^(?:(?:i|i(?:'|’)(?:m|ve|d|ll)|my|let me|as an ai|here (?:is|are)|if you|please)\b"
    r"|(?:could|can|would|do|did|what|which)\b[^.]*\b(?:you|your|me)\b)",
    re.IGNORECASE,
)
_LACKS = re.compile(
    r"^(?:i|the (?:sources?|passages?|results?|pages?))\b.*?\b(?:not|cannot|unable|no|n['’]t)\b",
    re.IGNORECASE,
)


def is_claim(sentence: str) -> bool:
    """Return whether the sentence claims something about the world, and so needs evidence."""
    text = sentence.strip()
    if not stems(text) or _HEADING.match(text) or _OPENER.match(text):
        return False
    if text.endswith("?"):
        return bool(_TAG_QUESTION.search(text))
    kinds = {anchor.kind for anchor in anchors(text) if anchor.key != "sparrow"}
    if kinds - {AnchorKind.NAME}:
        return True
    if _LACKS.match(text):
        return False
    return bool(kinds) or not _OF_ITSELF.match(text)
