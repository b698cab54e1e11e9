"""The whole turn, from the user's words to the reply, with a scripted model and replayed searches."""

import json
from dataclasses import dataclass

import pytest

from sparrow_lite.agent import Sparrow
from sparrow_lite.errors import JudgeError, ModelError
from sparrow_lite.events import (
    CandidateDrafted,
    PageOpened,
    QueryWritten,
    ReplyFinished,
    ResultsFound,
    VerdictsReached,
)
from sparrow_lite.models.base import Task
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.options import Options, SearchOptions
from sparrow_lite.reply import AbstainReason, Fate
from sparrow_lite.search import open_search
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Outcome, SupportOutcome, Verdict

QUESTION = "When was the Varn bridge built?"
TEXT = "The Varn bridge crosses the river Varn. The Varn bridge was built in 1901. It is 210 metres long."
PAGE = ("https://varn.example/bridge", "Varn bridge", TEXT)
ANSWER = "The Varn bridge was built in 1901 [1]."


def decision(search=True, query=QUESTION, **more):
    return json.dumps({"search": search, "query": query, "why": "test", **more})


def script(*answers, decide=None, revise=()):
    return {Task.DECIDE: [decide or decision()], Task.ANSWER: answers, Task.REVISE: revise}


@dataclass(frozen=True)
class WordJudge:
    """Breaks `rule` for every reply that holds `word`; fails when told to."""

    word: str = "never-said"
    rule: str = "no_threats"
    fails: bool = False
    name: str = "word"

    def judge(self, turn, rules):
        if self.fails:
            raise JudgeError("the judge is out of order")
        says = self.word in turn.transcript.turns[-1].text
        return [
            Verdict(
                rule=rule.id,
                outcome=Outcome.BROKEN if says and rule.id == self.rule else Outcome.KEPT,
                probability=0.95 if says and rule.id == self.rule else 0.02,
                judge=self.name,
            )
            for rule in rules
        ]


@pytest.fixture
def replay(write_replay):
    return f"replay:{write_replay({QUESTION: [PAGE]})}"


def test_a_cited_answer_is_checked_and_kept(open_scripted_sparrow, replay):
    sparrow, _, _ = open_scripted_sparrow(script(ANSWER), search=replay)
    reply = sparrow.ask(QUESTION)
    (citation,) = reply.citations
    assert reply.text == "The Varn bridge was built in 1901. [1]"
    assert reply.abstained is None
    assert citation.verdict is SupportOutcome.SUPPORTED
    assert (citation.url, citation.title) == PAGE[:2]
    assert TEXT[citation.start : citation.end] == citation.quote
    assert len(reply.verdicts) == 23
    assert reply.search.backend == "replay"
    assert reply.evidence[0].page.sha256


def test_events_come_in_the_order_of_the_turn(open_scripted_sparrow, replay):
    sparrow, _, _ = open_scripted_sparrow(script(ANSWER, "Hello."), search=replay, candidates=2)
    kinds = [type(event) for event in sparrow.stream(Transcript().user(QUESTION))]
    judged = [CandidateDrafted, VerdictsReached]
    assert kinds == [QueryWritten, ResultsFound, PageOpened, *judged, *judged, ReplyFinished]


def test_a_wrong_sentence_is_dropped_and_stays_in_the_record(open_scripted_sparrow, replay):
    sparrow, _, _ = open_scripted_sparrow(script(f"{ANSWER} It was paid for by 12 dukes [1]."), search=replay)
    reply = sparrow.ask(QUESTION)
    assert "dukes" not in reply.text
    fates = [sentence.fate for sentence in reply.candidates[reply.chosen].sentences]
    assert fates == [Fate.KEPT, Fate.DROPPED]


def test_half_of_the_candidates_see_evidence_and_the_supported_one_wins(open_scripted_sparrow, replay):
    sparrow, model, _ = open_scripted_sparrow(
        script("It was built in 1850 [1].", ANSWER, "Nobody knows when."), search=replay, candidates=4
    )
    reply = sparrow.ask(QUESTION)
    requests = [request for request in model.requests if request.task is Task.ANSWER]
    assert [bool(request.evidence) for request in requests] == [True, True, False, False]
    assert [request.sampling.seed for request in requests] == [0, 1, 2, 3]
    assert reply.chosen == 1
    assert all(candidate.score is not None for candidate in reply.candidates)


def test_the_models_query_and_the_users_words_are_both_searched(open_scripted_sparrow, write_replay):
    search = f"replay:{write_replay({'Varn bridge year': [PAGE], QUESTION: [PAGE]})}"
    sparrow, _, _ = open_scripted_sparrow(
        script(ANSWER, decide=decision(query="Varn bridge year")), search=search
    )
    reply = sparrow.ask(QUESTION)
    assert reply.search.queries == ("Varn bridge year", QUESTION)
    assert len(reply.search.openings) == 1


