"""Fields of one mapping of a marked file, each checked for its kind; every fault is noted, not the first."""

import re

from sparrow_lite.rules.marked import Marked


class Fields:
    """Reads the fields of one mapping and notes what is wrong with them.

    A field that is wrong yields an empty value of its kind, so that reading goes on and finds the other
    faults too; the caller raises at the end when `problems` is not empty.
    """

    def __init__(self, entry: Marked, where: str, problems: list[str]) -> None:
        """Read `entry`; `where` opens each fault after its line, as `rule 'no_threats'`, or is empty."""
        self.line = entry.line
        self.where = where
        self.problems = problems
        self._unread: dict[str, Marked] = {}
        if isinstance(entry.value, dict):
            self._unread = dict(entry.value)
        else:
            self.note(entry.line, "fields such as `id: value` are expected here")

    def note(self, line: int, fault: str) -> None:
        """Note a fault on this line."""
        place = f", {self.where}" if self.where else ""
        self.problems.append(f"line {line}{place}: {fault}")

    def take(self, name: str, *, required: bool = True) -> Marked | None:
        """Return the field, or None, noted when it is required."""
        found = self._unread.pop(name, None)
        if found is None and required:
            self.note(self.line, f"field {name!r} is missing")
        return found

    def text(self, name: str, *, required: bool = True) -> str:
        """Return the field's words; empty when it is missing or no text."""
        found = self.take(name, required=required)
        return "" if found is None else self._text_of(name, found)

    def number(self, name: str, *, required: bool = True) -> int | None:
        """Return the field's whole number from 1; None when it is missing or no such number."""
        found = self.take(name, required=required)
        if found is None:
            return None
        if isinstance(found.value, int) and not isinstance(found.value, bool) and found.value > 0:
            return found.value
        self.note(found.line, f"field {name!r} must be a whole number from 1")
        return None

    def flag(self, name: str, *, required: bool = True) -> bool:
        """Return the field's true or false; False when it is missing or neither."""
        found = self.take(name, required=required)
        if found is None:
            return False
        if isinstance(found.value, bool):
            return found.value
        self.note(found.line, f"field {name!r} must be true or false")
        return False

    def entries(self, name: str, *, required: bool = True) -> tuple[Marked, ...]:
        """Return the field's list, in order; empty when it is missing, empty or no list."""
        found = self.take(name, required=required)
        if found is None:
            return ()
        if not isinstance(found.value, tuple):
            self.note(found.line, f"field {name!r} must be a list, one `- ` a line")
            return ()
        if not found.value and required:
            self.note(found.line, f"field {name!r} is empty: give at least one")
        return found.value

    def texts(self, name: str, *, required: bool = True) -> tuple[str, ...]:
        """Return the field's list of texts, in order, without those that are no text."""
        found = [self._text_of(name, entry) for entry in self.entries(name, required=required)]
        return tuple(text for text in found if text)

    def patterns(self, name: str) -> tuple[str, ...]:
        """Return the field's list of regular expressions; the field may be missing."""
        good = []
        for entry in self.entries(name, required=False):
            pattern = self._text_of(name, entry)
            try:
                re.compile(pattern)
            except re.error as error:
                fault = f"field {name!r}: {pattern!r} is not a regular expression: {error}"
                self.note(entry.line, fault)
            else:
                good.append(pattern)
        return tuple(good)

    def close(self) -> None:
        """Note every field that nobody took."""
        for name, entry in self._unread.items():
            self.note(entry.line, f"field {name!r} is not known")

    def _text_of(self, name: str, entry: Marked) -> str:
        if isinstance(entry.value, str) and entry.value.strip():
            return entry.value.strip()
        if isinstance(entry.value, str) or entry.value is None:
            self.note(entry.line, f"field {name!r} is empty")
        else:
            why = " (a `: ` within it makes fields of it)" if isinstance(entry.value, dict) else ""
            self.note(entry.line, f"field {name!r} must be text: put it in quotes{why}")
        return ""
