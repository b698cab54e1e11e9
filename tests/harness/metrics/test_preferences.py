import json

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.metrics.preferences import Choice, preference_figures, read_preferences


def choice(item, best, arms=("full", "prompted"), said="A"):
    return Choice(item=item, arms=arms, best=best, said=said)


def test_ties_are_counted_apart_and_shares_are_of_choices_with_a_best_reply():
    found = preference_figures(
        [choice("a", "full"), choice("b", "full"), choice("c", "prompted"), choice("d", None, said="tie_bad")]
    )
    shares = dict(found.arms)
    assert (shares["full"].hits, shares["full"].of, shares["full"].unscored) == (2, 3, 1)
    assert (found.choices, found.items, found.ties) == (4, 4, (("tie_bad", 1),))
    ((arm, other, rate),) = found.pairs
    assert (arm, other, rate.hits, rate.of) == ("full", "prompted", 2, 3)


def test_of_two_arms_a_choice_of_a_third_one_says_nothing():
    three = ("a", "b", "c")
    found = preference_figures([choice("1", "c", three), choice("2", "a", three)])
    pairs = {(arm, other): (rate.hits, rate.of) for arm, other, rate in found.pairs}
    assert pairs == {("a", "b"): (1, 1), ("a", "c"): (1, 2), ("b", "c"): (0, 1)}


def test_several_choices_about_one_message_are_a_cluster():
    said = [choice(f"m{n // 5}", "full" if n // 5 % 2 else "prompted") for n in range(200)]
    assert dict(preference_figures(said).arms)["full"].method == "bootstrap"


def test_without_a_choice_there_is_no_figure(tmp_path):
    assert preference_figures(read_preferences(tmp_path)) is None


def test_a_choice_that_cannot_be_read_is_told_with_its_line(tmp_path):
    rows = [{"item": "a", "arms": ["x", "y"], "best": "x"}, {"item": "b", "arms": ["x"], "best": "x"}]
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "preferences.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(StoreError, match="line 2: arms"):
        read_preferences(tmp_path)
