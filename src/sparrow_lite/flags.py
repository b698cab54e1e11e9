"""Flags that choose an agent, the same for every command, and the settings that they change.

Owns names and help; `config.py` owns what a setting may be.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sparrow_lite.options import MAX_CANDIDATES

Command = Callable[..., None]


def part_flags(command: Command) -> Command:
    """Return the command with the flags that choose the parts of an agent."""
    return _with(
        command,
        click.option("--model", "model_name", metavar="NAME", help="embedded, hf:PATH, openai:NAME, ..."),
        click.option(
            "--search", "search_name", metavar="NAME", help="auto, duckduckgo, wikipedia, corpus:DIR, ..."
        ),
        click.option(
            "--candidates", type=click.IntRange(1, MAX_CANDIDATES), help="How many replies to draft."
        ),
        click.option("--base-url", metavar="URL", help="An OpenAI-compatible server for openai:NAME."),
        click.option(
            "--prompts", "prompts_dir", type=click.Path(path_type=Path), help="Folder of your own prompts."
        ),
        click.option(
            "--record",
            type=click.Path(path_type=Path),
            help="Append every search to this file, for replay:FILE.",
        ),
    )


def agent_flags(command: Command) -> Command:
    """Return the command with the flags that choose an agent that talks."""
    return _with(
        part_flags(command),
        click.option("--mode", type=click.Choice(["auto", "always", "never"]), help="When to search."),
        click.option(
            "--judge", "rule_judge", metavar="NAME", help="Judge of rules: trained, lexical or prompted."
        ),
    )


def given(**flags: Any) -> dict[str, Any]:
    """Return the flags that were given."""
    return {name: value for name, value in flags.items() if value is not None}


def setting_values(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the flags give; a flag changes one field of a group, not the group.

    Raises:
        ConfigError: When the settings cannot be used.
    """
    from sparrow_lite.config import read_settings
    from sparrow_lite.options import SearchMode

    base = read_settings()
    named = {name: flags.get(name) for name in ("model_name", "search_name", "rule_judge", "prompts_dir")}
    mode = SearchMode(flags["mode"]) if flags.get("mode") else None
    turn = replace(base.turn, **given(mode=mode, candidates=flags["candidates"]))
    model = replace(base.model, **given(base_url=flags["base_url"], seed=flags.get("seed")))
    search = replace(base.search, **given(record=flags["record"]))
    return {**given(**named), "turn": turn, "model": model, "search": search}


def _with(command: Command, *flags: Callable[[Command], Command]) -> Command:
    for flag in reversed(flags):
        command = flag(command)
    return command
