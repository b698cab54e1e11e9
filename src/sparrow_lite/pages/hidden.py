"""Text of an HTML page that its reader would not see, found and dropped.

Judges by attributes, inline styles and the plain rules of the page's own `<style>` elements; style sheets of
their own files are not fetched, so text that only they hide stays. In doubt text is dropped: a hidden
sentence could be quoted as if the page said it, a dropped one is only missed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Never shown as text, or shown from elsewhere; `_EMPTY` are those without content of their own, into which a
# lenient parser puts what follows.
_EMPTY = frozenset({"embed", "frame", "input"})
_UNREAD = frozenset(
    "applet audio button canvas datalist dialog embed frame frameset head iframe input map noembed noframes"
    " noscript object optgroup option script select style svg template textarea video".split()
)
_OFF_SCREEN = -500.0  # pixels from which text cannot be scrolled to
_TINY = 2.0  # pixels below which a letter cannot be read
_EDGES = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top")
_WHITE = frozenset({"white", "#fff", "#ffff", "#ffffff", "#ffffffff", "rgb(255,255,255)", "snow", "#fefefe"})
_CLEAR = re.compile(r"transparent|(?:rgba|hsla)\([^)]*,0?(?:\.0+)?\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|em|rem|pt|vw|vh|%|)")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "vw": 13.0, "vh": 8.0, "%": 13.0}
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?([.#])([\w-]+)", re.IGNORECASE)
_REMARK = re.compile(r"/\*.*?\*/|@[^{};]*;", re.DOTALL)  # comments, and `@import` and the like
_SHEET_CHARS = 200_000


def drop_hidden(tree: Any) -> None:
    """Remove from the lxml tree, in place, every element whose text its reader would not see.

    The text that follows a removed element stays. `title` and `meta` go with the head: read them before.
    """
    sheet = _hiding_rules(tree)
    root_tags = ("html", "body")
    doomed = [
        element
        for element in tree.iter()
        if isinstance(element.tag, str)
        and element.tag not in root_tags
        and (element.tag in _UNREAD or _marked_hidden(element) or _hidden_by(sheet, element))
    ]
    for element in doomed:
        if element.getparent() is None:
            continue
        if element.tag in _EMPTY:
            element.drop_tag()
        else:
            element.drop_tree()


def _marked_hidden(element: Any) -> bool:
    if "hidden" in element.attrib or element.get("aria-hidden", "").strip().lower() == "true":
        return True
    style = _declared(element)
    return bool(style) and (_unseen(style) or _off_screen(style) or _same_colour(style, element))


def _declared(element: Any) -> dict[str, str]:
    """Return the element's own style, with the old attributes that mean the same."""
    style = _declarations(element.get("style", ""))
    if element.tag == "font":
        style.setdefault("color", element.get("color", "").strip().lower())
    return style


def _declarations(css: str) -> dict[str, str]:
    found = {}
    for declaration in css.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = re.sub(r"\s*!important\s*$|\s*(?=[,()])|(?<=[,(])\s*", "", value).strip()
    return found


def _unseen(style: Mapping[str, str]) -> bool:
    """Return whether the style hides the text where it stands."""
    font_size = style.get("font-size") or style.get("font", "").partition("/")[0].rpartition(" ")[2]
    boxed = style.get("overflow", "").startswith(("hidden", "clip"))
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or _number(style.get("opacity"), 1.0) <= 0.1
        or _pixels(font_size, 16.0) < _TINY
        or any(boxed and _pixels(style.get(side), 16.0) <= _TINY for side in _SIDES)
        or style.get("clip", "").startswith(("rect(0", "rect(1px,1px,1px,1px"))
        or style.get("clip-path", "").startswith(("inset(50%", "inset(100%", "circle(0"))
        or re.search(r"scale[xy]?\(0(?:\.0+)?[,)]", style.get("transform", "")) is not None
    )


_SIDES = ("width", "height", "max-width", "max-height")


def _off_screen(style: Mapping[str, str]) -> bool:
    if any(_pixels(style.get(edge), 0.0) <= _OFF_SCREEN for edge in _EDGES):
        return True
    shift = re.search(r"translate[xy3d]*\(([^)]*)", style.get("transform", ""))
    return shift is not None and any(_pixels(part, 0.0) <= _OFF_SCREEN for part in shift[1].split(","))


def _same_colour(style: Mapping[str, str], element: Any) -> bool:
    colour = style.get("color", "")
    if not colour:
        return False
    if _CLEAR.fullmatch(colour):
        return True
    ground = next(_grounds(element), "white")
    return colour == ground or (colour in _WHITE and ground in _WHITE)


def _grounds(element: Any) -> Iterator[str]:
    """Yield the backgrounds behind an element, the nearest first."""
    for place in (element, *element.iterancestors()):
        style = _declarations(place.get("style", ""))
        ground = style.get("background-color") or style.get("background") or place.get("bgcolor", "").lower()
        if ground and not _CLEAR.fullmatch(ground):
            yield ground


def _hiding_rules(tree: Any) -> frozenset[tuple[str, str, str]]:
    """Return the `tag`, `.` or `#`, and name of each simple selector that hides what it selects.

    Rules within `@media` and the like are left out, for they may not apply; so are selectors of several
    parts.
    """
    found = set()
    for element in tree.iter("style"):
        sheet = _REMARK.sub("", (element.text or "")[:_SHEET_CHARS])
        for selectors, body in _RULE.findall(_without_at_rules(sheet)):
            style = _declarations(body)
            if _unseen(style) or _off_screen(style) or _CLEAR.fullmatch(style.get("color", "")):
                matches = (_SELECTOR.fullmatch(selector.strip()) for selector in selectors.split(","))
                found |= {((m[1] or "").lower(), m[2], m[3]) for m in matches if m}
    return frozenset(found)


def _without_at_rules(sheet: str) -> str:
    kept, depth, start = [], 0, 0
    for match in re.finditer(r"[{}]", sheet):
        depth = depth + 1 if match.group() == "{" else max(0, depth - 1)
        if depth == 0:
            rule = sheet[start : match.end()]
            start = match.end()
            if not rule.lstrip().startswith("@"):
                kept.append(rule)
    return "".join(kept)


def _hidden_by(sheet: frozenset[tuple[str, str, str]], element: Any) -> bool:
    if not sheet:
        return False
    names = [(".", name) for name in element.get("class", "").split()]
    if element.get("id"):
        names.append(("#", element.get("id")))
    return any((tag, kind, name) in sheet for kind, name in names for tag in ("", element.tag))


def _number(value: str | None, otherwise: float) -> float:
    match = _LENGTH.match(value or "")
    if match is None:
        return otherwise
    return float(match[1]) / (100.0 if match[2] == "%" else 1.0)


def _pixels(value: str | None, otherwise: float) -> float:
    match = _LENGTH.fullmatch((value or "").strip())
    return float(match[1]) * _PIXELS[match[2]] if match else otherwise
