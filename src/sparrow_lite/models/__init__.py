"""Dialogue models, by name: `open_model` maps a name's prefix to the adapter that opens it.

One adapter a file, each imported when its prefix is asked for. Other packages add prefixes through the
entry-point group `sparrow_lite.models`: an entry `PREFIX = "module:function"`, whose function takes the
whole name and the `ModelOptions`, and returns a `DialogueModel`.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.options import ModelOptions

ENTRY_POINTS = "sparrow_lite.models"

Opener = Callable[[str, ModelOptions], DialogueModel]


def open_model(
    name: str, options: ModelOptions, *, prompts_dir: Path | None = None, weights_dir: Path | None = None
) -> DialogueModel:
    """Return the dialogue model of this name.

    Args:
        name: `embedded`, `scripted:FILE`, `hf:NAME_OR_PATH`, `PROVIDER:NAME` of any LangChain provider, or
            the address of an OpenAI-compatible server as `http://host:port/v1#NAME`.
        options: How it is loaded and sampled.
        prompts_dir: Folder of the user's own prompts, which the embedded model reads; None for none.
        weights_dir: Folder of the user's own weights for the embedded model; None for the shipped ones.

    Raises:
        ConfigError: For a name that nobody knows, or options that cannot be used.
        ModelError: When the model cannot be loaded.
    """
    if name == "embedded":
        from sparrow_lite.models.embedded.model import open_embedded

        return open_embedded(prompts_dir, weights_dir)
    prefix, _, rest = name.partition(":")
    if not (prefix and rest):
        raise _unknown(name)
    openers: dict[str, Opener] = {
        "hf": _open_transformers,
        "scripted": _open_scripted,
        "http": _open_address,
        "https": _open_address,
    }
    opener = openers.get(prefix) or _plugged_in(prefix) or _open_provider
    return opener(name, options)


def _open_transformers(name: str, options: ModelOptions) -> DialogueModel:
    from sparrow_lite.models.local.loading import open_transformers

    return open_transformers(name, options)


def _open_scripted(name: str, options: ModelOptions) -> DialogueModel:
    from sparrow_lite.models.scripted import open_scripted

    return open_scripted(name, options)


def _open_address(name: str, options: ModelOptions) -> DialogueModel:
    from sparrow_lite.models.remote.providers import open_address

    return open_address(name, options)


def _open_provider(name: str, options: ModelOptions) -> DialogueModel:
    """Try LangChain for every other prefix, so that its new providers work as they come."""
    from sparrow_lite.models.remote.providers import UnknownProviderError, open_provider

    try:
        return open_provider(name, options)
    except UnknownProviderError as error:
        raise _unknown(name) from error


def _plugged_in(prefix: str) -> Opener | None:
    for entry in entry_points(group=ENTRY_POINTS, name=prefix):
        opener: Opener = entry.load()
        return opener
    return None


def _unknown(name: str) -> ConfigError:
    known = ["embedded", "hf:NAME_OR_PATH", "scripted:FILE", "http://HOST:PORT/v1#NAME"]
    known += ["openai:NAME", "anthropic:NAME", "ollama:NAME", "any other LangChain PROVIDER:NAME"]
    known += sorted(f"{entry.name}:..." for entry in entry_points(group=ENTRY_POINTS))
    return ConfigError(f"There is no model {name!r}. Known are: {'; '.join(known)}.")
