from dataclasses import replace

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.store import RatingConflict, RatingStore
from sparrow_lite.rating.values import Assignment, Item, Rater, RaterState, SessionState, Stage


def test_a_session_comes_back_whole_from_another_opening(store, rating_url, fill):
    session, items, raters, assignments = fill(store)
    again = RatingStore.open(rating_url)
    assert again.sessions() == (session,)
    assert again.session("s") == session
    assert again.items("s") == tuple(items)
    assert again.item("s", "s-i1") == items[1]
    assert again.raters("s") == tuple(raters)
    assert again.rater("ben") == raters[1]
    assert again.assignments("ben") == tuple(sorted(assignments[3:], key=lambda one: one.place))
    assert set(again.all_assignments("s")) == set(assignments)
    again.close()


@pytest.mark.parametrize(
    "asked",
    [
        lambda store: store.session("no"),
        lambda store: store.item("s", "no"),
        lambda store: store.item("other", "s-i0"),
        lambda store: store.rater("no"),
        lambda store: store.set_state("no", SessionState.OPEN),
        lambda store: store.set_rater_state("no", RaterState.DONE),
        lambda store: store.extend_session("no", overlap=2),
        lambda store: store.keep_draft("ann", "no", {}),
    ],
)
def test_what_is_not_there_is_an_error(store, fill, asked):
    fill(store)
    with pytest.raises(StoreError):
        asked(store)


def test_an_id_that_no_database_can_hold_is_an_error_like_any_other(store, fill):
    fill(store)
    for guess in ("\x00", "\ud800", "x" * 100_000):
        with pytest.raises(StoreError):
            store.rater(guess)


def test_a_session_that_does_not_fit_together_is_not_kept_at_all(store, fill):
    session, items, raters, _ = fill(store)
    other, stranger = replace(session, id="t"), Assignment(rater="nobody", item="s-i0", place=0)
    with pytest.raises(StoreError):
        store.add_session(other, items, [replace(raters[0], id="new", session="t")], [stranger])
    with pytest.raises(StoreError):
        store.add_session(other, items, [replace(raters[0], id="new")], [])
    with pytest.raises(StoreError):
        store.add_session(session, [], [], [])
    assert store.sessions() == (session,)
    assert store.items("t") == ()


def test_a_session_is_extended_whole_or_not_at_all(store, fill):
    session, items, raters, _ = fill(store)
    item = Item(id="s-i9", stage=Stage.WORK, body={"question": "More?"})
    rater = Rater(id="cem", session="s", name="Cem", state=RaterState.INVITED)
    place = Assignment(rater="cem", item="s-i9", place=0)
    with pytest.raises(StoreError):
        store.extend_session("s", items=[item], raters=[rater], assignments=[place, place], overlap=3)
    assert store.session("s") == session
    assert store.items("s") == tuple(items)
    store.extend_session("s", items=[item], raters=[rater], assignments=[place], overlap=3)
    assert store.session("s").overlap == 3
    assert store.items("s") == (*items, item)
    assert store.raters("s") == (*raters, rater)
    assert store.assignments("cem") == (place,)


def test_states_are_kept_and_a_replaced_rater_stays_replaced(store, fill):
    fill(store)
    store.set_state("s", SessionState.PAUSED)
    store.set_rater_state("ann", RaterState.REPLACED)
    store.set_rater_state("ann", RaterState.DONE)
    store.set_rater_state("ben", RaterState.DONE)
    assert store.session("s").state is SessionState.PAUSED
    assert [one.state for one in store.raters("s")] == [RaterState.REPLACED, RaterState.DONE]


@pytest.mark.parametrize(
    "words", ["plain", "", "„Größe“ 🐦 \u202e", "nul \x00 in it", "half \ud83d of a pair"]
)
def test_what_a_rater_types_comes_back_as_it_was_typed(store, fill, give, words):
    fill(store)
    turns = ({"role": "user", "text": words}, {"role": "sparrow", "text": "Hello."})
    sent = give(comment=words, dialogue=turns)
    saved = store.save(sent)
    assert replace(saved, made_at="") == sent
    assert store.current("s") == (saved,)
    store.keep_draft("ann", "s-i1", {"comment": words})
    assert store.draft("ann", "s-i1") == {"comment": words}


