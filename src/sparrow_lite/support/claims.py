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
_OF_SOURCES = (
    r"(?:the |these |those |my |any )?(?:\w+ )?"
    r"(?:sources?|passages?|results?|pages?|evidence|texts?|documents?|search|information)"
)
_TELLS = (
    r"(?:say|state|mention|contain|tell|give|provide|include|name|answer|specify|describe|cover|show|hold|have"
    r"|discuss|address|know|find|see|locate|determine|confirm|identify)"
)
_NEGATED = r"(?:(?:do|does|did|could|can|would)(?:\s+not|n['’]t)|cannot|can['’]t)"
_UNABLE = r"(?:am|was|are|were|is)\s+(?:not able|unable)"
_ANSWER = r"(?:no (?:information|answers?|mention|details?|passages?|such|clear|direct)|nothing)"
_LACKS = re.compile(
    r"^(?:(?:unfortunately|sorry|i['’]m sorry|i am sorry|however|alas)[,.]?\s+(?:but\s+)?)?(?:"
    # "I could not find", "the sources do not say", "the passages were unable to".
    rf"(?:i|{_OF_SOURCES})\s+(?:{_NEGATED}\s+(?:\w+\s+)?{_TELLS}\b|{_UNABLE}\b)"
    rf"|i['’]m\s+(?:not|un)\s?(?:sure|able)\b|i\s+(?:have|found|know|see)\s+(?:no|nothing)\b"
    rf"|(?:i|{_OF_SOURCES})\s+{_TELLS}s?\s+{_ANSWER}\b"
    rf"|none of {_OF_SOURCES}\s+{_TELLS}s?\b|(?:no|nothing in) {_OF_SOURCES}\s+{_TELLS}s?\b"
    rf"|there (?:is|was|are) (?:no|nothing)\b.*\bin {_OF_SOURCES}"
    rf"|(?:this|that|it|the answer) (?:is|was)(?: not|n['’]t) (?:\w+ed|found|given|shown)\b.* {_OF_SOURCES}"
    r")",
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
    if says_it_lacks(text):
        return False
    return bool(kinds) or not _OF_ITSELF.match(text)


def says_it_lacks(sentence: str) -> bool:
    """Return whether the sentence says that the answer is not known or not in the sources."""
    return bool(_LACKS.match(sentence.strip()))
