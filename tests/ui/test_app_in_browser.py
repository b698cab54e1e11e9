"""The app in headless Chromium: ask, check sources, reload, export, stop, retry, phone, keyboard, headers."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

pytestmark = pytest.mark.browser

QUESTION = "When did the Berlin Wall fall, and why?"
Page = Any
Served = Any


class Watch:
    """What a page asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        # Gradio says so of its own stream when a page is left.
        if message.type == "error" and "AbortError" not in message.text and "errored out" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    context.set_default_timeout(8000)
    page = context.new_page()
    page.watch = Watch(page)
    page.goto(served.url)
    page.wait_for_selector(".empty")
    yield page
    assert page.watch.complaints == []
    assert [url for url in page.watch.requests if not url.startswith((served.url, "data:", "blob:"))] == []
    context.close()


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")


def ask_and_wait(page: Page, question: str = QUESTION) -> None:
    before = page.locator(".answer").count()
    ask(page, question)
    page.locator(".answer").nth(before).wait_for()


def test_a_question_is_answered_and_its_quote_opens_highlighted(page: Page) -> None:
    page.click(".examples button >> nth=0")
    page.wait_for_selector(".answer")
    assert page.locator(".sources .name").all_inner_texts() == [
        "The fall of the Berlin Wall",
        "The border crossings of Berlin",
    ]
    assert page.locator(".sources .place").all_inner_texts() == ["history.example.org", "starter corpus"]
    assert page.locator(".chips .chip").all_inner_texts() == ["2 supported", "Unscored"]

    page.click(".mark >> nth=0")
    panel = page.locator("#panel")
    panel.wait_for()
    quotes = panel.locator("mark").all_inner_texts()
    assert quotes[0].startswith("On the evening of 9 November 1989")
    assert quotes[0].endswith("they took effect at once.")
    link = panel.locator("a")
    assert re.fullmatch(
        r"https://history\.example\.org/berlin-wall\?page=2#:~:text=On%20the.*", link.get_attribute("href")
    )
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"

    page.click(".sources button >> nth=1")
    assert panel.locator("h3").inner_text() == "The border crossings of Berlin"
    assert panel.locator("a").count() == 0


def test_the_record_says_what_failed_which_rules_and_what_was_dropped(page: Page) -> None:
    ask_and_wait(page)
    page.click("summary >> text=23 rules kept")
    assert page.locator(".rules li").count() == 23
    page.click("summary >> text=Searched")
    assert "HTTP 403" in page.locator(".record").inner_text()
    page.click("summary >> text=1 sentence dropped")
    assert "no passage supports it" in page.locator(".changes").inner_text()
    ask_and_wait(page, "broken")
    page.click("summary >> text=1 rule broken · 1 unscored")
    assert "surely ill" in page.locator(".rules .broken").first.inner_text()


def test_an_abstention_looks_different_and_says_why(page: Page) -> None:
    ask_and_wait(page, "abstain")
    assert "The search could not be reached" in page.locator(".abstained").inner_text()
    assert page.locator(".sources").count() == 0


def test_a_reload_brings_the_conversation_and_its_choices_back(page: Page, served: Served) -> None:
    page.select_option("#model", "ollama:small")
    page.select_option("#search", "wikipedia")
    ask_and_wait(page)
    assert ("ollama:small", "wikipedia") in served.sparrows
    assert "ollama:small" in page.locator(".actions .end").inner_text()
    text = page.locator(".answer").inner_text()
    page.reload()
    page.wait_for_selector(".answer")
    assert page.locator(".answer").inner_text() == text
    page.wait_for_function("document.getElementById('model').value === 'ollama:small'")
    assert page.input_value("#search") == "wikipedia"
    ask_and_wait(page, "And then?")
    heard = served.sparrows["ollama:small", "wikipedia"].heard[-1]
    assert [turn.text for turn in heard.turns][::2] == [QUESTION, "And then?"]


