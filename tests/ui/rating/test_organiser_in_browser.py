"""The organiser's pages in headless Chromium."""

import re
from typing import Any

import pytest

from sparrow_lite.rating.accounts import Accounts, Role

pytestmark = pytest.mark.browser

Page = Any


@pytest.fixture
def signed_in(site, open_page):
    """A function that opens an address as the organiser."""

    def open_one(path: str = "/rate/organise", **more: Any) -> Page:
        page = open_page(f"{site.url}{path}", **more)
        page.get_by_label("Name").fill("olga")
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_role("button", name="Sign in").click()
        page.locator("nav[aria-label=Pages]").wait_for()
        return page

    return open_one


def rate_all(site: Any, rater: str, choice: str) -> None:
    with site.rater(rater) as client:
        while (shown := client.get("/task").json()["shown"]) is not None:
            answers = {one["id"]: choice for one in shown["questions"]}
            client.post("/answer", json=site.answer(shown, answers=answers, comment="So it seems."))


def test_a_wrong_password_is_told_and_signing_out_closes_the_pages(site, open_page):
    # An account of its own: signing out ends its sign-ins everywhere.
    Accounts(site.store).add("ulla", "ulla's long password", Role.ORGANISER)
    page = open_page(f"{site.url}/rate/organise")
    page.get_by_label("Name").fill("ulla")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.locator("[role=alert]", has_text="The name or the password is wrong").wait_for()
    page.get_by_label("Password").fill("ulla's long password")
    page.get_by_role("button", name="Sign in").click()
    page.locator("h1", has_text="Rating sessions").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    page.goto(f"{site.url}/rate/organise/new")
    page.get_by_label("Password").wait_for()


def test_the_chat_leads_to_the_sessions(site, chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site.url)
    page.get_by_role("link", name="Rating").click()
    page.locator("h1", has_text="Rating sessions").wait_for()
    page.get_by_label("Password").wait_for()
    context.close()


def test_a_session_is_made_of_a_file(site, signed_in, make_rows, as_lines, tmp_path):
    (tmp_path / "rows.jsonl").write_text(as_lines(make_rows(4)))
    page = signed_in("/rate/organise/new")
    page.get_by_label("or a file of JSON lines").set_input_files(tmp_path / "rows.jsonl")
    page.get_by_label("Raters with a personal link").fill("Ann")
    assert "need as many raters" in page.locator(".plan").inner_text()
    page.get_by_label("Name of the session").fill("From a file")
    page.get_by_role("button", name="Create the session").click()
    page.locator("[role=alert]", has_text="rater").wait_for()
    page.get_by_label("Raters with a personal link").fill("Ann, Ben")
    page.get_by_role("button", name="Create the session").click()
    page.locator(".made", has_text="4 items for 2 raters").wait_for()
    assert site.store.session(page.url.split("/")[-1]).name == "From a file"


def test_progress_comes_by_itself_and_a_session_rests_goes_on_and_closes(site, signed_in):
    made = site.create()
    page = signed_in(f"/rate/organise/{made.session.id}")
    page.get_by_role("button", name="Pause").click()
    page.locator("h1 .tag", has_text="Paused").wait_for()
    assert site.store.session(made.session.id).state == "paused"
    page.get_by_role("button", name="Go on").click()
    page.locator("h1 .tag", has_text="Open").wait_for()
    rate_all(site, made.raters[0].id, "yes")
    page.locator("tbody tr", has_text="Ann").get_by_text("3 of 3").wait_for(timeout=15000)
    page.locator("summary[aria-label=More]").click()
    page.get_by_role("button", name="Close for good…").click()
    page.get_by_role("button", name="Close for good", exact=True).click()
    page.locator("h1 .tag", has_text="Closed").wait_for()
    assert site.store.session(made.session.id).state == "closed"


def test_a_rater_is_replaced_and_their_link_is_revoked(site, signed_in, open_page):
    made = site.create()
    ben = site.link(made.raters[1].id)
    page = signed_in(f"/rate/organise/{made.session.id}")
    page.locator("summary[aria-label='More for Ben']").click()
    page.get_by_role("button", name="Revoke the links…").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.locator("#notice", has_text="The links of Ben are revoked").wait_for()
    open_page(ben).locator("text=This link does not work").wait_for()
    page.locator("summary[aria-label='More for Ann']").click()
    page.get_by_role("button", name="Replace…").click()
    page.get_by_label("Name of the new rater").fill("Cem")
    page.get_by_role("button", name="Replace", exact=True).click()
    page.get_by_role("button", name="Make the links").click()
    link = page.locator(".links input").first.input_value()
    page.keyboard.press("Escape")
    assert page.locator("tbody tr", has_text="Ann").get_by_text("Replaced").is_visible()
    open_page(link).locator("h1", has_text="Plausible and supported").wait_for()


