"""Frozen values that shape the parts: what a model, a search, a fetch or a turn may do.

Stdlib only, so that any module may take one. `config.Settings` fills them from flags, environment and file;
no other module reads settings.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

MAX_CANDIDATES = 64
_DAY_SECONDS = 86_400.0
_YEAR_SECONDS = 366 * _DAY_SECONDS
# A bound "above 0": below it no request could end.
_SHORTEST_SECONDS = 0.001


class SearchMode(StrEnum):
    """When a turn searches."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """How a dialogue model is loaded and sampled.

    Attributes:
        base_url: OpenAI-compatible address, such as `http://127.0.0.1:8000/v1`; None for the vendor's own.
        temperature: Sampling temperature of candidates, 0.0 for greedy.
        max_tokens: Most new tokens in one reply.
        seed: Seed of the first candidate; each further one adds 1.
        timeout_seconds: Bound on one request, and on silence within a stream.
        retries: Further tries after a retryable failure.
        dtype: `auto`, `float32`, `float16` or `bfloat16`, for local models.
        device_map: `auto`, `cpu`, `cuda` or a device, for local models.
        quantization: `none`, `int8` or `int4` (bitsandbytes, on a GPU), for local models.
        revision: Branch, tag or commit of a hub model; None for its default.
    """

    base_url: str | None = None
    temperature: float = 0.7
    max_tokens: int = 400
    seed: int = 0
    timeout_seconds: float = 60.0
    retries: int = 3
    dtype: str = "auto"
    device_map: str = "auto"
    quantization: str = "none"
    revision: str | None = None

    def __post_init__(self) -> None:
        _check("temperature", self.temperature, 0.0, 2.0)
        _check("max_tokens", self.max_tokens, 1, 1_000_000)
        _check("seed", self.seed, 0, 2**32 - 1)
        _check("timeout_seconds", self.timeout_seconds, _SHORTEST_SECONDS, _DAY_SECONDS)
        _check("retries", self.retries, 0, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """How searches run.

    Attributes:
        cache_dir: Folder of the disk cache; None keeps nothing.
        index_dir: Folder of corpus indexes; None puts each beside the cache, or in memory without one.
        limit: Most results kept from a backend.
        deadline_seconds: Bound on all backends of one search together.
        per_second: Most requests a second to one engine.
        answers_ttl_seconds: How long a found answer is kept.
        failures_ttl_seconds: How long a failure is kept.
        record: File that every answered search is appended to, in the replay form; None records nothing.
        region: Region of web searches, as `us-en`.
        language: Language of the Wikipedia that is searched.
    """

    cache_dir: Path | None = None
    index_dir: Path | None = None
    limit: int = 8
    deadline_seconds: float = 10.0
    per_second: float = 1.0
    answers_ttl_seconds: float = 86_400.0
    failures_ttl_seconds: float = 15.0
    record: Path | None = None
    region: str = "us-en"
    language: str = "en"

    def __post_init__(self) -> None:
        _check("limit", self.limit, 1, 100)
        _check("deadline_seconds", self.deadline_seconds, _SHORTEST_SECONDS, _DAY_SECONDS)
        _check("per_second", self.per_second, 0.001, 10_000.0)
        _check("answers_ttl_seconds", self.answers_ttl_seconds, 0.0, 10 * _YEAR_SECONDS)
        _check("failures_ttl_seconds", self.failures_ttl_seconds, 0.0, 10 * _YEAR_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """What the guarded fetcher allows.

    Attributes:
        ports: Ports that may be connected to.
        redirects: Most redirects followed for one page.
        timeout_seconds: Bound on one page, redirects included.
        max_bytes: Bound on the body, both as sent and after decompression.
        proxy: Proxy address; None connects directly, whatever the environment says.
        pages: Most pages opened in one turn.
        page_chars: Most characters kept of one page.
    """

    ports: tuple[int, ...] = (80, 443)
    redirects: int = 5
    timeout_seconds: float = 8.0
    max_bytes: int = 3_000_000
    proxy: str | None = None
    pages: int = 5
    page_chars: int = 60_000

    def __post_init__(self) -> None:
        if not self.ports:
            raise ValueError("ports must hold at least one port")
        for port in self.ports:
            _check("ports", port, 1, 65_535)
        _check("redirects", self.redirects, 0, 50)
        _check("timeout_seconds", self.timeout_seconds, _SHORTEST_SECONDS, _DAY_SECONDS)
        _check("max_bytes", self.max_bytes, 1, 10**9)
        _check("pages", self.pages, 0, 100)
        _check("page_chars", self.page_chars, 1, 10**8)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOptions:
    """How one turn runs.

    Attributes:
        mode: When to search.
        candidates: How many candidates to draft; None takes the model's own default.
        passages: Most passages shown to the model.
        passage_chars: Most characters of one passage.
        soften_at: Share of the judge's own threshold from which an unsupported sentence is softened, not
            dropped.
        revise: Whether a reply that breaks a rule is revised, and refused when that does not help.
    """

    mode: SearchMode = SearchMode.AUTO
    candidates: int | None = None
    passages: int = 6
    passage_chars: int = 900
    soften_at: float = 0.85
    revise: bool = True

    def __post_init__(self) -> None:
        if self.candidates is not None:
            _check("candidates", self.candidates, 1, MAX_CANDIDATES)
        _check("passages", self.passages, 1, 100)
        _check("passage_chars", self.passage_chars, 1, 100_000)
        _check("soften_at", self.soften_at, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All of them, with the folders of the user's own prompts and weights; None for the shipped ones."""

    model: ModelOptions = field(default_factory=ModelOptions)
    search: SearchOptions = field(default_factory=SearchOptions)
    fetch: FetchOptions = field(default_factory=FetchOptions)
    turn: TurnOptions = field(default_factory=TurnOptions)
    prompts_dir: Path | None = None
    weights_dir: Path | None = None
    rule_judge: str = "trained"
    support_judge: str = "trained"


def _check(name: str, value: float, low: float, high: float) -> None:
    """Refuse what is out of bounds; "not a number" is out of all bounds.

    Raises:
        ValueError: With the name and the bound.
    """
    if not value >= low:
        raise ValueError(f"{name} must be at least {low:,}, not {value}")
    if not value <= high:
        raise ValueError(f"{name} must be at most {high:,}, not {value}")
