import numpy as np
import pytest

from sparrow_lite.harness.metrics.labelled import Labelled
from sparrow_lite.harness.metrics.next_labels import next_labels
from sparrow_lite.harness.metrics.scores import UNSCORED, Scores


def cases(values, people):
    count = len(values)
    return Labelled(
        measure="violations",
        arm="full",
        judged=Scores(values=np.array(values, dtype=np.int8), probes=np.arange(count, dtype=np.int32)),
        people=np.array(people, dtype=np.int8),
        by_verdict=np.zeros(count, dtype=bool),
        keys=np.array([f"case-{at}".encode() for at in range(count)]),
    )


def labelled(strata):
    """Cases of each verdict: (verdict, cases, hits, misses)."""
    values, people = [], []
    for verdict, count, hits, misses in strata:
        values += [verdict] * count
        people += [1] * hits + [0] * misses + [UNSCORED] * (count - hits - misses)
    return cases(values, people)


def wanted(found):
    return {one.verdict: one.wanted for one in found.verdicts}


def test_labels_go_where_share_and_doubt_are_largest_as_neyman_has_it():
    # Shares 0.5 and 0.5; rates 0.5 and 0.02: deviations as 0.5 to 0.14, so totals as 3.57 to 1.
    found = next_labels(labelled([(1, 1000, 49, 49), (0, 1000, 1, 97)]), count=800)
    assert wanted(found)["yes"] + 98 == pytest.approx(3.57 * (wanted(found)["no"] + 98), rel=0.05)
    assert found.then < found.now


def test_any_first_part_of_the_list_is_the_best_choice_of_its_length():
    held = labelled([(1, 100, 10, 10), (0, 900, 2, 18), (UNSCORED, 30, 1, 1)])
    long, short = next_labels(held, count=60), next_labels(held, count=20)
    assert long.cases[:20] == short.cases


def test_a_verdict_without_labels_comes_first_and_until_then_nothing_is_foreseen():
    found = next_labels(labelled([(1, 50, 0, 0), (0, 50, 5, 20)]), count=2)
    assert [verdict for _, verdict in found.cases] == ["yes", "yes"]
    assert (found.now, found.then is not None) == (None, True)


def test_only_unlabelled_cases_are_named_each_once_and_all_of_them_at_most():
    found = next_labels(labelled([(1, 4, 1, 1), (0, 3, 1, 1)]), count=100)
    assert sorted(key for key, _ in found.cases) == ["case-2", "case-3", "case-6"]
    assert next_labels(labelled([(1, 2, 1, 1)]), count=5) is None
    assert next_labels(cases([], []), count=5) is None


def test_the_draw_within_a_verdict_looks_at_nothing_and_is_the_same_again():
    held = labelled([(0, 400, 5, 5)])
    first = [key for key, _ in next_labels(held, count=50).cases]
    assert first == [key for key, _ in next_labels(held, count=50).cases]
    assert first != [key for key, _ in next_labels(held, count=50, seed=1).cases]
    places = [int(key.partition("-")[2]) for key in first]
    assert 120 < np.mean(places) < 290