def test_a_session_is_extended(site, signed_in):
    made = site.create()
    page = signed_in(f"/rate/organise/{made.session.id}")
    page.locator("summary[aria-label=More]").click()
    page.get_by_role("button", name="Extend…").click()
    page.get_by_label("New raters, one a line").fill("Cem")
    page.get_by_label("Further raters of each item").fill("1")
    page.get_by_role("button", name="Extend", exact=True).click()
    page.locator("tbody th", has_text="Cem").wait_for()
    assert site.store.session(made.session.id).overlap == 3


def test_files_are_saved_with_and_without_names(site, signed_in):
    made = site.create()
    rate_all(site, made.raters[0].id, "yes")
    page = signed_in(f"/rate/organise/{made.session.id}")
    page.get_by_role("button", name="Export").click()
    for named in (False, True):
        if named:
            page.get_by_role("switch", name=re.compile("With names")).check()
        with page.expect_download() as saved:
            page.get_by_role("link", name=re.compile("A table of answers")).click()
        assert (made.raters[0].id in saved.value.path().read_text()) is named


def test_agreement_and_rates_stand_with_their_intervals(site, signed_in, make_rows):
    made = site.create(make_rows(12))
    rate_all(site, made.raters[0].id, "yes")
    rate_all(site, made.raters[1].id, "no")
    page = signed_in(f"/rate/organise/{made.session.id}")
    page.get_by_role("heading", name="How far raters agree").wait_for()
    assert "0.0 %" in page.get_by_role("region", name="Agreement", exact=True).inner_text()
    rates = page.get_by_role("region", name="Rates", exact=True).inner_text()
    assert re.search(r"Plausible\s+the hidden arm\s+0\.0 %\s+0\.0 % to 24\.2 %\s+0 of 12", rates)


def test_comments_stand_beside_what_raters_said_and_a_decision_can_be_changed(site, signed_in):
    made = site.create()
    for rater, choice in zip(made.raters, ("yes", "no"), strict=True):
        rate_all(site, rater.id, choice)
    page = signed_in(f"/rate/organise/{made.session.id}/decide")
    page.locator(".said q", has_text="So it seems.").first.wait_for()
    assert "the hidden arm" not in page.locator("body").inner_text()
    page.get_by_label("Why").fill("The quote is enough, 2 times.")
    page.locator("#place").focus()
    for key in ("1", "1", "Enter"):
        page.keyboard.press(key)
    page.locator(".tag", has_text="2 open").wait_for()
    page.keyboard.press("ArrowLeft")
    page.locator(".message", has_text="Decided by olga").wait_for()
    assert page.get_by_label("Why").input_value() == "The quote is enough, 2 times."
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    page.locator("#place", has_text="Difference 2 of 3").wait_for()
    decisions = [one for one in site.store.history(made.session.id) if one.adjudicates]
    assert [one.answers["plausible"] for one in decisions] == ["yes", "unsure"]
    assert decisions[1].replaces == decisions[0].id


def test_a_rater_with_an_account_signs_in_and_finds_the_session(site, open_page, organiser):
    organiser.post("/accounts", json={"name": "tom", "password": "tom's long password"})
    site.create(name="Tom's session", raters=("tom", "Ben"), accounts={"tom": "tom"})
    page = open_page(f"{site.url}/rate")
    page.get_by_label("Name").fill("tom")
    page.get_by_label("Password").fill("tom's long password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Tom's session").click()
    page.get_by_role("button", name="Begin").click()
    page.locator("#place", has_text="Item 1 of 3").wait_for()
    page.goto(f"{site.url}/rate/organise")
    page.locator("[role=alert]", has_text="this page is for organisers").wait_for()


def test_hostile_names_stay_text_on_every_page(site, signed_in, make_rows, hostile):
    rows = make_rows(2, question=hostile, reply=f"{hostile} [1]", arm=hostile)
    made = site.create(rows, name=hostile, raters=(hostile, "Ben"))
    for rater, choice in zip(made.raters, ("yes", "no"), strict=True):
        rate_all(site, rater.id, choice)
    path = f"/rate/organise/{made.session.id}"
    page = signed_in(path)
    page.get_by_role("heading", name="What people say").wait_for()
    for address in (path, "/rate/organise", f"{path}/decide"):
        page.goto(f"{site.url}{address}")
        page.get_by_text("<img src=x onerror=alert(1)>").first.wait_for()
        assert page.locator("main img").count() == 0
        assert "\u202e" not in page.locator("body").inner_text()


@pytest.mark.parametrize("path", ["/rate/organise", "/rate/organise/new", "{session}", "{session}/decide"])
def test_on_a_phone_nothing_sticks_out(site, signed_in, path):
    made = site.create(name="A study with a name that is rather long")
    for rater, choice in zip(made.raters, ("yes", "no"), strict=True):
        rate_all(site, rater.id, choice)
    address = path.replace("{session}", f"/rate/organise/{made.session.id}")
    page = signed_in(address, phone=True, bypass_csp=True)
    page.locator("h1").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
