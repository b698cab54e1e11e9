"""Opens models behind an API: from a name and options to a LangChain chat model with one retry loop."""

import os
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from sparrow_lite.errors import ConfigError
from sparrow_lite.models.remote.faults import redacted, secrets_of, vendor_faults
from sparrow_lite.models.remote.model import LangChainModel
from sparrow_lite.options import ModelOptions

_PLACEHOLDER_KEY = "not-needed"
_KEY_NAMES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


class UnknownProviderError(ConfigError):
    """A prefix that LangChain does not know."""


def open_provider(name: str, options: ModelOptions) -> LangChainModel:
    """Return the model of `PROVIDER:NAME`, at `options.base_url` when that is set.

    Raises:
        UnknownProviderError: When LangChain does not know the provider.
        ConfigError: When its package or its key is missing, or the options do not fit it.
    """
    provider, _, model = name.partition(":")
    return _open(name, provider, model, options)


def open_address(name: str, options: ModelOptions) -> LangChainModel:
    """Return the model of `http://host:port/v1#NAME`, an OpenAI-compatible server.

    Raises:
        ConfigError: When the address has no model or no host, or carries a password.
    """
    address, _, model = name.partition("#")
    if not model:
        raise ConfigError(f"{name!r} names no model: write it after a #, as {address}#NAME.")
    return _open(name, "openai", model, replace(options, base_url=address))


def _open(name: str, provider: str, model: str, options: ModelOptions) -> LangChainModel:
    from langchain.chat_models import init_chat_model

    arguments = _constructor_arguments(provider, options)
    try:
        chat = init_chat_model(model, model_provider=provider, **arguments)
    except ImportError as error:
        raise ConfigError(f"{name!r} needs another package: {error}") from error
    except vendor_faults() as error:
        if str(error).startswith("Unsupported provider"):
            raise UnknownProviderError(f"LangChain knows no provider {provider!r}.") from error
        # The chain is cut because a validation error may quote a key.
        reason = redacted(" ".join(str(error).split()), secrets_of())
        raise ConfigError(f"{name!r} cannot be opened: {reason}") from None
    return LangChainModel(name=name, provider=provider, chat=chat, options=options)


def _constructor_arguments(provider: str, options: ModelOptions) -> dict[str, Any]:
    """Return what the vendor's class is built with, its own retries switched off."""
    arguments: dict[str, Any] = {}
    if options.base_url is not None:
        check_address(options.base_url)
        arguments["base_url"] = options.base_url
    if provider == "ollama":
        return {**arguments, "client_kwargs": {"timeout": options.timeout_seconds}}
    key_name = _KEY_NAMES.get(provider)
    if key_name and not os.environ.get(key_name):
        if options.base_url is None:
            raise ConfigError(
                f"Models of {provider!r} need a key: set the environment variable {key_name}, "
                "or the option base_url for a server of your own."
            )
        arguments["api_key"] = _PLACEHOLDER_KEY
    return {**arguments, "timeout": options.timeout_seconds, "max_retries": 0}


def check_address(address: str) -> None:
    """Refuse what is no address of a server.

    Raises:
        ConfigError: When it has no host, is not of HTTP, or carries a password.
    """
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        parts, usable = None, False
    if parts is not None and (parts.username or parts.password):
        raise ConfigError("An address may not carry a name or password: set the key in its variable.")
    if not usable:
        raise ConfigError(f"{address!r} is no address: write it as http://127.0.0.1:8000/v1.")
