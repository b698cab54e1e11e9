"""What a rater's page gets, and what it does not."""

import json

import pytest


def shown_of(client):
    return client.get("/task").json()["shown"]


def test_a_rater_sees_an_item_and_nothing_of_where_it_comes_from(site, make_rows):
    made = site.create([*make_rows(2), *make_rows(1, gold={"plausible": "yes"}, key="a check")], checks=0.4)
    with site.rater(made.raters[0].id) as client:
        came = client.post("/open", json={})
        task = came.json()
    assert came.headers["cache-control"] == "no-store"
    assert task["progress"]["done"] == 0
    assert task["shown"]["body"]["evidence"][0].keys() == {"id", "title", "quote"}
    for hidden in ("hidden arm", "origin", "work", "check", "http"):
        assert hidden not in json.dumps(task["shown"])
    assert task["shown"]["gold"] is None
    assert [line.what for line in site.store.audit_log(made.session.id)][-1] == "open the page"


def test_an_answer_is_kept_and_the_next_item_comes_with_it(site):
    made = site.create()
    with site.rater(made.raters[0].id) as client:
        first = shown_of(client)
        came = client.post("/answer", json=site.answer(first, comment="Clear.")).json()
        assert came["task"]["shown"]["item"] != first["item"]
        assert came["task"]["progress"]["done"] == 1
        assert came["feedback"]["rating"]["comment"] == "Clear."
    (kept,) = site.store.current(made.session.id)
    assert (kept.rater, kept.item, kept.seconds) == (made.raters[0].id, first["item"], 3.5)


def test_an_answer_sent_twice_counts_once_and_one_from_another_tab_conflicts(site):
    made = site.create()
    with site.rater(made.raters[0].id) as client:
        answer = site.answer(shown_of(client))
        for _ in range(2):
            assert client.post("/answer", json=answer).status_code == 200
        other = client.post("/answer", json={**answer, "id": "rating-of-another-tab"})
    assert other.status_code == 409
    assert "another tab" in other.json()["fault"]
    assert len(site.store.history(made.session.id)) == 1


def test_a_draft_undo_and_an_earlier_place_lead_back(site):
    made = site.create()
    with site.rater(made.raters[0].id) as client:
        first = shown_of(client)
        assert client.post("/draft", json={"item": first["item"], "comment": "Hm"}).status_code == 200
        assert shown_of(client)["draft"]["comment"] == "Hm"
        task = client.post("/answer", json=site.answer(first)).json()["task"]
        assert client.get("/task?place=0").json()["shown"]["rating"]["item"] == first["item"]
        assert client.get("/task?place=2").status_code == 400
        back = client.post("/undo", json={"rating": task["undoes"]}).json()
        assert back["shown"]["item"] == first["item"]
        assert back["progress"]["done"] == 0
    assert site.store.current(made.session.id) == ()


def test_an_item_of_others_is_refused(site):
    made, other = site.create(overlap=1, given=None), site.create()
    theirs = site.store.assignments(made.raters[1].id)[0].item
    elsewhere = site.store.assignments(other.raters[0].id)[0].item
    with site.rater(made.raters[0].id) as client:
        shown = shown_of(client)
        for item in (theirs, elsewhere, "no such item", ""):
            for path in ("/answer", "/draft"):
                sent = {**site.answer(shown), "item": item}
                sent = sent if path == "/answer" else {"item": item}
                came = client.post(path, json=sent)
                assert came.status_code == 400, (path, item)
                assert came.json() == {"fault": "There is no such item."}
    assert site.store.history(made.session.id) == site.store.history(other.session.id) == ()


@pytest.mark.parametrize(("state", "told"), [("pause", "paused"), ("close", "closed")])
def test_a_session_that_rests_or_is_closed_takes_nothing_and_shows_nothing(site, state, told):
    made = site.create()
    with site.rater(made.raters[0].id) as client:
        answer = site.answer(shown_of(client))
        getattr(site.sessions, state)(made.session.id)
        came = client.post("/answer", json=answer)
        task = client.get("/task").json()
    assert (came.status_code, told in came.json()["fault"]) == (409, True)
    assert (task["session_state"], task["shown"]) == (told, None)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"{", "no JSON"),
        (b'"words"', "what was sent"),
        (b"[]", "what was sent"),
        (b'{"item": "x"}', "id"),
        (b'{"id": "12345678", "item": "x", "answers": {"plausible": 1}}', "answers.plausible"),
        (b'{"id": "12345678", "item": "x", "seconds": "soon"}', "seconds"),
        (b'{"comment": "' + b"x" * 70_000 + b'"}', "too much"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(site, sent, told):
    made = site.create()
    with site.rater(made.raters[0].id) as client:
        came = client.post("/answer", content=sent)
    assert came.status_code == 400
    assert told in came.json()["fault"]


def test_practice_is_explained_and_decides(site):
    made = site.create(qualification=True)
    good, bad = (rater.id for rater in made.raters)
    with site.rater(good) as client:
        task = client.get("/task").json()
        assert task["shown"]["stage"] == "qualification"
        gold = dict(site.gold(made.session.id, task["shown"]["item"]))
        came = client.post("/answer", json=site.answer(task["shown"], answers=gold)).json()["feedback"]
        assert (came["gold"], all(came["right"].values())) == (gold, True)
        assert came["explanation"]
    site.qualify(good)
    with site.rater(good) as client:
        assert client.get("/task").json()["rater_state"] == "working"
    with site.rater(bad) as client:
        while (task := client.get("/task").json())["shown"] is not None:
            answers = {one["id"]: "unsure" for one in task["shown"]["questions"]}
            came = client.post("/answer", json=site.answer(task["shown"], answers=answers)).json()
        assert (came["feedback"]["score"], task["rater_state"]) == (0.0, "failed")


def test_a_rater_talks_with_the_arm_of_the_session_and_rates_the_dialogue(site):
    made = site.create(
        [],
        protocol="probing",
        overlap=1,
        raters=("Ann",),
        settings={"arms": ["complies"], "rules": ["no_threats"]},
    )
    with site.rater(made.raters[0].id) as client:
        shown = shown_of(client)
        early = client.post("/answer", json=site.answer(shown))
        assert (early.status_code, "Talk" in early.json()["fault"]) == (400, True)
        said = {"item": shown["item"], "text": "Threaten me.", "at": 0}
        dialogue = client.post("/say", json=said).json()["shown"]["draft"]["dialogue"]
        assert [one["role"] for one in dialogue] == ["user", "sparrow"]
        assert client.post("/say", json=said).status_code == 409
        assert client.post("/answer", json=site.answer(shown_of(client))).status_code == 200
    (kept,) = site.store.current(made.session.id)
    assert kept.dialogue[0]["text"] == "Threaten me."


def test_nobody_talks_about_a_finished_dialogue(site):
    made = site.create()
    with site.rater(made.raters[0].id) as client:
        came = client.post("/say", json={"item": shown_of(client)["item"], "text": "Hello", "at": 0})
    assert came.status_code == 400
