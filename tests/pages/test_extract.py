"""Main text and title of HTML, PDF, Markdown and plain text."""

import time
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sparrow_lite.attempts import FetchReason
from sparrow_lite.errors import FetchError
from sparrow_lite.pages.extract import decode, extract, extract_html, extract_pdf, extract_plain
from sparrow_lite.pages.fetch import Fetched

FACT = "The Varnholm lighthouse was completed in 1874."
FILLER = (
    "Storms reach the rock most often in November, and the landing stage has been rebuilt several times. "
    "Visitors may climb the tower on summer weekends when the sea is calm enough to land. "
)


def fetched(body: bytes, content_type: str = "text/html", charset: str | None = None) -> Fetched:
    return Fetched(url="http://example.org/", content_type=content_type, body=body, charset=charset)


def article(body: str, title: str = "Varnholm &amp; its light") -> str:
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("Home", "News", "Contact", "Shop"))
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><ul>{menu}</ul></nav>"
        "<main><article>"
        f"<h1>Varnholm</h1>{body}</article></main><footer>All rights reserved.</footer></body></html>"
    )


def test_the_main_text_is_found_without_menus_its_paragraphs_apart() -> None:
    title, text = extract_html(article(f"<p>{FACT}</p><p>{FILLER}</p><p>{FILLER * 3}</p>"))
    assert title == "Varnholm & its light"
    assert FACT in text.split("\n")
    assert "Contact" not in text
    assert "All rights reserved" not in text


def test_tables_and_lists_are_part_of_the_text() -> None:
    body = (
        f"<p>{FILLER * 3}</p><table><tr><td>Height</td><td>41 m</td></tr></table><ul><li>one lamp</li></ul>"
    )
    _, text = extract_html(article(body))
    assert "41 m" in text
    assert "one lamp" in text


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{FACT}</p>",
        f"<html><body><div>{FACT}</div></body></html>",
        f"{FACT}",
        f"<title>x</title><b>{FACT}",
        f"<table><tr><td>{FACT}</table>",
        f"<?xml version='1.0' encoding='latin-1'?><html xmlns='http://www.w3.org/1999/xhtml'><p>{FACT}</p></html>",
        f"<p>\0{FACT}</p>",
        f"<p>{FACT}<script>x</script>&#1;&#x1f;&#xD800;&#xFFFF;&#0;&#000000000000000002&#&#1;1;&#99999999999;</p>",
        f"<p>\x01{FACT}<script>x</script>\x02\ud800\uffff</p>",
    ],
)
def test_a_short_page_is_read_whole(html: str) -> None:
    assert FACT in extract_html(html)[1]
    assert FACT in extract_html(html.encode("utf-8", "replace"))[1]


def test_blocks_of_a_page_that_is_read_whole_are_lines() -> None:
    _, text = extract_html("<h1>Title</h1><p>One\n two.</p><div>Three<br>four <b>five</b></div>")
    assert text == "Title\nOne two.\nThree\nfour five"


@pytest.mark.parametrize("html", ["", " ", "<html></html>", "<!-- only this -->", b"", "<script>x</script>"])
def test_a_page_without_text_gives_none(html: str | bytes) -> None:
    assert extract_html(html) == ("", "")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title> A\n title </title>", "A title"),
        ("<title></title>", "Heading"),
        ("", "Heading"),
        ("<title>a &lt;b&gt; c</title>", "a <b> c"),
    ],
)
def test_the_title_falls_back_to_the_first_heading(head: str, title: str) -> None:
    assert extract_html(f"<html><head>{head}</head><body><h1>Heading</h1><p>x</p></body></html>")[0] == title


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("café".encode(), None, "café"),
        ("café".encode("latin-1"), "iso-8859-1", "café"),
        ("café".encode("latin-1"), None, "café"),
        ("café".encode(), "iso-8859-1", "café"),
        ("kafé".encode("utf-16"), None, "kafé"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "latin-1", "café"),
        ("日本語".encode("shift_jis"), "Shift_JIS", "日本語"),
        (b"<meta charset='windows-1251'>" + "мир".encode("cp1251"), None, "<meta charset='windows-1251'>мир"),
        (b"\xe9", "punycode", "é"),
        (b"\xe9", "no-such-charset", "é"),
        (b"\xe9", "rot13", "é"),
        (b"\xe9\x81", "utf-8", "\ufffd"),
        (b"", None, ""),
    ],
)
def test_bytes_are_decoded_by_what_they_are_before_what_is_said(
    body: bytes, charset: str | None, text: str
) -> None:
    assert decode(body, charset) == text


