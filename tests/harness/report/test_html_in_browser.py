"""The report in headless Chromium, from the disk: nothing is fetched, nothing hostile runs, all is found."""

from collections.abc import Iterator
from typing import Any

import pytest

from sparrow_lite.harness.metrics import words

pytestmark = pytest.mark.browser

Page = Any
Reported = Any


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5000)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: requests.append(request.url.partition("#")[0]))
    yield page
    assert complaints == []
    assert len(set(requests)) == 1
    assert requests[0].startswith("file://")
    assert page.evaluate("document.querySelectorAll('img, iframe, object, b > script').length") == 0
    context.close()


def rows(page: Page) -> list[str]:
    page.locator("#rows li").first.wait_for()
    return [row.get_attribute("data-key") for row in page.locator("#rows .row").all()]


def test_the_figures_in_the_page_are_the_figures(page: Page, reported: Reported) -> None:
    page.goto(reported.url)
    arm = reported.figures.arms[0]
    cells = page.locator("#headline tbody tr").first.locator("td").all_inner_texts()
    rates = [
        arm.questions.supported_and_plausible,
        arm.adversarial.target,
        arm.adversarial.any_rule,
        arm.over_refusal,
        arm.carve_outs_unanswered,
    ]
    told = [f"{words.percent(rate.value)} {words.interval(rate)} {words.tally(rate)}" for rate in rates]
    assert [" ".join(cell.split()) for cell in cells] == told
    assert page.locator("#differences tbody tr").count() == len(reported.figures.differences)
    assert page.locator(".plot").count() == 5
    assert "model-judged" in page.locator("#headline caption").inner_text()


def test_every_table_says_who_decided(page: Page, reported: Reported) -> None:
    page.goto(reported.url)
    captions = page.locator("#figures caption")
    assert captions.count() == page.locator("#figures table").count()
    assert all(caption.locator(".by").count() == 1 for caption in captions.all())


def test_an_arms_hostile_name_is_text_in_plots_and_tables(page: Page, reported: Reported) -> None:
    page.goto(reported.url)
    name = reported.figures.arms[1].name
    assert name in page.locator("#headline svg").first.text_content()
    assert page.locator("#headline th.arm").nth(1).inner_text().startswith(name)


def test_a_cell_of_the_heat_map_opens_its_conversations(page: Page, reported: Reported) -> None:
    page.goto(reported.url)
    page.locator(".heat:visible td.h10 a").nth(1).click()
    assert rows(page) == ["key2"]
    assert page.locator("[name=attack]").input_value() == "role_play"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("search=THREATEN me", ["key2", "key3"]),
        ("search=fact-1", ["key0", "key1"]),
        ("arm=full", ["key0", "key2", "key4", "key6"]),
        ("kind=carve_out", ["key4", "key5"]),
        ("rule=no_threats&outcome=kept", ["key3", "key4", "key5"]),
        ("attack=role_play", ["key2", "key3"]),
        ("outcome=broken", ["key2"]),
        ("outcome=failed", ["key6", "key7"]),
        ("answer=both", ["key0"]),
        ("answer=plausible", ["key1"]),
        ("given=declined", ["key5"]),
        ("given=abstained", []),
        ("suite=other", []),
    ],
)
def test_cases_are_found_by(page: Page, reported: Reported, filters: str, found: list[str]) -> None:
    page.goto(f"{reported.url}#{filters}")
    assert rows(page) == found


def test_filters_are_set_by_hand_and_cleared(page: Page, reported: Reported) -> None:
    page.goto(f"{reported.url}#cases")
    assert len(rows(page)) == 8
    page.select_option("[name=arm]", "full")
    page.fill("[name=search]", "bridge open")
    page.get_by_text("1 of 8 conversations").wait_for()
    page.click("#reset")
    page.get_by_text("8 conversations", exact=True).wait_for()
    assert page.locator("[name=arm]").input_value() == ""


def test_a_conversation_shows_its_evidence_candidates_and_verdicts(
    page: Page, reported: Reported, hostile: str
) -> None:
    page.goto(f"{reported.url}#case=key0")
    panel = page.locator("#open")
    panel.locator("h2").wait_for()
    text = panel.text_content()
    assert text.count(hostile.replace("\u202e", "")) >= 3
    assert "\u202e" not in text
    assert panel.locator(".passage mark").all_inner_texts() == ["The bridge opened in 1901."]
    links = [link.get_attribute("href") for link in panel.locator(".source a").all()]
    assert links == ["https://example.org/a"]
    for told in ("javascript:alert(1)", "support 0.93", "Dropped", "total 0.88", "bridge opened", "Chosen"):
        assert told in text
    assert "Support of each claim0.93" in text
    assert "own_rule" not in text
    assert "Own rule" in text


def test_a_rule_broken_in_a_later_turn_says_so(page: Page, reported: Reported) -> None:
    page.goto(f"{reported.url}#case=key2")
    verdict = page.locator(".grade .checks li").first
    verdict.wait_for()
    assert verdict.locator(".chip").inner_text() == "Broken"
    assert "turn 4" in verdict.inner_text()
    assert page.locator(".turn.sparrow h3").all_inner_texts() == ["Reply 1", "Reply 2"]


def test_a_failed_case_says_why(page: Page, reported: Reported, hostile: str) -> None:
    page.goto(f"{reported.url}#case=key6")
    failure = page.locator(".failure")
    failure.wait_for()
    assert f"the model is away {hostile[:20]}" in failure.text_content()


def test_keys_move_open_and_close(page: Page, reported: Reported) -> None:
    page.goto(f"{reported.url}#cases")
    rows(page)
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.locator("#opened", has_text="fact-1").wait_for()
    assert "case=key1" in page.url
    page.keyboard.press("Escape")
    page.locator(".idle").wait_for()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "search"


def test_back_closes_a_conversation_on_a_phone(browser: Any, reported: Reported) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{reported.url}#cases")
    page.locator(".row").first.click()
    page.locator("#opened").wait_for()
    assert not page.locator("#list").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.go_back()
    page.locator("#list").wait_for()
    page.goto(f"{reported.url}#figures")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


def test_long_lists_are_paged_and_every_block_is_read(page: Page, paged: Reported) -> None:
    page.goto(f"{paged.url}#page=4")
    assert len(rows(page)) == 10
    page.locator(".row").last.click()
    page.locator("#opened", has_text="q-309").wait_for()
    page.click("#before")
    page.get_by_text("201 to 300").wait_for()
    assert page.locator("#opened").inner_text() == "q-309"


def test_an_unknown_case_is_told_of(page: Page, reported: Reported) -> None:
    page.goto(f"{reported.url}#case=nowhere")
    page.get_by_text("This run has no such case.").wait_for()


def test_an_empty_run_has_a_report(page: Page, empty: Reported) -> None:
    page.goto(empty.url)
    page.get_by_text("No case of this run has been finished").wait_for()
    page.click("#to-cases")
    page.get_by_text("This run has no cases yet.").wait_for()
