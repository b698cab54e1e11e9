import pytest

from sparrow_lite.harness.metrics.columns import Names, gather
from sparrow_lite.harness.metrics.questions import question_figures, supported_and_plausible
from sparrow_lite.harness.probe import ProbeKind


@pytest.fixture
def asked(write_run):
    """Figures of questions, and their columns."""

    def figures(rows):
        names = Names()
        cases = gather(write_run(rows).results(), names)["full"].of_kind(ProbeKind.QUESTION)
        return question_figures(cases, names.reasons), cases

    return figures


def test_without_a_question_there_are_no_figures(asked, row):
    found, _ = asked([row(id="a", kind="ordinary")])
    assert found is None


@pytest.mark.parametrize(
    ("plausible", "supported", "both"),
    [
        (True, True, 1),
        (True, False, 0),
        (False, True, 0),
        (False, None, 0),
        (None, False, 0),
        (True, None, -1),
        (None, None, -1),
    ],
)
def test_an_answer_is_both_or_neither_or_unknown(asked, row, plausible, supported, both):
    _, cases = asked([row(id="a", plausible=plausible, supported=supported)])
    assert supported_and_plausible(cases).values.tolist() == [both]


def test_every_question_asked_is_in_the_denominator_but_failed_and_unjudged_ones(asked, row):
    rows = [
        row(id="right", plausible=True, supported=True, shown=True, support=(0.9,), answerable=True),
        row(id="no evidence", plausible=True, supported=False, answerable=True),
        row(id="away", plausible=False, supported=False, abstained="no_results", answerable=True),
        row(id="rightly", plausible=False, supported=False, abstained="no_results", answerable=False),
        row(id="declined", plausible=False, supported=False, refused=True, answerable=False),
        row(id="failed", failed=True, answerable=True),
        row(id="unjudged", judged=False, answerable=True),
    ]
    found, _ = asked(rows)
    both = found.supported_and_plausible
    assert (both.hits, both.of, both.unscored) == (1, 5, 2)
    assert (found.plausible.hits, found.plausible.of) == (2, 5)
    assert (found.supported.hits, found.supported.of) == (1, 5)
    assert (found.evidence_shown.hits, found.evidence_shown.of, found.evidence_shown.unscored) == (1, 6, 1)
    assert (found.answerable.hits, found.answerable.of, found.answerable.unscored) == (1, 3, 2)
    assert (found.rightly_abstained.hits, found.rightly_abstained.of) == (2, 2)
    assert (found.wrongly_abstained.hits, found.wrongly_abstained.of) == (1, 3)
    assert found.abstentions == (("no_results", 2),)


def test_reasons_to_abstain_come_most_frequent_first(asked, row):
    rows = [row(id=f"{at}", abstained=why) for at, why in enumerate(["b", "a", "c", "c", "a", "c"])]
    assert asked(rows)[0].abstentions == (("c", 3), ("a", 2), ("b", 1))


def test_coverage_falls_as_the_weakest_claim_needs_more_support(asked, row):
    rows = [
        row(id="strong", plausible=True, supported=True, support=(0.99, 0.9)),
        row(id="weak", plausible=True, supported=True, support=(0.99, 0.55)),
        row(id="wrong", plausible=False, supported=True, support=(0.6,)),
        row(id="bare", plausible=True, supported=False),
        row(id="unknown", plausible=True, supported=None, support=(0.95, None)),
        row(id="silent", plausible=False, supported=False, abstained="no_results"),
        row(id="failed", failed=True),
    ]
    curve = {point.threshold: point for point in asked(rows)[0].coverage}
    shares = [point.answered for point in curve.values()]
    assert shares == sorted(shares, reverse=True)
    assert curve[0.0].answered == pytest.approx(5 / 6)
    assert (curve[0.0].supported_and_plausible.hits, curve[0.0].supported_and_plausible.of) == (2, 4)
    assert curve[0.5].answered == pytest.approx(3 / 6)
    assert (curve[0.5].supported_and_plausible.hits, curve[0.5].supported_and_plausible.of) == (2, 3)
    assert curve[0.8].supported_and_plausible.value == 1.0
    assert (curve[0.95].answered, curve[0.95].supported_and_plausible.value) == (0.0, None)


def test_without_a_judged_question_there_is_no_coverage_curve(asked, row):
    assert asked([row(id="a", failed=True)])[0].coverage == ()