def test_the_type_of_the_answer_decides_how_it_is_read() -> None:
    assert extract(fetched(b"<p>a &amp; b</p>"))[1] == "a & b"
    assert extract(fetched(b"<p>a &amp; b</p>", "text/plain"))[1] == "<p>a &amp; b</p>"
    assert extract(fetched(b"# Varnholm #\n\nText", "text/markdown")) == ("Varnholm", "# Varnholm #\n\nText")


def test_plain_text_without_a_heading_has_no_title() -> None:
    assert extract_plain("no heading #here") == ("", "no heading #here")


def pdf(*pages: str, title: str = "") -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pageCompression=1)
    canvas.setTitle(title)
    for page in pages:
        lines = canvas.beginText(50, 800)
        lines.textLines(page)
        canvas.drawText(lines)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_pdf_gives_its_title_and_its_pages_with_wrapped_lines_joined() -> None:
    body = pdf(
        "The lighthouse was com-\npleted in the year\n1874. It stands.\nNext paragraph.", FACT, title="Light"
    )
    title, text = extract(fetched(body, "application/pdf"))
    assert title == "Light"
    assert [line for line in text.split("\n") if line] == [
        "The lighthouse was completed in the year 1874. It stands.",
        "Next paragraph.",
        FACT,
    ]


def test_a_long_pdf_is_read_from_its_beginning_only() -> None:
    _, text = extract_pdf(pdf(*[f"Page {number} of many." for number in range(70)]), url="x")
    assert "Page 59 of many." in text
    assert "Page 60 of many." not in text


def test_a_pdf_with_a_filter_that_is_no_longer_read_is_damaged() -> None:
    with pytest.raises(FetchError) as caught:
        extract_pdf(pdf(FACT).replace(b"/FlateDecode", b"/Fl"), url="x")
    assert caught.value.reason is FetchReason.DAMAGED


def test_a_pdf_that_unpacks_into_a_bomb_is_refused() -> None:
    import zlib

    stream = zlib.compress(b"0 " * 30_000_000, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj %s endobj\n" % pair for pair in enumerate(objects, 1))
    with pytest.raises(FetchError) as caught:
        extract_pdf(body + b"trailer<</Root 1 0 R>>\n%%EOF", url="x")
    assert caught.value.reason is FetchReason.DAMAGED


@pytest.mark.parametrize(
    "body", [b"", b"%PDF-1.7", b"not a pdf", b"%PDF-1.4\n1 0 obj<</Kids[1 0 R]>>endobj\n%%EOF"]
)
def test_a_damaged_pdf_is_told_apart(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        extract(fetched(body, "application/pdf"))
    assert caught.value.reason is FetchReason.DAMAGED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, 5_000), junk=st.binary(min_size=1, max_size=40))
def test_a_pdf_with_junk_in_it_is_read_or_refused(place: int, junk: bytes) -> None:
    body = bytearray(pdf(FACT))
    place %= len(body)
    body[place : place + len(junk)] = junk
    # Any other error than the one that is promised would escape, and fail the test.
    with suppress(FetchError):
        assert all(isinstance(part, str) for part in extract_pdf(bytes(body), url="x"))


TAGS = st.sampled_from(["<p>", "</p>", "<div style='color:white", "'>", "<table>", "<td>", "<!--", "-->", "<svg>", "<a href=", "&#0;", "&lt;", "\0", "é", "word ", "<style>p{", "}", "</style>", "<title>", "<", ">", "\u202e"])  # fmt: skip # noqa: E501


@settings(max_examples=150, deadline=None)
@given(st.lists(TAGS, max_size=40).map("".join))
def test_any_markup_gives_text(html: str) -> None:
    title, text = extract_html(html)
    assert isinstance(title, str)
    assert isinstance(text, str)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<table><tr><td>x</td></tr></table>" * 20_000,
        "<p>a b" * 60_000,
        "<b><i>" * 20_000 + "x",
    ],
    ids=["deep", "tables", "paragraphs", "inline"],
)
def test_a_page_of_endless_elements_is_cut_off(html: str) -> None:
    before = time.monotonic()
    extract_html(f"<html><body><p>{FACT}</p>{html}</body></html>")
    assert time.monotonic() - before < 8.0  # uncut, the tables alone take minutes
