"""Hostile text made harmless: what cannot be seen is dropped, and nothing in it can pass for ours.

Every page text, title and snippet goes through here before it is stored, so that offsets, quotes and prompts
all speak of the same characters. Owns no HTML: `extract.py` finds the text. Escaping for a browser is the
page's own affair; `<script>` in the text of an article stays text.
"""

import re
import unicodedata

# Invisible or direction-changing: controls, soft hyphen, joiners, fillers, bidi controls, variation
# selectors, interlinear and musical controls, tag characters, lone surrogates, private use.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"[ ]*\n\s*")

# Marks of ours, and what chat templates and tokenisers read as the border of a turn.
_EVIDENCE_MARK = re.compile(r" ?\[ ?\d{1,3}(?: ?[,;–-] ?\d{1,3})* ?\]")
TEMPLATE_TAG = re.compile(
    r"<\|[^<>|\n]{1,40}\|>|<｜[^<>\n]{1,40}｜>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)
BEFORE_ROLE = r"^[ >*#_`\"'-]*"
AFTER_ROLE = r"[ *_]*[:：](?=[\s*]|$)"
_TURN = re.compile(
    rf"({BEFORE_ROLE}(?:user|human|sparrow|assistant|system|developer|tool|search query|search result))"
    rf"{AFTER_ROLE}",
    re.IGNORECASE | re.MULTILINE,
)
# Markdown that a renderer would fetch or follow; its words are kept.
_MARKDOWN_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\( ?<?(?:[a-z][a-z0-9+.-]{0,20}:|//)"
    r"(?:[^()\n]|\([^()\n]{0,300}\)){0,2000}\)",
    re.IGNORECASE,
)


def clean_text(text: str) -> str:
    """Return the text without hidden characters, with nothing that could open a turn or cite evidence.

    NFC; one line for each paragraph, separated by a single newline; runs of other space become one space.
    Marks such as `[1]` and chat-template tags are removed, markdown links and images become their words,
    and a role name at the start of a line loses its colon to a dash (`Sparrow: x` becomes `Sparrow - x`).
    Cleaning cleaned text changes nothing.
    """
    settled = set_out(_settled(set_out(visible_text(text))))
    return set_out(_TURN.sub(r"\1 -", settled))


def clean_line(text: str, limit: int) -> str:
    """Return the cleaned text as one line of at most `limit` characters, `…` in place of what was cut."""
    line = " ".join(clean_text(text[: limit * 8 + 1_000]).split())
    return line if len(line) <= limit else line[: max(0, limit - 1)].rstrip() + "…"


def visible_text(text: str) -> str:
    """Return the characters that a reader would see, in NFC, with plain line ends."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))


def set_out(text: str) -> str:
    """Return the text with single spaces, single newlines and no space around them."""
    return _BLANK_LINES.sub("\n", _SPACE.sub(" ", text)).strip()


def _settled(text: str) -> str:
    """Remove marks, tags and links until none is left, for removing one may join the halves of another."""
    for _ in range(8):
        shorter = _MARKDOWN_LINK.sub(r"\1", TEMPLATE_TAG.sub("", _EVIDENCE_MARK.sub("", text)))
        if shorter == text:
            return text
        text = shorter
    return text.replace("[", "(").replace("]", ")").replace("<|", "< |")
