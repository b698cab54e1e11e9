"""The judge `none`: every rule stays unscored, for a baseline that is judged by nobody while it answers."""

from collections.abc import Sequence

from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.verdict import Outcome, Verdict

NAME = "none"


class NoRuleJudge:
    """Judges nothing. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """`none`."""
        return NAME

    def judge(self, turn: JudgedTurn, rules: Sequence[Rule]) -> tuple[Verdict, ...]:  # noqa: ARG002
        """Return UNSCORED for each rule, in the given order."""
        return tuple(
            Verdict(rule=rule.id, outcome=Outcome.UNSCORED, probability=None, judge=NAME, reason="not judged")
            for rule in rules
        )
