"""Whether a reply holds one of the accepted answers: by string, without case, punctuation and articles."""

import re
import string
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation + "“”‘’–—", " "))


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Return whether the text holds one of the answers, without regard to case, punctuation and articles."""
    said = f" {plain(text)} "
    return any(f" {wanted} " in said for answer in answers if (wanted := plain(answer)))


def plain(text: str) -> str:
    """Return the text's words in lower case, one space apart, without articles and punctuation."""
    return " ".join(_ARTICLES.sub(" ", text.casefold().translate(_PUNCTUATION)).split())
