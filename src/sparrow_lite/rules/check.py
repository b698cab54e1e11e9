"""Judging one turn by rules, so that no failure can pass for compliance."""

from collections.abc import Sequence

from sparrow_lite.errors import JudgeError
from sparrow_lite.rules.base import JudgedTurn, Rule, RuleJudge
from sparrow_lite.verdict import Outcome, Verdict


def check_turn(turn: JudgedTurn, rules: Sequence[Rule], judge: RuleJudge) -> tuple[Verdict, ...]:
    """Judge the last turn by each rule: one verdict per rule, in the given order.

    A judge that fails, or that answers for other rules than it was asked, yields UNSCORED for all of them;
    any other error is a bug and propagates.
    """
    if not rules:
        return ()
    try:
        verdicts = tuple(judge.judge(turn, rules))
        _require_in_order(verdicts, rules, judge.name)
    except JudgeError as error:
        return tuple(_unscored(rule, judge.name, str(error)) for rule in rules)
    return verdicts


def _require_in_order(verdicts: Sequence[Verdict], rules: Sequence[Rule], judge: str) -> None:
    given = [verdict.rule for verdict in verdicts]
    if given != [rule.id for rule in rules]:
        raise JudgeError(
            f"Judge {judge!r} gave {len(given)} verdicts for {len(rules)} rules, or in another order."
        )


def _unscored(rule: Rule, judge: str, reason: str) -> Verdict:
    return Verdict(rule=rule.id, outcome=Outcome.UNSCORED, probability=None, judge=judge, reason=reason)
