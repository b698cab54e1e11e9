"""One page over HTTP, or the reason why not.

Owns the rules of a request: which URLs, which redirects, which answers. Addresses are judged in `address.py`,
connections made in `connect.py`, bytes counted in `body.py`, text found in `extract.py`. Sends no cookies and
no referrer, reads nothing from the environment, and follows only what a server's Location says, never a page.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparrow_lite.attempts import FetchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, FetchError
from sparrow_lite.options import FetchOptions
from sparrow_lite.pages.address import Allow, Guard, Resolver, SystemResolver, is_public
from sparrow_lite.pages.body import ACCEPT_ENCODING, read_body, too_large

if TYPE_CHECKING:
    import ssl

    import httpcore
    import httpx

    from sparrow_lite.pages.connect import Route

CONTENT_TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
        "application/pdf",
    }
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = (
    ("User-Agent", "Mozilla/5.0 (compatible; sparrow-lite)"),
    ("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.8"),
    ("Accept-Encoding", ACCEPT_ENCODING),
    ("Accept-Language", "en,*;q=0.5"),
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with status 200.

    Attributes:
        url: Where it came from, after redirects, without its fragment.
        content_type: One of `CONTENT_TYPES`.
        body: Its bytes, decompressed.
        charset: What the Content-Type header named; None when it named none.
    """

    url: str
    content_type: str
    body: bytes
    charset: str | None = None


class Fetcher:
    """Opens pages. Safe to call from several threads; holds no connection between calls."""

    def __init__(
        self,
        options: FetchOptions | None = None,
        *,
        allow: Allow = is_public,
        resolver: Resolver | None = None,
        tls: "ssl.SSLContext | None" = None,
    ) -> None:
        """Take what may be done.

        Args:
            options: Limits; None takes the defaults.
            allow: Which addresses may be connected to. For tests, which serve pages from 127.0.0.1.
            resolver: How hosts become addresses; None asks the operating system.
            tls: What certificates must pass; None takes those that certifi trusts.

        Raises:
            ConfigError: For a proxy that is not an http or https address.
        """
        self._options = options or FetchOptions()
        proxy = self._options.proxy
        if proxy is not None and not proxy.startswith(("http://", "https://")):
            raise ConfigError(f"The proxy {proxy!r} must begin with http:// or https://.")
        self._guard = Guard(resolver=resolver or SystemResolver(), allow=allow)
        self._tls = tls

    def fetch(self, url: str, *, deadline: Deadline) -> Fetched:
        """Return the page at `url`, following redirects.

        Raises:
            FetchError: With the reason, when the page was not opened in time, whole and allowed.
        """
        deadline = deadline.sooner(self._options.timeout_seconds)
        target = self._checked(url, shown=url)
        for _ in range(self._options.redirects + 1):
            answer = self._request(target, deadline)
            if isinstance(answer, Fetched):
                return answer
            target = self._checked(answer, shown=str(target))
        raise FetchError(
            f"The page redirects more than {self._options.redirects} times: open another page.",
            reason=FetchReason.TOO_MANY_REDIRECTS,
            url=url,
        )

    def _checked(self, url: str, *, shown: str) -> "httpx.URL":
        """Return the URL, parsed once: what is checked here is what is connected to."""
        import httpx

        try:
            parsed = httpx.URL(url).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError) as error:
            raise _bad_url("is malformed", shown) from error
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise _bad_url("is not an http or https address", shown)
        if parsed.userinfo:
            raise _bad_url("carries credentials", shown)
        if _port(parsed) not in self._options.ports:
            raise _bad_url(f"leads to port {_port(parsed)}, which is not allowed", shown)
        return parsed

    def _request(self, target: "httpx.URL", deadline: Deadline) -> "Fetched | str":
        """Return the answer to one request, or the address that it redirects to."""
        import httpcore

        url = str(target)
        if self._options.proxy:
            self._check_before_proxy(target, deadline)
        try:
            with self._route().pool(url, deadline=deadline) as pool:
                headers = [("Host", target.netloc.decode("ascii")), *_HEADERS]
                with pool.stream("GET", _core_url(target), headers=headers) as response:
                    if response.status in _REDIRECTS and (place := _header(response, "location")):
                        return _joined(target, place)
                    return self._read(response, url)
        except httpcore.TimeoutException as error:
            raise FetchError(
                "The page was not sent in time: try again, or open another page.",
                reason=FetchReason.TIMEOUT,
                url=url,
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise FetchError(
                f"The page cannot be reached ({error or type(error).__name__}): check the address.",
                reason=FetchReason.UNREACHABLE,
                url=url,
            ) from error

    def _check_before_proxy(self, target: "httpx.URL", deadline: Deadline) -> None:
        """Refuse what resolves here to an address that is not public; the proxy resolves the rest."""
        try:
            self._guard.addresses(target.host, _port(target), url=str(target), deadline=deadline)
        except FetchError as error:
            if error.reason is not FetchReason.UNREACHABLE:
                raise

    def _read(self, response: "httpcore.Response", url: str) -> Fetched:
        import httpcore

        limit = self._options.max_bytes
        content_type, charset = _content_type(response, url)
        length = _header(response, "content-length")
        if length.isdecimal() and int(length) > limit:
            raise too_large(limit, url)
        try:
            body = read_body(
                response.iter_stream(),
                encoding=_header(response, "content-encoding"),
                limit=limit,
                url=url,
            )
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise FetchError(
                "The page was cut short while it was sent: try again, or open another page.",
                reason=FetchReason.DAMAGED,
                url=url,
            ) from error
        return Fetched(url=url, content_type=content_type, body=body, charset=charset)

    def _route(self) -> "Route":
        import httpx

        from sparrow_lite.pages.connect import Route

        if self._tls is None:
            # Reading the certificates costs some 20 ms: once for each fetcher.
            self._tls = httpx.create_ssl_context(trust_env=False)
        return Route(guard=self._guard, tls=self._tls, proxy=self._options.proxy)


def _content_type(response: "httpcore.Response", url: str) -> tuple[str, str | None]:
    if response.status != 200:
        raise FetchError(
            f"The server answered with status {response.status}: open another page.",
            reason=FetchReason.HTTP_STATUS,
            url=url,
        )
    content_type, _, rest = _header(response, "content-type").partition(";")
    content_type = content_type.strip().lower()
    if content_type not in CONTENT_TYPES:
        raise FetchError(
            f"The page is {content_type[:60] or 'of no stated type'}, not text: open another page.",
            reason=FetchReason.CONTENT_TYPE,
            url=url,
        )
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return content_type, value.strip(" \t\"'").lower() or None
    return content_type, None


def _header(response: "httpcore.Response", name: str) -> str:
    wanted = name.encode()
    for key, value in response.headers:
        if key.lower() == wanted:
            return value.decode("utf-8", "replace").strip()
    return ""


def _core_url(url: "httpx.URL") -> "httpcore.URL":
    import httpcore

    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _joined(base: "httpx.URL", place: str) -> str:
    import httpx

    try:
        return str(base.join(place))
    except (httpx.InvalidURL, ValueError) as error:
        raise _bad_url("redirects to a malformed address", str(base)) from error


def _port(url: "httpx.URL") -> int:
    return {"http": 80, "https": 443}[url.scheme] if url.port is None else url.port


def _bad_url(why: str, url: str) -> FetchError:
    return FetchError(
        f"The address {url[:200]!r} {why}: open another page.", reason=FetchReason.BAD_URL, url=url
    )
