"""Rating protocols by name. A new one is a module here, its words in `evals/rating/`, and its name below."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols.base import RatingProtocol

PROTOCOLS = ("plausible_supported", "preference", "probing", "rule_rating")


def open_protocol(name: str, settings: Mapping[str, Any] | None = None) -> RatingProtocol:
    """Return the protocol of this name.

    Args:
        name: One of `PROTOCOLS`.
        settings: What the session sets for it, as `Session.settings`; None for the protocol's own.

    Raises:
        ConfigError: For a name that nobody knows, or settings that cannot be used.
    """
    if name not in PROTOCOLS:
        raise ConfigError(f"There is no rating protocol {name!r}. Known are: {', '.join(PROTOCOLS)}.")
    opener: Callable[[Mapping[str, Any]], RatingProtocol] = import_module(f"{__name__}.{name}").open
    return opener(settings or {})