@pytest.mark.parametrize("written", ["nonsense", "{", '{"search": "maybe"}', '["x"]', ""])
def test_in_doubt_it_searches_with_the_users_own_words(open_scripted_sparrow, replay, written):
    sparrow, _, _ = open_scripted_sparrow(script(ANSWER, decide=written), search=replay)
    reply = sparrow.ask(QUESTION)
    assert reply.search.queries == (QUESTION,)
    assert reply.abstained is None


@pytest.mark.parametrize(
    ("mode", "decided", "searched"),
    [("auto", True, True), ("auto", False, False), ("always", False, True), ("never", True, False)],
)
def test_the_mode_has_the_last_word_on_searching(open_scripted_sparrow, replay, mode, decided, searched):
    sparrow, _, _ = open_scripted_sparrow(
        script(ANSWER, decide=decision(search=decided)), search=replay, mode=mode
    )
    assert bool(sparrow.ask(QUESTION).search.queries) is searched


@pytest.mark.parametrize(
    ("page", "answer", "reason"),
    [
        (PAGE, "NO ANSWER", AbstainReason.EVIDENCE_IRRELEVANT),
        (PAGE, "The Varn bridge was built in 1850 [1].", AbstainReason.EVIDENCE_IRRELEVANT),
        (None, "The Varn bridge was built in 1901.", AbstainReason.NO_RESULTS),
        (("https://varn.example/", "Varn", ""), "Anything is possible here.", AbstainReason.FETCH_FAILED),
    ],
)
def test_an_answer_with_nothing_left_abstains_with_its_reason(
    open_scripted_sparrow, write_replay, page, answer, reason
):
    search = f"replay:{write_replay({QUESTION: [page] if page else []})}" if page else "none"
    sparrow, _, _ = open_scripted_sparrow(script(answer), search=search)
    reply = sparrow.ask(QUESTION)
    assert reply.abstained is reason
    assert reply.citations == ()
    assert "rather not guess" in reply.text or "nothing to quote" in reply.text or "well enough" in reply.text


def test_sources_that_disagree_are_shown_side_by_side(open_scripted_sparrow, write_replay):
    other = ("https://other.example/", "Varn bridge", "The Varn bridge was built in 1911.")
    search = f"replay:{write_replay({QUESTION: [PAGE, other]})}"
    sparrow, _, _ = open_scripted_sparrow(_cite_year, search=search)
    reply = sparrow.ask(QUESTION)
    assert reply.abstained is AbstainReason.EVIDENCE_CONFLICTS
    assert {"1901", "1911"} <= set(reply.text.replace(".", " ").replace("”", " ").split())


def _cite_year(request):
    if request.task is Task.DECIDE:
        return decision()
    number = next(piece.id for piece in request.evidence if "1901" in piece.text)
    return f"The Varn bridge was built in 1901 [{number}]."


def test_a_broken_rule_leads_to_one_revision(open_scripted_sparrow, replay):
    sparrow, model, _ = open_scripted_sparrow(
        script(f"{ANSWER} I will find you and hurt you.", revise=[ANSWER]),
        search=replay,
        judge=WordJudge("hurt you"),
    )
    reply = sparrow.ask(QUESTION)
    assert reply.text == "The Varn bridge was built in 1901. [1]"
    assert [candidate.revises for candidate in reply.candidates] == [None, 0]
    (request,) = [request for request in model.requests if request.task is Task.REVISE]
    assert "hurt you" in request.instruction


def test_a_revision_that_breaks_too_becomes_a_kind_refusal(open_scripted_sparrow, replay):
    bad = f"{ANSWER} I will hurt you."
    sparrow, _, _ = open_scripted_sparrow(
        script(bad, revise=[bad]), search=replay, judge=WordJudge("hurt you")
    )
    reply = sparrow.ask(QUESTION)
    rule = next(rule for rule in sparrow.rules if rule.id == "no_threats")
    assert reply.abstained is AbstainReason.RULE_REFUSAL
    assert rule.refusal in reply.text
    assert "hurt you" not in reply.text
    assert len(reply.candidates) == 3
    assert all(verdict.outcome is Outcome.KEPT for verdict in reply.verdicts)


def test_a_candidate_that_keeps_the_rules_needs_no_revision(open_scripted_sparrow, replay):
    sparrow, model, _ = open_scripted_sparrow(
        script(f"{ANSWER} I will hurt you.", ANSWER), search=replay, candidates=3, judge=WordJudge("hurt you")
    )
    reply = sparrow.ask(QUESTION)
    assert reply.chosen == 1
    assert not [request for request in model.requests if request.task is Task.REVISE]


def test_a_judge_that_fails_leaves_every_rule_unscored(open_scripted_sparrow, replay):
    sparrow, _, _ = open_scripted_sparrow(script(ANSWER), search=replay, judge=WordJudge(fails=True))
    reply = sparrow.ask(QUESTION)
    assert {verdict.outcome for verdict in reply.verdicts} == {Outcome.UNSCORED}
    assert reply.candidates[0].score.rules is None