@pytest.mark.parametrize(("form", "ending"), [("Markdown", "md"), ("JSON", "json")])
def test_a_conversation_is_exported(page: Page, form: str, ending: str) -> None:
    ask_and_wait(page)
    page.click("summary >> text=Export")
    with page.expect_download() as waiting:
        page.click(f".sheet >> text={form}")
    assert waiting.value.suggested_filename == f"when-did-the-berlin-wall-fall-and-why.{ending}"
    written = waiting.value.path().read_text()
    if form == "JSON":
        assert json.loads(written)["turns"][0]["reply"]["citations"][0]["support"] == 0.94
    else:
        assert "> — supported, 0.94" in written


def test_a_reply_is_copied_with_its_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask_and_wait(page)
    page.click("text=Copy")
    page.wait_for_selector("text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] The fall of the Berlin Wall — https://history.example.org" in copied


def test_a_stopped_turn_is_gone_and_a_retry_replaces_it(page: Page, served: Served) -> None:
    ask(page, "slow")
    page.wait_for_selector(".steps >> text=Read")
    page.click("[data-do=stop]")
    page.wait_for_selector(".stopped >> text=You stopped this turn.")
    assert not page.is_visible(".steps")
    assert page.is_visible("[data-send]")
    served.scripts["slow"] = replace(served.sparrows["embedded", "auto"].reply_to(QUESTION), text="Soon. [1]")
    served.sparrows["embedded", "auto"].slow_word = "nothing"
    page.click("text=Retry")
    page.wait_for_selector(".answer >> text=Soon.")
    served.sparrows["embedded", "auto"].slow_word = "slow"
    del served.scripts["slow"]
    assert page.locator(".exchange").count() == 1
    assert page.locator(".stopped").count() == 0


def test_a_question_is_stored_at_once_and_a_reload_follows_its_turn(page: Page, served: Served) -> None:
    ask(page, "slow and stored")
    page.wait_for_selector(".steps")
    with sqlite3.connect(served.data_dir / "conversations.sqlite") as other:
        rows = other.execute("SELECT reply FROM exchanges WHERE question = 'slow and stored'").fetchall()
    assert rows == [(None,)]
    page.reload()
    page.wait_for_selector(".steps >> text=Read")
    assert page.is_visible("[data-do=stop]")
    page.click("[data-do=stop]")
    page.wait_for_selector(".stopped")


def test_what_is_done_in_quick_order_is_never_lost(page: Page) -> None:
    for number in range(6):
        page.click("text=New chat")
        ask(page, f"Quick {number}")
        page.wait_for_selector(f".question >> text=Quick {number}")
        page.wait_for_selector(".answer")


def test_leaving_a_running_conversation_leaves_its_progress_behind(page: Page) -> None:
    ask(page, "slow one")
    page.wait_for_selector(".steps")
    page.click("text=New chat")
    page.wait_for_selector(".empty")
    ask_and_wait(page)
    assert not page.is_visible(".steps")
    page.click(".list >> text=slow one")
    page.wait_for_selector(".steps")
    page.click("[data-do=stop]")
    page.wait_for_selector(".stopped")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_inside_shows_no_traceback(page: Page) -> None:
    ask(page, "fault")
    page.wait_for_selector(".stopped >> text=Something went wrong inside")
    assert "RuntimeError" not in page.content()
    assert page.is_visible("text=Retry")


def test_a_conversation_is_renamed_and_deleted(page: Page) -> None:
    ask_and_wait(page, "To be renamed")
    here = page.locator(".list li.here")
    here.hover()
    here.locator("summary").click()
    here.get_by_role("button", name="Rename").click()
    page.fill("#box-field", "A <b>new</b> name")
    page.press("#box-field", "Enter")
    page.wait_for_selector(".top .title >> text=A <b>new</b> name")
    here.hover()
    here.locator("summary").click()
    here.get_by_role("button", name="Delete").click()
    page.click("#box-yes")
    page.wait_for_selector(".empty")
    assert "?c=" not in page.url
    assert "new" not in page.locator(".list").inner_text()


def test_everything_works_from_the_keyboard(page: Page) -> None:
    page.wait_for_function("document.activeElement.id === 'question'")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer")
    page.locator(".mark").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel[open]")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Close"
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel")
    assert page.evaluate("document.activeElement.className") == "mark"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_phone_has_a_drawer_and_a_bottom_sheet(chromium: Any, served: Served) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(served.url)
    page.wait_for_selector(".empty")
    assert not page.is_visible(".side")
    ask_and_wait(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.tap(".mark >> nth=0")
    page.wait_for_timeout(350)
    box = page.locator("#panel").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    page.keyboard.press("Escape")
    page.tap(".top [data-do=side]")
    page.wait_for_selector(".side >> text=New chat")
    page.tap(".scrim", position={"x": 370, "y": 400})
    page.wait_for_selector(".side", state="hidden")
    context.close()


def test_the_sidebar_hides_and_comes_back(page: Page) -> None:
    assert page.locator("#dialogue").bounding_box()["x"] == 268
    page.click(".side [data-do=side]")
    page.wait_for_selector(".side", state="hidden")
    assert page.locator("#dialogue").bounding_box()["x"] == 0
    page.click(".top [data-do=side]")
    page.wait_for_selector(".side")


def test_the_chosen_theme_holds_after_a_reload(page: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    for _ in range(2):
        page.click("[data-do=theme]")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    page.wait_for_selector(".empty")
    assert page.evaluate(ground) == dark


def test_the_policy_lets_nothing_inline_run(chromium: Any, served: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    policy = page.goto(served.url).headers["content-security-policy"]
    for part in ("img-src 'self' data:", "form-action 'self'", "frame-ancestors 'self'", "object-src 'none'"):
        assert part in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    page.wait_for_selector(".empty")
    # As if escaping had failed: the markup is in the page, and still nothing runs or leaves.
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', "
        "'<img src=https://evil.example/x onerror=window.ran=1><svg onload=window.ran=1>')"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    context.close()


def test_hostile_words_become_neither_elements_nor_requests(page: Page, served: Served) -> None:
    words = (
        '<img src="https://evil.example/x.png" onerror=alert(1)><form action="https://evil.example">'
        "<input></form><script>alert(1)</script> ![x](https://evil.example/y.png) ${alert(1)} {{constructor}}"
    )
    reply = served.sparrows["embedded", "auto"].reply_to(QUESTION)
    piece = reply.evidence[0]
    hostile = replace(piece, page=replace(piece.page, title=words, text=words + piece.page.text))
    served.scripts["hostile"] = replace(reply, text=f"{words} [1]", evidence=(hostile,))
    plain = page.evaluate("document.querySelectorAll('img, form, input, script, iframe').length")
    ask_and_wait(page, f"hostile {words}")
    page.click(".mark >> nth=0")
    assert words in page.locator(".answer").inner_text()
    assert words in page.locator("#panel h3").inner_text()
    assert page.evaluate("document.querySelectorAll('img, form, input, script, iframe').length") == plain


def test_doors_that_are_not_used_are_closed(page: Page, served: Served) -> None:
    for path in ("gradio_api/upload", "gradio_api/file=/etc/passwd", "gradio_api/proxy=https://evil.example"):
        assert page.request.get(f"{served.url}/{path}").status == 404
    for path in ("docs", "openapi.json"):
        assert "swagger" not in page.request.get(f"{served.url}/{path}").text().lower()
    other = page.request.get(served.url, headers={"Host": "evil.example"})
    assert other.status == 400
    # Neither a name nor a schema of what the page calls is given away.
    endpoints = page.request.get(f"{served.url}/gradio_api/info").json()
    assert endpoints["named_endpoints"] == {}
