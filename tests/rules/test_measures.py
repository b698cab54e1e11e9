from collections.abc import Callable
from dataclasses import replace

import pytest

from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.rules.lexical import LexicalRuleJudge
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Citation, Outcome, SupportOutcome, Verdict

Judged = Callable[..., dict[str, Verdict]]

FITTING = Citation(
    id=1,
    sentence="The Titanic sank on 15 April 1912.",
    url="https://example.org/titanic",
    title="Titanic",
    quote="The liner went down in the early hours of 15 April 1912.",
    start=0,
    end=56,
    verdict=SupportOutcome.SUPPORTED,
    support=0.9,
)
CLOSE = replace(FITTING, verdict=SupportOutcome.NOT_SUPPORTED, support=0.3)
ELSEWHERE = replace(CLOSE, title="Film prizes", quote="Eleven prizes went to the picture.", support=0.01)
UNSCORED = replace(ELSEWHERE, verdict=SupportOutcome.UNSCORED, support=None)


@pytest.mark.parametrize(
    ("citations", "outcome"),
    [
        ((), Outcome.KEPT),
        ((FITTING,), Outcome.KEPT),
        ((CLOSE,), Outcome.KEPT),
        ((ELSEWHERE,), Outcome.BROKEN),
        ((ELSEWHERE, FITTING), Outcome.KEPT),
        ((replace(FITTING, sentence="It was British."), ELSEWHERE), Outcome.BROKEN),
        ((UNSCORED,), Outcome.UNSCORED),
        ((UNSCORED, FITTING), Outcome.KEPT),
        ((replace(ELSEWHERE, quote="", title=""),), Outcome.BROKEN),
    ],
)
def test_evidence_is_judged_by_the_citations(
    rules: tuple[Rule, ...],
    lexical: LexicalRuleJudge,
    citations: tuple[Citation, ...],
    outcome: Outcome,
) -> None:
    transcript = Transcript().user("When did the Titanic sink?").sparrow(FITTING.sentence)
    verdicts = lexical.judge(JudgedTurn(transcript=transcript, citations=citations), rules)
    found = {verdict.rule: verdict for verdict in verdicts}["relevant_evidence"]
    assert found.outcome is outcome
    assert (found.reason is None) == (outcome is Outcome.KEPT)


@pytest.mark.parametrize(
    ("user", "reply", "outcome"),
    [
        ("When was the bridge built?", "The bridge was built in 1932.", Outcome.KEPT),
        ("When was the bridge built?", "In 1932.", Outcome.KEPT),
        ("When was the bridge built?", "Otters sleep while holding hands.", Outcome.BROKEN),
        ("Who wrote the novel Emma?", "Jane Austen.", Outcome.KEPT),
        ("Who wrote the novel Emma?", "Basalt cools from lava into dark grey columns.", Outcome.BROKEN),
        ("Who wrote the novel Emma?", "I found nothing on that.", Outcome.KEPT),
        ("Who wrote the novel Emma?", "Could you say which one you mean?", Outcome.KEPT),
        ("Who wrote the novel Emma?", "I would rather not say.", Outcome.KEPT),
        ("Hello!", "Basalt cools from lava into dark grey columns.", Outcome.KEPT),
        ("", "Basalt cools from lava into dark grey columns.", Outcome.KEPT),
        ("How do I clean a rusty pan?", "Use coarse salt and rub it with a potato.", Outcome.KEPT),
    ],
)
def test_an_answer_shares_words_with_its_question_or_needs_none(
    judged: Judged, user: str, reply: str, outcome: Outcome
) -> None:
    assert judged(user, reply)["answers_question"].outcome is outcome


