import pytest

from sparrow_lite.harness.arms import open_arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.grade import grade
from sparrow_lite.harness.judges import open_judges
from sparrow_lite.options import Options
from sparrow_lite.resources import starter_corpus_dir


def said(name, asked):
    return open_arm(ArmSpec(name=name, opener=name)).reply(asked)[0]


@pytest.mark.parametrize("name", ["random_evidence", "first_sentence"])
def test_evidence_is_shown_and_is_not_the_claim(name, ask):
    for sample in range(20):
        shown = said(name, ask("What is a bee?", sample=sample))
        (citation,) = shown.citations
        assert citation.quote == shown.evidence[0].text
        assert shown.text == f"{citation.sentence.rstrip('.')} [1]."
        assert citation.sentence != citation.quote


def test_first_sentence_cites_the_beginning_of_the_page_that_the_claim_is_from(ask):
    (citation,) = said("first_sentence", ask("What is a bee?")).citations
    page = (starter_corpus_dir() / citation.url.removeprefix("sparrow:starter/")).read_text(encoding="utf-8")
    assert 0 <= page.find(citation.quote) < page.find(citation.sentence)


@pytest.mark.parametrize("judge", ["trained", "lexical"])
@pytest.mark.parametrize("name", ["random_evidence", "first_sentence"])
def test_the_judges_of_evidence_are_not_taken_in(name, judge, ask):
    judges, supported = open_judges(judge, Options()), 0
    for sample in range(30):
        asked = ask("What is a bee?", sample=sample)
        shown = said(name, asked)
        turns = asked.transcript.sparrow(shown.text).turns
        supported += bool(
            grade(asked.probe, Conversation(turns=turns, replies=((1, shown),)), judges).supported
        )
    assert supported <= 3
