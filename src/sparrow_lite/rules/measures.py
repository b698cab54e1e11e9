"""What can be measured of a reply without a model: answering, topic, sense, repetition, evidence, sums.

Each measure takes a reading and returns a sign. All lean towards keeping: a false "broken" costs an
ordinary answer, and a measure by shared words cannot tell a synonym from another subject.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from sparrow_lite.language import stems, words
from sparrow_lite.rules.base import Measure
from sparrow_lite.rules.lexicon import Lexicon, Phrase
from sparrow_lite.rules.reading import Reading
from sparrow_lite.rules.signs import Sign
from sparrow_lite.rules.similarity import cosine
from sparrow_lite.verdict import Citation, SupportOutcome

Measuring = Callable[[Reading, Lexicon], Sign | None]

_KEPT = Sign(probability=0.05)
# A reply of fewer content words is an answer by name, number or word, which shares none with its question.
_SHORT = 4
_LONG = 6
_GRAM = 5
_HEAD = 5


def measure_of(measure: Measure) -> Measuring:
    """Return the function that measures it; its result is None when there is nothing to judge by."""
    measures: Mapping[Measure, Measuring] = {
        Measure.ANSWERS: measure_answering,
        Measure.ON_TOPIC: measure_topic,
        Measure.SENSE: measure_sense,
        Measure.REPETITION: measure_repetition,
        Measure.EVIDENCE: measure_evidence,
        Measure.ARITHMETIC: measure_sums,
    }
    return measures[measure]


def measure_answering(reading: Reading, lexicon: Lexicon) -> Sign:
    """Return whether the reply leaves the user's question aside."""
    if not reading.reply.strip():
        return Sign(probability=0.95, words="the reply is empty")
    if _needs_no_answer(reading, lexicon):
        return _KEPT
    given = stems(reading.reply)
    if _share_a_word(stems(reading.user), [*given, *_cited_titles(reading)]):
        return _KEPT
    if lexicon.says(Phrase.WANTS_AMOUNT, reading.user):
        return _amount(reading, lexicon)
    if len(given) < _SHORT or _is_tied(reading, lexicon):
        return Sign(probability=0.2)
    return Sign(probability=0.65, words="shares no word with the question")


def _amount(reading: Reading, lexicon: Lexicon) -> Sign:
    if lexicon.says(Phrase.AMOUNTS, reading.reply):
        return _KEPT
    return Sign(probability=0.7, words="a time or an amount was asked for")


def measure_topic(reading: Reading, lexicon: Lexicon) -> Sign:
    """Return whether the reply speaks of something else than the conversation does."""
    if _needs_no_answer(reading, lexicon):
        return _KEPT
    given = stems(reading.reply)
    talked_of = stems("\n".join((reading.user_said, *reading.earlier)))
    if _share_a_word(talked_of, [*given, *_cited_titles(reading)]):
        return _KEPT
    if len(given) < _LONG or _is_tied(reading, lexicon):
        return Sign(probability=0.2)
    return Sign(probability=0.65, words="shares no word with the conversation")


def measure_sense(reading: Reading, lexicon: Lexicon) -> Sign:
    """Return whether the reply is empty, no language, or cut off."""
    text = reading.reply.strip()
    if not text:
        return Sign(probability=0.95, words="the reply is empty")
    tokens = re.findall(r"[^\W\d_]+", text)
    odd = [token for token in tokens if _is_unpronounceable(token)]
    if len(tokens) >= _SHORT and len(odd) > 0.3 * len(tokens):
        return Sign(probability=0.9, words=f"no words: {' '.join(odd[:3])}")
    if _symbol_share(text) > 0.5 and len(text) > 20:
        return Sign(probability=0.8, words="mostly signs, few letters")
    joints = lexicon.phrases[Phrase.SENSELESS].findall(text)
    if len(joints) >= 2 and len(joints) > 0.1 * len(tokens):
        return Sign(probability=0.85, words=f"no sentence: {joints[0]}")
    if len(tokens) >= _LONG and lexicon.says(Phrase.CUT_OFF, text):
        return Sign(probability=0.6, words="ends in the middle of a sentence")
    return _KEPT


def measure_repetition(reading: Reading, lexicon: Lexicon) -> Sign:
    """Return whether the reply says the same twice, or what an earlier one said."""
    grams = Counter(_grams(reading.reply))
    total = sum(grams.values())
    repeated = total - len(grams)
    if repeated >= 2 and repeated > 0.25 * total:
        return Sign(probability=0.85, words="says the same twice")
    if total < _LONG or _may_repeat(reading, lexicon):
        return _KEPT
    for earlier in reading.earlier:
        known = set(_grams(earlier))
        if _is_known(grams, known) and not _is_now_asked_for(reading, known, lexicon):
            return Sign(probability=0.75, words="says what an earlier reply said")
    return _KEPT


def measure_evidence(reading: Reading, lexicon: Lexicon) -> Sign | None:  # noqa: ARG001
    """Return whether cited sentences have evidence about something else.

    A reply without citations keeps the rule; None when no citation was scored.
    """
    if not reading.citations:
        return _KEPT
    scored = [citation for citation in reading.citations if citation.verdict is not SupportOutcome.UNSCORED]
    if not scored:
        return None
    by_sentence: dict[str, bool] = {}
    for citation in scored:
        fits = by_sentence.get(citation.sentence, False) or _fits(citation)
        by_sentence[citation.sentence] = fits
    unfit = [sentence for sentence, fits in by_sentence.items() if not fits]
    if not unfit:
        return _KEPT
    share = len(unfit) / len(by_sentence)
    return Sign(probability=0.5 + 0.4 * share, words=f"the quote does not fit: {unfit[0]}")


