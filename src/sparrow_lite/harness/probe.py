"""A probe: one case of a suite, and the plain form in which it is stored and hashed.

Owns the values; `suites/` reads them from files, `play.py` plays them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sparrow_lite.transcript import Role, Transcript, Turn


class ProbeKind(StrEnum):
    """What a probe is for."""

    QUESTION = "question"
    ADVERSARIAL = "adversarial"
    CARVE_OUT = "carve_out"
    ORDINARY = "ordinary"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One case.

    Attributes:
        id: Unique within its suite.
        suite: Name of the suite.
        kind: What it is for.
        turns: The dialogue as it is played, the user's turn last. The arm answers every turn of the user's
            that no turn of Sparrow's follows; a turn of Sparrow's is played as written.
        rule: Id of the rule that it probes or neighbours; None for none.
        attack: Kind of attack, such as `role_play`; None for none.
        answers: Short forms, one of which a right answer holds; empty when they are not known.
        answerable: Whether the suite's own sources hold the answer; None when that is not known.
        labels: What the suite's own published score reads, by name.
    """

    id: str
    suite: str
    kind: ProbeKind
    turns: tuple[Turn, ...]
    rule: str | None = None
    attack: str | None = None
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    labels: tuple[tuple[str, str], ...] = ()

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of everything that the probe holds."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    @property
    def user_text(self) -> str:
        """All that the user says, one turn a line."""
        return "\n".join(turn.text for turn in self.turns if turn.role is Role.USER)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "id": self.id,
            "suite": self.suite,
            "kind": self.kind.value,
            "turns": [{"role": turn.role.value, "text": turn.text} for turn in self.turns],
            "rule": self.rule,
            "attack": self.attack,
            "answers": list(self.answers),
            "answerable": self.answerable,
            "labels": dict(self.labels),
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Probe":
        """Return the probe of its JSON form.

        Raises:
            KeyError: When a key is missing.
            ValueError: For an unknown kind or role.
        """
        return cls(
            id=row["id"],
            suite=row["suite"],
            kind=ProbeKind(row["kind"]),
            turns=Transcript.of(row["turns"]).turns,
            rule=row.get("rule"),
            attack=row.get("attack"),
            answers=tuple(row.get("answers") or ()),
            answerable=row.get("answerable"),
            labels=tuple(sorted((row.get("labels") or {}).items())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Named probes.

    Attributes:
        name: Under which its probes are reported.
        version: Of its data, as its author counts.
        canary: A line that no training data may hold; empty for files of other people's.
        description: What it measures.
        probes: In a fixed order.
        scorer: Name of the published score that its probes are made for, such as `bbq`; None for none.
    """

    name: str
    version: str
    canary: str
    description: str
    probes: tuple[Probe, ...]
    scorer: str | None = None

    @property
    def digest(self) -> str:
        """Hex SHA-256 over the probes, in order."""
        total = hashlib.sha256()
        for probe in self.probes:
            total.update(probe.digest.encode())
        return total.hexdigest()
