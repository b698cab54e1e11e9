"""Documents hold nothing of a session, run nothing of others, and load what is there."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from sparrow_lite.ui.rating.documents import PAGES, document, pieces


@pytest.mark.parametrize("path", [path.replace("{", "").replace("}", "") for path, _ in PAGES])
def test_a_document_is_the_same_for_everybody_and_closed_to_others(site, path):
    came = httpx.get(f"{site.url}{path}", trust_env=False)
    assert came.status_code == 200
    policy = came.headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types-for"):
        assert part in policy
    assert "unsafe" not in policy
    assert came.headers["referrer-policy"] == "no-referrer"
    assert came.headers["cache-control"] == "no-store"
    assert came.text == httpx.get(f"{site.url}{path}", trust_env=False).text


def test_no_document_has_a_script_or_a_style_within(site):
    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            named = dict(attributes)
            assert tag != "style"
            assert "style" not in named
            assert tag != "script" or named.get("src", "").startswith("/rate/assets/")
            assert not any(name.startswith("on") for name in named)

    for _, name in PAGES:
        Reader().feed(document(name))


def test_every_piece_that_is_named_is_there_and_sets_texts_as_text():
    named = {one for _, name in PAGES for one in re.findall(r"/rate/assets/([\w.-]+)", document(name))}
    for name, (text, _) in pieces().items():
        named |= set(re.findall(r'from "\./([\w.-]+)"', text))
        for danger in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "new Function"):
            assert danger not in text, name
    assert named == set(pieces())


def test_a_piece_is_sent_once_and_named_by_its_tag_afterwards(site):
    address = f"{site.url}/rate/assets/rater.js"
    first = httpx.get(address, trust_env=False)
    assert first.headers["content-type"].startswith("text/javascript")
    again = httpx.get(address, headers={"if-none-match": first.headers["etag"]}, trust_env=False)
    assert (again.status_code, again.text) == (304, "")
    for name in ("none.js", "page.html", "..%2fpage.css", "%2e%2e"):
        assert httpx.get(f"{site.url}/rate/assets/{name}", trust_env=False).status_code == 404
