"""A plot of matplotlib's made fit to stand in a page: without styles of its own, in the page's colours.

The page's policy allows no `style=` attributes, so each distinct one becomes a class of the page's sheet.
Colours that stand for a role are written as `#0000NN` by the plots, and become the page's variables here.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

INK, SOFT, LINE = "#000001", "#000002", "#000003"
ARM_COLOURS = 8
_ROLES = {INK: "--ink", SOFT: "--soft", LINE: "--line"}
_FIRST_ARM = 16
_SVG, _HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_COLOUR = re.compile(r"#0000[0-9a-f]{2}")
_FAMILY = re.compile(r"font-family:[^;]*;?\s*")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = {f"{_SVG}metadata", f"{_SVG}style"}


def arm_colour(place: int) -> str:
    """Return the colour that stands for the arm at this place; they come again after the eighth."""
    return f"#0000{_FIRST_ARM + place % ARM_COLOURS:02x}"


class Sheet:
    """The classes that stand for the `style=` attributes of all plots of a page."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}

    def name(self, style: str) -> str:
        """Return the class of a style."""
        return self._classes.setdefault(style, f"p{len(self._classes)}")

    def css(self) -> str:
        """Return the rules of all classes, one a line."""
        return "".join(f".plot .{name} {{ {style} }}\n" for style, name in self._classes.items())


def inline_svg(text: str, *, name: str, title: str, sheet: Sheet) -> str:
    """Return the plot as an `svg` element that can stand in the page.

    Args:
        text: As matplotlib wrote it.
        name: Unlike that of any other plot of the page: its ids begin so.
        title: What the plot shows, for those who do not see it.
        sheet: Where its styles go.
    """
    root = ElementTree.fromstring(text)  # our own text
    for parent in list(root.iter()):
        for child in [one for one in parent if one.tag in _DROPPED]:
            parent.remove(child)
    used = set(_references(root))
    for element in root.iter():
        _settle(element, name, used, sheet)
    width, height = root.get("viewBox", "0 0 0 0").split()[2:]
    root.attrib = {
        "class": "plot",
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-labelledby": f"{name}-title",
    }
    heading = ElementTree.Element(f"{_SVG}title", {"id": f"{name}-title"})
    heading.text = title
    root.insert(0, heading)
    return _serialised(root)


def _references(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        if _HREF in element.attrib:
            yield element.attrib[_HREF].removeprefix("#")
        for value in element.attrib.values():
            yield from _REFERENCE.findall(value)


def _settle(element: ElementTree.Element, name: str, used: set[str], sheet: Sheet) -> None:
    """Turn one element's style into a class, and let its ids be of this plot alone."""
    attributes = element.attrib
    style = attributes.pop("style", None)
    if style is not None:
        style = _COLOUR.sub(_variable, _FAMILY.sub("", style)).strip().rstrip(";")
        attributes["class"] = sheet.name(style)
    if attributes.get("transform", "").startswith("rotate(-0 "):
        del attributes["transform"]
    identifier = attributes.pop("id", None)
    if identifier in used:
        attributes["id"] = f"{name}-{identifier}"
    if _HREF in attributes:
        attributes["href"] = f"#{name}-{attributes.pop(_HREF).removeprefix('#')}"
    if "clip-path" in attributes:
        attributes["clip-path"] = _REFERENCE.sub(rf"url(#{name}-\1)", attributes["clip-path"])


def _variable(found: re.Match[str]) -> str:
    colour = found.group()
    if colour in _ROLES:
        return f"var({_ROLES[colour]})"
    return f"var(--arm-{int(colour[1:], 16) - _FIRST_ARM})"


def _serialised(root: ElementTree.Element) -> str:
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        element.tail = None
        if element.tag in {"svg", "g", "defs", "clipPath"}:
            element.text = None
        if "d" in element.attrib:
            element.set("d", " ".join(element.attrib["d"].split()))
    return ElementTree.tostring(root, encoding="unicode")
