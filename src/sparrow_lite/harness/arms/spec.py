"""What an arm is made of: a plain value that a worker in another process can open, and its fingerprint.

The ladder names the arms that are compared by default, each with one stage more than the one before:
preamble only, evidence, the choice whether to search, several ranked candidates, revision (after Sparrow,
arXiv 2209.14375).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.options import Options, SearchMode, TurnOptions
from sparrow_lite.resources import shipped_dir

# Of an option that says where files lie or how fast, the answer does not depend.
_INDIFFERENT = (
    "cache_dir",
    "index_dir",
    "record",
    "retries",
    "timeout_seconds",
    "deadline_seconds",
    "per_second",
)
# Names of models and searches after whose colon a path may stand.
PATH_PREFIXES = ("hf", "scripted", "corpus", "replay")
_READ_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars a million tokens; 0.0 where nothing is known."""

    input: float = 0.0
    output: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmSpec:
    """One arm.

    Attributes:
        name: Under which it is reported.
        opener: What opens it: `agent`, `url`, `file` or a sanity arm's name.
        model: Name of the dialogue model; for `url` the address, for `file` the path.
        search: Name of the search backend.
        options: Options of the agent.
        price: Of the model's tokens.
        rate: Most requests a second to a model behind an API; None for no bound.
        in_flight: Most requests at once to a model behind an API, 1 or more.
    """

    name: str
    opener: str = "agent"
    model: str = "embedded"
    search: str = "auto"
    options: Options = field(default_factory=Options)
    price: Price = Price()
    rate: float | None = None
    in_flight: int = 64

    @property
    def fingerprint(self) -> str:
        """Hash of all that its answers depend on: names, options, prompts, and the file that it reads."""
        content = [self.opener, self.model, self.search, self.answering_options]
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode())
        for path in _files(self):
            digest.update(path.name.encode() + path.read_bytes())
        for stamp in _stamps(self):
            digest.update(stamp.encode())
        return digest.hexdigest()[:16]

    @property
    def answering_options(self) -> dict[str, Any]:
        """The options that its answers depend on, in plain JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(_plain(asdict(self.options)), default=str))
        return plain

    @property
    def prompt_versions(self) -> dict[str, str]:
        """Name and hash of every file of prompts that the agent reads, the user's own ones last."""
        if self.opener != "agent":
            return {}
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in _prompts(self)}

    def shared_among(self, workers: int) -> "ArmSpec":
        """Return the arm for one of several processes, which together keep to its rate and its bound."""
        rate = self.rate / workers if self.rate is not None else None
        return replace(self, rate=rate, in_flight=max(1, self.in_flight // workers))


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _plain(value) if isinstance(value, dict) else value
        for name, value in options.items()
        if name not in _INDIFFERENT
    }


def _files(spec: ArmSpec) -> list[Path]:
    if spec.opener != "agent":
        path = Path(spec.model)
        return [path] if spec.opener == "file" and path.is_file() else []
    return _prompts(spec)


def _prompts(spec: ArmSpec) -> list[Path]:
    folders = [shipped_dir("prompts"), *([spec.options.prompts_dir] if spec.options.prompts_dir else [])]
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]


def _stamps(spec: ArmSpec) -> Iterator[str]:
    """What tells whether a script, a model, a corpus or a recording on this machine is still the same.

    A file of some size, and what lies in a folder, go by size and time: weights and corpora are too large to
    be read for a name.
    """
    if spec.opener != "agent":
        return
    for name in (spec.model, spec.search):
        prefix, _, rest = name.partition(":")
        path = Path(rest)
        if prefix not in PATH_PREFIXES or not rest or not path.exists():
            continue
        held = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        for one in held:
            found = one.stat()
            if one == path and found.st_size <= _READ_BYTES:
                yield hashlib.sha256(one.read_bytes()).hexdigest()
            else:
                yield f"{one.relative_to(path)} {found.st_size} {found.st_mtime_ns}"


LADDER = ("prompted", "evidence", "choice", "rerank", "full")


def ladder_arm(name: str, base: ArmSpec) -> ArmSpec:
    """Return the arm of the ladder with this name, on the model and the search of `base`.

    Raises:
        ConfigError: For another name.
    """
    turn = base.options.turn
    turns: dict[str, TurnOptions] = {
        "prompted": replace(turn, mode=SearchMode.NEVER, candidates=1, revise=False),
        "evidence": replace(turn, mode=SearchMode.ALWAYS, candidates=1, revise=False),
        "choice": replace(turn, mode=SearchMode.AUTO, candidates=1, revise=False),
        "rerank": replace(turn, mode=SearchMode.AUTO, revise=False),
        "full": replace(turn, mode=SearchMode.AUTO),
    }
    if name not in turns:
        raise ConfigError(f"There is no arm {name!r}: the ladder is {', '.join(LADDER)}.")
    judge = base.options.rule_judge if name in {"rerank", "full"} else "none"
    return replace(base, name=name, options=replace(base.options, turn=turns[name], rule_judge=judge))
