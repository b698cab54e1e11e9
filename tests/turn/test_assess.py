"""What is shown when there is no answer keeps the rules, also when it is said twice."""

import pytest

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.reply import AbstainReason, Outcome, SearchRecord
from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.rules.check import check_turn
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.assess import Setting, assess_evidence
from sparrow_lite.turn.draft import Draft
from sparrow_lite.turn.gather import Gathered
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


PAGE = Page.of(
    url="https://e.org/",
    title="Varn bridge",
    text="The Varn bridge is long. It was built in 1901.",
    opened_at="",
)
PIECE = Evidence(id=1, page=PAGE, start=0, end=len(PAGE.text))


def assess(text, parts, *, evidence=(PIECE,), searched=True):
    gathered = Gathered(evidence=evidence, record=SearchRecord(queries=("varn",)), failure=None)
    setting = Setting(
        transcript=Transcript().user("Who built Varn?"),
        gathered=gathered,
        checks_claims=searched,
        declines=False,
    )
    return assess_evidence(Draft(text=text, with_evidence=True), setting, parts)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I don't know.", AbstainReason.EVIDENCE_IRRELEVANT),
        ("The sources do not contain this.", AbstainReason.EVIDENCE_IRRELEVANT),
        ("Sorry! I could not find that in the passages.", AbstainReason.EVIDENCE_IRRELEVANT),
        ("Which bridge of that name do you mean?", None),
        ("The Varn bridge was built in 1901 [1]. I could not find who built it.", None),
    ],
)
def test_a_searched_draft_that_only_says_it_does_not_know_abstains(open_scripted_sparrow, text, reason):
    _, _, parts = open_scripted_sparrow({})
    candidate = assess(text, parts)
    assert candidate.abstained is reason
    if reason:
        assert text not in candidate.text
        assert candidate.text


def test_not_knowing_without_a_search_is_left_as_it_is(open_scripted_sparrow):
    _, _, parts = open_scripted_sparrow({})
    assert assess("I don't know.", parts, searched=False).abstained is None


def test_not_knowing_without_evidence_names_the_lack_of_results(open_scripted_sparrow):
    _, _, parts = open_scripted_sparrow({})
    assert assess("I don't know.", parts, evidence=()).abstained is AbstainReason.NO_RESULTS
