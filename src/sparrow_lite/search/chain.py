"""Backends asked one after another, until one answers.

Owns the order, the shares of the one deadline, and the sum of the reasons. Nothing runs side by side, so that
an engine is bothered only when those before it gave nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.search.base import Query, SearchBackend, SearchResults
from sparrow_lite.search.remote import ADVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One place in a chain.

    Attributes:
        backend: Who is asked.
        share: How much of the time then left it may take, above 0.0 to 1.0.
    """

    backend: SearchBackend
    share: float = 1.0


class ChainBackend:
    """A fixed order of backends as one `SearchBackend`.

    Every backend is asked in its turn, also when the deadline has passed: a remote one then refuses at once,
    and a local one, which needs no network, still answers.
    """

    def __init__(self, name: str, links: Sequence[Link]) -> None:
        self._name = name
        self._links = tuple(links)

    @property
    def name(self) -> str:
        """The chain's own name; the results say who answered."""
        return self._name

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:
        """Return what the first backend that answers found, with the tries of those before it.

        Raises:
            SearchError: When none answered. The reason is NO_RESULTS only when every backend looked and
                found nothing; else it is that of the first one that could not look.
        """
        attempts: tuple[Attempt, ...] = ()
        reasons: list[SearchReason] = []
        for link in self._links:
            share = deadline.sooner(deadline.remaining() * link.share)
            try:
                results = link.backend.search(query, deadline=share)
            except SearchError as error:
                attempts += error.attempts
                reasons.append(error.reason)
            else:
                return replace(results, attempts=attempts + results.attempts)
        reason = _sum_up(reasons)
        raise SearchError(_explain(self._name, attempts, reason), reason=reason, attempts=attempts)


def _sum_up(reasons: Sequence[SearchReason]) -> SearchReason:
    failures = (reason for reason in reasons if reason is not SearchReason.NO_RESULTS)
    return next(failures, SearchReason.NO_RESULTS)


def _explain(name: str, attempts: Sequence[Attempt], reason: SearchReason) -> str:
    tries = "; ".join(f"{attempt.backend}: {attempt.detail}" for attempt in attempts)
    return f"{name} gave no results ({tries}): {ADVICE[reason]}."
