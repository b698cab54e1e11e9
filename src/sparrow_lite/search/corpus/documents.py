"""The user's own files: which of a folder are read, and what text they hold.

Owns the walk and one reader a format. What changed, and how texts are cut, is decided by others; a file that
cannot be read is a `FetchError` for the caller to report, never a reason to stop.
"""

import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sparrow_lite.attempts import FetchReason
from sparrow_lite.errors import FetchError

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_FILE_BYTES = 50_000_000
# A .docx is a zip archive: a small one may unpack to more than memory holds.
_MAX_UNPACKED_BYTES = 500_000_000
_MARKDOWN = frozenset({".md", ".markdown"})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_PLAIN = frozenset({".txt", ".text"})
SUFFIXES = _MARKDOWN | _HTML | _PLAIN | {".pdf", ".docx"}
_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)\r?\n(?:---|\.\.\.)\s*(?:\r?\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n")
_ITEM_START = re.compile(r"(?:[-*•·–▪◦]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says.

    Attributes:
        title: Its own title when it states one, else its file name without the ending; one line.
        text: Its main text without markup, one paragraph a line, never blank.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that was not read.

    Attributes:
        path: The file.
        reason: Why, in one line for people.
    """

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStamp:
    """What tells a changed file without reading it: size in bytes, time of the last change in nanoseconds."""

    size: int
    mtime_ns: int


def list_files(directory: Path) -> tuple[dict[str, FileStamp], tuple[Skipped, ...]]:
    """Return the readable files below a folder, and those that are too large or lead out of it.

    Files are named by their path from the folder, with `/`, in alphabetical order. Hidden files and folders,
    and other formats, are passed over; linked folders are not entered.
    """
    stamps: dict[str, FileStamp] = {}
    skipped: list[Skipped] = []
    inside = directory.resolve()
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            stamp = _stamp(path, inside=inside)
            if isinstance(stamp, Skipped):
                skipped.append(stamp)
            else:
                stamps[path.relative_to(directory).as_posix()] = stamp
    return dict(sorted(stamps.items())), tuple(skipped)


def _stamp(path: Path, *, inside: Path) -> FileStamp | Skipped:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(inside):
            return Skipped(path=path, reason="it is a link that leads out of the folder")
        status = path.stat()
    except (OSError, RuntimeError) as error:
        return Skipped(path=path, reason=f"it cannot be opened: {_cause(error)}")
    if status.st_size > MAX_FILE_BYTES:
        return Skipped(path=path, reason=f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    return FileStamp(size=status.st_size, mtime_ns=status.st_mtime_ns)


def read_document(path: Path) -> Document:
    """Return the title and text of a Markdown, plain-text, HTML, PDF or Word file.

    Raises:
        FetchError: When it cannot be read, is broken or locked, or holds no text.
    """
    try:
        document = _read(path)
    except FetchError:
        raise
    except OSError as error:
        raise _failure(path, FetchReason.UNREACHABLE, f"cannot be opened: {_cause(error)}") from error
    except _parser_failures() as error:
        raise _failure(path, FetchReason.NO_TEXT, f"is broken or locked: {_cause(error)}") from error
    if not document.text.strip():
        raise _failure(path, FetchReason.NO_TEXT, "holds no text; a scan needs text recognition first")
    title = " ".join(document.title.split())[:300]
    return Document(title=title or path.stem, text=document.text.strip())


def _parser_failures() -> tuple[type[Exception], ...]:
    """What parsers of broken files raise: their own errors, and whatever their innards do."""
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from pypdf.errors import PyPdfError

    own = (OpcError, PyPdfError, PythonDocxError, zipfile.BadZipFile, zlib.error)
    innards = (ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError)
    return (*own, *innards, SyntaxError, TypeError, ValueError)


def _read(path: Path) -> Document:
    suffix = path.suffix.lower()
    if suffix in _MARKDOWN:
        return _markdown(_decoded(path), path)
    if suffix in _HTML:
        return _html(path)
    if suffix in _PLAIN:
        return Document(title=path.stem, text=_unwrapped(_decoded(path)))
    if suffix == ".pdf":
        return _pdf(path)
    if suffix == ".docx":
        return _docx(path)
    raise _failure(path, FetchReason.CONTENT_TYPE, f"is none of {', '.join(sorted(SUFFIXES))}")


def _decoded(path: Path) -> str:
    """The file's text: UTF-8, or UTF-16 by its mark, or the Western form that holds any other bytes."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    if b"\0" in raw:
        raise _failure(path, FetchReason.CONTENT_TYPE, "is not text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _markdown(source: str, path: Path) -> Document:
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(source)
    stated = _FRONT_TITLE.search(front.group(1)) if front else None
    title = stated.group(1).strip("\"'") if stated else ""
    tokens = MarkdownIt("commonmark").enable("table").parse(source[front.end() :] if front else source)
    lines: list[str] = []
    for tag, line in _markdown_blocks(tokens):
        if tag == "h1" and not title and not lines:
            title = line  # the title is shown apart, so that it is not quoted as a sentence
        else:
            lines.append(line)
    return Document(title=title or path.stem, text="\n".join(lines))


def _markdown_blocks(tokens: Sequence["Token"]) -> Iterator[tuple[str, str]]:
    """Each block's HTML tag and its text on one line; a line of code and a table's row are blocks too."""
    tag, cells = "", []
    for token in tokens:
        if token.type in {"fence", "code_block"}:
            yield from (("pre", line) for line in token.content.splitlines() if line.strip())
        elif token.type == "inline":
            parts = (_inline_text(child.type, child.content) for child in token.children or ())
            cells.append(" ".join("".join(parts).split()))
        if token.nesting == 1:
            tag = token.tag
        elif cells and token.type not in {"inline", "th_close", "td_close"}:
            if any(cells):
                yield tag, " | ".join(cells)
            cells = []


def _inline_text(kind: str, content: str) -> str:
    if kind in {"softbreak", "hardbreak"}:
        return " "
    return content if kind in {"text", "code_inline"} else ""


def _html(path: Path) -> Document:
    from sparrow_lite.pages.extract import extract_html

    title, text = extract_html(path.read_bytes())
    return Document(title=title or path.stem, text=text)


def _pdf(path: Path) -> Document:
    from pypdf import PdfReader

    with path.open("rb") as stream:
        reader = PdfReader(stream)
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        stated = reader.metadata.title if reader.metadata else None
    # Writers of PDF files fill in "untitled" and names of temporary files; a title has a space in it.
    title = stated if stated and " " in stated.strip() and "untitled" not in stated.lower() else path.stem
    return Document(title=title, text=_unwrapped(text))


def _docx(path: Path) -> Document:
    import docx
    from docx.table import Table

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED_BYTES:
            raise _failure(path, FetchReason.TOO_LARGE, "unpacks to more than 500 MB")
    document = docx.Document(str(path))
    title = document.core_properties.title or ""
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines.extend(_row_text(cell.text for cell in row.cells) for row in block.rows)
            continue
        style = (block.style.name if block.style else "") or ""
        if not title and not lines and style in {"Title", "Heading 1"}:
            title = block.text
        else:
            lines.extend(block.text.splitlines())
    return Document(title=title or path.stem, text="\n".join(line for line in lines if line.strip()))


def _row_text(cells: Iterable[str]) -> str:
    texts = [" ".join(cell.split()) for cell in cells]
    # A merged cell is given once for each column that it spans.
    return " | ".join(text for before, text in zip(["", *texts], texts, strict=False) if text != before)


def _unwrapped(text: str) -> str:
    """The text with one paragraph a line: lines that were broken to a page's width are joined."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    blocks = (_joined(block.splitlines()) for block in _BLANK_LINES.split(text))
    return "\n".join(line for block in blocks for line in block)


def _joined(lines: Sequence[str]) -> list[str]:
    """One block's paragraphs. A line shorter than three quarters of the widest one ends its paragraph."""
    lines = [" ".join(line.split()) for line in lines if line.strip()]
    widest = max(map(len, lines), default=0)
    # Narrower blocks are lists and verse; wider ones are not wrapped at all.
    if not 50 <= widest <= 140:
        return list(lines)
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line and not _ITEM_START.match(line):
            joined[-1] = _glued(joined[-1], line)
        else:
            joined.append(line)
        open_line = len(line) >= 0.75 * widest
    return joined


def _glued(before: str, after: str) -> str:
    if len(before) > 1 and before[-1] == "-" and before[-2].isalpha() and after[0].islower():
        return before[:-1] + after
    return f"{before} {after}"


def _failure(path: Path, reason: FetchReason, why: str) -> FetchError:
    return FetchError(f"{path.name} {why}.", reason=reason, url=path.absolute().as_uri())


def _cause(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error).split("\n")[0]
    return (text or type(error).__name__)[:200].rstrip(".")
