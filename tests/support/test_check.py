"""The evidence check, with the lexical judge and with judges that fail."""

from dataclasses import dataclass

import pytest

from sparrow_lite.errors import JudgeError
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.options import TurnOptions
from sparrow_lite.reply import Fate
from sparrow_lite.support import open_support_judge
from sparrow_lite.support.check import SOFTENED_NOTE, check_evidence, leave_unchecked
from sparrow_lite.verdict import SupportOutcome

TEXT = "The Eiffel Tower is in Paris. It was completed in 1889 for the World's Fair. It has three levels."


def evidence(text=TEXT, *, number=1, title="Eiffel Tower", start=0):
    page = Page.of(
        url=f"https://example.org/{number}", title=title, text=text, opened_at="2026-01-01T00:00:00Z"
    )
    return Evidence(id=number, page=page, start=start, end=len(text))


@dataclass(frozen=True)
class FixedJudge:
    value: float | None
    name: str = "fixed"
    supported_at: float = 0.5

    def score(self, claim, passages):
        return [self.value for _ in passages]


class FailingJudge:
    name, supported_at = "failing", 0.5

    def score(self, claim, passages):
        raise JudgeError("out of order")


def check(draft, pieces, judge=None):
    return check_evidence(
        draft, pieces, judge or open_support_judge("lexical"), soften_at=TurnOptions().soften_at
    )


def test_a_supported_sentence_is_kept_with_its_quote_and_offsets():
    piece = evidence()
    checked = check("The Eiffel Tower was completed in 1889 [1].", [piece])
    (citation,) = checked.citations
    assert checked.text == "The Eiffel Tower was completed in 1889. [1]"
    assert citation.verdict is SupportOutcome.SUPPORTED
    assert piece.page.text[citation.start : citation.end] == citation.quote
    assert "completed in 1889" in citation.quote


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The Eiffel Tower was completed in 1890 [1].", "1890"),
        ("The Eiffel Tower was completed in London [1].", "London"),
        ('The page says "it was finished by robots last year" [1].', "finished by robots"),
        ("It weighs as much as a whale.", "cites nothing"),
        ("The tower was sold twice [7].", "cites nothing"),
    ],
)
def test_an_unsupported_claim_is_dropped_with_its_reason(sentence, reason):
    checked = check(sentence, [evidence()])
    (one,) = checked.sentences
    assert one.fate is Fate.DROPPED
    assert reason in one.reason
    assert checked.text == ""
    assert checked.citations == ()


def test_a_claim_that_cites_nothing_is_given_the_passage_that_holds_it():
    checked = check(
        "The Eiffel Tower has three levels.", [evidence(), evidence("Bees make honey.", number=2)]
    )
    assert checked.text == "The Eiffel Tower has three levels. [1]"


def test_greetings_and_questions_need_no_evidence():
    checked = check("Hello! The Eiffel Tower is in Paris [1]. Would you like more?", [evidence()])
    assert checked.text == "Hello! The Eiffel Tower is in Paris. [1] Would you like more?"
    assert checked.claims == 1


def test_a_nearly_supported_claim_is_softened_in_sight():
    checked = check("The tower is in Paris [1].", [evidence()], FixedJudge(0.45))
    assert checked.sentences[0].fate is Fate.SOFTENED
    assert checked.text.endswith(SOFTENED_NOTE)
    assert checked.citations[0].verdict is SupportOutcome.NOT_SUPPORTED


@pytest.mark.parametrize("judge", [FailingJudge(), FixedJudge(None)])
def test_a_judge_that_fails_leaves_a_citation_unscored_and_never_supported(judge):
    checked = check("The Eiffel Tower is in Paris [1].", [evidence()], judge)
    assert checked.citations[0].verdict is SupportOutcome.UNSCORED
    assert checked.sentences[0].fate is Fate.SOFTENED
    assert checked.support == (None,)


