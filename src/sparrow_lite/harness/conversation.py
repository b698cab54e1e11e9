"""Frozen values for what an arm said in one case: every reply with its evidence, and what it cost.

Owns the record and its JSON form, so that a conversation can be judged again, by other judges, later.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sparrow_lite.reply import Reply
from sparrow_lite.transcript import Transcript, Turn
from sparrow_lite.verdict import Citation, SupportOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was asked of a model: requests, and tokens where the model tells them; 0 where it does not."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )

    def to_dict(self) -> dict[str, int]:
        """Return the JSON form."""
        return {
            "requests": self.requests,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One passage that a reply could cite, by its number in the reply."""

    id: int
    url: str
    title: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"id": self.id, "url": self.url, "title": self.title, "text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an arm shows for one turn of the user's.

    Attributes:
        text: The reply, with `[n]` marks where it cites.
        citations: Sentences tied to quotes; empty when no evidence was shown.
        evidence: The passages that the turn could cite.
        abstained: Why it gives no answer; None for an answer.
        seconds: Wall time of the turn.
        record: Whatever else the arm tells of the turn (candidates, searches, versions), as JSON.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Passage, ...] = ()
    abstained: str | None = None
    seconds: float = 0.0
    record: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_reply(cls, reply: Reply) -> "Shown":
        """Return what the agent's reply shows; `record` holds its search, model, candidates and verdicts."""
        whole = reply.to_dict()
        kept = ("search", "model", "candidates", "chosen", "rules", "prompt_versions")
        return cls(
            text=reply.text,
            citations=reply.citations,
            evidence=tuple(
                Passage(id=one.id, url=one.page.url, title=one.page.title, text=one.text)
                for one in reply.evidence
            ),
            abstained=reply.abstained,
            seconds=reply.seconds,
            record={name: whole[name] for name in kept},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One case as it went.

    Attributes:
        turns: The whole dialogue, the arm's last reply last.
        replies: Place in `turns` and what was shown, for each reply that the arm gave, in order.
        usage: What the model was asked for; of the agent, not of the judges.
        seconds: Wall time of all replies together.
    """

    turns: tuple[Turn, ...]
    replies: tuple[tuple[int, Shown], ...]
    usage: Usage = Usage()
    seconds: float = 0.0

    @property
    def last(self) -> Shown:
        """The last reply, which answers a question."""
        return self.replies[-1][1]

    def until(self, place: int) -> Transcript:
        """Return the dialogue up to and with the turn at `place`."""
        return Transcript(turns=self.turns[: place + 1])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "turns": [{"role": turn.role.value, "text": turn.text} for turn in self.turns],
            "replies": [{"at": place, **_shown_dict(shown)} for place, shown in self.replies],
            "usage": self.usage.to_dict(),
            "seconds": round(self.seconds, 4),
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Conversation":
        """Return the conversation of its JSON form."""
        return cls(
            turns=Transcript.of(row["turns"]).turns,
            replies=tuple((one["at"], _shown_of(one)) for one in row["replies"]),
            usage=Usage(**row["usage"]),
            seconds=row["seconds"],
        )


def _shown_dict(shown: Shown) -> dict[str, Any]:
    return {
        "text": shown.text,
        "citations": [asdict(one) for one in shown.citations],
        "evidence": [one.to_dict() for one in shown.evidence],
        "abstained": shown.abstained,
        "seconds": round(shown.seconds, 4),
        "record": dict(shown.record),
    }


def _shown_of(row: Mapping[str, Any]) -> Shown:
    return Shown(
        text=row["text"],
        citations=tuple(_citation_of(one) for one in row["citations"]),
        evidence=tuple(Passage(**one) for one in row["evidence"]),
        abstained=row["abstained"],
        seconds=row["seconds"],
        record=row["record"],
    )


def _citation_of(row: Mapping[str, Any]) -> Citation:
    fields = {**row, "verdict": SupportOutcome(row["verdict"]), "missing": tuple(row["missing"])}
    return Citation(**fields)
