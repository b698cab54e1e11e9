"""Who is let in, and that a guess teaches nothing."""

import base64

import pytest

from sparrow_lite.config import Settings
from sparrow_lite.rating.access import revoke_links, sign_link, sign_sign_in
from sparrow_lite.rating.accounts import Accounts, Role
from sparrow_lite.rating.tasks import NewSession
from sparrow_lite.rating.throttle import Buckets
from sparrow_lite.ui.rating.answers import task
from sparrow_lite.ui.rating.asking import Asked, answer
from sparrow_lite.ui.rating.parts import RatingParts


def ask(site, token):
    with site.anybody() as client:
        return client.get("/task", headers={"authorization": f"Bearer {token}"})


def test_every_link_that_does_not_work_is_refused_in_the_same_words(site):
    made = site.create()
    rater = made.raters[0].id
    good = site.token(rater)
    revoked = site.token(made.raters[1].id)
    revoke_links(site.store, made.raters[1].id)
    tampered = good[:-4] + base64.b64encode(b"xyz").decode()
    guesses = ["x", rater, tampered, site.token(rater, -1), revoked, site.token("nobody"), "x" * 5000]
    guesses += [sign_link(b"another secret, of thirty-two characters", rater, 60)]
    told = [ask(site, one) for one in guesses]
    assert {one.status_code for one in told} == {401}
    assert len({one.text for one in told}) == 1
    assert ask(site, good).status_code == 200


def test_a_sign_in_is_no_link_and_a_link_no_sign_in(site):
    rater = site.create().raters[0].id
    with site.anybody() as client:
        client.cookies.set("sparrow-lite-rating", site.token(rater), path="/rate")
        assert client.get("/me").status_code == 401
    secret = (site.settings.data_dir / "rating.secret").read_bytes().strip()
    assert ask(site, sign_sign_in(secret, "olga", 60)).status_code == 401


@pytest.fixture
def parts(tmp_path):
    opened = RatingParts(Settings(data_dir=tmp_path, cache_dir=tmp_path))
    opened.asking = Buckets(size=3, per_second=0.1)
    opened.guessing = Buckets(size=3, per_second=0.1)
    yield opened
    opened.store.close()


def asked_by(token, address="192.0.2.1"):
    headers = {"authorization": f"Bearer {token}"}
    return Asked(path={}, query={}, headers=headers, cookies={}, address=address, secure=False)


def test_a_rater_who_asks_too_fast_is_told_to_wait_and_no_other_one(parts, make_rows):
    new = NewSession(name="S", protocol="plausible_supported", raters=("Ann", "Ben"))
    ann, ben = (
        asked_by(sign_link(parts.secret, one.id, 60))
        for one in parts.sessions.create(new, make_rows(2)).raters
    )
    told = [answer(task, parts, ann) for _ in range(5)]
    assert [one.status_code for one in told] == [200, 200, 200, 429, 429]
    assert told[-1].headers["retry-after"] == "10"
    assert answer(task, parts, ben).status_code == 200


def test_guesses_of_one_address_are_limited_and_only_those_let_through_are_audited(parts):
    told = [answer(task, parts, asked_by(f"guess {number}")).status_code for number in range(6)]
    assert told == [401, 401, 401, 429, 429, 429]
    assert [one.who for one in parts.store.audit_log()] == ["somebody"] * 3
    assert answer(task, parts, asked_by("guess", "192.0.2.2")).status_code == 401


def test_the_cookie_is_for_the_server_and_this_site_only(site):
    with site.anybody() as client:
        came = client.post("/sign-in", json={"name": "olga", "password": "correct horse battery"})
    cookie = came.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/rate", "Max-Age="):
        assert part in cookie
    assert came.json() == {"name": "olga", "role": "organiser", "seats": []}


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_a_page_of_another_site_can_make_a_browser_do_nothing(site, organiser, headers):
    made = site.create()
    path = f"/sessions/{made.session.id}/state"
    assert organiser.post(path, json={"state": "closed"}, headers=headers).status_code == 401
    assert (
        organiser.post("/sign-in", json={"name": "olga", "password": "x"}, headers=headers).status_code == 401
    )
    assert site.store.session(made.session.id).state == "open"
    assert organiser.post(path, json={"state": "paused"}, headers={"origin": site.url}).status_code == 200


def test_a_raters_account_opens_its_own_seats_and_no_organisers_page(site, organiser):
    accounts = Accounts(site.store)
    accounts.add("rita", "rita's long password", Role.RATER)
    mine = site.create(raters=("rita", "Ben"), accounts={"rita": "rita"})
    seat, other = mine.raters[0].id, mine.raters[1].id
    with site.signed_in("rita", "rita's long password") as client:
        assert [one["rater"] for one in client.get("/me").json()["seats"]] == [seat]
        assert client.get("/task", headers={"x-rater": seat}).json()["rater"] == seat
        assert client.get("/task", headers={"x-rater": other}).status_code == 401
        assert client.get("/task").status_code == 401
        for path in ("/sessions", f"/sessions/{mine.session.id}", "/choices", "/accounts"):
            assert client.get(path).status_code == 401
        accounts.set_disabled("rita", True)
        assert client.get("/task", headers={"x-rater": seat}).status_code == 401


def test_signing_out_ends_the_sign_in(site):
    Accounts(site.store).add("otto", "otto's long password", Role.ORGANISER)
    with site.signed_in("otto", "otto's long password") as client:
        kept = client.cookies.get("sparrow-lite-rating")
        assert client.post("/sign-out", json={}).status_code == 200
        client.cookies.set("sparrow-lite-rating", kept, path="/rate")
        assert client.get("/me").status_code == 401


def test_nobody_who_is_not_signed_in_sees_anything(site):
    made = site.create()
    with site.anybody() as client:
        for path in ("/me", "/sessions", f"/sessions/{made.session.id}/export?form=csv", "/choices"):
            assert client.get(path).status_code == 401, path
        assert client.post("/sessions", json={}).status_code == 401
        assert client.get("/anybody").json() == {"organisers": True}
        wrong = client.post("/sign-in", json={"name": "nobody", "password": "x"})
        assert wrong.status_code == 401
