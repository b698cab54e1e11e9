"""What the organiser sees of sessions, and decides."""

import json

import pytest


def rate(site, rater, choice):
    """Let a rater answer everything, each question by `choice`."""
    with site.rater(rater) as client:
        while (shown := client.get("/task").json()["shown"]) is not None:
            answers = {one["id"]: choice for one in shown["questions"]}
            client.post("/answer", json=site.answer(shown, answers=answers))


def test_the_list_counts_what_is_done_of_every_session(site, organiser):
    made = site.create()
    rate(site, made.raters[0].id, "yes")
    (line,) = [one for one in organiser.get("/sessions").json() if one["session"]["id"] == made.session.id]
    assert line["counts"] == {"items": 3, "raters": 2, "done": 3}


def test_a_session_tells_progress_and_figures(site, organiser):
    made = site.create(raters=("Ann", "Ben", "Cem"), overlap=3)
    for rater, choice in zip(made.raters, ("yes", "yes", "no"), strict=True):
        rate(site, rater.id, choice)
    told = organiser.get(f"/sessions/{made.session.id}").json()
    assert (told["progress"]["finished"], told["progress"]["disagreements"]) == (3, 3)
    assert told["progress"]["raters"][0]["seconds"] == 3.5
    assert told["runs"] == []
    figures = organiser.get(f"/sessions/{made.session.id}/figures").json()
    (whole,) = [one for one in figures["agreement"] if one["group"] == "all"]
    assert whole["percent"]["value"] == pytest.approx(1 / 3)
    pairs = [set(one["name"].split(" / ")) for one in figures["agreement"]]
    assert {"Ann", "Ben"} in pairs, "in either order"
    rates = {one["measure"]: one["rate"]["hits"] for one in figures["rates"]}
    assert rates == {"plausible": 3, "supported": 3, "supported_and_plausible": 3}


def test_a_decision_is_blind_stands_and_is_replaced_by_a_later_one(site, organiser):
    made = site.create()
    for rater, choice in zip(made.raters, ("yes", "no"), strict=True):
        rate(site, rater.id, choice)
    path = f"/sessions/{made.session.id}"
    told = organiser.get(f"{path}/disagreements").json()
    assert "hidden arm" not in json.dumps(told)
    first = told["items"][0]
    assert {one["by"] for one in first["ratings"]} == {"Ann", "Ben"}
    answer = {"id": "decision-1", "item": first["item"], "answers": {"plausible": "yes", "supported": "no"}}
    assert organiser.post(f"{path}/adjudicate", json=answer).json()["rater"] == "olga"
    again = {**answer, "id": "decision-2", "replaces": "decision-1"}
    assert organiser.post(f"{path}/adjudicate", json=again).status_code == 200
    stale = {**answer, "id": "decision-3", "replaces": "decision-1"}
    assert organiser.post(f"{path}/adjudicate", json=stale).status_code == 409
    decided = organiser.get(f"{path}/disagreements").json()["items"][0]["decision"]
    assert decided["id"] == "decision-2"
    assert organiser.get(path).json()["progress"]["disagreements"] == 2


def test_states_change_and_a_closed_session_stays_closed(site, organiser):
    path = f"/sessions/{site.create().session.id}/state"
    for state in ("paused", "open", "closed"):
        assert organiser.post(path, json={"state": state}).json()["progress"]["session"]["state"] == state
    assert organiser.post(path, json={"state": "open"}).status_code == 400
    assert organiser.post(path, json={"state": "ajar"}).status_code == 400


def test_the_log_names_people_not_ids(site, organiser):
    made = site.create()
    organiser.post(f"/sessions/{made.session.id}/links", json={"days": 2})
    site.rater(made.raters[0].id).post("/open", json={})
    lines = organiser.get(f"/sessions/{made.session.id}/log").json()
    told = [(one["who"], one["what"], one["about"]) for one in lines]
    assert told[0] == ("Ann", "open the page", "Ann")
    assert ("olga", "make a link", "Ben") in told


def test_a_session_that_is_none_is_missing(organiser):
    for path in ("", "/figures", "/log", "/disagreements"):
        came = organiser.get(f"/sessions/none{path}")
        assert (came.status_code, came.json()) == (404, {"fault": "There is no such session."})
