"""The bytes of an answer: counted as they come and again after decompression, so that no bomb is unpacked."""

import zlib
from collections.abc import Iterable

from sparrow_lite.attempts import FetchReason
from sparrow_lite.errors import FetchError

# Asked for and accepted: one decoder of hostile input is enough, and every server knows this one.
ACCEPT_ENCODING = "gzip"
_GZIP = zlib.MAX_WBITS | 16


def read_body(chunks: Iterable[bytes], *, encoding: str, limit: int, url: str) -> bytes:
    """Return the decoded body.

    Args:
        chunks: The bytes as sent.
        encoding: The Content-Encoding header; empty for none.
        limit: Most bytes, both as sent and decoded.
        url: For the error.

    Raises:
        FetchError: When the body is larger than `limit`, is in an encoding that was not asked for, or is
            damaged or cut short.
    """
    counted = _counted(chunks, limit=limit, url=url)
    match encoding.strip().lower():
        case "" | "identity":
            return b"".join(counted)
        case "gzip" | "x-gzip":
            return _gunzip(counted, limit=limit, url=url)
        case other:
            raise FetchError(
                f"The page is sent as {other[:40]!r}, which was not asked for: open another page.",
                reason=FetchReason.CONTENT_TYPE,
                url=url,
            )


def _counted(chunks: Iterable[bytes], *, limit: int, url: str) -> Iterable[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise too_large(limit, url)
        yield chunk


def _gunzip(chunks: Iterable[bytes], *, limit: int, url: str) -> bytes:
    body = bytearray()
    decoder = zlib.decompressobj(wbits=_GZIP)
    try:
        for chunk in chunks:
            # Never 0, which would mean "no limit": `body` is at most `limit` long here.
            body += decoder.decompress(chunk, limit - len(body) + 1)
            if len(body) > limit:
                raise too_large(limit, url)
    except zlib.error as error:
        raise _damaged("its compression is damaged", url) from error
    if not decoder.eof:
        raise _damaged("its compressed data ends too early", url)
    if decoder.unused_data.strip(b"\0"):
        raise _damaged("something follows its compressed data", url)
    return bytes(body)


def too_large(limit: int, url: str) -> FetchError:
    """Return the error for a body above the limit."""
    return FetchError(
        f"The page is larger than {limit:,} bytes: open another, or raise the limit of a page.",
        reason=FetchReason.TOO_LARGE,
        url=url,
    )


def _damaged(why: str, url: str) -> FetchError:
    return FetchError(
        f"The page cannot be read: {why}. Try again, or open another page.",
        reason=FetchReason.DAMAGED,
        url=url,
    )
