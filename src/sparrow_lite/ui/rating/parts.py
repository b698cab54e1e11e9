"""What the rating pages stand on: the database, the secret, the limits, and whom raters talk with."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock

from sparrow_lite.config import Settings
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.ledger import LEDGER
from sparrow_lite.rating.access import read_secret
from sparrow_lite.rating.accounts import Accounts
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.talkers import open_talkers
from sparrow_lite.rating.talking import Talker
from sparrow_lite.rating.throttle import Buckets
from sparrow_lite.rating.values import Session

OpenTalkers = Callable[[Session], Mapping[str, Talker]]


class RatingParts:
    """Opened once, when the first request comes. Safe to use from several threads.

    Args:
        settings: Of the app.
        open_talkers: The agents of a session by their arms' names; None for the arms that it names.
    """

    def __init__(self, settings: Settings, open_talkers: OpenTalkers | None = None) -> None:
        self.settings = settings
        self.store = RatingStore.open(settings.ratings_database)
        self.sessions = RatingSessions(self.store)
        self.accounts = Accounts(self.store)
        # What one rater may ask: fast typing with an autosave at each click is far below it.
        self.asking = Buckets(size=120, per_second=8)
        # Links that do not work, from one address.
        self.guessing = Buckets(size=30, per_second=0.5)
        self._open_talkers = open_talkers or self._open_arms
        self._talkers: dict[str, Mapping[str, Talker]] = {}
        self._lock = Lock()

    @cached_property
    def secret(self) -> bytes:
        """What links and sign-ins are signed with."""
        given = self.settings.rating_secret
        return read_secret(self.settings.data_dir, given.get_secret_value() if given else None)

    def talkers(self, session: Session) -> Mapping[str, Talker]:
        """Return the agents that raters of the session talk with, opened once.

        Raises:
            ConfigError: For an arm that nobody knows.
            ModelError: When a model cannot be loaded.
        """
        with self._lock:
            if session.id not in self._talkers:
                self._talkers[session.id] = self._open_talkers(session)
            return self._talkers[session.id]

    def base(self) -> ArmSpec:
        """Return the model, search and options that an arm has unless its name says otherwise."""
        told = self.settings
        return ArmSpec(name="", model=told.model_name, search=told.search_name, options=told.options())

    def run_dir(self, name: str) -> Path | None:
        """Return the folder of the run of this name; None when there is none, or the name leads elsewhere."""
        if not name or name in {".", ".."} or Path(name).name != name or "\0" in name:
            return None
        folder = self.settings.runs_dir / name
        return folder if (folder / LEDGER).is_file() else None

    def _open_arms(self, session: Session) -> Mapping[str, Talker]:
        return open_talkers(session.settings, self.base())
