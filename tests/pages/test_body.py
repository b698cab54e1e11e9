"""Bodies are counted as sent and as decoded."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.attempts import FetchReason
from sparrow_lite.errors import FetchError
from sparrow_lite.pages.body import read_body


def read(chunks: list[bytes], encoding: str = "", limit: int = 10_000) -> bytes:
    return read_body(chunks, encoding=encoding, limit=limit, url="http://example.org/")


@given(body=st.binary(max_size=2_000), size=st.integers(1, 500), packed=st.booleans())
def test_a_body_is_the_same_however_it_is_cut_into_chunks(body: bytes, size: int, packed: bool) -> None:
    sent = gzip.compress(body) if packed else body
    chunks = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert read(chunks, "gzip" if packed else "identity") == body


@pytest.mark.parametrize("encoding", ["", "gzip", "X-GZIP"])
@pytest.mark.parametrize(("size", "fits"), [(10_000, True), (10_001, False)])
def test_the_limit_holds_for_the_decoded_bytes(encoding: str, size: int, fits: bool) -> None:
    body = b"x" * size
    chunks = [gzip.compress(body) if encoding else body]
    if fits:
        assert read(chunks, encoding) == body
        return
    with pytest.raises(FetchError) as caught:
        read(chunks, encoding)
    assert caught.value.reason is FetchReason.TOO_LARGE


def test_the_limit_holds_for_the_sent_bytes_of_an_endless_padding() -> None:
    with pytest.raises(FetchError) as caught:
        read([gzip.compress(b"x"), *[b"\0" * 1_000] * 20], "gzip")
    assert caught.value.reason is FetchReason.TOO_LARGE


def test_padding_of_zeros_after_the_end_is_no_damage() -> None:
    assert read([gzip.compress(b"x") + b"\0" * 8], "gzip") == b"x"
