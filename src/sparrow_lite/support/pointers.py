"""What a model writes to point at sources on its own: links, footnotes, lists of sources.

None of it may reach a reader, since nothing behind it was opened; what points at a page is `[n]` alone.
"""

import re

from sparrow_lite.support.form import LIST_MARK, change_prose

_LINK = re.compile(
    r"!?\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,400})\]"
    r"\(\s*<?(?P<target>[^()\s<>]{1,2000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,500}){0,4})>?"
    r"(?:\s+[\"'][^\n\"']{0,300}[\"'])?\s*\)"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,20}:|www\.|//", re.IGNORECASE)
_PATH = re.compile(r"[/#.]|[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)")
_DEFINITION = re.compile(r"^[ \t]*\[\^?[^\[\]\n]{1,40}\]:[ \t]*\S[^\n]*(?:\n|\Z)", re.MULTILINE)
_LISTED_PAGE = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?\[\d{1,3}\][^\n]*https?://\S*[ \t]*(?:\n|\Z)", re.MULTILINE
)
_FOOTNOTE = re.compile(r"[ \t]?\[\^[\w-]{1,20}\]")
_IN_PARENTHESES = re.compile(
    r"(?<=[\w.!?\"”’'%)])(?:[ \t]*\(\d{1,2}(?:,[ \t]*\d{1,2}){0,5}\)){1,6}"
    r"(?=[.!?]+(?:\s|$)|[ \t]*$)|(?<=[.!?])(?:[ \t]*\(\d{1,2}\)){1,6}(?=\s+[A-Z])",
    re.MULTILINE,
)
_SOURCES = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*)?[*_]{0,3}"
    r"(?:sources?|references?|citations?|works cited|bibliography|further reading|footnotes?|links)"
    r"(?: used| cited)?[*_]{0,3}[ \t]*(?P<colon>:?)[*_]{0,3}[ \t]*(?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_POINTS = re.compile(r"https?://|www\.|\[\^?\d{1,3}\]")


def drop_links(draft: str) -> str:
    """Return the draft with links as their words, without footnotes and without a list of sources."""
    return change_prose(_without_sources(draft), _without_links)


def drop_numbers_in_parentheses(draft: str) -> str:
    """Return the draft without "(1)" at the ends of sentences and lines."""
    return change_prose(draft, lambda text: _IN_PARENTHESES.sub("", text))


def _without_links(text: str) -> str:
    text = _LISTED_PAGE.sub("", _DEFINITION.sub("", text))
    return _FOOTNOTE.sub("", _LINK.sub(_words_of_link, text))


def _words_of_link(match: re.Match[str]) -> str:
    words, target = match["text"], match["target"]
    before = match.string[match.start() - 1 : match.start()]
    # "handlers[name](event)" is a call.
    if not _SCHEME.match(target) and (not _PATH.match(target) or before.isalnum()):
        return match.group()
    return f"[{words}]" if words.isdigit() or words.startswith("^") else words


def _without_sources(draft: str) -> str:
    """The draft without a list of sources that ends it, or that points at pages."""
    for match in _SOURCES.finditer(draft):
        rest = match["rest"].strip()
        if not draft[: match.start()].strip() or (rest and not match["colon"]):
            continue
        entries, left = ([rest], draft[match.end() :]) if rest else _entries(draft[match.end() :])
        if not left.strip() or any(_POINTS.search(entry) for entry in entries):
            return f"{draft[: match.start()].rstrip()}\n\n{left.strip()}".strip()
    return draft


def _entries(text: str) -> tuple[list[str], str]:
    """The lines at the text's start that look like entries of a list, and what follows them."""
    lines = text.split("\n")
    at = 0
    while at < len(lines) and (not lines[at].strip() or _is_entry(lines[at].strip())):
        at += 1
    return [line for line in lines[:at] if line.strip()], "\n".join(lines[at:])


def _is_entry(line: str) -> bool:
    return bool(LIST_MARK.match(line) or _POINTS.search(line) or line.startswith("["))