def test_two_passages_may_support_one_sentence_together():
    pieces = [
        evidence("Marie Curie was born in Warsaw.", number=1, title="Curie"),
        evidence("Marie Curie died in Passy in 1934.", number=2, title="Curie"),
    ]
    checked = check("Marie Curie was born in Warsaw and died in Passy in 1934 [1][2].", pieces)
    assert [one.verdict for one in checked.citations] == [SupportOutcome.SUPPORTED] * 2


def test_without_evidence_every_claim_is_dropped():
    checked = check("Hello! The sun is a star.", [])
    assert checked.text == "Hello!"
    assert (checked.claims, checked.kept_claims, checked.support) == (1, 0, (0.0,))


def test_an_unchecked_draft_keeps_its_words_and_counts_its_claims():
    checked = leave_unchecked("Hello! The sun is a star [3].")
    assert (checked.text, checked.claims, checked.citations) == ("Hello! The sun is a star.", 1, ())


def test_an_unchecked_program_keeps_its_form_to_the_letter():
    program = "Here it is:\n\n    values = [1]\n    first = values[0]\n\n\nDone."
    assert leave_unchecked(program).text == program


def test_a_judge_alone_cannot_make_support_without_a_quote():
    checked = check("Zebras gallop [1].", [evidence()], FixedJudge(1.0))
    assert [one.verdict for one in checked.citations] != [SupportOutcome.SUPPORTED]


@pytest.mark.parametrize(
    ("sentence", "fate"),
    [
        ("The Eiffel Tower has three levels [1].", Fate.KEPT),
        ("The Eiffel Tower has three levels with shops, food and stairs [1].", Fate.SOFTENED),
        ("The Eiffel Tower has three levels with shops, food, stairs and lifts [1].", Fate.DROPPED),
        ("The Eiffel Tower sells ice and warm soup [1].", Fate.DROPPED),
        ("The Eiffel Tower leans more each winter [1].", Fate.DROPPED),
        ("The Eiffel Tower was not completed in 1889 [1].", Fate.DROPPED),
        ("The Eiffel Tower sold the iPhone first [1].", Fate.DROPPED),
    ],
)
def test_what_the_lexical_judge_nearly_supports_is_softened_and_no_more(sentence, fate):
    assert check(sentence, [evidence()]).sentences[0].fate is fate


@pytest.mark.parametrize("judge", [FailingJudge(), FixedJudge(None)])
def test_a_number_that_no_quote_holds_is_dropped_even_when_the_judge_fails(judge):
    checked = check("The Eiffel Tower was completed in 1890 [1].", [evidence()], judge)
    assert checked.sentences[0].fate is Fate.DROPPED
    assert "1890" in checked.sentences[0].reason


GIANTS = (
    "The gas giants are Jupiter and Saturn. Their moons are many. Each has rings of ice. They are far away. "
    "Rocks are elsewhere. Small bodies are near. Light is faint. Mars is a small rocky planet."
)


def fates(draft, text=GIANTS, title="Planets"):
    checked = check(draft, [evidence(text, title=title)])
    return checked.text, [one.fate is not Fate.DROPPED for one in checked.sentences]


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        (
            "The gas giants are:\n- Mercury\n- Jupiter\n- Saturn",
            "The gas giants are:\n- Jupiter [1]\n- Saturn [1]",
        ),
        ("The gas giants are:\n- Mercury\n- Venus", ""),
        # Named in the passage, and elsewhere; no name, and nowhere.
        ("The gas giants are:\n- Mars\n- Jupiter", "The gas giants are:\n- Jupiter [1]"),
        ("The many moons of the giants are:\n- a roof", ""),
        (
            "The gas giants are:\n\n1. Jupiter [1]\n2. Mercury [1]\n3. Saturn [1]",
            "The gas giants are:\n\n1. Jupiter [1]\n2. Saturn [1]",
        ),
        ("The gas giants found by Ann Lee in 1750 are:\n- Jupiter\n- Saturn", ""),
        (
            "The two gas giants are:\n- Jupiter\n- Saturn",
            "The two gas giants are:\n- Jupiter [1]\n- Saturn [1]",
        ),
        ("The gas giants are:\nMercury\nJupiter", "The gas giants are:\nJupiter [1]"),
        (
            "The gas giants are:\n- Mercury. It has rings of ice.\n- Jupiter",
            "The gas giants are:\n- Jupiter [1]",
        ),
        ("## Gas giants\n- Mercury\n- Jupiter\n\n## Robots\n- Robby", "## Gas giants\n- Jupiter [1]"),
    ],
)
def test_an_item_is_judged_with_its_lead_in_and_shown_alone(draft, shown):
    assert fates(draft)[0] == shown


