"""Whether a text speaks to an AI assistant instead of to its reader.

A suspicion that lowers a page's rank, never a verdict. Each pattern is an order or an address, not a topic:
prose about assistants, prompts and instructions must pass.
"""

import re
import unicodedata
from functools import lru_cache

from sparrow_lite.pages.clean import AFTER_ROLE, BEFORE_ROLE, TEMPLATE_TAG, set_out, visible_text

_AI = r"(?:ai|llm|(?:large )?language model|chat ?bot)s?"
_KIND = r"(?: ?(?:assistant|model|agent|system|bot|crawler|reader|summari[sz]er)s?)?"
_OPENING = r"(?:^|[.!?:;\"“] ?|\n)(?:please |now |just |simply |always |you must )?"
_TURN_TO = r"(?:ignore|disregard|forget|override|bypass)"

# Pairs: words of which a text must hold one, parted by `|`, so that most patterns need not be searched for;
# and the pattern, for lower-case text with single spaces.
_ORDERS = (
    (
        "ignore|disregard|forget|override|bypass",
        rf"{_TURN_TO} (?:(?:all|any|of|the|your|my|these|those) )*"
        r"(?:previous|prior|earlier|above|preceding|original|system|foregoing) (?:\w+ )?"
        r"(?:instruction|prompt|direction|rule|message|command|guideline)s?\b"
        rf"|{_TURN_TO} (?:everything|anything|all) (?:above|before|you (?:were|have been) told)"
        rf"|{_TURN_TO} your (?:\w+ )?(?:instruction|rule|guideline|training|prompt)s?\b",
    ),
    (
        "you are",
        r"you are (?:now )?(?:chatgpt|gpt-?\d|jailbroken"
        r"|an? (?:unrestricted|unfiltered|jailbroken|evil) ai)\b"
        r"|you are (?:now )?(?:claude|gemini|sparrow|copilot|dan),? (?:an?|the|and you|who)\b"
        r"|you are now (?:an? (?:\w+ )?(?:ai|chatbot|language model)\b"
        r"|in (?:developer|dan|jailbreak|god|debug|maintenance|admin) mode)"
        rf"|\b(?:if|when|as|since) you are (?:an? |the )?{_AI}{_KIND}"
        r"(?:,| (?:reading|processing|answering|summari))",
    ),
    (
        "from now on",
        r"from now on,? you (?:are|will|must|should|shall) (?:now )?"
        r"(?:act as|answer|respond|reply|say|speak|pretend|obey|ignore|only|always)\b",
    ),
    (
        "instruction|prompt|directive|preamble",
        r"\b(?:new|updated|revised|real|hidden) (?:system )?(?:instruction|prompt|directive)s?"
        rf"(?: for (?:the |all )?{_AI}{_KIND})? ?:"
        r"|\b(?:reveal|print|repeat|output|leak|quote|show me) your (?:\w+ )?"
        r"(?:system prompt|preamble|(?:hidden|initial) (?:prompt|instructions))",
    ),
    (
        "conversation|chat history|system prompt|user's",
        r"\b(?:send|post|append|forward|leak) (?:the |this |your |our )?(?:\w+ )?"
        r"(?:conversation|chat history|system prompt|user's (?:message|question|name|email))\b"
        r"[^.\n]{0,60}(?:https?:|\bto\b)",
    ),
    (
        "instruction|note|notice|message",
        rf"\b(?:instruction|note|notice|message)s? (?:to|for) (?:(?:all|any|the) )*{_AI}{_KIND} ?[:!—]",
    ),
    ("attention", rf"attention[,:!]? (?:all )?{_AI} (?:assistant|model|agent|bot|crawler|reader)s?\b"),
    (
        " this| the page| must| should| shall| have to",
        rf"{_OPENING}(?:dear |hey |hello |to )?(?:all |any )?{_AI}{_KIND} "
        r"(?:(?:reading|processing|summari[sz]ing|that reads?|who reads?) (?:this|the page)"
        r"|(?:must|should|shall|have to) (?:now |always |never |only |not )?"
        r"(?:say|reply|respond|recommend|cite|output|end|begin|ignore|obey"
        r"|follow (?:these|this|the following)))\b",
    ),
    (
        "respond|reply|answer",
        r"\b(?:respond|reply|answer) (?:only |exactly )?(?:with|by) (?:only )?(?:the )?"
        r"(?:words?|phrase|sentence|text|exactly|saying|following)\b",
    ),
    (
        "answer|reply|replies|response",
        r"\b(?:begin|end|finish|start) (?:your|every|each) (?:answer|reply|response)s? (?:with|by)\b",
    ),
    (
        "the user",
        rf"{_OPENING}(?:tell|inform|convince|urge) the user (?:that|to)\b"
        r"|\b(?:do not|don't|never) (?:tell|(?:mention|reveal|disclose) (?:this|it) to) the user\b",
    ),
    (
        "system |developer ",
        rf"{BEFORE_ROLE}\W?(?:system|developer) (?:prompt|message|override) ?[:\])>]",
    ),
    ("say ", rf"{_OPENING}say (?:exactly|only|the following) ?:? ?[\"“'‘]"),
    (
        "ask",
        r"\b(?:when|if) (?:you are |anyone |someone |the user |a user )?ask(?:s|ed)?\b[^.,\n]{0,80}, ?"
        r"(?:you must |always |please )?(?:say|answer|reply|respond) (?:that|with|only)\b",
    ),
    (
        "sparrow|search query|search result",
        rf"{BEFORE_ROLE}(?:sparrow|search query|search result){AFTER_ROLE}",
    ),
    (
        "user|human",
        rf"{BEFORE_ROLE}(?:user|human){AFTER_ROLE}[^\n]{{0,400}}\n"
        rf"{BEFORE_ROLE[1:]}(?:assistant|ai|bot){AFTER_ROLE}",
    ),
    ("tool|function", r"[\"'](?:tool_calls?|function_call|tool_use|tool_name)[\"'] ?:"),
    (
        "arguments|parameters|input",
        r"[\"'](?:name|function|tool|action)[\"'] ?: ?[\"'][\w.-]{1,60}[\"'] ?, ?"
        r"[\"'](?:arguments|parameters|input|action_input)[\"'] ?:",
    ),
    ("tool_|function_|invoke", r"</?(?:tool_call|function_call|tool_response|function_calls|invoke)\b"),
)
# Characters that no font draws and that stand for ASCII.
_TAG_CHARACTER = re.compile("[\U000e0020-\U000e007e]")


def addresses_assistant(text: str) -> bool:
    """Return whether the text speaks to an AI assistant: orders, role tags, turns of ours, tool calls.

    An article that quotes such an order is flagged as well. Give it the text as it was read, for cleaning
    removes some of the signs.
    """
    unmasked = _TAG_CHARACTER.sub(lambda match: chr(ord(match.group()) - 0xE0000), text)
    lines = set_out(unicodedata.normalize("NFKC", visible_text(unmasked))).lower()
    # Lines matter to turns, and may end within a sentence: both readings are searched.
    flowing = lines.replace("\n", " ")
    return TEMPLATE_TAG.search(lines) is not None or any(
        order.search(lines) or order.search(flowing)
        for words, order in _orders()
        if any(word in flowing for word in words)
    )


@lru_cache(maxsize=1)
def _orders() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    # Compiled when it is first used, so that importing this module stays quick.
    return tuple((tuple(words.split("|")), re.compile(order, re.MULTILINE)) for words, order in _ORDERS)
