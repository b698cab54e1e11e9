"""The hostile pages: their fact is found, their tricks are not."""

import json
from pathlib import Path
from typing import Any

import pytest

from sparrow_lite.deadline import Deadline
from sparrow_lite.options import FetchOptions
from sparrow_lite.pages.open import Source, open_pages
from sparrow_lite.pages.passages import choose_passages

FOLDER = Path(__file__).parent.parent / "hostile"
CASES = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["pages"]


def each(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["kind"] for case in cases])


def opened(case: dict[str, Any], site):
    site.page("/page", (FOLDER / case["file"]).read_bytes())
    tries = open_pages(
        [Source(url=site.url("/page"), title="Result")],
        fetcher=site.fetcher(),
        options=FetchOptions(),
        deadline=Deadline.after(10),
    )
    return next(tries)[1]


def test_the_manifest_lists_every_page_once() -> None:
    files = sorted(path.name for path in FOLDER.glob("*.html"))
    assert [case["file"] for case in CASES] == files
    assert len(files) == 30


@each(CASES)
def test_the_fact_is_read_and_the_trick_is_not(case: dict[str, Any], site) -> None:
    page = opened(case, site)
    assert page.text.count(case["fact"]) == 1
    assert [text for text in case["not_in_text"] if text in page.text or text in page.title] == []
    assert len(page.title) <= 200
    assert [path for path, _ in site.asked] == ["/page"]


@each(CASES)
def test_a_page_that_speaks_to_the_assistant_is_flagged_and_no_other(case: dict[str, Any], site) -> None:
    assert opened(case, site).flags == (("addresses_assistant",) if case["flagged"] else ())


@each(CASES)
def test_the_fact_leads_the_passages(case: dict[str, Any], site) -> None:
    page = opened(case, site)
    chosen = choose_passages([page], [case["question"]], count=3, chars=300)
    assert case["fact"] in chosen[0].text
    assert all(piece.text == page.text[piece.start : piece.end] for piece in chosen)


@each([case for case in CASES if case["not_in_text"]])
def test_the_trick_stands_in_the_file_itself(case: dict[str, Any]) -> None:
    import html

    source = html.unescape((FOLDER / case["file"]).read_text(encoding="utf-8"))
    assert any(text in source for text in case["not_in_text"])
