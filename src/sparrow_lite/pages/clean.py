"""Hostile text made harmless: what cannot be seen is dropped, and nothing in it can pass for ours.

Every page text, title and snippet goes through here before it is stored, so that offsets, quotes and prompts
all speak of the same characters. Owns no HTML: `extract.py` finds the text. Escaping for a browser is the
page's own affair; `<script>` in the text of an article stays text.
"""

import re
import unicodedata
from functools import lru_cache

# Invisible or direction-changing: controls, soft hyphen, joiners, fillers, bidi controls, variation
# selectors, interlinear and musical controls, tag characters, lone surrogates, private use.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
# Characters that no font draws and that stand for ASCII.
_TAG_CHARACTER = re.compile("[\U000e0020-\U000e007e]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"[ ]*\n\s*")

# Marks of ours, and what chat templates and tokenisers read as the border of a turn.
_EVIDENCE_MARK = re.compile(r" ?\[ ?\d{1,3}(?: ?[,;–-] ?\d{1,3})* ?\]")
_TEMPLATE_TAG = re.compile(
    r"<\|[^<>|\n]{1,40}\|>|<｜[^<>\n]{1,40}｜>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)
_BEFORE_ROLE = r"^[ >*#_`\"'-]*"
_AFTER_ROLE = r"[ *_]*[:：](?=[\s*]|$)"
_TURN = re.compile(
    rf"({_BEFORE_ROLE}(?:user|human|sparrow|assistant|system|developer|tool|search query|search result))"
    rf"{_AFTER_ROLE}",
    re.IGNORECASE | re.MULTILINE,
)
# Markdown that a renderer would fetch or follow; its words are kept.
_MARKDOWN_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\( ?<?(?:[a-z][a-z0-9+.-]{0,20}:|//)"
    r"(?:[^()\n]|\([^()\n]{0,300}\)){0,2000}\)",
    re.IGNORECASE,
)

# What speaks to a machine. Each pattern is an order or an address, not a topic: prose about assistants,
# prompts and instructions must pass. Text is matched with single spaces.
_AI = r"(?:ai|llm|(?:large )?language model|chat ?bot)s?"
_KIND = r"(?: ?(?:assistant|model|agent|system|bot|crawler|reader|summari[sz]er)s?)?"
_OPENING = r"(?:^|[.!?:;\"“] ?|\n)(?:please |now |just |simply |always |you must )?"
_ORDERS = (
    r"(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|of|the|your|my|these|those) )*"
    r"(?:previous|prior|earlier|above|preceding|original|system|foregoing) (?:\w+ )?"
    r"(?:instruction|prompt|direction|rule|message|command|guideline)s?\b",
    r"(?:disregard|ignore|forget) (?:everything|anything|all) (?:above|before|you (?:were|have been) told)",
    r"(?:forget|ignore|disregard) your (?:\w+ )?(?:instruction|rule|guideline|training|prompt)s?\b",
    r"\byou are (?:now )?(?:chatgpt|gpt-?\d|jailbroken|an? (?:unrestricted|unfiltered|jailbroken|evil) ai)\b",
    r"\byou are (?:now )?(?:claude|gemini|sparrow|copilot|dan),? (?:an?|the|and you|who)\b",
    r"\byou are now (?:an? (?:\w+ )?(?:ai|chatbot|language model)\b"
    r"|in (?:developer|dan|jailbreak|god|debug|maintenance|admin) mode)",
    r"from now on,? you (?:are|will|must|should|shall) (?:now )?"
    r"(?:act as|answer|respond|reply|say|speak|pretend|obey|ignore|only|always)\b",
    r"\b(?:new|updated|revised|real|hidden) (?:system )?(?:instruction|prompt|directive)s?"
    rf"(?: for (?:the |all )?{_AI}{_KIND})? ?:",
    r"\b(?:reveal|print|repeat|output|leak|quote|show me) your (?:\w+ )?"
    r"(?:system prompt|preamble|(?:hidden|initial) (?:prompt|instructions))",
    r"\b(?:send|post|append|forward|leak) (?:the |this |your |our )?(?:\w+ )?"
    r"(?:conversation|chat history|system prompt|user's (?:message|question|name|email))\b"
    r"[^.\n]{0,60}(?:https?:|\bto\b)",
    rf"\b(?:instruction|note|notice|message)s? (?:to|for) (?:(?:all|any|the) )*{_AI}{_KIND} ?[:!—]",
    rf"\battention[,:!]? (?:all )?{_AI} (?:assistant|model|agent|bot|crawler|reader)s?\b",
    rf"{_OPENING}(?:dear |hey |hello |to )?(?:all |any )?{_AI}{_KIND} "
    r"(?:(?:reading|processing|summari[sz]ing|that reads?|who reads?) (?:this|the page)"
    r"|(?:must|should|shall|have to) (?:now |always |never |only |not )?"
    r"(?:say|reply|respond|recommend|cite|output|end|begin|ignore|obey"
    r"|follow (?:these|this|the following)))\b",
    rf"\b(?:if|when|as|since) you are (?:an? |the )?{_AI}{_KIND}"
    r"(?:,| (?:reading|processing|answering|summari))",
    r"\b(?:respond|reply|answer) (?:only |exactly )?(?:with|by) (?:only )?(?:the )?"
    r"(?:words?|phrase|sentence|text|exactly|saying|following)\b",
    r"\b(?:begin|end|finish|start) (?:your|every|each) (?:answer|reply|response)s? (?:with|by)\b",
    rf"{_OPENING}(?:tell|inform|convince|urge) the user (?:that|to)\b",
    r"\b(?:do not|don't|never) (?:tell|(?:mention|reveal|disclose) (?:this|it) to) the user\b",
    rf"{_BEFORE_ROLE}\W?(?:system|developer) (?:prompt|message|override) ?[:\])>]",
    rf"{_OPENING}say (?:exactly|only|the following) ?:? ?[\"“'‘]",
    r"\b(?:when|if) (?:you are |anyone |someone |the user |a user )?ask(?:s|ed)?\b[^.,\n]{0,80}, ?"
    r"(?:you must |always |please )?(?:say|answer|reply|respond) (?:that|with|only)\b",
    rf"{_BEFORE_ROLE}(?:sparrow|search query|search result){_AFTER_ROLE}",
    rf"{_BEFORE_ROLE}(?:user|human){_AFTER_ROLE}[^\n]{{0,400}}\n"
    rf"{_BEFORE_ROLE[1:]}(?:assistant|ai|bot){_AFTER_ROLE}",
    r"[\"'](?:tool_calls?|function_call|tool_use|tool_name)[\"'] ?:",
    r"[\"'](?:name|function|tool|action)[\"'] ?: ?[\"'][\w.-]{1,60}[\"'] ?, ?"
    r"[\"'](?:arguments|parameters|input|action_input)[\"'] ?:",
    r"</?(?:tool_call|function_call|tool_response|function_calls|invoke)\b",
)


def clean_text(text: str) -> str:
    """Return the text without hidden characters, with nothing that could open a turn or cite evidence.

    NFC; one line for each paragraph, separated by a single newline; runs of other space become one space.
    Marks such as `[1]` and chat-template tags are removed, markdown links and images become their words,
    and a role name at the start of a line loses its colon to a dash (`Sparrow: x` becomes `Sparrow - x`).
    Cleaning cleaned text changes nothing.
    """
    settled = _set_out(_settled(_set_out(_seen(text))))
    return _set_out(_TURN.sub(r"\1 -", settled))


def clean_line(text: str, limit: int) -> str:
    """Return the cleaned text as one line of at most `limit` characters, `…` in place of what was cut."""
    line = " ".join(clean_text(text[: limit * 8 + 1_000]).split())
    return line if len(line) <= limit else line[: max(0, limit - 1)].rstrip() + "…"


def addresses_assistant(text: str) -> bool:
    """Return whether the text speaks to an AI assistant: orders, role tags, turns of ours, tool calls.

    A suspicion, not a verdict: an article that quotes such an order is flagged as well. Give it the text as
    it was read, for cleaning removes some of the signs.
    """
    unmasked = _TAG_CHARACTER.sub(lambda match: chr(ord(match.group()) - 0xE0000), text)
    seen = _set_out(unicodedata.normalize("NFKC", _seen(unmasked)))
    # Lines matter to turns, and may fall within a sentence: both readings are searched.
    readings = (seen, seen.replace("\n", " "))
    return any(sign.search(reading) for sign in (_TEMPLATE_TAG, _order()) for reading in readings)


@lru_cache(maxsize=1)
def _order() -> re.Pattern[str]:
    # Compiled when it is first used, so that importing this module stays quick.
    alternatives = "|".join(f"(?:{order})" for order in _ORDERS)
    return re.compile(alternatives, re.IGNORECASE | re.MULTILINE)


def _seen(text: str) -> str:
    """Return what a reader would see, with plain line ends."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))


def _settled(text: str) -> str:
    """Remove marks, tags and links until none is left, for removing one may join the halves of another."""
    for _ in range(8):
        shorter = _MARKDOWN_LINK.sub(r"\1", _TEMPLATE_TAG.sub("", _EVIDENCE_MARK.sub("", text)))
        if shorter == text:
            return text
        text = shorter
    return text.replace("[", "(").replace("]", ")").replace("<|", "< |")


def _set_out(text: str) -> str:
    return _BLANK_LINES.sub("\n", _SPACE.sub(" ", text)).strip()
