"""A whole study through the browser: an organiser, three raters, one killed half way, and the report."""

import re
from typing import Any

import pytest

from sparrow_lite.rating.values import RaterState

pytestmark = pytest.mark.browser

Page = Any
ITEMS = 6


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("olga")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()


def create(page: Page, site: Any) -> str:
    """Make the session from the page of a run; return its id."""
    page.goto(f"{site.url}/results")
    page.get_by_role("link", name="study", exact=True).click()
    page.get_by_role("link", name="Let people rate it").click()
    sign_in(page)
    page.get_by_label("Name of the session").wait_for()
    assert page.get_by_label("A run").input_value() == "study"
    page.get_by_label("Most items").fill(str(ITEMS))
    page.get_by_label("Raters with a personal link").fill("Ann\nBen\nCem")
    page.get_by_label("Raters of each item").fill("3")
    assert "6 items for each of 3 raters" in page.locator(".plan").inner_text()
    page.get_by_label("Checks among items, %").fill("0")
    page.get_by_label("Name of the session").fill("Who built the canals")
    page.get_by_role("button", name="Create the session").click()
    page.locator(".made").wait_for()
    return page.url.split("/")[-1]


def hand_out(page: Page) -> list[str]:
    page.get_by_role("button", name="Links for the raters").click()
    page.get_by_role("button", name="Make the links").click()
    page.locator(".links li").nth(2).wait_for()
    links = [one.input_value() for one in page.locator(".links input").all()]
    page.get_by_role("button", name="Done").click()
    return links


def choose(page: Page, answers: dict[str, str]) -> None:
    """Answer the item by keys, as the questions have them: yes 1, no 2, not sure 3."""
    for question in [one.get_attribute("data-question") for one in page.locator("fieldset").all()]:
        page.keyboard.press({"yes": "1", "no": "2", "unsure": "3"}[answers[question]])


def qualify(page: Page, site: Any, rater: str) -> None:
    page.get_by_role("button", name="Begin with the practice").click()
    while site.sessions.task(rater).rater_state in (RaterState.INVITED, RaterState.QUALIFYING):
        page.locator(".work:not(.explained)").wait_for()
        task = site.sessions.task(rater)
        choose(page, dict(site.gold(task.session, task.shown.item)))
        page.locator(".feedback.good h2", has_text="Right").wait_for()
        page.keyboard.press("Enter")
        page.locator(".feedback").wait_for(state="detached")
    page.locator("h1", has_text="You are in").wait_for()
    assert "100 %" in page.locator(".scene").inner_text()
    page.keyboard.press("Enter")


def rate(page: Page, count: int, *, start: int = 1, doubts: tuple[str, ...] = ()) -> None:
    """Rate some items as good, but for those about a canal that is doubted."""
    for number in range(start, start + count):
        page.locator("#place", has_text=f"Item {number} of {ITEMS}").wait_for()
        doubted = any(one in page.locator(".turns").inner_text() for one in doubts)
        choose(page, {"plausible": "yes", "supported": "no" if doubted else "yes"})


def test_a_study_from_a_run_to_its_report(site, open_page, write_run):
    write_run("study", questions=12, supported=8)
    organiser = open_page()
    session = create(organiser, site)
    links = hand_out(organiser)
    raters = [one.id for one in site.store.raters(session)]
    work = [one for one in site.store.items(session) if one.stage == "work"]
    disputed = tuple(one.body["turns"][0]["text"] for one in work[:2])

    ann, ben, cem = (open_page(link) for link in links)
    for page, rater in zip((ann, ben, cem), raters, strict=True):
        qualify(page, site, rater)
    rate(ann, ITEMS)
    ann.locator("h1", has_text="Done. Thank you!").wait_for()

    # Ben's browser dies half way, with an answer that never reached the server.
    rate(ben, 3)
    ben.locator("#place", has_text=f"Item 4 of {ITEMS}").wait_for()
    ben.route("**/rate/api/answer", lambda route: route.abort())
    rate(ben, 1, start=4)
    ben.locator(".save.waiting").wait_for()
    context = ben.context
    ben.close()
    assert len([one for one in site.store.current(session, raters[1]) if one.item in ids(work)]) == 3
    ben = context.new_page()
    ben.goto(links[1])
    rate(ben, 2, start=5)
    ben.locator("h1", has_text="Done. Thank you!").wait_for()

    rate(cem, ITEMS, doubts=disputed)
    cem.locator("h1", has_text="Done. Thank you!").wait_for()
    ratings = [one for one in site.store.history(session) if one.item in ids(work)]
    assert len(ratings) == 3 * ITEMS

    decide(organiser, site, session)
    decided = {one.item: one for one in site.store.current(session) if one.adjudicates}
    assert [decided[one.id].answers["supported"] for one in work[:2]] == ["no", "no"]
    assert {one.rater for one in decided.values()} == {"olga"}

    look_at_the_report(organiser)


def ids(items: list[Any]) -> set[str]:
    return {one.id for one in items}


def decide(page: Page, site: Any, session: str) -> None:
    page.goto(f"{site.url}/rate/organise/{session}")
    page.locator(".number", has_text="Items with all ratings").get_by_text("of 6").wait_for()
    numbers = page.locator(".numbers").inner_text()
    assert re.search(r"Items with all ratings\s*6\s*of 6", numbers)
    assert re.search(r"To decide\s*2", numbers)
    assert page.locator("tbody tr", has_text="Cem").get_by_text("Done").is_visible()
    page.locator(".number a").click()
    for left in (2, 1):
        page.locator(".tag", has_text=f"{left} open").wait_for()
        assert page.locator(".said li").count() == 3
        page.keyboard.press("1")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    page.locator(".tag", has_text="All decided").wait_for()


def look_at_the_report(page: Page) -> None:
    page.get_by_role("link", name="Who built the canals").click()
    page.locator("summary[aria-label=More]").click()
    page.get_by_role("button", name="Write into the run's report").click()
    page.wait_for_url("**/results/run?name=study")
    report = page.frame_locator("iframe")
    people = report.locator("#people")
    people.wait_for()
    row = people.locator("tr", has_text="Supported and plausible").first.inner_text()
    assert "66.7 %" in row  # by people: four of six, where the two decisions stand against the judge
    assert people.get_by_text("human-rated").first.is_visible()
    assert "300" in people.inner_text()
    assert "Who built the canals" in people.text_content()
