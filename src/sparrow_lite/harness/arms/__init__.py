"""Arms by name: the ladder, a TOML file of one's own, another system by address or file, sanity checks.

Adding an arm that is no agent is one file here with `open(spec) -> Arm`, and its name in the dictionary.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms.base import Arm
from sparrow_lite.harness.arms.spec import LADDER, ArmSpec, ladder_arm

_SANITY = ("refuses", "complies", "random_evidence", "first_sentence")
_OPENERS = {
    "agent": "agent",
    "url": "address",
    "file": "responses",
    **dict.fromkeys(_SANITY, "sanity"),
}


def read_arm(name: str, base: ArmSpec) -> ArmSpec:
    """Return the arm of this name.

    Args:
        name: One of the ladder, a sanity arm, `url:ADDRESS`, `file:RESPONSES.jsonl`, or a TOML file.
        base: The model, search and options that flags and settings give.

    Raises:
        ConfigError: For a name that nobody knows, or a file that cannot be used.
    """
    if name in LADDER:
        return ladder_arm(name, base)
    if name in _SANITY:
        return replace(base, name=name, opener=name)
    prefix, _, rest = name.partition(":")
    if prefix in {"url", "file"} and rest:
        return replace(base, name=name, opener=prefix, model=rest)
    if name.endswith(".toml"):
        from sparrow_lite.harness.arms.toml import read_toml_arm

        return read_toml_arm(name, base)
    known = [*LADDER, *_SANITY, "url:ADDRESS", "file:RESPONSES.jsonl", "FILE.toml"]
    raise ConfigError(f"There is no arm {name!r}. Known are: {', '.join(known)}.")


def open_arm(spec: ArmSpec) -> Arm:
    """Return the arm, ready to answer.

    Raises:
        ConfigError: For options that cannot be used.
        ModelError: When its model cannot be loaded.
    """
    opener: Callable[[ArmSpec], Arm] = import_module(f"{__name__}.{_OPENERS[spec.opener]}").open
    return opener(spec)
