"""Search backends by name: which names there are, and how each is put together.

`base.py` is the Protocol. Other packages add names through the entry-point group `sparrow_lite.search`: the
entry's name is the prefix, and its object is called as the openers here, with what follows the colon and the
options.
"""

import logging
import re
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.options import SearchOptions
from sparrow_lite.search.base import Query, Result, SearchBackend, SearchResults

__all__ = ["Query", "Result", "SearchBackend", "SearchResults", "known_names", "open_search"]

Opener = Callable[[str, SearchOptions], SearchBackend]
_GROUP = "sparrow_lite.search"


def open_search(name: str, options: SearchOptions) -> SearchBackend:
    """Return the backend of a name such as `auto`, `wikipedia`, `searxng:URL` or `corpus:DIR`.

    Open a backend once and keep it: its rate limits and breakers live in it.

    Raises:
        ConfigError: When the name is unknown, misses its argument or has one too many, or the argument or an
            option cannot be used.
    """
    prefix, colon, argument = name.partition(":")
    opener = _OPENERS.get(prefix) or _find_plugin(prefix)
    if opener is None:
        raise ConfigError(f"There is no search backend {name!r}: choose one of {', '.join(known_names())}.")
    wanted = _ARGUMENTS.get(prefix)
    if wanted is not None and not argument:
        raise ConfigError(f"The search {name!r} lacks its {wanted}: write {prefix}:{wanted}.")
    if prefix in _OPENERS and wanted is None and colon:
        raise ConfigError(f"The search {prefix!r} takes nothing after it: write {prefix}.")
    return opener(argument, options)


def known_names() -> tuple[str, ...]:
    """Return every name that `open_search` knows, those of other packages last."""
    own = tuple(f"{prefix}:{_ARGUMENTS[prefix]}" if prefix in _ARGUMENTS else prefix for prefix in _OPENERS)
    return own + tuple(sorted(entry.name for entry in entry_points(group=_GROUP)))


def _find_plugin(prefix: str) -> Opener | None:
    for entry in entry_points(group=_GROUP, name=prefix):
        try:
            opener: Opener = entry.load()
        except (ImportError, AttributeError) as error:
            raise ConfigError(
                f"The search backend {prefix!r} of {entry.value} cannot be loaded ({error}): "
                "install its package again, or remove it."
            ) from error
        return opener
    return None


def _open_auto(_argument: str, options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.chain import ChainBackend, Link

    links = (
        Link(backend=_open_duckduckgo("", options), share=0.6),
        Link(backend=_open_wikipedia("", options)),
        Link(backend=_open_starter("", options)),
    )
    return ChainBackend("auto", links)


def _open_duckduckgo(_argument: str, options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.duckduckgo import open_duckduckgo

    _check_region(options.region)
    return _cached(open_duckduckgo(options), options, scope="duckduckgo")


def _open_wikipedia(_argument: str, options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.guard import Guard
    from sparrow_lite.search.remote import RemoteBackend
    from sparrow_lite.search.wikipedia import WikipediaEngine

    engine = WikipediaEngine.of(options.language, limit=options.limit)
    guard = Guard(per_second=options.per_second)
    return _cached(RemoteBackend(engine, guard, limit=options.limit), options, scope="wikipedia")


def _open_searxng(argument: str, options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.guard import Guard
    from sparrow_lite.search.remote import RemoteBackend
    from sparrow_lite.search.searxng import SearxngEngine

    _check_region(options.region)
    engine = SearxngEngine.at(argument, region=options.region)
    guard = Guard(per_second=options.per_second)
    backend = RemoteBackend(engine, guard, limit=options.limit)
    return _cached(backend, options, scope=f"searxng:{engine.base_url}")


def _open_corpus(argument: str, options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.corpus.backend import open_corpus

    return open_corpus(
        Path(argument).expanduser(),
        name="corpus",
        index_dir=_index_dir(options),
        limit=options.limit,
    )


def _open_starter(_argument: str, options: SearchOptions) -> SearchBackend:
    from sparrow_lite.resources import starter_corpus_dir
    from sparrow_lite.search.corpus.backend import open_corpus

    return open_corpus(
        starter_corpus_dir(), name="starter", index_dir=_index_dir(options), limit=options.limit
    )


def _open_replay(argument: str, _options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.replay import ReplayBackend

    return ReplayBackend(Path(argument).expanduser())


def _open_nothing(_argument: str, _options: SearchOptions) -> SearchBackend:
    from sparrow_lite.search.nothing import NothingBackend

    return NothingBackend()


def _cached(backend: SearchBackend, options: SearchOptions, *, scope: str) -> SearchBackend:
    if options.cache_dir is None:
        return backend
    from sparrow_lite.search.cache import CachedBackend, Keeping, open_store

    keeping = Keeping(
        scope=(scope, str(options.limit), options.region, options.language),
        answers_ttl_seconds=options.answers_ttl_seconds,
        failures_ttl_seconds=options.failures_ttl_seconds,
    )
    try:
        return CachedBackend(backend, open_store(options.cache_dir), keeping)
    except ConfigError as error:
        # As on a read-only home: slower, but it answers.
        logging.getLogger(__name__).warning("Searches are not cached: %s", error)
        return backend


def _index_dir(options: SearchOptions) -> Path | None:
    if options.index_dir is None and options.cache_dir is not None:
        return options.cache_dir / "indexes"
    return options.index_dir


def _check_region(region: str) -> None:
    # `wt-wt`, for "anywhere", sends Wikipedia's engine to a host that does not exist, and others astray.
    if region == "wt-wt" or not re.fullmatch(r"[a-z]{2}-[a-z]{2,3}", region):
        raise ConfigError(f"The region {region!r} cannot be searched: give one such as us-en.")


_ARGUMENTS = {"searxng": "URL", "corpus": "DIR", "replay": "FILE"}
_OPENERS: dict[str, Opener] = {
    "auto": _open_auto,
    "duckduckgo": _open_duckduckgo,
    "searxng": _open_searxng,
    "wikipedia": _open_wikipedia,
    "corpus": _open_corpus,
    "starter": _open_starter,
    "replay": _open_replay,
    "none": _open_nothing,
}
