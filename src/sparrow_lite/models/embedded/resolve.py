"""Making a user's turn stand on its own: what "it", "he" or "there" speaks of.

Rules of thumb, not understanding: a pronoun is taken for the name that the last exchange was about. The
user's own words stay a second query, so that a wrong guess costs a search, not the answer.
"""

import re

from sparrow_lite.language import AnchorKind, anchors, stems, words
from sparrow_lite.transcript import Role, Transcript

_LOOK_BACK = 6
_PRONOUN = re.compile(
    r"\b(?P<own>its|his|their|hers)\b|\b(?P<person>he|she|him)\b|\b(?P<her>her)\b"
    r"|\b(?P<thing>it|they|them|this one|that one|the same one)\b"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )\b(?P<place>there)\b(?!\s+(?:is|are|was|were|be|a|any|no)\b)"
    r"|\b(?P<bare>this|that|these|those)\b(?=\s*(?:\?|$|\.|,|\b(?:work|happen|mean|called|is|was|are|were)\b))",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|why|how so|since when|where|when|who)\b", re.I
)
# Questions whose answer is a new name, which the next pronoun then means.
_ASKS_FOR_A_NAME = re.compile(
    r"^\s*(?:who|whose|which)\b|\b(?:capital|name|largest|biggest|tallest|longest|highest|smallest|first)\b",
    re.I,
)
_LEAD_IN = re.compile(
    r"^\s*(?:(?:please|hi|hello|hey|ok|okay|well|so|now|and|but|then|sparrow)\b[\s,!.]*)*"
    r"(?:(?:can|could|would|will) you (?:please )?)?"
    r"(?:(?:tell|show|explain to|remind) (?:me|us)(?: (?:something|more|a bit|everything|all))?(?: about)?"
    r"|i(?:'d| would) like to know|i want to know"
    r"|do you know|look up|search (?:for|the web for)|find out|explain)?\b[\s,:]*",
    re.IGNORECASE,
)


# Words that only begin a sentence, and so seem to begin the name after them.
_LEADING_WORDS = re.compile(
    r"^(?:(?:The|And|But|So|What|Who|When|Where|Why|How|Is|Are|Was|Were|Did|Does|Do|In|On|At|For|If|By)\s+"
    r"(?:the\s+)?)+"
)
# Names that the dialogue is not about, and words that are no subject.
_NOT_SUBJECTS = frozenset({"sparrow", "hello", "thanks"})
_QUESTION_WORDS = frozenset(
    "work works happen happened mean means important many much big far old tall long high deep kind"
    " type thanks thank hello hi hey ok okay great cool nice bye please sparrow welcome".split()
)


def standalone_query(transcript: Transcript) -> str:
    """Return the user's last turn as a query that stands on its own."""
    text = _trimmed(transcript.last_user_text)
    topic = _topic(transcript)
    if not topic:
        return text
    pronoun = _PRONOUN.search(text)
    if pronoun and not _names(text[: pronoun.start()]):
        return _PRONOUN.sub(lambda match: _substitute(match, topic), text, count=2)
    if len(stems(text)) <= 2 and _FOLLOW_UP.match(transcript.last_user_text) and not _names(text):
        return f"{text} {topic}"
    if re.match(r"\s*(?:and|what about|how about)\b", transcript.last_user_text, re.I):
        return _swap_subject(transcript, text)
    return text


def _trimmed(text: str) -> str:
    one_line = " ".join(text.split())
    without = _LEAD_IN.sub("", one_line, count=1).strip()
    return (without or one_line).rstrip(" ?!.")


def _substitute(match: re.Match[str], topic: str) -> str:
    if match["own"]:
        return f"{topic}'s"
    if match["her"]:
        follows = match.string[match.end() :].lstrip()
        return f"{topic}'s" if follows[:1].isalpha() else topic
    if match["place"]:
        return f"in {topic}"
    return topic


def _topic(transcript: Transcript) -> str:
    """What the dialogue before the last turn was about; empty when that is not known."""
    earlier = list(transcript.turns)[:-1][-_LOOK_BACK:]
    for at in range(len(earlier) - 1, -1, -1):
        turn = earlier[at]
        if turn.role is not Role.USER:
            continue
        reply = earlier[at + 1].text if at + 1 < len(earlier) else ""
        found = _topic_of_exchange(turn.text, reply)
        if found:
            return found
    return ""


def _topic_of_exchange(question: str, reply: str) -> str:
    asked = _names(question)
    answered = _names(f". {reply}")
    known = set(words(question))
    fresh = [name for name in answered if not known.issuperset(words(name))]
    if _ASKS_FOR_A_NAME.search(question) and fresh:
        return fresh[0]
    if asked:
        return asked[-1]
    # A question in lower case: the reply spells its name, as "eiffel tower" and "The Eiffel Tower".
    spelled = [name for name in answered if not (known - {"the"}).isdisjoint(words(name))]
    if spelled:
        return spelled[0]
    pronounless = _PRONOUN.sub("", question)
    return " ".join(_subject_words(pronounless))


def _names(text: str) -> list[str]:
    """The names in a text, each with its article when the text gives it one."""
    found = []
    for anchor in anchors(text):
        if anchor.kind is not AnchorKind.NAME or anchor.key in _NOT_SUBJECTS:
            continue
        name = re.sub(r"['’]s$", "", _LEADING_WORDS.sub("", anchor.text))
        has_article = re.search(rf"\bthe\s+{re.escape(name)}", text, re.IGNORECASE)
        found.append(f"the {name}" if has_article else name)
    return found


def _subject_words(question: str) -> list[str]:
    return [word for word in words(_trimmed(question)) if stems(word) and word not in _QUESTION_WORDS][:5]


def _swap_subject(transcript: Transcript, text: str) -> str:
    """Return the earlier question with the new name: "And in Germany?" after "… of France?"."""
    asked = [turn.text for turn in transcript.turns if turn.role is Role.USER][:-1]
    earlier = [question for question in asked if not _PRONOUN.search(question)]
    new = re.sub(r"^(?:and|what about|how about)\s+(?:in |of |for |the )?", "", text, flags=re.I)
    if not earlier or not new:
        return text
    names = _names(earlier[-1])
    old = names[-1] if names else ""
    return _trimmed(earlier[-1]).replace(old, new) if old else f"{_trimmed(earlier[-1])} {new}"
