"""Connections to checked addresses only, each bound by one deadline.

A network backend for httpcore: the name in the URL stays the Host header and the name that TLS verifies,
while the socket goes to an address that was checked. One pool serves one request, so no connection is ever
shared between two names that have an address in common.
"""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from sparrow_lite.deadline import Deadline
from sparrow_lite.pages.address import Guard

_Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one request reaches its host.

    Attributes:
        guard: What addresses must pass.
        tls: What certificates must pass.
        proxy: Proxy address; None connects directly.
    """

    guard: Guard
    tls: ssl.SSLContext
    proxy: str | None = None

    def pool(self, url: str, *, deadline: Deadline) -> httpcore.ConnectionPool:
        """Return a pool for one request to `url`; its caller closes it."""
        # A proxy of the user's own choice is trusted: its address is not checked, only timed.
        guard = None if self.proxy else self.guard
        return httpcore.ConnectionPool(
            ssl_context=self.tls,
            proxy=httpcore.Proxy(self.proxy) if self.proxy else None,
            network_backend=CheckedBackend(guard=guard, url=url, deadline=deadline),
            max_connections=1,
            max_keepalive_connections=0,
        )


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves, checks and connects in one step, so that nothing can change between check and use."""

    def __init__(self, *, guard: Guard | None, url: str, deadline: Deadline) -> None:
        self._guard = guard
        self._url = url
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (httpcore's signature; the deadline rules)
        local_address: str | None = None,
        socket_options: Iterable[_Option] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first checked address that answers.

        Raises:
            FetchError: When the host does not resolve, or to an address that is not allowed.
            httpcore.ConnectError: When no address answers.
            httpcore.ConnectTimeout: When none answers in time.
        """
        targets = self._targets(host, port)
        for left in range(len(targets), 0, -1):
            try:
                stream = self._sockets.connect_tcp(
                    targets[-left],
                    port,
                    timeout=_seconds(self._deadline, httpcore.ConnectTimeout) / left,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
            else:
                return TimedStream(stream, self._deadline)
        raise httpcore.ConnectError(f"{host} has no address")

    def _targets(self, host: str, port: int) -> list[str]:
        if self._guard is None:
            return [host]
        found = self._guard.addresses(host, port, url=self._url, deadline=self._deadline)
        return [str(address) for address in found]


class TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline, also when a peer drips one byte at a time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Return the next bytes, none at the end of the stream."""
        return self._stream.read(max_bytes, _seconds(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write all the bytes."""
        self._stream.write(buffer, _seconds(self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Return the stream under TLS, its certificate checked for `server_hostname`."""
        seconds = _seconds(self._deadline, httpcore.ConnectTimeout)
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, seconds), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # httpcore's own signature
        """Return what the inner stream knows under this name."""
        return self._stream.get_extra_info(info)


def _seconds(deadline: Deadline, late: type[httpcore.TimeoutException]) -> float:
    seconds = deadline.remaining()
    if seconds <= 0.0:  # a socket takes 0.0 for "do not block", not for "no time left"
        raise late("the deadline passed")
    return seconds
