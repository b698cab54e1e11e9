"""What a rating protocol is: items made of conversations, questions about them, and what an answer means."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from sparrow_lite.rating.values import Item, Question, Rating


class RatingProtocol(Protocol):
    """One way of asking people. Pure: it keeps nothing and reads no database."""

    @property
    def name(self) -> str:
        """The name on the command line and in the database, such as `plausible_supported`."""
        ...

    @property
    def title(self) -> str:
        """For people."""
        ...

    @property
    def version(self) -> str:
        """Of its words, kept with every session."""
        ...

    @property
    def guidance(self) -> str:
        """What the rater is to do, in paragraphs that an empty line parts."""
        ...

    def items(self, rows: Iterable[Mapping[str, Any]], *, seed: int) -> Iterator[Item]:
        """Yield one work item for each row that can be rated.

        Args:
            rows: Cases of a run in the JSON form of `harness.interop.export.rows`, or of a user's file.
            seed: Of orders that are drawn, as that of candidates.

        Raises:
            ConfigError: For a row that lacks what the protocol needs, with its number.
        """
        ...

    def qualification(self) -> tuple[Item, ...]:
        """Return the shipped qualification items, with gold answers and explanations."""
        ...

    def checks(self) -> tuple[Item, ...]:
        """Return the shipped check items, with gold answers."""
        ...

    def questions(self, item: Item) -> tuple[Question, ...]:
        """Return what is asked about the item, in order."""
        ...

    def outcomes(self, item: Item, rating: Rating) -> Mapping[str, bool | None]:
        """Return what a rating says of each measure of the run (`violations`, ...); None for unsure."""
        ...
