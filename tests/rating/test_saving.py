"""Saving at once: two tabs, two raters, one save sent twice, many writers, a session that is closed."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import text

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.saving import write_rating
from sparrow_lite.rating.store import RatingConflict, RatingStore
from sparrow_lite.rating.values import SessionState

WRITERS = 20


@pytest.fixture
def at_once(rating_url, store):
    """A function that calls each of `saves` with a store, in threads that start at once, on five openings."""
    openings = [store, *(RatingStore.open(rating_url) for _ in range(4))]

    def run(saves):
        start = threading.Barrier(len(saves))

        def one(number):
            start.wait(30)
            try:
                return saves[number](openings[number % len(openings)])
            except StoreError as error:
                return error

        with ThreadPoolExecutor(len(saves)) as pool:
            return list(pool.map(one, range(len(saves))))

    yield run
    for opening in openings[1:]:
        opening.close()


def test_the_same_save_sent_twice_is_one_row(store, fill, give):
    fill(store)
    sent = give()
    first = store.save(sent)
    assert store.save(replace(sent, made_at="2030-01-01T00:00:00+00:00")) == first
    assert store.save(first) == first
    assert store.history("s") == (first,)


def test_a_save_that_is_sent_again_after_it_was_replaced_changes_nothing(store, fill, give):
    fill(store)
    first = store.save(give())
    second = store.save(give(replaces=first.id))
    assert store.save(first) == first
    assert store.current("s") == (second,)


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {"plausible": "no"}},
        {"comment": "Other"},
        {"seconds": 4.0},
        {"rater": "ben"},
        {"item": "s-i1"},
        {"skipped": "Too long"},
    ],
)
def test_other_content_under_a_known_id_is_refused(store, fill, give, change):
    fill(store)
    first = store.save(give())
    with pytest.raises(StoreError, match="under this id"):
        store.save(replace(first, **change))
    assert store.history("s") == (first,)


def test_of_two_tabs_the_later_one_is_told_and_counts_once(store, fill, give):
    fill(store)
    first = store.save(give(answers={"plausible": "yes"}))
    with pytest.raises(RatingConflict, match="another tab"):
        store.save(give(answers={"plausible": "no"}))
    second = store.save(give(answers={"plausible": "no"}, replaces=first.id))
    with pytest.raises(RatingConflict):
        store.save(give(answers={"plausible": "unsure"}, replaces=first.id))
    assert store.current("s") == (second,)


@pytest.mark.parametrize("replaces", ["another's", "of another item", "unknown"])
def test_a_rating_replaces_only_ones_own_for_the_same_item(store, fill, give, replaces):
    fill(store)
    mine = store.save(give("ann", 0))
    rows = {
        "another's": store.save(give("ben", 0)).id,
        "of another item": store.save(give("ann", 1)).id,
        "unknown": "rating-unknown",
    }
    with pytest.raises(RatingConflict):
        store.save(give("ann", 0, replaces=rows[replaces]))
    assert store.head("ann", "s-i0") == mine
    assert len(store.current("s")) == 3


def test_two_raters_at_one_item_both_count(store, fill, give, at_once):
    fill(store)
    first, second = give("ann", answers={"plausible": "yes"}), give("ben", answers={"plausible": "no"})
    saved = at_once([lambda one: one.save(first), lambda one: one.save(second)])
    assert {one.rater: one.answers["plausible"] for one in saved} == {"ann": "yes", "ben": "no"}
    assert sorted(one.id for one in store.current("s")) == sorted(one.id for one in saved)


def test_twenty_raters_who_save_at_once_lose_and_double_nothing(store, fill, give, at_once):
    names = [f"rater-{n}" for n in range(WRITERS)]
    fill(store, raters=names, items=10)
    sent = {name: [give(name, item) for item in range(10)] for name in names}

    def save_all(name):
        # Each is sent twice, as after a reply that was lost.
        return lambda one: [one.save(rating) for rating in sent[name] for _ in range(2)]

    found = at_once([save_all(name) for name in names])
    assert not [one for one in found if isinstance(one, Exception)]
    kept = store.history("s")
    assert Counter(one.id for one in kept) == Counter(one.id for ratings in sent.values() for one in ratings)
    assert store.current("s") == kept
    for name in names:
        assert [one.item for one in store.current("s", name)] == [one.item for one in sent[name]]


def test_of_twenty_tabs_that_answer_one_item_at_once_one_wins(store, fill, give, at_once):
    fill(store)
    first = store.save(give("ann"))
    tabs = [give("ann", replaces=first.id, comment=str(n)) for n in range(WRITERS)]
    found = at_once([lambda one, tab=tab: one.save(tab) for tab in tabs])
    won = [one for one in found if not isinstance(one, Exception)]
    assert len(won) == 1
    assert all(isinstance(one, RatingConflict) for one in found if isinstance(one, Exception))
    assert store.history("s") == (first, won[0])


def test_of_twenty_first_answers_of_one_rater_to_one_item_one_wins(store, fill, give, at_once):
    fill(store)
    tabs = [give("ann") for _ in range(WRITERS)]
    found = at_once([lambda one, tab=tab: one.save(tab) for tab in tabs])
    won = [one for one in found if not isinstance(one, Exception)]
    assert store.history("s") == tuple(won)
    assert len(won) == 1


def test_one_save_sent_twenty_times_at_once_is_one_row_that_all_are_told_of(store, fill, give, at_once):
    fill(store)
    sent = give("ann")
    found = at_once([lambda one: one.save(sent)] * WRITERS)
    assert {one.id for one in found} == {sent.id}
    assert len({one.made_at for one in found}) == 1
    assert len(store.history("s")) == 1


def test_two_decisions_on_one_item_at_once_are_one(store, fill, give, at_once):
    fill(store)
    decisions = [give(name, adjudicates=True) for name in ("organiser", "deputy")]
    found = at_once([lambda one, decision=decision: one.save(decision) for decision in decisions])
    assert sorted(isinstance(one, RatingConflict) for one in found) == [False, True]
    assert len(store.current("s")) == 1


def test_nothing_is_saved_after_the_session_was_closed_and_all_that_was_acknowledged_stands(
    store, fill, give, at_once
):
    names = [f"rater-{n}" for n in range(WRITERS - 1)]
    fill(store, raters=names, items=30)
    acknowledged, closed = [], threading.Event()
    late = []

    def rate(name):
        def save_until_closed(one):
            for item in range(30):
                # The last one waits, so that every rater meets the closing.
                closed.wait(60 * (item == 29))
                begun_after = closed.is_set()
                try:
                    acknowledged.append(one.save(give(name, item)))
                except RatingConflict:
                    return
                if begun_after:
                    late.append(name)

        return save_until_closed

    def close(one):
        while len(acknowledged) < 50:
            threading.Event().wait(0.002)
        one.set_state("s", SessionState.CLOSED)
        closed.set()

    found = at_once([close, *(rate(name) for name in names)])
    assert not [one for one in found if one is not None]
    assert not late
    assert 50 <= len(acknowledged) < 30 * len(names)
    assert sorted(one.id for one in store.history("s")) == sorted(one.id for one in acknowledged)


@pytest.mark.parametrize(
    "guess",
    [
        {"session": "t", "item": "t-i0"},
        {"item": "t-i0"},
        {"rater": "ben"},
        {"rater": "ben", "item": "t-i0"},
        {"rater": "nobody"},
        {"item": "s-i99"},
        {"session": "no"},
    ],
)
def test_a_rater_saves_nothing_for_items_of_others_or_of_other_sessions(store, fill, give, guess):
    fill(store, raters=("ann",))
    fill(store, raters=("ben",), session="t")
    with pytest.raises(StoreError, match="no such item for this rater"):
        store.save(replace(give("ann"), **guess))
    assert store.history("s") == store.history("t") == ()


@pytest.mark.parametrize(
    "shut",
    [
        "UPDATE sessions SET state = 'closed' WHERE id = 's'",
        "UPDATE raters SET state = 'replaced' WHERE id = 'ann'",
    ],
)
def test_a_save_that_meets_a_closing_waits_and_is_refused(store, fill, give, shut):
    fill(store)
    with ThreadPoolExecutor(1) as pool:
        with store.database.writing() as connection:
            connection.execute(text(shut))
            saving = pool.submit(store.save, give("ann"))
            assert not wait([saving], timeout=0.3).done
        assert isinstance(saving.exception(30), RatingConflict)
    assert store.history("s") == ()


def test_a_closing_that_meets_a_save_waits_until_it_stands(store, fill, give):
    fill(store)
    with ThreadPoolExecutor(1) as pool:
        with store.database.writing() as connection:
            write_rating(connection, give("ann"))
            closing = pool.submit(store.set_state, "s", SessionState.CLOSED)
            assert not wait([closing], timeout=0.3).done
        closing.result(30)
    assert len(store.current("s")) == 1
    assert store.session("s").state is SessionState.CLOSED
