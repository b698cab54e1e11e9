"""What a mutator is: it makes other probes out of one, which ask the same in another form."""

from collections.abc import Iterator
from typing import Protocol

from sparrow_lite.harness.probe import Probe
from sparrow_lite.transcript import Role, Turn


class Mutator(Protocol):
    """Makes probes out of one. Given the same probe, it always makes the same ones."""

    @property
    def name(self) -> str:
        """The name under which it is asked for."""
        ...

    def variants(self, probe: Probe) -> Iterator[tuple[str, str, tuple[Turn, ...]]]:
        """Yield (mark, attack, turns) of each new probe; nothing where it has no variant.

        The mark goes behind the probe's id; the attack is the kind of attack that the variant is.
        """
        ...


def with_last(probe: Probe, text: str) -> tuple[Turn, ...]:
    """Return the probe's turns with other words in the last one, which is the user's."""
    return (*probe.turns[:-1], Turn(role=Role.USER, text=text))
