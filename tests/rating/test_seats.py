from sparrow_lite.rating.handover import withdrawal
from sparrow_lite.rating.seats import seats_of
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.tasks import Answer, NewSession
from sparrow_lite.rating.values import RaterState, Stage


def told(store, rater="ann"):
    return [(one.item, one.head, one.done) for one in seats_of(store, rater)]


def test_every_item_stands_once_in_the_raters_order_with_its_last_row(store, fill, give):
    fill(store, items=3)
    assert told(store) == [("s-i2", None, False), ("s-i0", None, False), ("s-i1", None, False)]
    first = store.save(give("ann", 1))
    store.save(give("ben", 2))
    changed = store.save(give("ann", 1, replaces=first.id, answers={"plausible": "no"}))
    assert told(store) == [("s-i2", None, False), ("s-i0", None, False), ("s-i1", changed.id, True)]
    back = store.save(withdrawal(changed))
    assert told(store)[-1] == ("s-i1", back.id, False)
    again = store.save(give("ann", 1, replaces=back.id))
    assert told(store)[-1] == ("s-i1", again.id, True)


def test_later_rows_have_higher_ordinals_and_stages_are_told(store, fill, give):
    fill(store, items=3)
    store.save(give("ann", 1))
    store.save(give("ann", 0))
    by_item = {one.item: one for one in seats_of(store, "ann")}
    assert by_item["s-i2"].ordinal == -1
    assert by_item["s-i1"].ordinal < by_item["s-i0"].ordinal
    assert (by_item["s-i0"].stage, by_item["s-i1"].stage) == (Stage.CHECK, Stage.WORK)


def test_decisions_and_other_sessions_are_not_of_the_seat(store, fill, give):
    fill(store)
    fill(store, raters=("cem",), session="t")
    store.save(give("organiser", 1, adjudicates=True))
    assert not any(done for _, _, done in told(store))
    assert [item[0] for item, _, _ in told(store, "cem")] == ["t", "t", "t"]


def test_a_rater_goes_through_a_session_on_either_database(store):
    sessions = RatingSessions(store)
    rows = [{"question": f"Größe {n}?", "reply": "Ja \x00 \ud800."} for n in range(3)]
    new = NewSession(name="S", protocol="plausible_supported", raters=("A",), overlap=1, qualification=False)
    rater = sessions.create(new, rows).raters[0].id
    number = 0
    while (task := sessions.task(rater)).shown is not None:
        number += 1
        answers = {one.id: "yes" for one in task.shown.questions}
        given = Answer(id=f"answer-{number}", item=task.shown.item, answers=answers, comment="\x00ok")
        sessions.keep_draft(rater, task.shown.item, {"comment": "\x00"})
        sessions.answer(rater, given)
    assert (task.rater_state, task.progress.done) == (RaterState.DONE, number)
    assert sessions.undo(rater, task.undoes).shown.replaces is not None
