import json

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.reply import AbstainReason, Candidate, Reply, SearchRecord
from sparrow_lite.verdict import Outcome, Verdict


def verdict(outcome):
    return Verdict(rule=outcome.value, outcome=outcome, probability=None, judge="test")


def test_only_broken_verdicts_are_broken():
    candidate = Candidate(draft="x", text="x", with_evidence=False, verdicts=tuple(map(verdict, Outcome)))
    assert [one.rule for one in candidate.broken] == ["broken"]


def test_a_revision_names_what_it_revises_and_leaves_it_alone():
    first = Candidate(draft="x", text="x", with_evidence=False)
    assert (first.revising(0).revises, first.revises) == (0, None)


def test_the_plain_form_is_json_with_every_enum_as_its_word():
    page = Page.of(url="https://e.org/", title="T", text="Words here.", opened_at="2026-01-01T00:00:00Z")
    reply = Reply(
        text="No.",
        citations=(),
        evidence=(Evidence(id=1, page=page, start=0, end=5),),
        abstained=AbstainReason.NO_RESULTS,
        verdicts=(verdict(Outcome.KEPT),),
        search=SearchRecord(queries=("q",)),
        model="m",
        candidates=(Candidate(draft="No.", text="No.", with_evidence=False),),
        chosen=0,
        prompt_versions=(("preamble", "abc"),),
        seconds=1.23456,
    )
    plain = json.loads(json.dumps(reply.to_dict()))
    assert plain["abstained"] == "no_results"
    assert plain["rules"][0]["outcome"] == "kept"
    assert plain["evidence"][0]["passage"] == "Words"
    assert plain["prompt_versions"] == {"preamble": "abc"}
    assert plain["seconds"] == 1.235
