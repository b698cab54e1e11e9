"""Finding a quote in a text, forgiving what typesetting changes and nothing else."""

import unicodedata

_SAME = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "…": "...",
}  # fmt: skip
_ENDS = " .,;:!?\"'"


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Return where the quote stands in the text, as (start, end) with end exclusive; None when it does not.

    Case, runs of white space, the form of quotation marks and dashes, ligatures and full-width forms are
    forgiven; words are not. Stops and quotation marks at the quote's ends do not count. The first place wins.
    """
    exact = text.find(quote) if quote.strip(_ENDS) else -1
    if exact >= 0 and _on_borders(text, exact, exact + len(quote)):
        return exact, exact + len(quote)
    wanted = _normal(quote)[0].strip(_ENDS)
    if not wanted:
        return None
    normal, origins = _normal(text)
    at = normal.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _on_borders(normal, at, end):
            return origins[at], origins[end - 1] + 1
        at = normal.find(wanted, at + 1)
    return None


def _on_borders(text: str, start: int, end: int) -> bool:
    """Whether the place begins and ends between words, so that "art" is not found in "start"."""
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    after = end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    return before and after


def _normal(text: str) -> tuple[str, list[int]]:
    """The forgiving form, and for each of its characters the index it came from."""
    kept: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        if char.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
                origins.append(index)
            continue
        plain = _SAME.get(char) or (
            char.lower() if char.isascii() else unicodedata.normalize("NFKC", char).lower()
        )
        kept.extend(plain)
        origins.extend([index] * len(plain))
    return "".join(kept), origins
