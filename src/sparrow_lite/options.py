"""Frozen values that shape the parts: what a model, a search, a fetch or a turn may do.

Stdlib only, so that any module may take one. `config.Settings` fills them from flags, environment and file;
no other module reads settings.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


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
        if self.limit < 1:
            raise ValueError(f"limit must be at least 1, not {self.limit}")


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
    """

    mode: SearchMode = SearchMode.AUTO
    candidates: int | None = None
    passages: int = 6
    passage_chars: int = 900
    soften_at: float = 0.6

    def __post_init__(self) -> None:
        if self.candidates is not None and self.candidates < 1:
            raise ValueError(f"candidates must be at least 1, not {self.candidates}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All of them, with the folder of the user's own prompts."""

    model: ModelOptions = field(default_factory=ModelOptions)
    search: SearchOptions = field(default_factory=SearchOptions)
    fetch: FetchOptions = field(default_factory=FetchOptions)
    turn: TurnOptions = field(default_factory=TurnOptions)
    prompts_dir: Path | None = None
    rule_judge: str = "lexical"
    support_judge: str = "lexical"
