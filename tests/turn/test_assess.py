"""What is shown when there is no answer keeps the rules, also when it is said twice."""

import pytest

from sparrow_lite.reply import AbstainReason, Outcome
from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.rules.check import check_turn
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.notices import read_notices

PLAIN = [
    one for one in AbstainReason if one not in (AbstainReason.RULE_REFUSAL, AbstainReason.EVIDENCE_CONFLICTS)
]


@pytest.mark.parametrize("reason", PLAIN)
def test_the_same_notice_may_be_given_to_two_questions(open_scripted_sparrow, reason):
    _, _, parts = open_scripted_sparrow({})
    notice = read_notices().abstention(reason)
    dialogue = (
        Transcript().user("Who wrote Hamlet?").sparrow(notice).user("When was Varn built?").sparrow(notice)
    )
    verdicts = check_turn(JudgedTurn(transcript=dialogue), parts.rules, parts.judge)
    assert [one.rule for one in verdicts if one.outcome is Outcome.BROKEN] == []
