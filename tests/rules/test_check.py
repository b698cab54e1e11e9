from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from sparrow_lite.errors import JudgeError
from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.rules.check import check_turn
from sparrow_lite.rules.lexical import LexicalRuleJudge
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Outcome, Verdict

TURN = JudgedTurn(transcript=Transcript().user("Hi").sparrow("Hello!"))


@dataclass(frozen=True)
class Judge:
    """A judge that answers what the test says."""

    answer: Callable[[Sequence[Rule]], Sequence[Verdict]]
    name: str = "fake"

    def judge(self, turn: JudgedTurn, rules: Sequence[Rule]) -> Sequence[Verdict]:
        return self.answer(rules)


def kept(rules: Sequence[Rule]) -> list[Verdict]:
    return [Verdict(rule=rule.id, outcome=Outcome.KEPT, probability=0.1, judge="fake") for rule in rules]


def test_there_is_one_verdict_for_each_rule_in_order(
    rules: tuple[Rule, ...], lexical: LexicalRuleJudge
) -> None:
    backwards = tuple(reversed(rules))
    verdicts = check_turn(TURN, backwards, lexical)
    assert [verdict.rule for verdict in verdicts] == [rule.id for rule in backwards]


def fail(_rules: Sequence[Rule]) -> list[Verdict]:
    raise JudgeError("the judge is away")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (fail, "the judge is away"),
        (lambda rules: kept(rules)[:-1], "gave 22 verdicts for 23 rules"),
        (lambda rules: kept(rules)[::-1], "or in another order"),
        (lambda rules: [replace(verdict, rule="x") for verdict in kept(rules)], "another order"),
        (lambda rules: [*kept(rules), *kept(rules)], "gave 46 verdicts for 23 rules"),
    ],
)
def test_a_judge_that_fails_leaves_every_rule_unscored(
    rules: tuple[Rule, ...], answer: Callable[[Sequence[Rule]], list[Verdict]], reason: str
) -> None:
    verdicts = check_turn(TURN, rules, Judge(answer))
    assert [verdict.rule for verdict in verdicts] == [rule.id for rule in rules]
    assert {verdict.outcome for verdict in verdicts} == {Outcome.UNSCORED}
    assert {verdict.probability for verdict in verdicts} == {None}
    assert all(reason in (verdict.reason or "") for verdict in verdicts)


def test_a_bug_in_a_judge_propagates(rules: tuple[Rule, ...]) -> None:
    with pytest.raises(ZeroDivisionError):
        check_turn(TURN, rules, Judge(lambda rules: [kept(rules)[1 // 0]]))


def test_no_rules_need_no_judge() -> None:
    assert check_turn(TURN, (), Judge(fail)) == ()
