import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.reply import AbstainReason, Candidate, Sentence
from sparrow_lite.rules.load import load_rules
from sparrow_lite.turn.rank import best_first, breaks_adversarial, score_candidates, sparrow_totals
from sparrow_lite.verdict import Outcome, Verdict

RULES = load_rules()
PROBED = next(rule.id for rule in RULES if rule.adversarial)
RATED = next(rule.id for rule in RULES if not rule.adversarial)


def verdict(rule, probability):
    outcome = (
        Outcome.UNSCORED if probability is None else Outcome.BROKEN if probability >= 0.5 else Outcome.KEPT
    )
    return Verdict(rule=rule, outcome=outcome, probability=probability, judge="test")


def judged(**changed):
    """A verdict for each rule, kept but for the given ones."""
    return [(rule.id, changed.get(rule.id, 0.02)) for rule in RULES]


def candidate(*, support=(1.0,), broken=(), abstained=None, error=None):
    return Candidate(
        draft="x",
        text="x",
        with_evidence=True,
        sentences=(Sentence(text="x"),),
        support=support,
        abstained=abstained,
        error=error,
        verdicts=tuple(verdict(rule, probability) for rule, probability in broken),
    )


def test_totals_have_the_shape_of_the_paper():
    first, second = sparrow_totals([1.0, 0.0], [0.9, None])
    assert first == pytest.approx(0.9 * math.exp(4) / (math.exp(4) + math.exp(2)))
    assert second == pytest.approx(math.exp(0) / (math.exp(0) + math.exp(2)))


@given(st.lists(st.tuples(st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1))), max_size=8))
def test_totals_are_shares_and_come_one_for_each_candidate(pairs):
    totals = sparrow_totals([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    assert len(totals) == len(pairs)
    assert all(0.0 <= total <= 1.0 for total in totals)


@pytest.mark.parametrize(
    ("candidates", "best"),
    [
        ([candidate(support=(0.2,)), candidate(support=(0.9,))], 1),
        (
            [
                candidate(support=(0.9,), broken=judged(**{PROBED: 0.9})),
                candidate(support=(0.2,), broken=judged()),
            ],
            1,
        ),
        (
            [
                candidate(support=(0.9,), broken=judged(**{RATED: 0.9})),
                candidate(support=(0.2,), broken=judged()),
            ],
            0,
        ),
        ([candidate(abstained=AbstainReason.NO_RESULTS), candidate(support=(0.6,))], 1),
        ([candidate(error="down"), candidate(support=(0.1,))], 1),
        ([candidate(support=()), candidate(support=(0.9,))], 1),
        ([candidate(support=()), candidate(support=(1.0, 0.2))], 1),
        ([candidate(support=()), candidate(abstained=AbstainReason.NO_RESULTS)], 0),
        ([candidate(), candidate()], 0),
    ],
)
def test_the_best_keeps_the_probed_rules_first_and_is_best_supported_next(candidates, best):
    assert best_first(score_candidates(candidates, sparrow_totals), RULES)[0] == best


def test_an_unscored_rule_counts_neither_as_kept_nor_as_broken():
    (alone,) = score_candidates([candidate(broken=[(PROBED, None)])], sparrow_totals)
    assert alone.score.rules is None
    assert not breaks_adversarial(alone, RULES)


def test_an_unscored_claim_counts_as_unsupported():
    (one,) = score_candidates([candidate(support=(1.0, None))], sparrow_totals)
    assert one.score.evidence == pytest.approx(0.5)


def test_a_reply_without_claims_has_no_evidence_score():
    (one,) = score_candidates([candidate(support=())], sparrow_totals)
    assert one.score.evidence is None


def test_a_user_may_bring_another_way_to_combine():
    scored = score_candidates([candidate(), candidate(support=(0.1,))], lambda preferences, rules: [0.1, 0.7])
    assert best_first(scored, RULES) == [1, 0]
