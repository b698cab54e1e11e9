"""TLS to a checked address still verifies the name in the URL."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from sparrow_lite.attempts import FetchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import FetchError
from sparrow_lite.options import FetchOptions
from sparrow_lite.pages.address import Address
from sparrow_lite.pages.fetch import Fetcher

NAME = "lighthouse.example"


class LoopbackResolver:
    def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        from ipaddress import ip_address

        return (ip_address("127.0.0.1"),)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate for one name, which signs itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj".split()
    names = ["/CN=test", "-addext", f"subjectAltName=DNS:{NAME}", "-out", paths[0], "-keyout", paths[1]]
    subprocess.run([openssl, *command, *names], check=True, capture_output=True)
    return paths


@pytest.fixture
def secure_site(site, certificate):
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(*certificate)
    site.names = []
    server_side.sni_callback = lambda _sock, name, _context: site.names.append(name)
    site.server.socket = server_side.wrap_socket(site.server.socket, server_side=True)
    site.page("/", b"sealed")
    return site


def secure_fetcher(site, tls: ssl.SSLContext | None) -> Fetcher:
    return Fetcher(
        FetchOptions(ports=(site.port,)),
        allow=lambda address: address.is_loopback,
        resolver=LoopbackResolver(),
        tls=tls,
    )


def test_the_name_is_sent_and_verified_though_an_address_is_connected_to(secure_site, certificate) -> None:
    fetcher = secure_fetcher(secure_site, ssl.create_default_context(cafile=str(certificate[0])))
    fetched = fetcher.fetch(f"https://{NAME}:{secure_site.port}/", deadline=Deadline.after(5))
    assert fetched.body == b"sealed"
    assert secure_site.names == [NAME]
    assert secure_site.asked[0][1]["Host"] == f"{NAME}:{secure_site.port}"


@pytest.mark.parametrize(
    ("host", "trusted"),
    [("other.example", True), ("127.0.0.1", True), (NAME, False)],
    ids=["another name", "the bare address", "an unknown issuer"],
)
def test_a_certificate_that_does_not_fit_is_refused(
    secure_site, certificate, host: str, trusted: bool
) -> None:
    tls = ssl.create_default_context(cafile=str(certificate[0])) if trusted else None
    with pytest.raises(FetchError) as caught:
        secure_fetcher(secure_site, tls).fetch(
            f"https://{host}:{secure_site.port}/", deadline=Deadline.after(5)
        )
    assert caught.value.reason is FetchReason.UNREACHABLE
    assert secure_site.asked == []
