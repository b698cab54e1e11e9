import hashlib

import pytest

from sparrow_lite.evidence import Evidence, Page


def page(url="https://example.org/a", text="One. Two. Three."):
    return Page.of(url=url, title="T", text=text, opened_at="2026-01-01T00:00:00Z")


def test_a_page_carries_the_hash_of_its_text():
    assert page(text="é").sha256 == hashlib.sha256("é".encode()).hexdigest()


def test_evidence_is_verbatim_at_its_offsets():
    piece = Evidence(id=1, page=page(), start=5, end=9)
    assert piece.text == "Two."


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a", "example.org"),
        ("file:///tmp/a.md", "file"),
        ("sparrow:starter/a", "sparrow"),
    ],
)
def test_the_host_is_what_a_reader_may_trust(url, host):
    assert page(url=url).host == host
