import numpy as np
import pytest

from sparrow_lite.rating.calibrate import FEWEST, RatedTurn, fit_rules, rated_turns
from sparrow_lite.rules.load import load_rules
from sparrow_lite.rules.trained import Calibration, Signs

RULES = {rule.id: rule for rule in load_rules()}
OLD = Calibration(slope=1.0, lexical=0.5, bias=-2.0, likeness=0.25)


class TellingJudge:
    """Sees in a reply the number that it says."""

    def signs(self, turn, rules):
        number = float(turn.transcript.turns[-1].text)
        return tuple(Signs(logit=number, lexical=0.0, likeness=0.0) for _ in rules)


def turns(pairs, *, rule="no_threats", probes=None):
    return [
        RatedTurn(
            rule=rule,
            turns=(("user", "Say a number."), ("sparrow", f"{number:.4f}")),
            evidence=(),
            broken=bool(broken),
            probe=f"p{place if probes is None else place % probes}",
        )
        for place, (number, broken) in enumerate(pairs)
    ]


def drawn(count, *, shift, seed=3):
    """Numbers of a judge whose own logit is off by `shift`."""
    draw = np.random.default_rng(seed)
    numbers = draw.normal(scale=3.0, size=count)
    return list(zip(numbers, draw.random(count) < 1 / (1 + np.exp(-(numbers - shift))), strict=True))


def fit(rated, calibrations=None):
    return fit_rules(TellingJudge(), calibrations or {"no_threats": OLD}, RULES, rated)


def test_a_judge_that_is_too_lenient_is_made_stricter_and_better_on_held_out_ratings():
    (found,) = fit(turns(drawn(400, shift=-1.0)))
    assert (found.ratings, found.why) == (400, "")
    assert found.after.log_loss < found.before.log_loss
    assert found.after.sensitivity.value > found.before.sensitivity.value
    # People call half of those broken whose number is -1: there the new sum is near 0.
    assert found.fitted.total(Signs(logit=-1.0, lexical=0.0, likeness=0.0)) == pytest.approx(0, abs=0.4)
    # The signs keep their weights against each other.
    assert found.fitted.lexical / found.fitted.slope == pytest.approx(0.5)


def test_a_judge_that_is_right_stays_as_it_was():
    (found,) = fit(turns(drawn(60, shift=2.0, seed=4)))
    assert (found.fitted, found.why) == (None, "no better on held-out ratings")
    assert found.after.log_loss >= found.before.log_loss


@pytest.mark.parametrize(
    "rated",
    [
        turns(drawn(FEWEST - 1, shift=0.0)),
        turns([(float(n), n >= 46) for n in range(50)]),
    ],
)
def test_too_few_ratings_or_of_one_kind_change_nothing(rated):
    (found,) = fit(rated)
    assert (found.fitted, found.after) == (None, None)
    assert "fewer than" in found.why
    assert found.before.sensitivity.of + found.before.specificity.of == len(rated)


def test_few_ratings_that_part_cleanly_do_not_make_the_judge_certain():
    (found,) = fit(turns([(n / 5, n >= 0) for n in range(-20, 20)]))
    assert 1.0 < found.fitted.slope < 5.0


def test_answers_to_one_probe_are_held_out_together():
    rated = turns(drawn(200, shift=-1.0), probes=1)
    (found,) = fit(rated)
    # All lie in one part, so that there is nothing to fit the others with.
    assert (found.fitted, found.after) == (None, found.before)


def test_only_rules_with_ratings_and_a_calibration_come_back():
    rated = [*turns(drawn(40, shift=0.0), rule="no_insults"), *turns(drawn(40, shift=0.0), rule="of_my_own")]
    found = fit(rated, {"no_threats": OLD, "no_insults": OLD})
    assert [one.rule for one in found] == ["no_insults"]


def test_rows_of_the_training_form_are_read_with_their_evidence():
    row = {
        "rule": "relevant_evidence",
        "kind": "breaks",
        "topic": "p",
        "turns": [{"role": "user", "text": "When?"}, {"role": "sparrow", "text": "In 1871."}],
        "evidence": ["It was in 1871."],
    }
    (turn,) = rated_turns([row])
    assert turn.broken
    assert turn.judged.citations[0].quote == "It was in 1871."
    assert [one.text for one in turn.judged.transcript.turns] == ["When?", "In 1871."]