def test_a_draft_is_the_last_one_kept_and_of_one_rater_and_item(store, fill):
    fill(store)
    assert store.draft("ann", "s-i1") is None
    store.keep_draft("ann", "s-i1", {"comment": "a"})
    store.keep_draft("ann", "s-i1", {"comment": "ab", "dialogue": [{"role": "user", "text": "Hi"}]})
    assert store.draft("ann", "s-i1") == {"comment": "ab", "dialogue": [{"role": "user", "text": "Hi"}]}
    assert store.draft("ben", "s-i1") is None
    assert store.draft("ann", "s-i2") is None


def test_a_replaced_rating_is_kept_and_counts_no_more(store, fill, give):
    fill(store)
    first = store.save(give())
    second = store.save(give(answers={"supported": "yes"}, replaces=first.id))
    assert store.current("s", "ann") == (second,)
    assert store.history("s") == (first, second)
    assert store.head("ann", "s-i0") == second


def test_a_rating_that_was_taken_back_counts_no_more_and_may_be_given_again(store, fill, give):
    fill(store)
    first = store.save(give())
    back = store.save(give(answers={}, comment="", withdrawn=True, replaces=first.id))
    assert store.current("s") == ()
    assert store.head("ann", "s-i0") == back
    again = store.save(give(replaces=back.id))
    assert store.current("s") == (again,)
    assert store.history("s") == (first, back, again)


def test_nothing_is_taken_back_where_nothing_was_given(store, fill, give):
    fill(store)
    with pytest.raises(StoreError, match="no rating to take back"):
        store.save(give(withdrawn=True))


def test_an_item_has_one_decision_whoever_makes_it_and_beside_the_ratings(store, fill, give):
    fill(store)
    rated = store.save(give("ann"))
    first = store.save(give("organiser", adjudicates=True))
    with pytest.raises(RatingConflict):
        store.save(give("ann", adjudicates=True))
    second = store.save(give("deputy", adjudicates=True, replaces=first.id))
    assert store.current("s") == (rated, second)
    assert store.current("s", "ann") == (rated,)
    with pytest.raises(StoreError, match="no such item"):
        store.save(give("organiser", item=9, adjudicates=True))


@pytest.mark.parametrize("state", [SessionState.PAUSED, SessionState.CLOSED])
def test_a_session_that_is_not_open_takes_decisions_only(store, fill, give, state):
    fill(store)
    before = store.save(give("ann"))
    store.set_state("s", state)
    with pytest.raises(RatingConflict, match=state.value):
        store.save(give("ben"))
    decided = store.save(give("organiser", adjudicates=True))
    assert store.save(before) == before
    assert store.history("s") == (before, decided)


def test_a_closed_session_gives_nothing_back_and_a_paused_one_does(store, fill, give):
    fill(store)
    first = store.save(give())
    back = give(withdrawn=True, replaces=first.id)
    store.set_state("s", SessionState.CLOSED)
    with pytest.raises(RatingConflict):
        store.save(back)
    store.set_state("s", SessionState.PAUSED)
    store.save(back)
    assert store.current("s") == ()


def test_a_replaced_rater_gives_nothing_more(store, fill, give):
    fill(store)
    store.set_rater_state("ann", RaterState.REPLACED)
    with pytest.raises(RatingConflict, match="takes no part"):
        store.save(give("ann"))
    assert store.history("s") == ()


def test_the_audit_tells_who_did_what_and_finds_a_raters_session(store, fill):
    fill(store)
    fill(store, session="t", raters=("cem",))
    for who, what, about in (
        ("Org", "create", "s"),
        ("Org", "replace", "ann"),
        ("Org", "adjudicate", "s/s-i1"),
        ("Org", "create", "t"),
        ("nul \x00", "fail to sign in", "127.0.0.1"),
    ):
        store.audit(who, what, about)
    assert [one.about for one in store.audit_log("s")] == ["s", "ann", "s/s-i1"]
    assert [one.about for one in store.audit_log("t")] == ["t"]
    assert len(store.audit_log()) == 5
    assert "\x00" not in store.audit_log()[-1].who
