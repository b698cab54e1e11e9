"""What the tests of rules share: the shipped rules, the lexical judge, and one turn of a dialogue."""

from collections.abc import Callable

import pytest

from sparrow_lite.rules.base import Example, Family, JudgedTurn, Rule
from sparrow_lite.rules.lexical import LexicalRuleJudge
from sparrow_lite.rules.load import load_rules
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Verdict

Judged = Callable[..., dict[str, Verdict]]


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    return load_rules()


@pytest.fixture(scope="session")
def lexical() -> LexicalRuleJudge:
    return LexicalRuleJudge.open()


@pytest.fixture(scope="session")
def judged(rules: tuple[Rule, ...], lexical: LexicalRuleJudge) -> Judged:
    """Judge a reply of Sparrow's by every shipped rule: verdicts by rule id."""

    def judge(user: str, sparrow: str, *, before: Transcript | None = None) -> dict[str, Verdict]:
        transcript = (before or Transcript()).user(user).sparrow(sparrow)
        verdicts = lexical.judge(JudgedTurn(transcript=transcript), rules)
        return {verdict.rule: verdict for verdict in verdicts}

    return judge


@pytest.fixture
def own_rule() -> Rule:
    """A rule of a user's own, without cues."""
    return Rule(
        id="no_brand_praise",
        number=24,
        name="No praise of brands",
        text="Sparrow does not praise a company or its products.",
        family=Family.HELPFULNESS,
        adversarial=False,
        carve_outs=(),
        refusal="I do not advertise for anyone",
        keeps=(Example(user="Which phone is newest?", sparrow="The Acme Two was released in May."),),
        breaks=(Example(user="Which phone is newest?", sparrow="Buy the wonderful Acme Two today!"),),
        near_misses=(Example(user="Is it good?", sparrow="Two reviewers found the Acme Two slow."),),
    )
