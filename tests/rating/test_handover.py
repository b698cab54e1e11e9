"""A rater in another's place: whole or not at all, also while the old one saves."""

import threading
from dataclasses import replace

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.handover import hand_over, withdrawal
from sparrow_lite.rating.store import RatingConflict
from sparrow_lite.rating.values import Assignment, Rater, RaterState

NEW = Rater(id="cem", session="s", name="Cem", state=RaterState.INVITED, replaces="ann")
PLACES = [Assignment(rater="cem", item=f"s-i{n}", place=n) for n in range(3)]


def test_the_old_raters_ratings_stand_unless_all_is_rated_again(store, fill, give):
    fill(store)
    seen = [store.save(give("ann", 0)), store.save(give("ann", 1, skipped="Too long"))]
    hand_over(store, NEW, PLACES[1:], seen, again=False)
    assert store.rater("ann").state is RaterState.REPLACED
    assert store.raters("s")[-1] == NEW
    assert store.assignments("cem") == tuple(PLACES[1:])
    assert store.current("s") == tuple(seen)


def test_ratings_that_are_made_again_are_taken_back_by_rows_of_their_own(store, fill, give):
    fill(store)
    seen = [store.save(give("ann", 0)), store.save(give("ann", 1))]
    bens = store.save(give("ben", 0))
    hand_over(store, NEW, PLACES, seen, again=True)
    assert store.current("s") == (bens,)
    assert store.history("s")[:3] == (*seen, bens)
    assert [(one.withdrawn, one.answers) for one in store.history("s")[3:]] == [(True, {}), (True, {})]


def test_a_rating_made_meanwhile_stops_the_handover_and_nothing_is_changed(store, fill, give):
    fill(store)
    first = store.save(give("ann", 0))
    store.save(give("ann", 1))
    with pytest.raises(RatingConflict, match="try again"):
        hand_over(store, NEW, PLACES, [first], again=True)
    assert store.rater("ann").state is RaterState.WORKING
    assert len(store.current("s")) == 2
    assert len(store.raters("s")) == 2


def test_an_assignment_that_does_not_fit_leaves_the_old_rater_in_place(store, fill, give):
    fill(store)
    seen = [store.save(give("ann", 0))]
    with pytest.raises(StoreError):
        hand_over(store, NEW, [*PLACES, PLACES[0]], seen, again=True)
    assert store.rater("ann").state is RaterState.WORKING
    assert store.current("s") == tuple(seen)


@pytest.mark.parametrize("change", [{"replaces": "nobody"}, {"replaces": None}, {"session": "t"}])
def test_nobody_is_replaced_who_is_not_there(store, fill, change):
    fill(store)
    with pytest.raises(StoreError, match="no such"):
        hand_over(store, replace(NEW, **change), [], [], again=False)


def test_two_organisers_replace_a_rater_once(store, fill):
    fill(store)
    start, found = threading.Barrier(2), []

    def replace_one(name):
        start.wait(30)
        try:
            places = [replace(one, rater=name) for one in PLACES]
            hand_over(store, replace(NEW, id=name), places, [], again=False)
        except StoreError as error:
            found.append(error)

    threads = [threading.Thread(target=replace_one, args=(name,)) for name in ("cem", "dee")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert [type(one) for one in found] == [RatingConflict]
    assert len(store.raters("s")) == 3


def test_a_rater_who_saves_while_replaced_counts_in_full_or_not_at_all(store, fill, give):
    fill(store, items=40)
    ratings, acknowledged = [give("ann", item) for item in range(40)], []

    def rate():
        for one in ratings:
            try:
                acknowledged.append(store.save(one).id)
            except RatingConflict:
                return

    rater = threading.Thread(target=rate)
    rater.start()
    while store.rater("ann").state is not RaterState.REPLACED:
        seen = store.current("s", "ann")
        left = [place for place in PLACES if place.item not in {one.item for one in seen}]
        try:
            hand_over(store, NEW, left, seen, again=False)
        except RatingConflict:
            continue
    rater.join(60)
    assert [one.id for one in store.current("s", "ann")] == acknowledged
    rated = {one.item for one in store.current("s", "ann")}
    assert not rated & {one.item for one in store.assignments("cem")}


def test_a_withdrawal_says_nothing_but_what_it_takes_back(give):
    first = give(comment="Words", skipped="Reason", dialogue=({"role": "user", "text": "Hi"},))
    back = withdrawal(first)
    assert (back.replaces, back.withdrawn, back.rater, back.item) == (first.id, True, "ann", "s-i0")
    assert (back.answers, back.comment, back.skipped, back.dialogue, back.seconds) == ({}, "", None, (), 0.0)
    assert back.id != withdrawal(first).id
