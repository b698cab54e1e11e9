"""Rating sessions: made and led by an organiser, gone through by raters.

Owns which item a rater sees next, what counts as an answer, and when a rater is qualified. `store` keeps all
of it and guards against two answers at once; who may ask is `access`'s.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating import creating, extending, progress, replacing
from sparrow_lite.rating.answering import Answering
from sparrow_lite.rating.conversing import Conversing
from sparrow_lite.rating.handing import Handing
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.talking import Talker
from sparrow_lite.rating.tasks import (
    Answer,
    Created,
    Disagreement,
    Feedback,
    More,
    NewSession,
    Said,
    SessionProgress,
    Task,
)
from sparrow_lite.rating.values import Rater, Rating, SessionState


class RatingSessions:
    """Every session of one database. Safe to call from several threads when the store is."""

    def __init__(self, store: RatingStore) -> None:
        self.store = store
        self._handing = Handing(store)
        self._answering = Answering(store, self._handing)
        self._conversing = Conversing(store, self._handing)

    def create(self, new: NewSession, rows: Iterable[Mapping[str, Any]], *, by: str = "command") -> Created:
        """Make a session of these rows; see `creating.create_session`.

        Args:
            new: What is asked for.
            rows: Of a run or of a user's file; see `sources.read_rows`.
            by: Whom the audit names.

        Raises:
            ConfigError: For a protocol, settings or rows that cannot be used, or too few raters.
            StoreError: When the database does not take it.
        """
        created = creating.create_session(self.store, new, rows)
        self.store.audit(by, "create", created.session.id)
        return created

    def extend(
        self, session: str, more: More, rows: Iterable[Mapping[str, Any]] = (), *, by: str = "command"
    ) -> Created:
        """Give a session new items, raters or overlap; see `extending.extend_session`.

        Raises:
            ConfigError: When there is nothing to add, or there are too few raters.
            StoreError: When there is no such session, or the database does not take it.
        """
        created = extending.extend_session(self.store, self.store.session(session), more, rows)
        self.store.audit(by, "extend", session)
        return created

    def pause(self, session: str, *, by: str = "command") -> None:
        """Take no ratings until the session is resumed.

        Raises:
            ConfigError: For a closed session.
            StoreError: When there is none.
        """
        self._set(session, SessionState.PAUSED, by)

    def resume(self, session: str, *, by: str = "command") -> None:
        """Take ratings again.

        Raises:
            ConfigError: For a closed session.
            StoreError: When there is none.
        """
        self._set(session, SessionState.OPEN, by)

    def close(self, session: str, *, by: str = "command") -> None:
        """Take no ratings any more; a closed session is not opened again.

        Raises:
            StoreError: When there is none.
        """
        self._set(session, SessionState.CLOSED, by)

    def replace_rater(self, rater: str, name: str, *, again: bool = False, by: str = "command") -> Rater:
        """Return a new rater in the place of this one; see `replacing.replace_rater`.

        Raises:
            ConfigError: When the old one is replaced already, or nothing is left to take over.
            StoreError: When there is no such rater.
        """
        old = self.store.rater(rater)
        made = replacing.replace_rater(self.store, self.store.session(old.session), old, name, again=again)
        self.store.audit(by, "replace", rater)
        return made

    def progress(self, session: str) -> SessionProgress:
        """Return how a session does.

        Raises:
            StoreError: When there is none.
        """
        found = self.store.session(session)
        return progress.session_progress(self.store, found, open_protocol(found.protocol, found.settings))

    def disagreements(self, session: str) -> tuple[Disagreement, ...]:
        """Return the work items on which raters differ, those that are decided too.

        Raises:
            StoreError: When there is no such session.
        """
        found = self.store.session(session)
        return progress.disagreements(self.store, found, open_protocol(found.protocol, found.settings))

    def adjudicate(self, session: str, given: Answer, *, by: str) -> Rating:
        """Keep the organiser's decision on an item that raters differ on; a later one replaces it.

        Args:
            session: Id of the session.
            given: The item and its answers; `id` makes it count once.
            by: The organiser's account.

        Raises:
            ConfigError: For an answer that is not asked for.
            StoreError: When there is no such session or item, or it was decided otherwise meanwhile.
        """
        rating = self._answering.adjudicate(self.store.session(session), given, by)
        self.store.audit(by, "adjudicate", f"{session}/{given.item}")
        return rating

    def task(self, rater: str) -> Task:
        """Return what the rater is to do next: the first item of their order that is not done.

        Raises:
            StoreError: When there is no such rater.
        """
        return self._handing.task(rater)

    def task_at(self, rater: str, place: int) -> Task:
        """Return the item at a place of the stage at hand, from 0, done or next.

        Raises:
            ConfigError: For a place beyond the next item.
            StoreError: When there is no such rater.
        """
        return self._handing.task_at(rater, place)

    def answer(self, rater: str, given: Answer) -> Feedback:
        """Keep an answer or a skip. The same one sent again counts once.

        Raises:
            ConfigError: For an answer that is not asked for, or an item that is not the rater's.
            RatingConflict: When it replaces another row than the current one, or the session takes none.
        """
        return self.answer_and_go_on(rater, given)[0]

    def answer_and_go_on(self, rater: str, given: Answer) -> tuple[Feedback, Task]:
        """Keep an answer or a skip; return the feedback, and the task that is next.

        Raises:
            ConfigError: As `answer`.
            RatingConflict: As `answer`.
        """
        feedback, desk = self._answering.answer(rater, given)
        return feedback, self._handing.next_task(desk)

    def undo(self, rater: str, rating: str | None = None) -> Task:
        """Take back a rating, and return its item as the task.

        Args:
            rater: Id of the rater.
            rating: Id of the rating, as the task says in `undoes`, so that two clicks undo once; None for the
                last one.

        Raises:
            ConfigError: When there is nothing to take back.
            RatingConflict: When the session takes no ratings.
        """
        return self._answering.undo(rater, rating)

    def keep_draft(self, rater: str, item: str, draft: Mapping[str, Any]) -> None:
        """Keep `answers` and `comment` of an unfinished answer; a dialogue that is going on stays.

        Raises:
            ConfigError: For an item that is not the rater's.
        """
        self._conversing.keep_draft(rater, item, draft)

    def say(self, rater: str, said: Said, talkers: Mapping[str, Talker]) -> Task:
        """Add the rater's turn and what the agents reply; return the item with its dialogue in the draft.

        Args:
            rater: Id of the rater.
            said: The turn.
            talkers: By name of their arm: one for probing, two to four for a preference dialogue.

        Raises:
            ConfigError: For a turn that cannot be taken, as in a dialogue that is at its end.
            ModelError: When an agent does not answer; nothing is kept then.
            RatingConflict: When another tab spoke meanwhile, or the session takes no ratings.
        """
        return self._conversing.say(rater, said, talkers)

    def _set(self, session: str, state: SessionState, by: str) -> None:
        if self.store.session(session).state is SessionState.CLOSED and state is not SessionState.CLOSED:
            raise ConfigError("The session is closed, and a closed session is not opened again.")
        self.store.set_state(session, state)
        self.store.audit(by, state.value, session)
