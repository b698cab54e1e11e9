"""Which addresses may be connected to."""

import time
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from sparrow_lite.attempts import FetchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import FetchError
from sparrow_lite.pages.address import Address, Guard, SystemResolver, is_public

PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "233.252.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:224.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::101:101",
    "64:ff9b:1::1",
    "64:ff9b:1:ffff::a9fe:a9fe",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:101:101::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "ff02::1",
    "ff0e::1",
]
# Spellings of private hosts, all of which reach the resolver as they are.
TRICKY_HOSTS = [
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",
    "2852039166",
    "0xa9fea9fe",
    "169.254.169.254",
    "localhost",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:0:0:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


class FixedResolver:
    def __init__(self, *addresses: str) -> None:
        self.addresses = [ip_address(address) for address in addresses]

    def resolve(self, host: str, port: int) -> Sequence[Address]:
        return self.addresses


def guarded(resolver: object, host: str = "example.org", seconds: float = 2.0) -> Sequence[Address]:
    guard = Guard(resolver=resolver)  # type: ignore[arg-type]
    return guard.addresses(host, 80, url=f"http://{host}/", deadline=Deadline.after(seconds))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_accepted(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("host", TRICKY_HOSTS)
def test_a_private_host_is_refused_however_it_is_spelt(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        guarded(SystemResolver(), host)
    # Where a system does not read the odd spellings, they lead nowhere, which is as safe.
    assert caught.value.reason in (FetchReason.ADDRESS_REFUSED, FetchReason.UNREACHABLE)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "::ffff:127.0.0.1", "localhost"])
def test_a_spelling_of_loopback_is_refused_for_its_address(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        guarded(SystemResolver(), host)
    assert caught.value.reason is FetchReason.ADDRESS_REFUSED


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_private_address_among_public_ones_refuses_the_host(place: int) -> None:
    addresses = ["93.184.216.34", "1.1.1.1"]
    addresses.insert(place, "10.0.0.7")
    with pytest.raises(FetchError, match=r"10\.0\.0\.7") as caught:
        guarded(FixedResolver(*addresses))
    assert caught.value.reason is FetchReason.ADDRESS_REFUSED


def test_all_public_addresses_are_returned_in_the_order_of_the_resolver() -> None:
    found = guarded(FixedResolver("93.184.216.34", "2606:4700::1111"))
    assert [str(address) for address in found] == ["93.184.216.34", "2606:4700::1111"]


class NothingFound:
    def resolve(self, host: str, port: int) -> Sequence[Address]:
        return ()


class NameUnknown:
    def resolve(self, host: str, port: int) -> Sequence[Address]:
        raise OSError("Name or service not known")


@pytest.mark.parametrize("resolver", [NothingFound(), NameUnknown()])
def test_a_host_without_address_is_unreachable(resolver: object) -> None:
    with pytest.raises(FetchError) as caught:
        guarded(resolver)
    assert caught.value.reason is FetchReason.UNREACHABLE


def test_a_host_that_is_no_name_at_all_is_unreachable() -> None:
    with pytest.raises(FetchError) as caught:
        guarded(SystemResolver(), "a" * 70 + "..")
    assert caught.value.reason is FetchReason.UNREACHABLE


def test_a_resolver_that_hangs_does_not_hold_the_fetch() -> None:
    class Slow:
        def resolve(self, host: str, port: int) -> Sequence[Address]:
            time.sleep(1.0)
            return ()

    before = time.monotonic()
    with pytest.raises(FetchError) as caught:
        guarded(Slow(), seconds=0.1)
    assert caught.value.reason is FetchReason.TIMEOUT
    assert time.monotonic() - before < 0.8
