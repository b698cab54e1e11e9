"""The backend of somebody who wants no search."""

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.search.base import Query, SearchResults


class NothingBackend:
    """Finds nothing, and says that it is by choice."""

    @property
    def name(self) -> str:
        """The name `none`."""
        return "none"

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:  # noqa: ARG002 (the Protocol)
        """Find nothing.

        Raises:
            SearchError: Always, as NO_RESULTS.
        """
        detail = "search is off"
        attempt = Attempt(backend=self.name, outcome=SearchReason.NO_RESULTS.value, detail=detail)
        raise SearchError(
            f"{detail}: choose another search than 'none' to look things up.",
            reason=SearchReason.NO_RESULTS,
            attempts=(attempt,),
        )