def test_the_citation_of_an_item_names_the_whole_statement():
    checked = check("The gas giants are:\n- Jupiter", [evidence(GIANTS, title="Planets")])
    assert [one.sentence for one in checked.citations] == ["The gas giants are Jupiter"]
    assert checked.sentences[1].text == "- Jupiter"


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("The Eiffel Tower was moved in 1750 [1]. It has three levels [1].", ""),
        (
            "The Eiffel Tower is in Paris [1]. It has three levels [1].",
            "The Eiffel Tower is in Paris. [1] It has three levels. [1]",
        ),
        (
            "The Eiffel Tower is in Paris [1].\n\nBob moved it in 1750. The Eiffel Tower has three levels.",
            "The Eiffel Tower is in Paris. [1]\n\nThe Eiffel Tower has three levels. [1]",
        ),
    ],
)
def test_a_pronoun_goes_with_what_it_stood_for_and_paragraphs_stay(draft, shown):
    assert fates(draft, TEXT, "Eiffel Tower")[0] == shown


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        (
            "Run this:\n```python\nprint(a[1])\n\n\nprint(2)\n```",
            "Run this:\n```python\nprint(a[1])\n\n\nprint(2)\n```",
        ),
        (
            "| Planet | Kind |\n|---|---|\n| Jupiter | gas giant |\n| Mercury | gas giant |",
            "| Planet | Kind |\n|---|---|\n| Jupiter | gas giant [1] |",
        ),
        ("| Planet | Kind |\n|---|---|\n| Mercury | gas giant |", ""),
        ("The gas giants are:\n\n| Planet |\n|---|\n| Mercury |", ""),
        ('{"gas giants": ["Jupiter", "Saturn"]}', '{"gas giants": ["Jupiter", "Saturn"]}'),
        ('{"gas giants": ["Mercury", "Venus"]}', ""),
        ('```json\n{"gas giants": ["Mercury"]}\n```', ""),
        (
            "The gas giants\nAre Jupiter and Saturn\nTheir moons are many",
            "The gas giants\nAre Jupiter and Saturn\nTheir moons are many [1]",
        ),
        ("The gas giants sing\nAll day in Rome\nAnd sleep at noon", ""),
        (
            "The [gas giants](https://fake.example) are Jupiter and Saturn (1).\n\nSources:\n- https://fake.example",
            "The gas giants are Jupiter and Saturn. [1]",
        ),
        ("The gas giants are Jupiter and Saturn.[^1]", "The gas giants are Jupiter and Saturn. [1]"),
        ("The gas giants are on https://fake.example with Jupiter [1].", ""),
    ],
)
def test_code_json_tables_and_verse_keep_their_form_and_links_go(draft, shown):
    assert fates(draft)[0] == shown


def test_code_claims_nothing():
    checked = check("```\nMercury = 12\n```", [evidence()])
    assert (checked.claims, checked.text) == (0, "```\nMercury = 12\n```")


def test_numbers_that_do_not_exist_are_recorded():
    checked = check("The Eiffel Tower is in Paris [1][7].", [evidence()])
    assert checked.sentences[0].unknown == (7,)


def test_an_unchecked_draft_loses_its_links_but_no_mark_within_code():
    draft = "See [it](https://fake.example). [1]\n\n```\nDone.[1]\n```\n\nSources:\n- https://fake.example"
    assert leave_unchecked(draft).text == "See it.\n\n```\nDone.[1]\n```"
