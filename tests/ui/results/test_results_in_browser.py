"""The Results pages in headless Chromium: list, report, conversation, comparison, login, hostile texts."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from sparrow_lite.config import Settings

pytestmark = pytest.mark.browser

Page = Any
Served = Any


@pytest.fixture(scope="module")
def served(
    serve_app: Any, write_run: Any, hostile: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("results")
    write_run(folder / "runs" / "earlier", right=2, day=1)
    write_run(folder / "runs" / "later", right=11, day=2, judges=("trained", "lexical"))
    name = hostile.replace("/", "")
    write_run(folder / "runs" / name, right=3, day=3, text=hostile, asked=hostile, arms=(hostile,))
    yield from serve_app(Settings(data_dir=folder, cache_dir=folder / "cache"))


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.set_default_timeout(8000)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{served.url}/results")
    yield page
    assert complaints == []
    assert [url for url in requests if not url.startswith((served.url, "data:", "blob:"))] == []
    context.close()


def report_of(page: Page, name: str) -> Any:
    page.get_by_role("link", name=name, exact=True).click()
    report = page.frame_locator("iframe")
    report.locator("#figures").wait_for()
    return report


def test_the_chat_leads_to_the_list_of_runs_newest_first(chromium: Any, served: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(served.url)
    page.get_by_role("link", name="Results").click()
    page.wait_for_selector("h1 >> text=Results")
    names = page.locator("a.name").all_inner_texts()
    assert names[1:] == ["later", "earlier"]
    assert page.locator(".of").nth(1).text_content() == "Suites: facts · Arms: full"
    page.get_by_role("link", name="Chat").click()
    page.wait_for_selector(".empty")
    context.close()


def test_a_run_shows_its_report_and_an_open_conversation_outlives_a_reload(page: Page) -> None:
    report = report_of(page, "later")
    assert "91.7 %" in report.locator("#figures").inner_text()
    report.locator("#to-cases").click()
    report.locator("#rows .row").nth(4).click()
    report.locator("#open >> text=It is.").wait_for()
    page.wait_for_url("**#case=*")
    page.reload()
    assert report.locator("#open").get_by_text("Is it 4?").count() == 1
    page.go_back()
    page.wait_for_url("**#cases")
    page.get_by_role("link", name="Results").click()
    page.wait_for_selector("h1 >> text=Results")


def test_another_judge_shows_its_own_figures(page: Page) -> None:
    report_of(page, "later")
    page.get_by_label("Judged by").select_option("lexical")
    page.wait_for_url("**judge=lexical")
    page.frame_locator("iframe").locator("text=model-judged by lexical").first.wait_for()


def test_a_report_is_saved_as_one_file(page: Page) -> None:
    report_of(page, "earlier")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save").click()
    assert saved.value.suggested_filename == "earlier.html"
    assert saved.value.path().read_text().startswith("<!doctype html>")


def test_two_ticked_runs_are_compared_from_the_keyboard(page: Page) -> None:
    compare = page.get_by_role("button", name="Compare these two")
    page.get_by_label("Compare later").focus()
    assert not compare.is_visible()
    page.keyboard.press("Space")
    page.wait_for_selector("[role=status] >> text=Tick one more run")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_label("Compare earlier").is_checked()
    compare.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1 >> text=Two runs compared")
    row = page.get_by_role("row").filter(has_text="Supported and plausible")
    assert row.get_by_role("cell").all_inner_texts()[:2] == ["Better", "+75.0 points"]
    page.get_by_role("link", name="Swap the runs").click()
    page.wait_for_selector("td >> text=−75.0 points")


def test_three_ticked_runs_are_too_many(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.wait_for_selector("[role=status] >> text=Only two")
    assert not page.get_by_role("button", name="Compare these two").is_visible()


def test_hostile_texts_of_a_run_are_shown_as_text(page: Page, hostile: str) -> None:
    shown = hostile.replace("\u202e", "")
    name = shown.replace("/", "")
    report = report_of(page, name)
    assert page.locator("h1").inner_text() == name
    report.locator("#to-cases").click()
    report.locator("#rows .row").first.click()
    report.locator("#open").get_by_text(shown, exact=True).first.wait_for()
    for frame in page.frames:
        assert frame.evaluate("document.querySelectorAll('img').length") == 0


def test_a_report_is_kept_apart_from_the_app(page: Page, served: Served) -> None:
    answer = page.goto(f"{served.url}/results/report?name=later")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts allow-popups")
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert page.evaluate("origin") == "null"
    page.locator("#to-cases").click()
    page.wait_for_selector("#rows .row")
    shell = page.request.get(f"{served.url}/results").headers["content-security-policy"]
    assert "'unsafe-inline'" not in shell.partition("script-src")[2].partition(";")[0]


def test_the_chosen_theme_reaches_the_report(page: Page) -> None:
    page.evaluate("localStorage.setItem('sparrow-theme', 'dark')")
    page.reload()
    report_of(page, "later")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert [frame.evaluate(ground) for frame in page.frames] == ["rgb(22, 21, 19)"] * 2


def test_nothing_is_wider_than_a_phone(chromium: Any, served: Served) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    for place in ("/results", "/results/run?name=later", "/results/compare?run=later&run=earlier"):
        page.goto(served.url + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_results_are_for_those_who_log_in(
    serve_app: Any, write_run: Any, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("guarded")
    write_run(folder / "runs" / "secret", right=2)
    settings = Settings(data_dir=folder, cache_dir=folder, auth=SecretStr("ann:one"))
    for served in serve_app(settings):
        page = chromium.new_context().new_page()
        places = (
            "results",
            "results/run?name=secret",
            "results/report?name=secret",
            "results/compare?run=secret",
        )
        for place in places:
            answer = page.request.get(f"{served.url}/{place}", max_redirects=0)
            assert (answer.status, answer.headers["location"]) == (303, "/")
            assert "secret" not in answer.text()
        page.goto(f"{served.url}/results")
        page.get_by_label("username").fill("ann")
        page.get_by_label("password").fill("one")
        page.get_by_role("button", name="Login").click()
        page.wait_for_selector(".empty")
        page.get_by_role("link", name="Results").click()
        report_of(page, "secret")
        assert str(folder) not in page.content()
        page.goto(f"{served.url}/logout")
        assert page.request.get(f"{served.url}/results", max_redirects=0).status == 303


def test_whoever_only_chats_imports_nothing_of_the_harness() -> None:
    code = (
        "import sys, tempfile, pathlib; from sparrow_lite.config import Settings; "
        "from sparrow_lite.ui.launch import build_app; "
        "build_app(Settings(data_dir=pathlib.Path(tempfile.mkdtemp())), None); "
        "late = ('sparrow_lite.harness', 'sparrow_lite.ui.results.pages', 'scipy', 'matplotlib'); "
        "print([name for name in sys.modules if name.startswith(late)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
