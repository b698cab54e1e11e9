"""The third stage: candidates, half of them with evidence, half without.

The halves are Sparrow's: whether evidence helps falls out of which candidate wins (arXiv 2209.14375). A turn
of eight calls one after another would be slow: a model that can writes all at once, and one that gains from
it is asked in several threads.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sparrow_lite.errors import ModelError
from sparrow_lite.evidence import Evidence
from sparrow_lite.models.base import BatchWriter, ModelRequest, Sampling, Task
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's words for one candidate; `error` says why there are none."""

    text: str
    with_evidence: bool
    error: str | None = None


def draft_candidates(transcript: Transcript, evidence: tuple[Evidence, ...], parts: Parts) -> Iterator[Draft]:
    """Yield each draft, in order; those with evidence come first.

    Raises:
        ModelError: When every draft failed.
    """
    count = parts.options.turn.candidates or parts.model.default_candidates
    with_evidence = (count + 1) // 2 if evidence else 0
    requests = [
        draft_request(transcript, evidence if index < with_evidence else (), parts, seed_offset=index)
        for index in range(count)
    ]
    failures: list[ModelError] = []
    for request, outcome in zip(requests, _write_all(requests, parts), strict=True):
        if isinstance(outcome, ModelError):
            failures.append(outcome)
            yield Draft(text="", with_evidence=bool(request.evidence), error=str(outcome))
        else:
            yield Draft(text=outcome, with_evidence=bool(request.evidence))
    if len(failures) == count:
        raise failures[0]


def draft_request(
    transcript: Transcript, evidence: tuple[Evidence, ...], parts: Parts, *, seed_offset: int
) -> ModelRequest:
    """Return the request for one draft."""
    prompts, model = parts.prompts, parts.options.model
    return ModelRequest(
        task=Task.ANSWER,
        preamble=prompts.preamble.text,
        example=prompts.example,
        transcript=transcript,
        evidence=evidence,
        instruction=(prompts.answer_from_evidence if evidence else prompts.answer).fill(),
        sampling=Sampling(
            temperature=model.temperature, max_tokens=model.max_tokens, seed=model.seed + seed_offset
        ),
    )


def _write_all(requests: list[ModelRequest], parts: Parts) -> Iterator[str | ModelError]:
    if isinstance(parts.model, BatchWriter) and len(requests) > 1:
        for outcome in parts.model.write_many(requests):
            yield outcome if isinstance(outcome, ModelError) else outcome.text.strip()
        return

    def write(request: ModelRequest) -> str | ModelError:
        try:
            return "".join(parts.model.write(request)).strip()
        except ModelError as error:
            return error

    workers = min(len(requests), parts.model.concurrency)
    if workers <= 1:
        yield from map(write, requests)
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(write, requests)
