from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.assign import Held, Plan, assign, checks_for
from sparrow_lite.rating.values import Item, Stage


def made(count, stage=Stage.WORK, prefix="w"):
    return [Item(id=f"{prefix}{n}", stage=stage, body={}) for n in range(count)]


@st.composite
def studies(draw):
    raters = [f"r{n}" for n in range(draw(st.integers(1, 12)))]
    plan = Plan(
        overlap=draw(st.integers(1, len(raters))),
        checks=draw(st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.5])),
        check_items=made(draw(st.integers(0, 15)), Stage.CHECK, "c"),
        qualification=made(draw(st.integers(0, 5)), Stage.QUALIFICATION, "q"),
        seed=draw(st.integers(0, 2**32 - 1)),
    )
    return made(draw(st.integers(0, 80))), raters, plan


def by_rater(assignments, prefix):
    found = defaultdict(list)
    for one in assignments:
        if one.item.startswith(prefix):
            found[one.rater].append(one.item)
    return found


@settings(max_examples=150, deadline=None)
@given(studies())
def test_every_work_item_has_as_many_different_raters_as_the_overlap_asks(study):
    items, raters, plan = study
    assignments = assign(items, raters, plan)
    pairs = [(one.rater, one.item) for one in assignments]
    assert len(set(pairs)) == len(pairs)
    counts = Counter(item for _, item in pairs if item.startswith("w"))
    assert counts == {item.id: plan.overlap for item in items}


@settings(max_examples=150, deadline=None)
@given(studies())
def test_loads_differ_by_at_most_one(study):
    items, raters, plan = study
    work = by_rater(assign(items, raters, plan), "w")
    loads = [len(work[rater]) for rater in raters]
    assert max(loads) - min(loads) <= 1


@settings(max_examples=100, deadline=None)
@given(studies())
def test_places_run_from_nought_with_the_qualification_first_and_checks_at_the_rate(study):
    items, raters, plan = study
    assignments = assign(items, raters, plan)
    for rater in raters:
        mine = [one for one in assignments if one.rater == rater]
        kinds = "".join(one.item[0] for one in mine)
        assert [one.place for one in mine] == list(range(len(mine)))
        assert kinds[: len(plan.qualification)] == "q" * len(plan.qualification)
        rest = kinds[len(plan.qualification) :]
        wanted = min(checks_for(rest.count("w"), plan.checks), len(plan.check_items))
        assert rest.count("c") == wanted
        for number in range(wanted):
            start, end = number * len(rest) // wanted, (number + 1) * len(rest) // wanted
            assert rest[start:end].count("c") == 1


@settings(max_examples=50, deadline=None)
@given(studies())
def test_the_same_seed_gives_the_same_study_whatever_the_raters_ids(study):
    items, raters, plan = study
    first = assign(items, raters, plan)
    assert first == assign(items, raters, plan)
    renamed = assign(items, [f"other {one}" for one in raters], plan)
    assert [(one.item, one.place) for one in first] == [(one.item, one.place) for one in renamed]


@settings(max_examples=80, deadline=None)
@given(studies(), st.integers(1, 40), st.integers(0, 4))
def test_what_is_added_later_follows_what_is_there_and_levels_the_loads(study, more, joining):
    items, raters, plan = study
    first = assign(items, raters, plan)
    held = {
        rater: Held(
            load=sum(one.rater == rater and one.item[0] == "w" for one in first),
            places=sum(one.rater == rater for one in first),
            items=frozenset(one.item for one in first if one.rater == rater),
        )
        for rater in raters
        if any(one.rater == rater for one in first)
    }
    everyone = [*raters, *(f"new{n}" for n in range(joining))]
    later = Plan(
        overlap=plan.overlap,
        checks=plan.checks,
        check_items=plan.check_items,
        qualification=plan.qualification,
        seed=plan.seed + 1,
        held=held,
    )
    second = assign(made(more, prefix="w-later"), everyone, later)
    places = [(one.rater, one.place) for one in (*first, *second)]
    assert len(set(places)) == len(places)
    pairs = [(one.rater, one.item) for one in (*first, *second)]
    assert len(set(pairs)) == len(pairs)
    loads = Counter(rater for rater, item in pairs if item[0] == "w")
    old = [loads[rater] for rater in raters]
    assert max(old) - min(old) <= 1
    assert all(loads[one] <= max(old) + 1 for one in everyone)


def test_pairs_of_raters_share_about_equally_many_items():
    raters = [f"r{n}" for n in range(6)]
    assignments = assign(made(150), raters, Plan(overlap=2, seed=3))
    seen = defaultdict(list)
    for one in assignments:
        seen[one.item].append(one.rater)
    shared = Counter(frozenset(pair) for pair in seen.values())
    counts = [shared[frozenset(pair)] for pair in combinations(raters, 2)]
    assert sum(counts) == 150
    assert max(counts) - min(counts) <= 6


def test_two_raters_see_their_items_in_different_orders():
    assignments = assign(made(40), ["a", "b"], Plan(overlap=2, seed=1))
    orders = by_rater(assignments, "w")
    assert sorted(orders["a"]) == sorted(orders["b"])
    assert orders["a"] != orders["b"]


def test_another_overlap_gives_an_item_to_raters_who_do_not_hold_it():
    items, raters = made(20), ["a", "b", "c"]
    first = assign(items, raters, Plan(overlap=2, seed=1))
    held = {
        rater: Held(load=len(mine), places=len(mine), items=frozenset(mine))
        for rater, mine in by_rater(first, "w").items()
    }
    second = assign(items, raters, Plan(overlap=1, seed=2, held=held))
    assert Counter(one.item for one in (*first, *second)) == {item.id: 3 for item in items}


@pytest.mark.parametrize(
    ("raters", "plan"),
    [
        (["a"], Plan(overlap=2)),
        (["a", "a"], Plan(overlap=1)),
        (["a"], Plan(overlap=0)),
        (["a"], Plan(overlap=1, checks=1.0)),
        ([], Plan(overlap=1)),
    ],
)
def test_a_study_that_cannot_be_is_refused(raters, plan):
    with pytest.raises(ConfigError):
        assign(made(3), raters, plan)


def test_more_raters_than_are_free_are_refused():
    held = {"a": Held(load=1, places=1, items=frozenset({"w0"}))}
    with pytest.raises(ConfigError, match="lower the overlap"):
        assign(made(1), ["a", "b"], Plan(overlap=2, held=held))
