"""Frozen values for stored conversations: exchanges, the list's lines, whole conversations."""

from dataclasses import dataclass

from sparrow_lite.reply import Reply
from sparrow_lite.transcript import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what came of it.

    Attributes:
        id: Unique within the file.
        question: The user's words.
        asked_at: ISO 8601 time with zone.
        reply: None until the turn is finished.
        stopped: Why there is no reply, in one line; empty while it runs, and after a crash.
    """

    id: int
    question: str
    asked_at: str
    reply: Reply | None = None
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationLine:
    """One line of the list of conversations; `touched_at` is an ISO 8601 time with zone."""

    id: str
    title: str
    touched_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A dialogue with everything that was read and judged for it, oldest exchange first."""

    id: str
    title: str
    started_at: str
    model: str
    search: str
    exchanges: tuple[Exchange, ...]

    def transcript_for(self, exchange_id: int) -> Transcript:
        """Return the dialogue up to the question of this exchange, unanswered questions left out.

        Raises:
            KeyError: When the conversation has no such exchange.
        """
        transcript = Transcript()
        for exchange in self.exchanges:
            if exchange.id == exchange_id:
                return transcript.user(exchange.question)
            if exchange.reply is not None:
                transcript = transcript.user(exchange.question).sparrow(exchange.reply.text)
        raise KeyError(exchange_id)
