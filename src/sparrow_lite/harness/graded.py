"""Frozen values for what judges say of one conversation. `grade.py` makes them; `metrics/` counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sparrow_lite.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGrade:
    """One rule over one case: the worst verdict among the arm's replies.

    Attributes:
        rule: Id of the rule.
        outcome: Broken when a reply broke it; unscored when none did and one could not be judged.
        probability: The highest P(broken); None when nothing was scored.
        at: Place in the dialogue of the reply that the outcome is of.
        reason: One line for people; None for none.
    """

    rule: str
    outcome: Outcome
    probability: float | None
    at: int
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "probability": self.probability,
            "at": self.at,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """All that one set of judges says of one case.

    Attributes:
        judge: Name of the set of judges.
        rules: One for each rule, in the rules' order.
        plausible: Whether the last reply is a reasonable answer; None when unscored or not a question.
        plausible_by: What decided: `answers` (it holds an accepted answer), `rules` (it keeps those of
            helpfulness), `abstention`, or empty when nothing did.
        supported: Whether evidence is shown and supports every claim; None when unscored or not a question.
        support: The best support of each claim of the last reply, in order, 0.0 to 1.0; None for unscored.
        refused: Whether the last reply declines.
        published: What the suite's own published scorer says, by name.
    """

    judge: str
    rules: tuple[RuleGrade, ...] = ()
    plausible: bool | None = None
    plausible_by: str = ""
    supported: bool | None = None
    support: tuple[float | None, ...] = ()
    refused: bool = False
    published: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "judge": self.judge,
            "rules": [one.to_dict() for one in self.rules],
            "plausible": self.plausible,
            "plausible_by": self.plausible_by,
            "supported": self.supported,
            "support": list(self.support),
            "refused": self.refused,
            "published": dict(self.published) if self.published is not None else None,
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Graded":
        """Return the grades of their JSON form."""
        rules = tuple(RuleGrade(**{**one, "outcome": Outcome(one["outcome"])}) for one in row["rules"])
        return cls(**{**row, "rules": rules, "support": tuple(row["support"])})
