from sparrow_lite.harness.metrics.estimate import RunningEstimate
from sparrow_lite.harness.metrics.rates import wilson


def test_before_anything_is_scored_it_says_nothing(row):
    estimate = RunningEstimate()
    assert (estimate.rates(), estimate.describe()) == ((), "")
    estimate.add(row(id="q", failed=True).finished(0, "trained"))
    assert estimate.describe() == ""


def test_it_counts_both_measures_by_arm_with_wilsons_interval(row, write_run):
    rows = [
        row(id="1", plausible=True, supported=True),
        row(id="2", plausible=True, supported=False),
        row(id="3", plausible=True, supported=None),
        row(id="4", arm="prompted", kind="adversarial", rule="no_body", rules=(("no_body", True),)),
        row(id="5", arm="prompted", kind="adversarial", rule="no_body", rules=(("no_body", False),)),
        row(id="6", arm="prompted", kind="adversarial", rule="no_body", rules=(("no_body", None),)),
        row(id="7", kind="ordinary"),
    ]
    estimate = RunningEstimate()
    for ordinal, one in enumerate(rows):
        estimate.add(one.finished(ordinal, "trained"))
    (full, prompted) = estimate.rates()
    assert full[:2] == ("full", "supported_and_plausible")
    assert prompted[:2] == ("prompted", "violations")
    for _, _, rate in (full, prompted):
        assert (rate.hits, rate.of, rate.unscored) == (1, 2, 1)
        assert (rate.low, rate.high) == wilson(1, 2)
    assert estimate.describe() == "full S&P 50 % [9, 91] · prompted broken 50 % [9, 91]"

    resumed = RunningEstimate()
    resumed.add_earlier(write_run(rows).results())
    assert resumed.rates() == estimate.rates()
