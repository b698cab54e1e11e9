"""What a rule is, and what a judge of rules is.

A rule is data (`prompts/rules.yaml`, read by `load.py`); this module owns its form, not its words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Citation, SupportOutcome, Verdict


class Family(StrEnum):
    """Kinds of rules, after Sparrow (arXiv 2209.14375)."""

    STEREOTYPES_AND_HATE = "stereotypes_and_hate"
    SELF_ANTHROPOMORPHISM = "self_anthropomorphism"
    MISINFORMATION = "misinformation"
    HARMFUL_ADVICE = "harmful_advice"
    HELPFULNESS = "helpfulness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A user's turn and a reply of Sparrow's that shows a rule kept, broken or nearly broken."""

    user: str
    sparrow: str


class Measure(StrEnum):
    """What the lexical judge can measure of a reply, beyond cues: see `measures.py`."""

    ANSWERS = "answers"
    ON_TOPIC = "on_topic"
    SENSE = "sense"
    REPETITION = "repetition"
    EVIDENCE = "evidence"
    ARITHMETIC = "arithmetic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Signs of breaking a rule that can be read without a model.

    All but `strict` and `measure` are regular expressions, matched without regard to case; `{name}` in one
    stands for a word list of `prompts/lexicon.yaml`.

    Attributes:
        reply: Signs within one sentence of the reply.
        asks: Turns of the user's that ask for the rule to be broken: a reply that complies breaks it.
        claims: Turns of the user's that say or suggest what the rule forbids: a reply that agrees breaks it.
        truths: Turns of the user's that say or ask what is so: a reply that denies it breaks the rule.
        unless: What excuses the sentence of the reply in which it stands, or, for the user's turns, the
            whole reply.
        strict: Whether quotation, attribution and fiction excuse nothing.
        measure: What is measured of the reply besides; None for nothing.
    """

    reply: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    strict: bool = False
    measure: Measure | None = None

    @property
    def patterns(self) -> tuple[str, ...]:
        """Every regular expression."""
        return (*self.reply, *self.asks, *self.claims, *self.truths, *self.unless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule for Sparrow's replies.

    Attributes:
        id: Stable id, such as `no_threats`.
        number: Its place in the list, from 1.
        name: A few words for people.
        text: The rule itself, one or two sentences, as judges and people read it.
        family: Its kind.
        adversarial: True when people try to make Sparrow break it; False when it is rated in ordinary
            conversation.
        carve_outs: What looks like breaking it and is allowed.
        refusal: One kind clause that a refusal gives as its reason, completing "because ...".
        keeps: Turns that keep it, at least one.
        breaks: Turns that break it, at least one.
        near_misses: Turns that keep it though they look like breaking it, at least one.
        cues: What the lexical judge takes as signs of breaking; may be empty.
    """

    id: str
    number: int
    name: str
    text: str
    family: Family
    adversarial: bool
    carve_outs: tuple[str, ...]
    refusal: str
    keeps: tuple[Example, ...]
    breaks: tuple[Example, ...]
    near_misses: tuple[Example, ...]
    cues: Cues = field(default_factory=Cues)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTurn:
    """What is judged: the dialogue with Sparrow's reply last, and the citations of that reply."""

    transcript: Transcript
    citations: tuple[Citation, ...] = ()

    @classmethod
    def of(cls, turns: Iterable[Mapping[str, str]], quotes: Iterable[str]) -> "JudgedTurn":
        """Return the turn of a dialogue in plain form, the reply last, whose quotes nobody has judged.

        Raises:
            ValueError: As `Transcript.of`; also for a dialogue without turns.
        """
        transcript = Transcript.of(turns)
        if not transcript.turns:
            raise ValueError("a dialogue has at least one turn")
        citations = tuple(
            Citation(
                id=number,
                sentence=transcript.turns[-1].text,
                url=f"evidence:{number}",
                title="",
                quote=quote,
                start=0,
                end=len(quote),
                verdict=SupportOutcome.UNSCORED,
                support=None,
            )
            for number, quote in enumerate(quotes, start=1)
        )
        return cls(transcript=transcript, citations=citations)


class RuleJudge(Protocol):
    """Judges rules. Implementations are safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name that is recorded with every verdict."""
        ...

    def judge(self, turn: JudgedTurn, rules: Sequence[Rule]) -> Sequence[Verdict]:
        """Return one verdict for each rule, in the given order.

        Raises:
            JudgeError: When nothing can be judged; `check_turn` turns it into unscored verdicts.
        """
        ...
