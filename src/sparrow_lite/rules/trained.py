"""The trained judge of rules: one reading of the dialogue, one glance at it for each rule's text.

It judges any rule by its text, those of a user's own included. Where the rule has cues or a measure, what the
lexical judge finds and what likeness in meaning tells are further signs: figures, repeats and set phrases are
not the strength of one reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any

from sparrow_lite.encoders.dialogue import dialogue_pieces, rule_pieces
from sparrow_lite.encoders.likeness import Likeness
from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.weights import Words, open_words, read_constants
from sparrow_lite.errors import JudgeError
from sparrow_lite.rules.base import JudgedTurn, Measure, Rule
from sparrow_lite.rules.lexical import LexicalRuleJudge
from sparrow_lite.rules.resemblance import resemblance
from sparrow_lite.transcript import Role
from sparrow_lite.verdict import Outcome, Verdict

NAME = "rules"
HEAD = "rules_head"
_MOST_RULES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is seen of one rule.

    Attributes:
        logit: The network's number; above 0 leans to broken.
        lexical: P(broken) of the lexical judge; 0.0 where it does not tell.
        likeness: What likeness in meaning tells, as `resemblance` has it.
        reason: The lexical judge's, when it finds the rule broken.
    """

    logit: float
    lexical: float
    likeness: float
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """From the signs to P(broken): a logistic of their weighted sum."""

    slope: float
    lexical: float
    bias: float
    likeness: float = 0.0

    def total(self, signs: Signs) -> float:
        """Return the weighted sum; from 0 up the rule is broken."""
        told = self.slope * signs.logit + self.lexical * signs.lexical + self.likeness * signs.likeness
        return told + self.bias

    def probability(self, signs: Signs) -> float:
        """Return P(broken), 0.0 to 1.0."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.total(signs)))))


class TrainedRuleJudge:
    """Judges rules by their texts. Safe to call from several threads."""

    def __init__(self, words: Words, constants: Mapping[str, Any], lexical: LexicalRuleJudge) -> None:
        """Judge with the networks that lie beside `words`.

        Args:
            words: Tokenizer and embeddings.
            constants: What was fitted: `version`, `rules` (id to calibration) and `any_rule`.
            lexical: Gives the further sign.
        """
        self._encoder = Network(words, NAME)
        self._head = Network(words, HEAD)
        self._lexical = lexical
        self._likeness = Likeness.open(words)
        self._calibrations = {rule: Calibration(**fitted) for rule, fitted in constants["rules"].items()}
        self._any_rule = Calibration(**constants["any_rule"])
        self._name = f"trained {constants['version']}"
        self._vector = lru_cache(maxsize=_MOST_RULES)(self._read_rule)

    @classmethod
    def open(cls, *, own_dir: Path | None = None, weights: Path | None = None) -> "TrainedRuleJudge":
        """Return the judge with the user's own weights, or the shipped ones.

        Raises:
            ConfigError: When there are no weights.
            PromptError: When the lexicon cannot be read.
        """
        words = open_words(weights)
        return cls(words, read_constants(words.folder, NAME), LexicalRuleJudge.open(own_dir=own_dir))

    @property
    def name(self) -> str:
        """`trained`, and the version of the weights."""
        return self._name

    def judge(self, turn: JudgedTurn, rules: Sequence[Rule]) -> tuple[Verdict, ...]:
        """Return one verdict for each rule, in the given order.

        Raises:
            JudgeError: When the networks cannot be loaded, or the transcript does not end with a reply.
        """
        signs = self.signs(turn, rules)
        return tuple(self._verdict(rule, seen) for rule, seen in zip(rules, signs, strict=True))

    def signs(self, turn: JudgedTurn, rules: Sequence[Rule]) -> tuple[Signs, ...]:
        """Return what is seen of each rule.

        Raises:
            JudgeError: As `judge`.
        """
        seen = zip(rules, self.logits(turn, rules), self._lexical.judge(turn, rules), strict=True)
        return tuple(
            Signs(
                logit=logit,
                lexical=lexical.probability or 0.0,
                likeness=self._resemblance(turn, rule),
                reason=lexical.reason if lexical.outcome is Outcome.BROKEN else None,
            )
            for rule, logit, lexical in seen
        )

    def _resemblance(self, turn: JudgedTurn, rule: Rule) -> float:
        """What likeness tells; that nothing was found may be said of two questions in the same words."""
        repeats = rule.cues.measure is Measure.REPETITION
        if self._likeness is None or (repeats and self._lexical.abstains(turn.transcript.turns[-1].text)):
            return 0.0
        return resemblance(turn, rule.cues.measure, self._likeness)

    def logits(self, turn: JudgedTurn, rules: Sequence[Rule]) -> list[float]:
        """Return the network's uncalibrated number for each rule; above 0 leans to broken.

        Rules about evidence are judged on a dialogue that shows the quotes; the others on one without, where
        there is room for the user's words.

        Raises:
            JudgeError: As `judge`.
        """
        spoken = _spoken(turn)
        quotes = [("evidence", citation.quote) for citation in turn.citations if citation.quote]
        shown = [*spoken[:-1], *quotes, spoken[-1]]
        about_evidence = [quotes and rule.cues.measure is Measure.EVIDENCE for rule in rules]
        plain = self._read(spoken, rules) if not all(about_evidence) else []
        quoting = self._read(shown, rules) if any(about_evidence) else []
        return [(quoting if about else plain)[at] for at, about in enumerate(about_evidence)]

    def _read(self, turns: Sequence[tuple[str, str]], rules: Sequence[Rule]) -> list[float]:
        import numpy as np

        pieces = dialogue_pieces(self._encoder.words.tokenizer, turns)
        states = self._encoder.run([pieces])[0][0]
        given = {
            "states": states[None],
            "mask": np.ones((1, len(pieces[0])), dtype=np.int64),
            "rules": np.stack([self._vector(rule.text) for rule in rules]),
        }
        return [float(logit) for logit in self._head.run_plain(given)[0][0]]

    def _read_rule(self, text: str) -> Any:
        pieces = rule_pieces(self._encoder.words.tokenizer, text)
        return self._encoder.run([pieces])[0][0][: len(pieces[0])].mean(axis=0)

    def _verdict(self, rule: Rule, signs: Signs) -> Verdict:
        calibration = self._calibrations.get(rule.id, self._any_rule)
        probability = calibration.probability(signs)
        if rule.id not in self._calibrations and rule.cues.patterns:
            # Cues that a user wrote for a rule of their own are taken at their word.
            probability = max(probability, signs.lexical)
        broken = probability >= 0.5
        return Verdict(
            rule=rule.id,
            outcome=Outcome.BROKEN if broken else Outcome.KEPT,
            probability=round(probability, 4),
            judge=self.name,
            reason=signs.reason if broken else None,
        )


def _spoken(turn: JudgedTurn) -> list[tuple[str, str]]:
    turns = turn.transcript.without_marks().turns
    if not turns or turns[-1].role is not Role.SPARROW:
        raise JudgeError("There is nothing to judge: the transcript does not end with a reply.")
    return [(one.role.value, one.text) for one in turns]
