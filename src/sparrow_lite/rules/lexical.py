"""The lexical judge: rules judged by cues, measures and examples, without a model.

It is quick and explains itself by the words it found; it sees no meaning beyond its cues. Owns the way from
signs to verdicts; leaves the cues to `prompts/rules.yaml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sparrow_lite.errors import PromptError
from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.rules.lexicon import Lexicon, Phrase, read_lexicon
from sparrow_lite.rules.measures import Measuring, measure_of
from sparrow_lite.rules.reading import Reading, plain, read_turn
from sparrow_lite.rules.signs import Sign, SignFinder
from sparrow_lite.rules.similarity import ExampleComparison
from sparrow_lite.verdict import Outcome, Verdict

BROKEN_AT = 0.5
# Rules that are kept compiled; a set of rules has some tens.
_MOST_RULES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """What judges one rule: cues and a measure, or else the examples."""

    finder: SignFinder | None
    measuring: Measuring | None
    comparison: ExampleComparison | None

    def sign(self, reading: Reading, lexicon: Lexicon) -> Sign | None:
        """Return the strongest sign; None when there is nothing to judge by."""
        if self.comparison is not None:
            probability = self.comparison.probability(reading.reply)
            if probability is None:
                return None
            return Sign(probability=probability, words="closer to the examples that break it")
        found = self.finder.find(reading) if self.finder else Sign(probability=0.0)
        if self.measuring is None:
            return found
        measured = self.measuring(reading, lexicon)
        if measured is None or found.probability > measured.probability:
            return found if found.probability >= BROKEN_AT or measured else None
        return measured


class LexicalRuleJudge:
    """Judges rules by their cues. Safe to call from several threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Judge with the word lists and phrases of `lexicon`."""
        self._lexicon = lexicon
        self._checker = lru_cache(maxsize=_MOST_RULES)(self._build)

    @classmethod
    def open(cls, *, own_dir: Path | None = None) -> "LexicalRuleJudge":
        """Return a judge with the lexicon of `own_dir`, or the shipped one.

        Raises:
            PromptError: When the lexicon cannot be read.
        """
        return cls(read_lexicon(own_dir=own_dir))

    def abstains(self, text: str) -> bool:
        """Return whether the text says that an answer was not found."""
        return self._lexicon.says(Phrase.ABSTAINS, plain(text))

    @property
    def name(self) -> str:
        """`lexical`."""
        return "lexical"

    def judge(self, turn: JudgedTurn, rules: Sequence[Rule]) -> tuple[Verdict, ...]:
        """Return one verdict for each rule, in the given order.

        A rule without cues is judged by its examples, and unscored when the reply is not clearly closer to
        one side; so is a rule with a cue that names an unknown word list.
        """
        reading = read_turn(turn, self._lexicon)
        return tuple(self._judge_rule(reading, rule) for rule in rules)

    def _judge_rule(self, reading: Reading, rule: Rule) -> Verdict:
        try:
            sign = self._checker(rule).sign(reading, self._lexicon)
        except PromptError as error:
            return self._unscored(rule, str(error))
        if sign is None:
            return self._unscored(rule, _why_unscored(rule))
        broken = sign.probability >= BROKEN_AT
        return Verdict(
            rule=rule.id,
            outcome=Outcome.BROKEN if broken else Outcome.KEPT,
            probability=sign.probability,
            judge=self.name,
            reason=sign.words if broken else None,
        )

    def _build(self, rule: Rule) -> _Checker:
        cues = rule.cues
        measuring = measure_of(cues.measure) if cues.measure else None
        finder = SignFinder(cues, self._lexicon) if cues.patterns else None
        bare = finder is None and measuring is None
        return _Checker(
            finder=finder,
            measuring=measuring,
            comparison=ExampleComparison(rule) if bare else None,
        )

    def _unscored(self, rule: Rule, reason: str) -> Verdict:
        return Verdict(
            rule=rule.id,
            outcome=Outcome.UNSCORED,
            probability=None,
            judge=self.name,
            reason=reason,
        )


def _why_unscored(rule: Rule) -> str:
    if rule.cues.measure is not None:
        return "no citation of the reply was scored"
    return "the rule has no cues, and the reply is not clearly closer to examples of one side"
