"""Making a user's turn stand on its own: what "it", "he" or "there" speaks of.

Rules of thumb, not understanding: a pronoun is taken for the name that the last exchange was about. The
user's own words stay a second query, so that a wrong guess costs a search, not the answer.
"""

import re
from itertools import zip_longest

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
_ASKS_WHO = re.compile(r"^\s*(?:who|whose)\b", re.I)
_ASKS_FOR_A_NAME = re.compile(
    r"^\s*(?:who|whose|which)\b|\b(?:capital|name|largest|biggest|tallest|longest|highest|smallest|first)\b",
    re.I,
)
_MORE = re.compile(
    r"^\W*(?:(?:please|ok|okay|and|so|cool|great|interesting|yes)\W+)*"
    r"(?:(?:can|could|would|will) you (?:please )?)?"
    r"(?:(?:tell|show|give) me (?:some(?:thing)? |a bit |a little )?more|say (?:some )?more|(?:some )?more"
    r"|go on|carry on|continue|elaborate|expand|(?:what|anything|something) (?:else|more))"
    r"(?: (?:about|on) (?:it|that|this|them|these|those|him|her))?(?:\W+please)?\W*$",
    re.IGNORECASE,
)
# How the phrasebook and the notices begin: such a reply is about nothing that could be taken up.
_ANSWERS_NOTHING = re.compile(
    r"^\W*(?:I (?:am|was|may|found|did|do|have|could|can|cannot|will|would|quote|only) |I'm |Hello!|Goodbye!"
    r"|All right\.|You are welcome\.|You can ask me\b|NO ANSWER\b"
    r"|That (?:is (?:kind|for a|a decision)|depends on your)\b"
    r"|The (?:search engines refused|pages I read disagree)\b)"
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
# Words that stand where a name stands and name nothing: "Nothing", "Many", "Most of".
_INDEFINITE = re.compile(
    r"^(?:(?:Nothing|Nobody|None|No|Everything|Everybody|Everyone|Something|Somebody|Someone|Anything|Anyone|Many|Most"
    r"|Much|More|Several|Some|Few|All|Both|Each|Every|Another|Others?|One|People|Today|However|Although|Also|There|It"
    r"|They|He|She|This|That|These|Those|Its|Their|His|Her|Such|Since|After|Before|As|About|Only)\b\s*(?:of\s+)?)+",
    re.IGNORECASE,
)
# Names that the dialogue is not about, and words that are no subject.
_NOT_SUBJECTS = frozenset({"sparrow", "hello", "thanks"})
_QUESTION_WORDS = frozenset(
    "work works happen happened mean means important many much big far old tall long high deep kind"
    " type thanks thank hello hi hey ok okay great cool nice bye please sparrow welcome".split()
)
_PREPOSITIONS = "in|on|at|for|from|with|to|by|into|about|when|because|and|or|than|during"
_ANOTHER = re.compile(r"\s*(?:and|what about|how about)\b", re.I)
_BEFORE_THE_NAME = re.compile(rf"^(?:(?:and|what about|how about)\s+)?(?:(?:of|{_PREPOSITIONS})\s+)*", re.I)
# "who invented the telephone", "what causes tides": the word after the first is a verb.
_VERB_AFTER_WHO = re.compile(
    r"^\W*(?:who \w+|what (?:causes?|caused|makes?|made|happened to|killed|started|ended))\b"
)
_OPENING = re.compile(r"^\W*(?:why|how|what|when|where|which|who)\b")
# "why do cats purr", "why is the sky blue", "how are rainbows formed": the last word is said of the subject.
_ENDS_IN_A_VERB = re.compile(
    r"^\W*(?:(?:\w+ ){0,2}(?:do|does|did)|(?:why|how) (?:is|are|was|were))\b", re.IGNORECASE
)
_VERBS = frozenset(
    "make makes made eat eats drink sleep sleeps fly flies live lives grow grows move moves need needs use"
    " uses help helps cause causes become turn turns produce produces form forms start started begin began"
    " end ended come go get gets take takes have has had look feel smell taste see hear run swim walk hunt"
    " breathe invent invented built build written discovered founded known called".split()
)


def standalone_query(transcript: Transcript) -> str:
    """Return the user's last turn as a query that stands on its own."""
    asked = transcript.last_user_text
    text = _trimmed(asked)
    pronoun = _PRONOUN.search(text)
    topic = _topic(transcript, of_thing=bool(pronoun and _means_a_thing(pronoun)))
    if not topic:
        return text
    if asks_for_more(asked):
        return topic
    if pronoun and not _names(text[: pronoun.start()]):
        return _PRONOUN.sub(lambda match: _substitute(match, topic), text, count=2)
    if len(stems(text)) <= 2 and _FOLLOW_UP.match(asked) and not _names(text):
        return f"{text} {topic}"
    if _ANOTHER.match(asked):
        return _swap_subject(transcript, text)
    return text


def asks_for_more(text: str) -> bool:
    """Return whether the turn only asks to hear more, as "tell me more", and names no subject."""
    return bool(_MORE.match(text))


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


def _means_a_thing(pronoun: re.Match[str]) -> bool:
    return bool(pronoun["thing"] or pronoun["bare"]) or pronoun.group().lower() == "its"


def _topic(transcript: Transcript, *, of_thing: bool) -> str:
    """What the dialogue before the last turn was about; empty when that is not known.

    Answered turns come first: one that found nothing, or small talk, is rarely what "it" means. Without any,
    a name in an unanswered one is taken.
    """
    exchanges = _exchanges(transcript)[:_LOOK_BACK]
    answered = [one for one in exchanges if not _ANSWERS_NOTHING.match(one[1])]
    topics = [_topic_of_exchange(*one, of_thing=of_thing) for one in answered]
    topics += [name for question, _ in exchanges for name in _names(question)[-1:]]
    return next((topic for topic in topics if topic), "")


def _exchanges(transcript: Transcript) -> list[tuple[str, str]]:
    """The user's earlier turns with the reply that each got, the latest first."""
    turns = transcript.turns[:-1]
    pairs = zip_longest(turns, turns[1:])
    return [
        (turn.text, reply.text if reply is not None and reply.role is Role.SPARROW else "")
        for turn, reply in pairs
        if turn.role is Role.USER
    ][::-1]


def _topic_of_exchange(question: str, reply: str, *, of_thing: bool) -> str:
    asked = _names(question)
    answered = _names(f". {reply}")
    known = set(words(question))
    fresh = [name for name in answered if not known.issuperset(words(name))]
    # "Who designed the tower?", and then "it": the tower.
    about_asked = of_thing and bool(_ASKS_WHO.match(question))
    if _ASKS_FOR_A_NAME.search(question) and fresh and not about_asked:
        return fresh[0]
    if asked:
        return asked[-1]
    # A question in lower case: the reply spells its name, as "eiffel tower" and "The Eiffel Tower".
    return next(iter(_spelled(question, reply)), "") or " ".join(_subject_words(_PRONOUN.sub("", question)))


def _spelled(question: str, reply: str) -> list[str]:
    known = set(words(question)) - {"the"}
    return [name for name in _names(f". {reply}") if not known.isdisjoint(words(name))]


def _names(text: str) -> list[str]:
    """The names in a text, each with its article when the text gives it one."""
    found = []
    for anchor in anchors(text):
        if anchor.kind is not AnchorKind.NAME or anchor.key in _NOT_SUBJECTS:
            continue
        name = _INDEFINITE.sub("", _LEADING_WORDS.sub("", anchor.text))
        name = re.sub(r"['’]s$", "", name)
        if not name or not stems(name):
            continue
        has_article = re.search(rf"\bthe\s+{re.escape(name)}", text, re.IGNORECASE)
        found.append(f"the {name}" if has_article else name)
    return found


def _subject_words(question: str) -> list[str]:
    """The words of a question in lower case that may be its subject: no verb, nor what is said of it."""
    phrase = _VERB_AFTER_WHO.sub("", _trimmed(question).lower())
    phrase, *_ = re.split(rf"\b(?:{_PREPOSITIONS})\b", _OPENING.sub("", phrase))
    found = [word for word in words(phrase) if stems(word) and word not in _QUESTION_WORDS]
    verb_at = next((at for at, word in enumerate(found) if at and word in _VERBS), None)
    if verb_at is not None:
        found = found[:verb_at]
    elif len(found) > 1 and (_ENDS_IN_A_VERB.match(question) or re.search(r"..ed$", found[-1])):
        found = found[:-1]
    return found[:5]


def _swap_subject(transcript: Transcript, text: str) -> str:
    """Return the earlier question with the new name: "And in Germany?" after "… of France?"."""
    earlier = [
        (question, reply)
        for question, reply in _exchanges(transcript)
        if not _PRONOUN.search(question) and not _ANSWERS_NOTHING.match(reply)
    ]
    new = _BEFORE_THE_NAME.sub("", text)
    if not earlier or not new:
        return text
    question, reply = earlier[0]
    base = _trimmed(question)
    for old in [*_names(question)[::-1], *_spelled(question, reply)]:
        swapped, count = re.subn(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, base, flags=re.I)
        if count:
            return swapped
    return f"{base} {new}"
