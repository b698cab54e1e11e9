"""One page over HTTP, against servers that answer, redirect, drip, lie and unpack into bombs."""

import gzip
import time
import zlib
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address

import pytest

from sparrow_lite.attempts import FetchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, FetchError
from sparrow_lite.options import FetchOptions
from sparrow_lite.pages.address import Address
from sparrow_lite.pages.fetch import Fetched, Fetcher

SECONDS = 5.0


def fetch(fetcher: Fetcher, url: str, seconds: float = SECONDS) -> Fetched:
    return fetcher.fetch(url, deadline=Deadline.after(seconds))


def reason_of(fetcher: Fetcher, url: str, seconds: float = SECONDS) -> FetchReason:
    with pytest.raises(FetchError) as caught:
        fetch(fetcher, url, seconds)
    return caught.value.reason


class ChangingResolver:
    """Answers each question with the next of its answers, and the last one from then on."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = [[ip_address(address) for address in answer] for answer in answers]
        self.asked: list[str] = []

    def resolve(self, host: str, port: int) -> Sequence[Address]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def test_a_page_is_fetched_with_its_type_charset_and_final_address(site) -> None:
    site.page("/a%20b?q=%C3%BC", b"<p>caf\xe9</p>", content_type='text/HTML; charset="ISO-8859-1"')
    fetched = fetch(site.fetcher(), site.url("/a b?q=ü#part"))
    assert fetched == Fetched(
        url=site.url("/a%20b?q=%C3%BC"),
        content_type="text/html",
        body=b"<p>caf\xe9</p>",
        charset="iso-8859-1",
    )


def test_a_request_carries_the_name_and_neither_cookies_nor_referrer(site) -> None:
    site.page("/start", b"", status=302, location="/end", set_cookie="session=1")
    site.page("/end")
    fetch(site.fetcher(), site.url("/start", host="localhost"))
    for _, headers in site.asked:
        assert headers["Host"] == f"localhost:{site.port}"
        assert headers.keys() & {"Cookie", "Referer", "Authorization"} == set()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/",
        "example.org",
        "",
        "http://",
        "http:///path",
        "http://user:word@example.org/",
        "http://user@example.org/",
        "http://example.org:22/",
        "https://example.org:8443/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://exa\x00mple.org/",
        "http://example.org/\x1b",
        "http://\u202eexample.org/",
        "http://[::1/",
        "http://" + "a" * 70_000,
    ],
)
def test_an_address_that_is_not_plain_web_is_refused_before_anything_is_resolved(url: str) -> None:
    resolver = ChangingResolver(["127.0.0.1"])
    assert reason_of(Fetcher(resolver=resolver), url) is FetchReason.BAD_URL
    assert resolver.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_refused_unless_the_constructor_allows_it(site, host: str) -> None:
    site.page("/")
    options = FetchOptions(ports=(site.port,))
    assert reason_of(Fetcher(options), site.url(host=host)) is FetchReason.ADDRESS_REFUSED
    assert site.asked == []


def test_no_setting_of_the_environment_opens_loopback_or_a_proxy(site, monkeypatch) -> None:
    site.page("/")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, site.url())
    resolver = ChangingResolver(["127.0.0.1"])
    fetcher = Fetcher(FetchOptions(ports=(site.port,)), resolver=resolver)
    assert reason_of(fetcher, f"http://example.org:{site.port}/") is FetchReason.ADDRESS_REFUSED
    assert site.asked == []


def test_a_name_that_changes_its_address_after_the_check_is_not_asked_again(site, second_site) -> None:
    other = second_site("127.0.0.2", site.port)
    site.page("/", b"checked")
    other.page("/", b"not checked")
    resolver = ChangingResolver(["127.0.0.1"], ["127.0.0.2"])
    fetcher = Fetcher(
        FetchOptions(ports=(site.port,)),
        allow=lambda address: str(address) == "127.0.0.1",
        resolver=resolver,
    )
    assert fetch(fetcher, f"http://rebind.example:{site.port}/").body == b"checked"
    assert resolver.asked == ["rebind.example"]
    assert other.asked == []


def test_a_name_that_changes_its_address_between_redirects_is_refused(site) -> None:
    site.redirect("/", "/again")
    site.page("/again", b"secret")
    resolver = ChangingResolver(["127.0.0.1"], ["10.0.0.1"])
    fetcher = Fetcher(
        FetchOptions(ports=(site.port,)), allow=lambda address: address.is_loopback, resolver=resolver
    )
    assert reason_of(fetcher, f"http://rebind.example:{site.port}/") is FetchReason.ADDRESS_REFUSED
    assert [path for path, _ in site.asked] == ["/"]


def test_the_next_address_is_tried_when_the_first_does_not_answer(site) -> None:
    site.page("/", b"here")
    resolver = ChangingResolver(["127.0.0.3", "127.0.0.1"])
    fetcher = Fetcher(
        FetchOptions(ports=(site.port,)), allow=lambda address: address.is_loopback, resolver=resolver
    )
    assert fetch(fetcher, f"http://two.example:{site.port}/").body == b"here"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_last_address_reported(site, status: int) -> None:
    site.redirect("/old", "new?x=1#part", status)
    site.page("/new?x=1", b"moved")
    fetched = fetch(site.fetcher(), site.url("/old"))
    assert (fetched.url, fetched.body) == (site.url("/new?x=1"), b"moved")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("http://10.0.0.1/", FetchReason.ADDRESS_REFUSED),
        ("http://169.254.169.254/latest/meta-data/", FetchReason.ADDRESS_REFUSED),
        ("//169.254.169.254/", FetchReason.ADDRESS_REFUSED),
        ("http://[fd00:ec2::254]/", FetchReason.ADDRESS_REFUSED),
        ("http://2852039166/", FetchReason.ADDRESS_REFUSED),
        ("http://127.0.0.1:22/", FetchReason.BAD_URL),
        ("http://user:word@127.0.0.1/", FetchReason.BAD_URL),
        ("file:///etc/passwd", FetchReason.BAD_URL),
        ("javascript:alert(1)", FetchReason.BAD_URL),
        ("ftp://127.0.0.1/", FetchReason.BAD_URL),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(site, place: str, reason: FetchReason) -> None:
    site.redirect("/", place)
    assert reason_of(site.fetcher(), site.url()) is reason


@pytest.mark.parametrize(("hops", "opened"), [(5, True), (6, False)])
def test_five_redirects_are_followed_and_a_sixth_is_not(site, hops: int, opened: bool) -> None:
    for number in range(hops):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.page(f"/{hops}", b"end")
    if opened:
        assert fetch(site.fetcher(), site.url("/0")).body == b"end"
    else:
        assert reason_of(site.fetcher(), site.url("/0")) is FetchReason.TOO_MANY_REDIRECTS


def test_a_redirect_to_itself_ends(site) -> None:
    site.redirect("/", "/")
    assert reason_of(site.fetcher(), site.url()) is FetchReason.TOO_MANY_REDIRECTS
    assert len(site.asked) == 6


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 429, 500, 503])
def test_an_answer_other_than_200_is_a_status(site, status: int) -> None:
    site.page("/", b"", status=status)
    assert reason_of(site.fetcher(), site.url()) is FetchReason.HTTP_STATUS


@pytest.mark.parametrize(
    ("content_type", "allowed"),
    [
        ("text/html", True),
        ("application/xhtml+xml; charset=utf-8", True),
        ("TEXT/PLAIN", True),
        ("text/markdown", True),
        ("application/pdf", True),
        ("application/octet-stream", False),
        ("image/svg+xml", False),
        ("text/javascript", False),
        ("application/json", False),
        ("video/mp4", False),
        ("", False),
    ],
)
def test_only_pages_and_documents_are_read(site, content_type: str, allowed: bool) -> None:
    site.page("/", content_type=content_type)
    if allowed:
        assert (
            fetch(site.fetcher(), site.url()).content_type == content_type.split(";", maxsplit=1)[0].lower()
        )
    else:
        assert reason_of(site.fetcher(), site.url()) is FetchReason.CONTENT_TYPE


@pytest.mark.parametrize(("size", "opened"), [(1_000, True), (1_001, False)])
def test_the_byte_limit_is_exact(site, size: int, opened: bool) -> None:
    site.page("/", b"x" * size)
    fetcher = site.fetcher(max_bytes=1_000)
    if opened:
        assert len(fetch(fetcher, site.url()).body) == size
    else:
        assert reason_of(fetcher, site.url()) is FetchReason.TOO_LARGE


def test_an_endless_page_is_left_at_the_byte_limit(site) -> None:
    sent = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while len(sent) < 10_000:
            handler.wfile.write(b"x" * 10_000)
            sent.append(1)

    site.answers["/"] = endless
    assert reason_of(site.fetcher(max_bytes=100_000), site.url()) is FetchReason.TOO_LARGE
    assert len(sent) < 10_000


def zipped(body: bytes, level: int = 9) -> bytes:
    return gzip.compress(body, level)


def test_a_compressed_page_is_unpacked(site) -> None:
    site.page("/", zipped(b"<p>packed</p>"), content_encoding="gzip")
    assert fetch(site.fetcher(), site.url()).body == b"<p>packed</p>"
    assert site.asked[0][1]["Accept-Encoding"] == "gzip"


def test_a_decompression_bomb_is_left_at_the_byte_limit(site) -> None:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1_000_000)
    bomb = b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    assert len(bomb) < 250_000
    site.page("/", bomb, content_encoding="gzip")
    before = time.monotonic()
    assert reason_of(site.fetcher(max_bytes=1_000_000), site.url()) is FetchReason.TOO_LARGE
    assert time.monotonic() - before < 1.0


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "exi"])
def test_an_encoding_that_was_not_asked_for_is_refused_and_not_unpacked(site, encoding: str) -> None:
    site.page("/", zipped(zipped(b"x" * 100)), content_encoding=encoding)
    assert reason_of(site.fetcher(), site.url()) is FetchReason.CONTENT_TYPE


@pytest.mark.parametrize(
    "body",
    [zipped(b"x" * 5_000)[:-9], b"not gzip at all", zipped(b"a") + zipped(b"b"), b""],
    ids=["cut", "other", "two members", "empty"],
)
def test_damaged_compression_is_told_apart(site, body: bytes) -> None:
    site.page("/", body, content_encoding="gzip")
    assert reason_of(site.fetcher(), site.url()) is FetchReason.DAMAGED


def raw(*parts: bytes, pause: float = 0.0) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()
            time.sleep(pause)

    return answer


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "answer",
    [HEAD + b"Content-Length: 500\r\n\r\nshort", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"],
    ids=["length", "chunked"],
)
def test_a_page_that_is_cut_short_is_damaged(site, answer: bytes) -> None:
    site.answers["/"] = raw(answer)
    assert reason_of(site.fetcher(), site.url()) is FetchReason.DAMAGED


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000])
def test_an_answer_that_is_not_http_is_unreachable(site, answer: bytes) -> None:
    site.answers["/"] = raw(answer)
    assert reason_of(site.fetcher(), site.url()) is FetchReason.UNREACHABLE


DRIP = [b"x"] * 200


@pytest.mark.parametrize(
    "parts",
    [
        [HEAD + b"Content-Length: 10000\r\n\r\n", *DRIP],
        [HEAD + b"X-Slow: ", *DRIP],
        [*DRIP],
    ],
    ids=["body", "headers", "status"],
)
def test_a_server_that_drips_is_left_at_the_deadline(site, parts: list[bytes]) -> None:
    site.answers["/"] = raw(*parts, pause=0.02)
    before = time.monotonic()
    assert reason_of(site.fetcher(), site.url(), seconds=0.3) is FetchReason.TIMEOUT
    assert time.monotonic() - before < 1.0


def test_the_limit_of_a_page_binds_before_a_later_deadline(site) -> None:
    site.answers["/"] = raw(HEAD, b"", pause=1.0)
    before = time.monotonic()
    assert reason_of(site.fetcher(timeout_seconds=0.2), site.url(), seconds=30) is FetchReason.TIMEOUT
    assert time.monotonic() - before < 0.9


def test_redirects_share_one_deadline(site) -> None:
    for number in range(5):
        site.answers[f"/{number}"] = raw(
            b"", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /%d\r\n\r\n" % (number + 1), pause=0.1
        )
    before = time.monotonic()
    assert reason_of(site.fetcher(), site.url("/0"), seconds=0.35) is FetchReason.TIMEOUT
    assert time.monotonic() - before < 0.8


def test_a_deadline_that_has_passed_sends_nothing(site) -> None:
    site.page("/")
    assert reason_of(site.fetcher(), site.url(), seconds=0.0) is FetchReason.TIMEOUT
    assert site.asked == []


def test_a_port_where_nobody_listens_is_unreachable(site) -> None:
    options = FetchOptions(ports=(1,))
    fetcher = Fetcher(options, allow=lambda address: address.is_loopback)
    assert reason_of(fetcher, "http://127.0.0.1:1/") is FetchReason.UNREACHABLE


def test_a_configured_proxy_is_used_and_still_no_private_host(site) -> None:
    site.page("http://93.184.216.34/page", b"through the proxy")
    fetcher = Fetcher(FetchOptions(proxy=site.url()))
    assert fetch(fetcher, "http://93.184.216.34/page").body == b"through the proxy"
    assert reason_of(fetcher, "http://10.0.0.1/") is FetchReason.ADDRESS_REFUSED
    assert len(site.asked) == 1


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "127.0.0.1:8080", ""])
def test_a_proxy_that_cannot_be_used_is_a_setting_to_correct(proxy: str) -> None:
    with pytest.raises(ConfigError, match="http"):
        Fetcher(FetchOptions(proxy=proxy))