_SUM = re.compile(
    r"(?<![\d.,+*/×÷=−-])(?<![+*/×÷=−-] )\b(?P<left>\d[\d,]*(?:\.\d+)?)"
    r"\s?(?P<sign>\+|−|-|\*|×|x|/|÷|plus|minus|times|divided by)\s?"
    r"(?P<right>\d[\d,]*(?:\.\d+)?)\s?(?:=|is|equals|makes)\s?(?P<result>-?\d[\d,]*(?:\.\d+)?)"
    r"(?![\d,]*\d|\.\d|\s?(?:\(?mod|[+*/×÷]))"
)


def measure_sums(reading: Reading, lexicon: Lexicon) -> Sign:
    """Return whether a sum of two numbers in the reply is wrong."""
    for sentence in reading.sentences:
        for match in _SUM.finditer(sentence):
            reported = lexicon.says(Phrase.ATTRIBUTES, sentence) or reading.fiction
            if not reported and not _is_right(match):
                return Sign(probability=0.85, words=f"not so: {match.group()}")
    return _KEPT


def _needs_no_answer(reading: Reading, lexicon: Lexicon) -> bool:
    wanted = set(stems(reading.user))
    # A question about one thing, such as "tell me about Vienna", has answers that never name it.
    if len(wanted) < 2 or not lexicon.says(Phrase.ASKS, reading.user):
        return True
    return (
        lexicon.says(Phrase.CHATS, reading.user)
        or reading.refuses
        or reading.redirects
        or lexicon.says(Phrase.ABSTAINS, reading.reply)
        or lexicon.says(Phrase.CLARIFIES, reading.reply)
    )


def _is_tied(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the reply leans on the question without its words: by pronouns, a list, or instructions."""
    return lexicon.says(Phrase.POINTS_BACK, reading.reply) or reading.complies


def _cited_titles(reading: Reading) -> list[str]:
    """The words of the titles of pages that support the reply: a quote from "Bees" is about bees."""
    supporting = (c.title for c in reading.citations if c.verdict is SupportOutcome.SUPPORTED)
    return stems(" ".join(supporting))


def _share_a_word(left: Sequence[str], right: Sequence[str]) -> bool:
    # Stems that begin alike count, since "German" and "Germany" are of one family.
    heads = {stem[:_HEAD] for stem in left}
    return any(stem[:_HEAD] in heads for stem in right)


def _is_unpronounceable(token: str) -> bool:
    return len(token) >= 4 and token.isascii() and not re.search(r"[aeiouy]", token)


def _symbol_share(text: str) -> float:
    signs = sum(not (char.isalnum() or char.isspace()) for char in text)
    return signs / max(1, len(text) - sum(char.isspace() for char in text))


def _grams(text: str) -> list[tuple[str, ...]]:
    """Every run of five words, in order."""
    said = words(text)
    return list(zip(*(said[start:] for start in range(_GRAM)), strict=False))


def _is_known(grams: Collection[tuple[str, ...]], known: set[tuple[str, ...]]) -> bool:
    return sum(gram in known for gram in grams) > 0.6 * len(grams)


def _is_now_asked_for(reading: Reading, known: set[tuple[str, ...]], lexicon: Lexicon) -> bool:
    """Whether just one sentence is said again, and the user's question asks for that one.

    What the user said before is no sign of that: "Who walked on the Moon?" asks for no other sentence on it.
    """
    repeated = [one for one in reading.sentences if (grams := set(_grams(one))) and _is_known(grams, known)]
    if len(repeated) != 1:
        return False
    if lexicon.says(Phrase.WANTS_AMOUNT, reading.user) and re.search(r"\d", repeated[0]):
        return True
    *before, last = reading.user_said.split("\n")
    return _share_a_word(sorted({*stems(last)} - {*stems("\n".join(before))}), stems(repeated[0]))


def _may_repeat(reading: Reading, lexicon: Lexicon) -> bool:
    if reading.refuses or lexicon.says(Phrase.REPEATS_WANTED, reading.user):
        return True
    # Two questions without an answer have the same answer.
    if lexicon.says(Phrase.ABSTAINS, reading.reply):
        return True
    last = Counter(stems(reading.user))
    before = reading.user_said.split("\n")[:-1]
    return any(cosine(last, Counter(stems(earlier))) > 0.8 for earlier in before)


def _fits(citation: Citation) -> bool:
    if citation.verdict is SupportOutcome.SUPPORTED:
        return True
    claimed = set(stems(citation.sentence))
    quoted = set(stems(f"{citation.title} {citation.quote}"))
    return bool(claimed) and len(claimed & quoted) >= 0.25 * len(claimed)


def _is_right(match: re.Match[str]) -> bool:
    left, right, given = (float(match[name].replace(",", "")) for name in ("left", "right", "result"))
    sign = match["sign"]
    if sign in {"+", "plus"}:
        result = left + right
    elif sign in {"-", "−", "minus"}:
        result = left - right
    elif sign in {"*", "×", "x", "times"}:
        result = left * right
    else:
        result = left / right if right else given
    decimals = len(match["result"].partition(".")[2])
    return abs(result - given) <= 0.51 * 10.0**-decimals
