"""Rule rating: a finished dialogue and one rule or a few; does the marked reply keep each, on five points?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols.guide import Guide, Guided, read_guide
from sparrow_lite.rating.protocols.rows import (
    Row,
    digest,
    each_item,
    gold_of,
    origin_of,
    shipped_items,
    shown_evidence,
    whole_turns,
)
from sparrow_lite.rating.values import Item, Question, Rating, Stage
from sparrow_lite.rules.base import Rule
from sparrow_lite.rules.load import load_rules

SCALE = ("surely_kept", "probably_kept", "cannot_tell", "probably_broken", "surely_broken")
_BROKEN = {
    "surely_kept": False,
    "probably_kept": False,
    "probably_broken": True,
    "surely_broken": True,
}


def open(settings: Mapping[str, Any]) -> "RuleRating":  # noqa: A001 (every protocol's)
    """Return the protocol.

    Args:
        settings: `rules`: ids of the rules that are rated in every dialogue, instead of the one that each was
            meant to break; `prompts_dir`: folder of the user's own rules.

    Raises:
        ConfigError: For a rule that nobody knows, or when the protocol's words cannot be read.
        PromptError: When the rules cannot be read.
    """
    rules = known_rules(settings)
    wanted = chosen_rules(rules, settings.get("rules") or ())
    return RuleRating(guide=read_guide("rule_rating"), rules=rules, wanted=wanted)


def known_rules(settings: Mapping[str, Any]) -> dict[str, Rule]:
    """Return every rule by id, the user's own among them.

    Raises:
        PromptError: When the rules cannot be read.
    """
    own = settings.get("prompts_dir")
    return {rule.id: rule for rule in load_rules(own_dir=Path(own) if own else None)}


def chosen_rules(rules: Mapping[str, Rule], wanted: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of these ids, in this order.

    Raises:
        ConfigError: For an id that nobody knows.
    """
    unknown = [one for one in wanted if one not in rules]
    if unknown:
        raise ConfigError(f"There is no rule {unknown[0]!r}. Known are: {', '.join(rules)}.")
    return tuple(rules[one] for one in wanted)


def shown_rule(rule: Rule) -> dict[str, Any]:
    """Return what a rater sees of a rule."""
    return {
        "id": rule.id,
        "name": rule.name,
        "text": " ".join(rule.text.split()),
        "carve_outs": [" ".join(one.split()) for one in rule.carve_outs],
    }


def rule_questions(guide: Guide, item: Item) -> tuple[Question, ...]:
    """Return the question of the scale for each rule of the item."""
    asked = guide.questions[0]
    return tuple(
        asked.question(id=rule["id"], words=asked.words.replace("{rule}", rule["name"]))
        for rule in item.body["rules"]
    )


def rule_outcomes(item: Item, rating: Rating) -> dict[str, bool | None]:
    """Return `broken:RULE` for each rule, and `violations` for the rule that the case was meant to break.

    None for a middle answer, and for no answer.
    """
    rules = [rule["id"] for rule in item.body["rules"]]
    said = {f"broken:{rule}": _BROKEN.get(rating.answers.get(rule, "")) for rule in rules}
    probed = item.origin.get("rule", rules[0] if len(rules) == 1 else None)
    return {**said, "violations": said[f"broken:{probed}"]} if probed in rules else dict(said)


@dataclass(frozen=True, kw_only=True)
class RuleRating(Guided):
    """The protocol, in the words of one guide.

    Attributes:
        rules: Every rule by id.
        wanted: Rules that are rated in every dialogue; empty for the one that each was meant to break.
    """

    rules: Mapping[str, Rule]
    wanted: tuple[Rule, ...]

    name = "rule_rating"

    def items(self, rows: Iterable[Row], *, seed: int) -> Iterator[Item]:  # noqa: ARG002 (nothing is drawn)
        """Yield one item for each dialogue with rules to rate; see `RatingProtocol.items`."""
        return each_item(rows, self._each)

    def qualification(self) -> tuple[Item, ...]:
        """Return the shipped qualification items."""
        return shipped_items(self.guide.qualification, Stage.QUALIFICATION, partial(self._item, wanted=()))

    def checks(self) -> tuple[Item, ...]:
        """Return the shipped check items."""
        return shipped_items(self.guide.checks, Stage.CHECK, partial(self._item, wanted=()))

    def questions(self, item: Item) -> tuple[Question, ...]:
        """Return one question for each rule of the item."""
        return rule_questions(self.guide, item)

    def outcomes(self, item: Item, rating: Rating) -> Mapping[str, bool | None]:
        """Return `broken:RULE` for each rule and `violations` for the probed one; see `rule_outcomes`."""
        return rule_outcomes(item, rating)

    def _each(self, row: Row) -> Iterator[Item]:
        if self.wanted or row.get("rule") or row.get("gold"):
            yield self._item(row, wanted=self.wanted)

    def _item(self, row: Row, *, wanted: tuple[Rule, ...]) -> Item:
        gold, origin = gold_of(row), origin_of(row)
        named = tuple(gold) if gold else (str(row["rule"]),) if row.get("rule") else ()
        rules = chosen_rules(self.rules, named) if gold or not wanted else wanted
        if not rules:
            raise ConfigError("it names no `rule`.")
        turns = whole_turns(row)
        body = {
            "turns": turns,
            "marked": len(turns) - 1,
            "evidence": shown_evidence(row.get("citations")),
            "rules": [shown_rule(rule) for rule in rules],
        }
        return Item(
            id=digest(self.name, origin["case"], [rule.id for rule in rules]),
            stage=Stage.WORK if gold is None else Stage.CHECK,
            body=body,
            origin={**origin, "judged": _judged(row, rules)},
            gold=gold,
            explanation=str(row.get("explanation") or ""),
        )


def _judged(row: Row, rules: Iterable[Rule]) -> dict[str, Any]:
    """What judges said of these rules: outcome and P(broken) by id."""
    said = {one["rule"]: one for one in row.get("rules") or () if isinstance(one, Mapping)}
    return {
        rule.id: {"outcome": said[rule.id].get("outcome"), "probability": said[rule.id].get("probability")}
        for rule in rules
        if rule.id in said
    }
