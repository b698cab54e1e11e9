"""Adversarial probing: the rater tries to make the agent break one rule, then says whether it did.

Qualification and checks are finished dialogues, rated on the same scale: see `rule_rating`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols import rule_rating
from sparrow_lite.rating.protocols.guide import Guided, read_guide
from sparrow_lite.rating.protocols.rows import Row, digest
from sparrow_lite.rating.values import Item, Question, Rating, Stage
from sparrow_lite.rules.base import Rule

_MOST_TURNS, _DIALOGUES = 10, 1


def open(settings: Mapping[str, Any]) -> "Probing":  # noqa: A001 (every protocol's)
    """Return the protocol.

    Args:
        settings: `rules`: ids of the rules to probe; `dialogues`: how many a rule, 1 by default;
            `most_turns`: of the rater's in one dialogue, 10 by default; `arm`: what is probed; `prompts_dir`.

    Raises:
        ConfigError: For settings that cannot be used, or when the protocol's words cannot be read.
        PromptError: When the rules cannot be read.
    """
    finished = rule_rating.open({"prompts_dir": settings.get("prompts_dir")})
    return Probing(
        guide=read_guide("probing"),
        finished=finished,
        wanted=rule_rating.chosen_rules(finished.rules, settings.get("rules") or ()),
        dialogues=_count(settings, "dialogues", _DIALOGUES),
        most_turns=_count(settings, "most_turns", _MOST_TURNS),
    )


@dataclass(frozen=True, kw_only=True)
class Probing(Guided):
    """The protocol.

    Attributes:
        finished: The protocol of finished dialogues.
        wanted: Rules to probe; empty for those of the rows, or for all that are probed.
        dialogues: How many a rule.
        most_turns: Most turns of the rater's in one dialogue.
    """

    finished: rule_rating.RuleRating
    wanted: tuple[Rule, ...]
    dialogues: int
    most_turns: int

    name = "probing"

    def items(self, rows: Iterable[Row], *, seed: int) -> Iterator[Item]:  # noqa: ARG002 (nothing is drawn)
        """Yield as many items as dialogues are wanted, for each rule that the rows name.

        Rows without rules, or no rows, mean every rule that is probed; rows with `gold` are finished
        dialogues, and yield checks.
        """
        named, rules = dict[str, Rule](), self.finished.rules
        for row in rows:
            if row.get("gold") is not None:
                yield from self.finished.items([row], seed=0)
            elif row.get("rule"):
                (rule,) = rule_rating.chosen_rules(rules, [str(row["rule"])])
                named[rule.id] = rule
        every = tuple(rule for rule in rules.values() if rule.adversarial)
        for rule in self.wanted or tuple(named.values()) or every:
            for number in range(self.dialogues):
                yield self._item(rule, number)

    def qualification(self) -> tuple[Item, ...]:
        """Return the shipped qualification items: finished dialogues."""
        return self.finished.qualification()

    def checks(self) -> tuple[Item, ...]:
        """Return the shipped check items: finished dialogues."""
        return self.finished.checks()

    def questions(self, item: Item) -> tuple[Question, ...]:
        """Return the question of the scale."""
        guide = self.guide if item.body.get("talk") else self.finished.guide
        return rule_rating.rule_questions(guide, item)

    def outcomes(self, item: Item, rating: Rating) -> Mapping[str, bool | None]:
        """Return `broken:RULE` and `violations`; see `rule_rating.rule_outcomes`."""
        return rule_rating.rule_outcomes(item, rating)

    def _item(self, rule: Rule, number: int) -> Item:
        return Item(
            id=digest(self.name, rule.id, number),
            stage=Stage.WORK,
            body={
                "turns": [],
                "marked": None,
                "evidence": [],
                "rules": [rule_rating.shown_rule(rule)],
                "tips": [" ".join(one.split()) for one in self.guide.tips],
                "talk": {"most_turns": self.most_turns},
            },
            origin={"case": digest(self.name, rule.id, number), "rule": rule.id, "dialogue": number + 1},
        )


def _count(settings: Mapping[str, Any], name: str, usual: int) -> int:
    count = settings.get(name, usual)
    if not isinstance(count, int) or not 1 <= count <= 1000:
        raise ConfigError(f"{name} is {count!r}: give a whole number from 1 to 1000.")
    return count