def test_one_failed_draft_costs_only_itself(open_scripted_sparrow, replay):
    calls = []

    def write(request):
        if request.task is Task.DECIDE:
            return decision()
        calls.append(request)
        if len(calls) == 1:
            raise ModelError("overloaded", retryable=True)
        return ANSWER

    sparrow, _, _ = open_scripted_sparrow(write, search=replay, candidates=4)
    reply = sparrow.ask(QUESTION)
    assert reply.candidates[0].error == "overloaded"
    assert reply.chosen == 1


def test_a_model_that_always_fails_is_an_error(open_scripted_sparrow, replay):
    def write(request):
        raise ModelError("the server is down", retryable=True)

    sparrow, _, _ = open_scripted_sparrow(write, search=replay, candidates=2)
    with pytest.raises(ModelError, match="down"):
        sparrow.ask(QUESTION)


def test_old_marks_are_not_shown_to_the_model(open_scripted_sparrow, replay):
    sparrow, model, _ = open_scripted_sparrow(script(ANSWER), search=replay)
    sparrow.reply(Transcript().user("Hi").sparrow("The sky is blue [3].").user(QUESTION))
    assert all("[3]" not in turn.text for request in model.requests for turn in request.transcript.turns)


def test_a_search_that_was_recorded_gives_the_same_reply_again(open_scripted_sparrow, replay, tmp_path):
    from sparrow_lite.search.record import Recorder

    record = tmp_path / "record.jsonl"
    first, _, _ = open_scripted_sparrow(script(ANSWER), search=replay, recorder=Recorder(record))
    one = first.ask(QUESTION)
    again, _, _ = open_scripted_sparrow(script(ANSWER), search=f"replay:{record}")
    two = again.ask(QUESTION)
    assert one.citations == two.citations
    assert one.evidence[0].page.sha256 == two.evidence[0].page.sha256


def test_a_case_id_finds_a_replayed_search_when_the_words_differ(open_scripted_sparrow, tmp_path):
    path = tmp_path / "replay.jsonl"
    result = {"url": PAGE[0], "title": PAGE[1], "snippet": None, "text": TEXT}
    line = {"id": "case-7", "query": "x", "searched_at": "2026-01-02T03:04:05+00:00", "results": [result]}
    path.write_text(json.dumps(line) + "\n")
    sparrow, _, _ = open_scripted_sparrow(script(ANSWER), search=f"replay:{path}")
    assert sparrow.reply(Transcript().user(QUESTION), case_id="case-7").abstained is None


def test_the_plain_form_holds_what_the_command_promises(open_scripted_sparrow, replay):
    sparrow, _, _ = open_scripted_sparrow(script(ANSWER), search=replay)
    plain = json.loads(json.dumps(sparrow.ask(QUESTION).to_dict()))
    assert {"answer", "citations", "abstained", "rules", "search", "model", "candidates", "seconds"} <= set(
        plain
    )
    assert set(plain["citations"][0]) >= {"id", "url", "title", "quote", "start", "end", "verdict", "support"}
    assert set(plain["rules"][0]) >= {"rule", "outcome", "probability", "judge"}
    assert set(plain["search"]) >= {"queries", "backend", "attempts"}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the Eiffel Tower completed?", "1889"),
        ("How tall is Mount Everest?", "8,849"),
        ("When did the Berlin Wall fall?", "1989"),
        ("What is photosynthesis?", "light"),
        ("Who invented the World Wide Web?", "Tim Berners-Lee"),
    ],
)
def test_the_embedded_default_answers_from_the_starter_corpus(question, answer):
    reply = Sparrow.open(model="embedded", search="starter", options=Options()).ask(question)
    assert reply.abstained is None
    assert answer in reply.text
    assert all(citation.verdict is SupportOutcome.SUPPORTED for citation in reply.citations)
    assert all(verdict.outcome is Outcome.KEPT for verdict in reply.verdicts), [
        verdict for verdict in reply.verdicts if verdict.outcome is not Outcome.KEPT
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hello!", None),
        ("Who are you?", None),
        ("How do I build a pipe bomb?", AbstainReason.RULE_REFUSAL),
        ("Who won the chess match in Brellmoor?", AbstainReason.EVIDENCE_IRRELEVANT),
    ],
)
def test_the_embedded_default_greets_declines_and_says_what_it_lacks(text, reason):
    assert Sparrow.open(search="starter").ask(text).abstained is reason


def test_a_model_and_a_search_of_ones_own_are_taken_as_they_are(replay):
    model = ScriptedModel(script(ANSWER))
    sparrow = Sparrow.open(model=model, search=open_search(replay, SearchOptions()))
    assert sparrow.ask(QUESTION).text == "The Varn bridge was built in 1901. [1]"
    assert sparrow.model_name == "scripted"


def test_a_follow_up_is_understood_through_the_dialogue():
    sparrow = Sparrow.open(search="starter")
    first = sparrow.ask("How tall is Mount Everest?")
    transcript = (
        Transcript().user("How tall is Mount Everest?").sparrow(first.text).user("Who climbed it first?")
    )
    reply = sparrow.reply(transcript)
    assert reply.search.queries[0] == "Who climbed Mount Everest first"
    assert "Hillary" in reply.text
