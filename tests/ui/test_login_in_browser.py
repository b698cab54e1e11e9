"""With a login, each person has their own conversations."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from sparrow_lite.config import Settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def guarded(serve_app: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("guarded")
    settings = Settings(data_dir=folder, cache_dir=folder, auth=SecretStr("ann:one bob:two"))
    yield from serve_app(settings)


def log_in(chromium: Any, url: str, name: str, password: str) -> Any:
    page = chromium.new_context().new_page()
    page.goto(url)
    page.get_by_label("username").fill(name)
    page.get_by_label("password").fill(password)
    page.get_by_role("button", name="Login").click()
    return page


def test_each_person_sees_only_their_own(chromium: Any, guarded: Any) -> None:
    ann = log_in(chromium, guarded.url, "ann", "one")
    ann.wait_for_selector(".empty")
    ann.fill("#question", "What only Ann asks")
    ann.press("#question", "Enter")
    ann.wait_for_selector(".answer")
    assert "ann" in ann.locator(".side-foot").inner_text()

    bob = log_in(chromium, guarded.url, "bob", "two")
    bob.wait_for_selector(".empty")
    assert "Ann" not in bob.content()
    bob.goto(ann.url)
    bob.wait_for_selector("#notice.on >> text=not here any more")
    assert "Ann" not in bob.content()


def test_a_wrong_password_opens_nothing(chromium: Any, guarded: Any) -> None:
    page = log_in(chromium, guarded.url, "ann", "two")
    page.wait_for_selector("text=Incorrect")
    assert page.locator(".side").count() == 0
    assert page.request.get(f"{guarded.url}/config").status == 401
