"""The agents that raters talk with: arms of the harness, by the names that a session's settings give."""

from collections.abc import Mapping
from typing import Any

from sparrow_lite.harness.arms import open_arm, read_arm
from sparrow_lite.harness.arms.base import Arm, Asked
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Shown
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.transcript import Transcript

_USUAL = ("full",)


class ArmTalker:
    """One arm, as raters talk with it. Safe to call from several threads."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    def reply(self, transcript: Transcript) -> Shown:
        """Return the arm's reply to the user's last turn.

        Raises:
            ModelError: When there is none.
        """
        probe = Probe(id="rating", suite="rating", kind=ProbeKind.ORDINARY, turns=transcript.turns)
        shown, _ = self._arm.reply(Asked(transcript=transcript, probe=probe, sample=0, reply=0))
        return shown


def talker_names(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the arms that answer raters; the whole agent when a session names none."""
    return tuple(settings.get("arms") or _USUAL)


def read_talkers(settings: Mapping[str, Any], base: ArmSpec) -> dict[str, ArmSpec]:
    """Return the arms of a session by name, not yet opened.

    Raises:
        ConfigError: For a name that nobody knows.
    """
    return {name: read_arm(name, base) for name in talker_names(settings)}


def open_talkers(settings: Mapping[str, Any], base: ArmSpec) -> dict[str, ArmTalker]:
    """Return the agents of a session by their arms' names, ready to answer.

    Args:
        settings: Of the session; `arms` names them.
        base: Model, search and options that settings and flags give.

    Raises:
        ConfigError: For a name that nobody knows, or options that cannot be used.
        ModelError: When a model cannot be loaded.
    """
    return {name: ArmTalker(open_arm(spec)) for name, spec in read_talkers(settings, base).items()}
