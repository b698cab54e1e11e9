"""The main text and the title of what was fetched or read from a file.

Paragraphs are separated by newlines. The text is as the page has it: `clean.py` makes it harmless.
"""

import re
from itertools import islice
from typing import Any

from sparrow_lite.attempts import FetchReason
from sparrow_lite.errors import FetchError
from sparrow_lite.pages.fetch import Fetched
from sparrow_lite.pages.hidden import drop_hidden

# A page of which the main-text finder keeps less than this is read whole.
_FEW_CHARS = 200
# The main-text finder takes more than linear time on hostile pages: past this many elements the rest of a
# page is cut off. The longest articles of encyclopedias have about as many.
_ELEMENTS = 12_000
# What escapes from the libraries on damaged or hostile input, beside errors of their own.
_SLIPS = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
_PDF_PAGES = 60
_PDF_CHARS = 400_000
_PDF_UNPACKED_BYTES = 20_000_000
# What a server or a page may name; Python knows further codecs that are slow or no character sets at all.
_CHARSET = re.compile(
    r"(?:utf-?(?:8|16|32)(?:-?[bl]e)?|us-ascii|ascii|iso-?(?:8859|2022)[\w-]*|windows-?\d+|cp-?\d+|latin-?\d"
    r"|gb2312|gbk|gb18030|big5[\w-]*|euc-?(?:jp|kr)|shift[_-]?jis|koi8-?[ru]|mac[\w-]*|tis-?620)",
    re.IGNORECASE,
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BLOCKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr li main nav ol p pre section summary table td th tr ul".split()
)
# Characters that no XML tree may hold, and references to characters by number.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]{0,8})|0*([0-9]{0,9}));?", re.IGNORECASE)
# What stands for them: dropped when the text is cleaned, and no part of another reference.
_NOTHING = "\u200b"
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S[^\n]*)", re.MULTILINE)


def extract(fetched: Fetched) -> tuple[str, str]:
    """Return the title and the main text of what was fetched; either may be empty.

    Raises:
        FetchError: For a PDF that cannot be read.
    """
    if fetched.content_type == "application/pdf":
        return extract_pdf(fetched.body, url=fetched.url)
    text = decode(fetched.body, fetched.charset)
    if fetched.content_type in ("text/html", "application/xhtml+xml"):
        return extract_html(text)
    return extract_plain(text)


def extract_html(html: str | bytes) -> tuple[str, str]:
    """Return the title and the main text of an HTML page, without what a reader would not see.

    Both are empty for a page without text. Bytes are decoded by what the page says of itself.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    text = html if isinstance(html, str) else decode(html, None)
    source = _fit(text).encode()
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return "", ""
    title = _title(tree)
    drop_hidden(tree)
    _cut(tree)
    whole = _visible_text(tree)
    found = _main_text(tree) if len(whole) > _FEW_CHARS else ""
    return title, found if len(found) >= _FEW_CHARS else whole


def extract_plain(text: str) -> tuple[str, str]:
    """Return the title and text of plain text or Markdown: the title is its first heading, if any."""
    heading = _HEADING.search(text)
    return (heading[1].strip(" #") if heading else ""), text


def extract_pdf(body: bytes, *, url: str) -> tuple[str, str]:
    """Return the title and the text of a PDF, its first pages only; lines that were wrapped are joined.

    Raises:
        FetchError: When it cannot be read, is encrypted, or unpacks to more than a page may hold.
    """
    from io import BytesIO

    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import DeprecationError, PyPdfError

    parts: list[str] = []
    try:
        with apply_configuration(zlib_maximum_output_length=_PDF_UNPACKED_BYTES):
            reader = PdfReader(BytesIO(body))
            title = str((reader.metadata and reader.metadata.title) or "")
            for page in reader.pages[:_PDF_PAGES]:
                parts.append(page.extract_text())
                if sum(map(len, parts)) > _PDF_CHARS:
                    break
    except (PyPdfError, DeprecationError, *_SLIPS) as error:
        raise FetchError(
            "The PDF cannot be read: it is damaged, encrypted or too large. Open another page.",
            reason=FetchReason.DAMAGED,
            url=url,
        ) from error
    return title, _joined_lines("\n".join(parts))


def decode(body: bytes, charset: str | None) -> str:
    """Return the text of the bytes.

    A byte-order mark decides, else whether it is valid UTF-8, which other encodings almost never are by
    chance; then the charset that was named for it, then the one that an HTML page names.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    named = _META_CHARSET.search(body[:4096])
    for candidate in ("utf-8", charset, named[1].decode("ascii") if named else None, "cp1252"):
        if candidate and _CHARSET.fullmatch(candidate):
            try:
                return body.decode(candidate)
            except (UnicodeError, LookupError):
                continue
    return body.decode("utf-8", "replace")


def _fit(html: str) -> str:
    """Return the page with the characters replaced that a tree of lxml refuses later, when text is moved."""

    def referred(match: re.Match[str]) -> str:
        number = int(match[1] or "0", 16) if match[1] is not None else int(match[2] or "0")
        fit = 0 < number <= 0x10FFFF and not _UNFIT.match(chr(number))
        return match.group() if fit else _NOTHING

    return _REFERENCE.sub(referred, _UNFIT.sub(_NOTHING, html))


def _title(tree: Any) -> str:
    title = tree.findtext(".//head/title") or tree.findtext(".//title") or tree.findtext(".//h1") or ""
    return " ".join(title.split())


def _cut(tree: Any) -> None:
    """Remove all that follows the first `_ELEMENTS` elements."""
    last = next(islice(tree.iter(), _ELEMENTS, None), None)
    while last is not None and (parent := last.getparent()) is not None:
        del parent[parent.index(last) + 1 :]
        last = parent


def _main_text(tree: Any) -> str:
    """Return the main text; empty when none is found or the finder trips, so that the page is read whole."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(tree, include_comments=False)
    except _SLIPS:
        return ""
    text = getattr(found, "text", None)  # its result is None, or one of two types
    return text or ""


def _visible_text(tree: Any) -> str:
    """Return all the text, a new line for each block."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCKS:
            parts.append("\n")
        parts.append(_flat((element.text if event == "start" else element.tail) or ""))
    lines = ("".join(parts)).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _joined_lines(text: str) -> str:
    """Return the text with the line ends of wrapped lines turned into spaces, hyphens at them removed."""
    text = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text)
    return re.sub(r"(?<![.!?:\n])\n(?=[a-z0-9(])", " ", text)
