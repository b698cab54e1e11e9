"""Running turns: one thread each, which ends by storing what came of it.

A turn belongs to its conversation, not to a browser: it goes on when the page is closed, and any page that
shows the conversation may follow it. Stopping takes effect at once for people; the thread gives up at the
turn's next event, and its reply is never stored.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sparrow_lite.conversations import Conversations
from sparrow_lite.errors import SparrowError
from sparrow_lite.events import Event, ReplyFinished
from sparrow_lite.reply import Reply
from sparrow_lite.transcript import Transcript
from sparrow_lite.ui.sparrows import Sparrows

STOPPED = "You stopped this turn."
_FAULT = "Something went wrong inside sparrow-lite: the terminal that runs it says what."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a turn needs to run."""

    conversation: str
    exchange: int
    transcript: Transcript
    model: str
    search: str


@dataclass(slots=True, kw_only=True)
class RunningTurn:
    """A turn that runs, and the events it has yielded; changed only under `changed`."""

    asked: Asked
    changed: threading.Condition = field(default_factory=threading.Condition)
    events: tuple[Event, ...] = ()
    ended: bool = False

    def add(self, event: Event) -> bool:
        """Append an event; False when the turn was stopped meanwhile."""
        with self.changed:
            if self.ended:
                return False
            self.events = (*self.events, event)
            self.changed.notify_all()
            return True

    def settle(self, act: Callable[[], None]) -> None:
        """End the turn with this act; nothing when it has ended, so that one end excludes the others."""
        with self.changed:
            if self.ended:
                return
            try:
                act()
            finally:
                self.ended = True
                self.changed.notify_all()

    def follow(self) -> Iterator[tuple[Event, ...]]:
        """Yield the events so far, again whenever there are more, until the turn ends."""
        seen = -1
        while True:
            with self.changed:
                while not self.ended and len(self.events) == seen:
                    self.changed.wait()
                if self.ended:
                    return
                events = self.events
            seen = len(events)
            yield events


class Turns:
    """Starts, finds and stops turns; at most one a conversation, and `most` at work at once."""

    def __init__(self, store: Conversations, sparrows: Sparrows, *, most: int = 4) -> None:
        self._store = store
        self._sparrows = sparrows
        self._places = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._running: dict[str, RunningTurn] = {}

    def start(self, asked: Asked) -> RunningTurn:
        """Start the turn in a thread of its own; an earlier one of its conversation is stopped."""
        self.stop(asked.conversation)
        turn = RunningTurn(asked=asked)
        with self._lock:
            self._running[asked.conversation] = turn
        threading.Thread(target=self._run, args=(turn,), daemon=True).start()
        return turn

    def find(self, conversation: str) -> RunningTurn | None:
        """Return the turn that runs for the conversation; None when none does."""
        with self._lock:
            return self._running.get(conversation)

    def stop(self, conversation: str) -> None:
        """Stop the conversation's turn, if one runs, and note that in the store."""
        turn = self.find(conversation)
        if turn is not None:
            turn.settle(lambda: self._close(turn, STOPPED))

    def _run(self, turn: RunningTurn) -> None:
        outcome: Reply | str = _FAULT
        try:
            with self._places:
                outcome = self._play(turn)
        except SparrowError as error:
            outcome = str(error) or type(error).__name__
        finally:
            # Any other error is a bug: it reaches the terminal, and the page says so.
            turn.settle(lambda: self._close(turn, outcome))

    def _play(self, turn: RunningTurn) -> Reply | str:
        """Play the turn; return its reply, or why it gave none."""
        asked = turn.asked
        for event in self._sparrows.get(asked.model, asked.search).stream(asked.transcript):
            if isinstance(event, ReplyFinished):
                return event.reply
            if not turn.add(event):
                return STOPPED
        return "The turn ended without a reply."

    def _close(self, turn: RunningTurn, outcome: Reply | str) -> None:
        with self._lock:
            if self._running.get(turn.asked.conversation) is turn:
                del self._running[turn.asked.conversation]
        if isinstance(outcome, Reply):
            self._store.finish(turn.asked.exchange, outcome)
        else:
            self._store.stop(turn.asked.exchange, outcome)
