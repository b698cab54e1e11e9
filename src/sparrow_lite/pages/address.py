"""Which network addresses may be connected to, and how a host name becomes addresses.

Judges addresses, never the text of a host: `2130706433`, `0x7f.1` and `127.1` are all 127.0.0.1 once they are
resolved. Connecting is left to `connect.py`.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

from sparrow_lite.attempts import FetchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import FetchError

Address = IPv4Address | IPv6Address
Allow = Callable[[Address], bool]

# Ranges that `ipaddress` calls global although they lead elsewhere than they seem to.
_REFUSED = tuple(
    ip_network(block)
    for block in (
        "2002::/16",  # 6to4 (RFC 3056): an IPv4 address in disguise
        "192.88.99.0/24",  # its relays (RFC 7526)
        "2001::/32",  # Teredo (RFC 4380)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64 for local use (RFC 8215)
        "192.0.0.0/24",  # protocol assignments (RFC 6890), of which Python calls a few global
        "fec0::/10",  # site-local, deprecated (RFC 3879)
        "3fff::/20",  # documentation (RFC 9637), which older Pythons call global
        "168.63.129.16/32",  # the platform service of one cloud, reached from inside its machines only
    )
)


class Resolver(Protocol):
    """Turns a host into addresses."""

    def resolve(self, host: str, port: int) -> Sequence[Address]:
        """Return every address of the host, the preferred one first.

        Raises:
            OSError: When the host cannot be resolved.
        """
        ...


class SystemResolver:
    """The resolver of the operating system."""

    def resolve(self, host: str, port: int) -> Sequence[Address]:
        """Return every address of the host, the preferred one first, none twice.

        Raises:
            OSError: When the host cannot be resolved.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(f"{host!r} is not a host name") from error
        return tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    bare = mapped or address
    return (
        bare.is_global
        and not bare.is_multicast
        and not bare.is_reserved
        and not any(bare in block for block in _REFUSED if block.version == bare.version)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Resolves hosts, and refuses those with any address that is not allowed.

    Attributes:
        resolver: How hosts become addresses.
        allow: Which addresses are allowed. Only tests pass another function than `is_public`: no flag and no
            environment variable leads here.
    """

    resolver: Resolver
    allow: Allow = is_public

    def addresses(self, host: str, port: int, *, url: str, deadline: Deadline) -> Sequence[Address]:
        """Return the checked addresses of the host, never none.

        The host is resolved once: whoever connects must use these addresses and not the name.

        Raises:
            FetchError: When the host is not resolved in time, or any of its addresses is not allowed.
        """
        found = self._resolve(host, port, url=url, deadline=deadline)
        for address in found:
            if not self.allow(address):
                raise FetchError(
                    f"{host} leads to {address}, which is not a public address: open another page.",
                    reason=FetchReason.ADDRESS_REFUSED,
                    url=url,
                )
        return found

    def _resolve(self, host: str, port: int, *, url: str, deadline: Deadline) -> Sequence[Address]:
        # The system's resolver knows no time limit, so it runs in a thread that may be left behind.
        answers: SimpleQueue[Sequence[Address] | OSError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolver.resolve(host, port))
            except OSError as error:
                answers.put(error)

        Thread(target=ask, name="sparrow-lite-resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=deadline.remaining())
        except Empty as error:
            raise FetchError(
                f"{host} was not resolved in time: try again.", reason=FetchReason.TIMEOUT, url=url
            ) from error
        if isinstance(answer, OSError) or not answer:
            raise FetchError(
                f"{host} cannot be resolved: check the address and the network.",
                reason=FetchReason.UNREACHABLE,
                url=url,
            ) from (answer if isinstance(answer, OSError) else None)
        return answer
