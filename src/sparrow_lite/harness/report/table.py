"""A table of words, as every kind of report shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table.

    Attributes:
        title: What it shows, with who decided.
        head: Names of the columns.
        rows: As many words as columns in each.
        note: One sentence under it; empty for none.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
