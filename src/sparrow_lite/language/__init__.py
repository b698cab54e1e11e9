"""English text, taken apart: sentences, words, stems, numbers, dates, names, quotes.

Shared by ranking, the lexical judges and the embedded model, so that all of them mean the same by "a word".
Pure functions of strings; knows nothing of pages, replies or rules.
"""

from sparrow_lite.language.anchors import Anchor, AnchorKind, anchors, missing_anchors
from sparrow_lite.language.quote import find_quote
from sparrow_lite.language.segment import Span, paragraphs, sentences
from sparrow_lite.language.words import fold, is_stop_word, stems, words

__all__ = [
    "Anchor",
    "AnchorKind",
    "Span",
    "anchors",
    "find_quote",
    "fold",
    "is_stop_word",
    "missing_anchors",
    "paragraphs",
    "sentences",
    "stems",
    "words",
]
