"""Links handed out and revoked, and a rater replaced."""

import httpx


def links(organiser, session, **asked):
    return organiser.post(f"/sessions/{session}/links", json=asked).json()


def task(site, path):
    headers = {"authorization": f"Bearer {path.removeprefix('/rate/')}"}
    return httpx.get(f"{site.url}/rate/api/task", headers=headers, trust_env=False)


def test_each_link_opens_its_rater_until_it_is_revoked(site, organiser):
    made = site.create()
    given = links(organiser, made.session.id, days=2)
    assert [one["name"] for one in given] == ["Ann", "Ben"]
    assert [task(site, one["path"]).json()["rater"] for one in given] == [one.id for one in made.raters]
    organiser.post(f"/sessions/{made.session.id}/revoke", json={"rater": made.raters[0].id})
    assert [task(site, one["path"]).status_code for one in given] == [401, 200]
    (anew,) = links(organiser, made.session.id, raters=[made.raters[0].id])
    assert task(site, anew["path"]).status_code == 200


def test_a_replaced_rater_is_out_and_the_new_one_goes_on(site, organiser):
    made = site.create()
    old = made.raters[0].id
    with site.rater(old) as client:
        client.post("/answer", json=site.answer(client.get("/task").json()["shown"]))
        asked = {"rater": old, "name": "Cem"}
        new = organiser.post(f"/sessions/{made.session.id}/replace", json=asked).json()
        assert client.get("/task").status_code == 401
    with site.rater(new["id"]) as client:
        assert client.get("/task").json()["progress"] == {"done": 0, "total": 2}
    assert [one["name"] for one in links(organiser, made.session.id)] == ["Ben", "Cem"]


def test_raters_of_other_sessions_are_no_ones_here(site, organiser):
    made, other = site.create(), site.create()
    theirs = other.raters[0].id
    path = f"/sessions/{made.session.id}"
    assert organiser.post(f"{path}/links", json={"raters": [theirs]}).status_code == 404
    assert organiser.post(f"{path}/revoke", json={"rater": theirs}).status_code == 404
    assert organiser.post(f"{path}/replace", json={"rater": theirs, "name": "X"}).status_code == 404
