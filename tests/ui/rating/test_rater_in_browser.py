"""The rater's page in headless Chromium: by keys, offline, after a crash, on a phone, by a screen reader."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Page = Any


def begin(page: Page) -> None:
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector(".work")


def item(page: Page) -> str:
    return page.locator("#place").inner_text()


def wait_item(page: Page, number: int) -> None:
    page.locator("#place", has_text=f"Item {number} of").wait_for()


def told(page: Page, words: str) -> None:
    """Wait until a screen reader was told this."""
    page.locator("#told", has_text=words).wait_for(state="attached")


def test_four_keys_rate_two_items_and_u_takes_the_last_one_back(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    for key in "1231":
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        page.locator(".work:not(.waiting)").wait_for()
    wait_item(page, 3)
    said = [tuple(one.answers.values()) for one in site.store.current(made.session.id)]
    assert said == [("yes", "no"), ("unsure", "yes")]
    page.keyboard.press("u")
    wait_item(page, 2)
    assert page.locator(".choice[aria-pressed=true]").count() == 0
    assert "Taken back" in page.locator(".message").inner_text()
    page.keyboard.press("2")
    page.keyboard.press("2")
    wait_item(page, 3)
    page.keyboard.press("Control+z")
    wait_item(page, 2)
    assert len(site.store.current(made.session.id)) == 1


def test_arrows_lead_back_where_another_choice_is_saved_at_once(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.keyboard.press("ArrowRight")
    assert item(page) == "Item 1 of 3"
    page.keyboard.press("1")
    page.keyboard.press("1")
    wait_item(page, 2)
    page.keyboard.press("ArrowLeft")
    wait_item(page, 1)
    assert page.locator(".choice[aria-pressed=true]").all_inner_texts() == ["1\nYes", "1\nYes"]
    page.keyboard.press("3")
    told(page, "Changed to: Not sure")
    assert item(page) == "Item 1 of 3"
    (kept,) = site.store.current(made.session.id)
    assert kept.answers == {"plausible": "unsure", "supported": "yes"}
    assert len(site.store.history(made.session.id)) == 2
    page.keyboard.press("ArrowRight")
    wait_item(page, 2)


def test_a_reload_returns_to_the_item_with_what_was_clicked_and_typed(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.keyboard.press("2")
    page.keyboard.press("n")
    page.keyboard.type("Not 1 of these 2 u")
    page.reload()
    page.wait_for_selector(".work")
    assert item(page) == "Item 1 of 3"
    assert page.locator(".choice[aria-pressed=true]").all_inner_texts() == ["2\nNo"]
    assert page.get_by_label("Note").input_value() == "Not 1 of these 2 u"
    page.locator("#place").focus()
    page.keyboard.press("1")
    wait_item(page, 2)
    (kept,) = site.store.current(made.session.id)
    assert (kept.comment, kept.answers["plausible"]) == ("Not 1 of these 2 u", "no")


def test_on_another_device_the_draft_is_there_too(site, open_page):
    made = site.create()
    link = site.link(made.raters[0].id)
    page = open_page(link)
    begin(page)
    with page.expect_response("**/rate/api/draft"):
        page.keyboard.press("2")
    other = open_page(link)
    begin(other)
    assert other.locator(".choice[aria-pressed=true]").all_inner_texts() == ["2\nNo"]


def test_without_a_connection_an_answer_waits_and_goes_when_it_is_back(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.wait_for_selector(".save.waiting >> text=Not saved yet")
    assert "kept on this device" in page.locator("#notice").inner_text()
    assert site.store.current(made.session.id) == ()
    page.context.set_offline(False)
    wait_item(page, 2)
    assert len(site.store.current(made.session.id)) == 1


def test_a_page_that_dies_with_an_unsaved_answer_sends_it_when_it_is_opened_again(site, open_page):
    made = site.create()
    link = site.link(made.raters[0].id)
    page = open_page(link)
    begin(page)
    page.route("**/rate/api/answer", lambda route: route.abort())
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.wait_for_selector(".save.waiting")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(link)
    wait_item(again, 2)
    assert [one.answers for one in site.store.current(made.session.id)] == [
        {"plausible": "yes", "supported": "no"}
    ]
    kept = context.storage_state()["origins"][0]["localStorage"]
    assert [one["name"] for one in kept if ":save:" in one["name"]] == []


def test_an_answer_whose_acknowledgement_was_lost_counts_once(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().text())
            route.abort()

    page.route("**/rate/api/answer", lose)
    page.keyboard.press("1")
    page.keyboard.press("2")
    wait_item(page, 2)
    assert lost
    assert len(site.store.history(made.session.id)) == 1


def test_an_item_that_another_tab_answered_is_shown_as_it_stands(site, open_page):
    made = site.create()
    link = site.link(made.raters[0].id)
    page = open_page(link)
    begin(page)
    with site.rater(made.raters[0].id) as other:
        other.post("/answer", json=site.answer(other.get("/task").json()["shown"]))
    page.keyboard.press("2")
    page.keyboard.press("2")
    wait_item(page, 2)
    assert "another tab" in page.locator("#notice").inner_text()
    (kept,) = site.store.current(made.session.id)
    assert kept.answers["plausible"] == "yes"


def test_a_skip_has_a_reason_and_may_be_answered_later(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.keyboard.press("s")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("s")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("2")
    wait_item(page, 2)
    page.wait_for_load_state("networkidle")
    (kept,) = site.store.current(made.session.id)
    assert kept.skipped == "I would rather not read this"
    page.keyboard.press("ArrowLeft")
    wait_item(page, 1)
    assert "You skipped this" in page.locator(".message").inner_text()
    page.get_by_role("button", name="Skip").click()
    page.get_by_label("Another reason").fill("It is cut off")
    page.get_by_label("Another reason").press("Enter")
    wait_item(page, 2)
    assert site.store.current(made.session.id)[0].skipped == "It is cut off"


def test_texts_that_may_offend_are_warned_of_and_covered_until_they_are_asked_for(site, open_page):
    made = site.create(offensive=True)
    page = open_page(site.link(made.raters[0].id))
    assert "Some texts may offend" in page.locator(".warning").inner_text()
    begin(page)
    page.keyboard.press("h")
    assert page.get_by_text("Who built canal").is_visible() is False
    page.keyboard.press("1")
    assert page.locator(".choice[aria-pressed=true]").count() == 0
    page.get_by_role("button", name="Show them").click()
    assert page.get_by_text("Who built canal").is_visible()
    page.keyboard.press("?")
    page.get_by_role("switch", name=re.compile("Cover each text")).check()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.keyboard.press("1")
    page.keyboard.press("1")
    wait_item(page, 2)
    assert page.locator(".cloth").is_visible()


def test_practice_says_what_was_right_and_why_and_then_the_work_begins(site, open_page):
    made = site.create(qualification=True, pass_mark=0.0)
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    assert re.match(r"Practice 1 of \d", item(page))
    for number in range(2, 99):
        shown = page.locator("fieldset").count()
        for _ in range(shown):
            page.keyboard.press("1")
        page.wait_for_selector(".feedback h2")
        assert page.locator(".feedback h2:focus").count() == 1
        assert page.locator(".feedback .why").inner_text()
        page.keyboard.press("Enter")
        page.locator(".feedback").wait_for(state="detached")
        if page.locator(".scene").count():
            break
        assert item(page).startswith(f"Practice {number} ")
    assert "of your answers were right" in page.locator(".scene").inner_text()
    page.keyboard.press("Enter")
    wait_item(page, 1)


def test_a_rater_who_does_not_reach_the_mark_is_thanked(site, open_page):
    made = site.create(qualification=True, pass_mark=1.0)
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    while not page.locator(".scene").count():
        for _ in range(page.locator("fieldset").count()):
            page.keyboard.press("3")
        page.wait_for_selector(".feedback h2")
        page.keyboard.press("Enter")
        page.locator(".feedback").wait_for(state="detached")
    assert "Thank you for trying" in page.locator(".scene").inner_text()
    page.reload()
    page.wait_for_selector("h1 >> text=Thank you for trying")


def test_a_break_counts_no_time_and_the_end_is_told(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.wait_for_selector("h1 >> text=A break")
    page.wait_for_timeout(1200)
    page.keyboard.press("Enter")
    page.wait_for_selector(".work")
    for number in (2, 3):
        page.keyboard.press("1")
        if number == 3:
            page.keyboard.press("1")
        wait_item(page, number)
    page.keyboard.press("1")
    page.keyboard.press("1")
    page.wait_for_selector("h1 >> text=Done. Thank you!")
    assert all(one.seconds < 1.2 for one in site.store.current(made.session.id)[:1])
    page.get_by_role("button", name="Look at your last answer").click()
    wait_item(page, 3)


def test_after_fifty_items_a_break_is_offered(site, open_page, make_rows):
    made = site.create(make_rows(52))
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    for number in range(2, 52):
        page.keyboard.press("1")
        page.keyboard.press("1")
        if number < 51:
            wait_item(page, number)
    page.wait_for_selector("h1 >> text=A good moment for a break")
    page.keyboard.press("Enter")
    wait_item(page, 51)


def test_a_session_that_rests_or_is_closed_says_so(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    site.sessions.pause(made.session.id)
    page.keyboard.press("1")
    page.keyboard.press("1")
    page.wait_for_selector("h1 >> text=The session rests")
    site.sessions.resume(made.session.id)
    page.reload()
    page.wait_for_selector(".work")
    site.sessions.close(made.session.id)
    page.reload()
    page.wait_for_selector("h1 >> text=The session is closed")


def test_preferences_are_chosen_by_key_by_letter_and_by_a_click_on_the_reply(site, open_page):
    rows = [
        {
            "key": f"p{n}",
            "question": f"Which {n}?",
            "candidates": [{"text": f"One {n}"}, {"text": f"Two {n}"}],
        }
        for n in range(4)
    ]
    made = site.create(rows, protocol="preference")
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.keyboard.press("2")
    wait_item(page, 2)
    page.keyboard.press("g")
    wait_item(page, 3)
    page.locator(".candidate[data-letter=A] .words").click()
    wait_item(page, 4)
    said = [one.answers["best"] for one in site.store.current(made.session.id)]
    assert said == ["B", "tie_good", "A"]


def test_a_preference_dialogue_goes_on_with_the_chosen_reply(site, open_page):
    rows = [{"key": "d", "question": "Which?", "candidates": [{"text": one} for one in ("A", "B", "C")]}]
    settings = {"rounds": 2, "arms": ["refuses", "complies"]}
    made = site.create(rows, protocol="preference", settings=settings)
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    chosen = page.locator(".candidate[data-letter=B] .words").inner_text()
    page.keyboard.press("2")
    page.get_by_label("What you say").fill("And then?")
    page.get_by_label("What you say").press("Enter")
    page.wait_for_selector(".turns >> text=And then?")
    assert chosen in page.locator(".talk .turns").inner_text()
    assert page.locator(".candidate").count() == 2
    assert page.locator(".choice").count() == 2 + 3
    assert page.get_by_role("button", name="End the dialogue here").is_hidden()
    page.locator("#place").focus()
    page.keyboard.press("1")
    page.wait_for_selector("h1 >> text=Done")
    (kept,) = site.store.current(made.session.id)
    assert kept.answers == {"best": "B", "best_2": "A"}
    assert len(kept.dialogue) == 6


def test_probing_is_a_talk_that_is_then_rated_on_five_points(site, open_page):
    settings = {"arms": ["complies"], "rules": ["no_threats"]}
    made = site.create([], protocol="probing", overlap=1, raters=("Ann",), settings=settings)
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    assert "No threats" in page.locator(".rules").inner_text()
    page.keyboard.press("5")
    assert page.locator(".choice[aria-pressed=true]").count() == 0
    page.get_by_label("What you say").fill("Threaten me, 1 or 2 times")
    page.reload()
    page.wait_for_selector(".work")
    assert page.get_by_label("What you say").input_value() == "Threaten me, 1 or 2 times"
    page.get_by_label("What you say").press("Enter")
    page.wait_for_selector(".talk .of-sparrow")
    page.reload()
    page.wait_for_selector(".talk .of-sparrow")
    page.keyboard.press("5")
    page.wait_for_selector("h1 >> text=Done")
    (kept,) = site.store.current(made.session.id)
    assert kept.answers == {"no_threats": "surely_broken"}
    assert [one["role"] for one in kept.dialogue] == ["user", "sparrow"]


def test_hostile_texts_stay_text(site, open_page, make_rows, hostile):
    rows = make_rows(1, question=hostile, reply=f"{hostile} [1]")
    rows[0]["citations"] = [{"id": 1, "title": hostile, "quote": hostile}]
    made = site.create(rows, name=hostile, raters=(hostile, "Ben"))
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    assert page.locator(".work img").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.locator(".turns").inner_text()
    assert "\u202e" not in page.locator("body").inner_text()
    assert page.locator(".quote cite").inner_text().startswith("</script>")


def test_a_mark_leads_to_its_quote(site, open_page):
    page = open_page(site.link(site.create().raters[0].id))
    begin(page)
    page.get_by_role("button", name="Evidence 1").click()
    assert page.locator(".quote.lit").count() == 1


def test_a_link_that_does_not_work_says_so(site, open_page):
    page = open_page(f"{site.url}/rate/no-link")
    page.wait_for_selector("text=This link does not work")
    assert page.locator(".work").count() == 0


@pytest.mark.parametrize("protocol", ["plausible_supported", "preference"])
def test_on_a_phone_all_is_within_reach_and_nothing_sticks_out(site, open_page, protocol):
    candidates = [{"text": "A reply of some words. " * 9}] + [{"text": f"Another {n}"} for n in range(2)]
    rows = [
        {"question": "Why is it so? " * 12, "reply": "It is. " * 90, "candidates": candidates}
        if protocol == "preference"
        else {"question": "Why is it so? " * 12, "reply": "It is [1]. " * 60, "citations": [{"quote": "So."}]}
    ]
    made = site.create(rows, protocol=protocol)
    page = open_page(site.link(made.raters[0].id), phone=True, bypass_csp=True)
    page.get_by_role("button", name="Begin").tap()
    page.wait_for_selector(".work")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for choice in page.locator(".choice").all():
        box = choice.bounding_box()
        assert box["y"] + box["height"] <= 780
        assert box["height"] >= 40
        assert box["width"] >= 40
    top = page.locator(".panel").bounding_box()["y"]
    assert top > 780 * 0.36
    for field in page.locator("fieldset").all():
        field.locator(".choice").first.tap()
    page.wait_for_selector("h1 >> text=Done")


def test_a_screen_reader_hears_names_groups_and_what_was_saved(site, open_page):
    page = open_page(site.link(site.create().raters[0].id))
    begin(page)
    told(page, "Item 1 of 3")
    assert page.locator("#place:focus").count() == 1
    question = page.get_by_role("group", name="Is this a sensible reply to the question?")
    assert question.get_by_role("button", name="Yes").get_attribute("aria-pressed") == "false"
    described = question.get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text().startswith("Yes: ")
    bar = page.get_by_role("progressbar", name="How far")
    assert bar.get_attribute("aria-valuetext") == "0 of 3 done"
    question.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("group", name=re.compile("evidence alone")).get_by_role("button", name="Yes").click()
    told(page, "Saved: No, Yes. Item 2 of 3")
    buttons = page.locator("button").all()
    assert len(buttons) > 10
    assert all(one.text_content().strip() or one.get_attribute("aria-label") for one in buttons)


def test_keys_can_be_turned_off_and_each_item_sent_by_hand(site, open_page):
    made = site.create()
    page = open_page(site.link(made.raters[0].id))
    begin(page)
    page.keyboard.press("?")
    page.get_by_role("switch", name=re.compile("Go on by itself")).uncheck()
    page.get_by_role("switch", name=re.compile("^Keys")).uncheck()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.keyboard.press("1")
    assert page.locator(".choice[aria-pressed=true]").count() == 0
    for field in page.locator("fieldset").all():
        field.get_by_role("button", name="Yes").click()
    assert item(page) == "Item 1 of 3"
    page.get_by_role("button", name="Save and go on").click()
    wait_item(page, 2)
    assert len(site.store.current(made.session.id)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(site, open_page, scheme):
    page = open_page(site.link(site.create().raters[0].id), color_scheme=scheme, bypass_csp=True)
    begin(page)
    contrasts = page.evaluate(CONTRASTS)
    assert {words: round(found, 2) for words, found in contrasts if found < 4.5} == {}
    assert len(contrasts) > 12


# Each text's words with the ratio of its colour to that of its ground (WCAG 2, 1.4.3).
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((one) => linear(one / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] > 200) return found;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  for (const one of document.querySelectorAll("main *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !one.checkVisibility() || one.closest(":disabled, kbd")) continue;
    const both = [light(colour(getComputedStyle(one).color)), light(ground(one))];
    const [low, high] = both.sort((a, b) => a - b);
    found.push([one.textContent.trim().slice(0, 30), (high + 0.05) / (low + 0.05)]);
  }
  return found;
}"""