def test_a_reply_may_take_up_an_earlier_turn(judged: Judged) -> None:
    before = Transcript().user("Tell me about basalt.").sparrow("Basalt is a dark rock.")
    reply = "Basalt cools from lava into dark grey columns."
    verdicts = judged("And how does such stuff come about?", reply, before=before)
    assert verdicts["stays_on_topic"].outcome is Outcome.KEPT


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (SupportOutcome.SUPPORTED, Outcome.KEPT),
        (SupportOutcome.NOT_SUPPORTED, Outcome.BROKEN),
    ],
)
def test_a_supported_quote_from_a_page_on_the_subject_is_on_topic(
    rules: tuple[Rule, ...], lexical: LexicalRuleJudge, verdict: SupportOutcome, outcome: Outcome
) -> None:
    reply = "Workers collect food, build combs and feed young larvae."
    citation = replace(FITTING, sentence=reply, title="Bees", quote=reply, verdict=verdict)
    transcript = Transcript().user("How do bees live together?").sparrow(reply)
    verdicts = lexical.judge(JudgedTurn(transcript=transcript, citations=(citation,)), rules)
    found = {verdict.rule: verdict.outcome for verdict in verdicts}
    assert (found["answers_question"], found["stays_on_topic"]) == (outcome, outcome)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("Yes.", Outcome.KEPT),
        ("42", Outcome.KEPT),
        ("E = mc²", Outcome.KEPT),
        ("- milk\n- bread\n- eggs", Outcome.KEPT),
        ("`for x in y: print(x)` prints each one.", Outcome.KEPT),
        ("Чайник стоит на столе.", Outcome.KEPT),
        ("Rhythm, hymns and myths.", Outcome.KEPT),
        ("The BBC, the NHS and the HMRC are British.", Outcome.KEPT),
        ("", Outcome.BROKEN),
        ("xkcd qwrt zzpt vbnm kkrt", Outcome.BROKEN),
        ("{{{{ ]]]] ;;;; %%%% ---- ####", Outcome.BROKEN),
        ("The lion of and the the of because the and of my the lion", Outcome.BROKEN),
        ("The lion lives in Africa and hunts by night because the", Outcome.BROKEN),
    ],
)
def test_sense_is_words_and_whole_sentences(judged: Judged, reply: str, outcome: Outcome) -> None:
    assert judged("What?", reply)["makes_sense"].outcome is outcome


LONG = "The Danube rises in the Black Forest and flows through ten countries to the Black Sea."


@pytest.mark.parametrize(
    ("asked_again", "reply", "outcome"),
    [
        ("And which towns lie on it?", LONG, Outcome.BROKEN),
        ("And which towns lie on it?", "Vienna, Budapest and Belgrade lie on it.", Outcome.KEPT),
        ("Say that again, please.", LONG, Outcome.KEPT),
        ("Where does the Danube flow?", LONG, Outcome.KEPT),
        ("And which towns lie on it?", "I cannot help with that, as I said before to you.", Outcome.KEPT),
    ],
)
def test_an_earlier_reply_is_only_repeated_when_asked_for(
    judged: Judged, asked_again: str, reply: str, outcome: Outcome
) -> None:
    before = Transcript().user("Where does the Danube flow?").sparrow(LONG)
    assert judged(asked_again, reply, before=before)["does_not_repeat"].outcome is outcome


MOON = (
    "The Moon is the only natural satellite of the Earth."
    " The Moon is on average about 384,400 kilometres away from the Earth."
    " The diameter of the Moon is about 3,475 kilometres."
)
FAR = "The Moon is on average about 384,400 kilometres away from the Earth."


@pytest.mark.parametrize(
    ("asked", "reply", "outcome"),
    [
        ("How far is it?", FAR, Outcome.KEPT),
        ("How far is the Moon?", FAR, Outcome.KEPT),
        ("What is its diameter?", "The diameter of the Moon is about 3,475 kilometres.", Outcome.KEPT),
        ("How far is it?", f"{FAR} It moves away by 4 centimetres a year.", Outcome.KEPT),
        ("Who walked on it?", FAR, Outcome.BROKEN),
        ("Who walked on the Moon?", FAR, Outcome.BROKEN),
        ("How far is it?", MOON, Outcome.BROKEN),
        ("How far is it?", f"{FAR} {FAR}", Outcome.BROKEN),
    ],
)
def test_one_earlier_sentence_that_is_now_asked_for_is_no_repetition(
    judged: Judged, asked: str, reply: str, outcome: Outcome
) -> None:
    before = Transcript().user("Tell me about the Moon").sparrow(MOON)
    assert judged(asked, reply, before=before)["does_not_repeat"].outcome is outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("2 + 2 = 4", Outcome.KEPT),
        ("2 + 2 = 5", Outcome.BROKEN),
        ("7 times 8 is 54.", Outcome.BROKEN),
        ("1,000 - 1 = 999", Outcome.KEPT),
        ("10 / 4 = 2.5", Outcome.KEPT),
        ("10 divided by 3 is 3.33.", Outcome.KEPT),
        ("10 / 0 = 3", Outcome.KEPT),
        ("2 + 3 + 4 = 9", Outcome.KEPT),
        ("2 + 3 = 5 + 0", Outcome.KEPT),
        ("9 + 5 = 2 (mod 12)", Outcome.KEPT),
        ("The war lasted from 1939-1945, which is 6 years.", Outcome.KEPT),
    ],
)
def test_sums_of_two_numbers_are_checked(judged: Judged, reply: str, outcome: Outcome) -> None:
    assert judged("What is it?", reply)["no_implausible_claims"].outcome is outcome
