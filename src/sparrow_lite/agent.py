"""Sparrow: one turn from the user's words to a reply with citations and verdicts.

Read `stream` from top to bottom: that is the whole turn. Each stage lives in its own file of `turn/`.
"""

import time
from collections.abc import Generator, Iterator

from sparrow_lite.events import (
    CandidateDrafted,
    Event,
    QueryWritten,
    ReplyFinished,
    VerdictsReached,
)
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.options import Options
from sparrow_lite.reply import Candidate, Reply
from sparrow_lite.rules.base import Rule
from sparrow_lite.search.base import SearchBackend
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.assess import Setting, assess_evidence, judge_rules
from sparrow_lite.turn.conclude import conclude
from sparrow_lite.turn.decide import decide
from sparrow_lite.turn.draft import Draft, draft_candidates
from sparrow_lite.turn.gather import gather
from sparrow_lite.turn.parts import Parts, open_parts
from sparrow_lite.turn.rank import best_first, breaks_adversarial, score_candidates
from sparrow_lite.turn.revise import draft_revision, refuse


class Sparrow:
    """An agent that searches, quotes, checks its quotes and its rules, or says why it cannot.

    It keeps no dialogue: each call is given the whole transcript. Safe to call from several threads.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @classmethod
    def open(
        cls,
        *,
        model: str | DialogueModel = "embedded",
        search: str | SearchBackend = "auto",
        options: Options | None = None,
    ) -> "Sparrow":
        """Return the agent of a model and a search backend, by their names or as objects of your own.

        Raises:
            ConfigError: For a name or an option that cannot be used.
            PromptError: When a prompt or the rules are malformed.
            ModelError: When the model cannot be loaded.
        """
        return cls(open_parts(model=model, search=search, options=options or Options()))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that every reply is judged by, in order."""
        return self._parts.rules

    @property
    def model_name(self) -> str:
        """The name of the dialogue model."""
        return self._parts.model.name

    @property
    def search_name(self) -> str:
        """The name of the search backend."""
        return self._parts.search.name

    def ask(self, question: str) -> Reply:
        """Return the reply to a single question; see `reply`."""
        return self.reply(Transcript().user(question))

    def reply(self, transcript: Transcript, *, case_id: str | None = None) -> Reply:
        """Return the reply to the user's last turn; see `stream`."""
        for event in self.stream(transcript, case_id=case_id):
            if isinstance(event, ReplyFinished):
                return event.reply
        raise RuntimeError("A turn ended without a reply.")

    def stream(self, transcript: Transcript, *, case_id: str | None = None) -> Iterator[Event]:
        """Yield the events of one turn, `ReplyFinished` last.

        Args:
            transcript: The dialogue, the user's turn last.
            case_id: The caller's name for the case, by which a replay may find its search.

        Raises:
            ModelError: When the model gave no usable text for any candidate.
        """
        started = time.monotonic()
        parts = self._parts
        transcript = transcript.without_marks()

        decision = decide(transcript, parts)
        yield QueryWritten(queries=decision.queries, why=decision.why)

        gathered = yield from gather(decision, parts, case_id=case_id)
        setting = Setting.of(transcript, decision, gathered)

        candidates: list[Candidate] = []
        for draft in draft_candidates(transcript, gathered.evidence, parts):
            candidates.append((yield from self._assess(draft, setting, index=len(candidates))))

        ranked = score_candidates(candidates, parts.combine)
        chosen = best_first(ranked, parts.rules)[0]
        if parts.options.turn.revise and breaks_adversarial(ranked[chosen], parts.rules):
            ranked, chosen = yield from self._revise(ranked, chosen, setting)

        seconds = time.monotonic() - started
        yield ReplyFinished(reply=conclude(ranked, chosen, gathered, parts, seconds=seconds))

    def _assess(self, draft: Draft, setting: Setting, *, index: int) -> Generator[Event, None, Candidate]:
        candidate = assess_evidence(draft, setting, self._parts)
        yield CandidateDrafted(index=index, candidate=candidate)
        judged = judge_rules(candidate, setting, self._parts)
        yield VerdictsReached(index=index, verdicts=judged.verdicts)
        return judged

    def _revise(
        self, ranked: tuple[Candidate, ...], chosen: int, setting: Setting
    ) -> Generator[Event, None, tuple[tuple[Candidate, ...], int]]:
        """Revise the best candidate once; when the revision breaks a rule too, refuse."""
        draft = draft_revision(ranked[chosen], setting, self._parts)
        revised = yield from self._assess(draft, setting, index=len(ranked))
        revised = revised.revising(chosen)
        if revised.error is None and not breaks_adversarial(revised, self._parts.rules):
            final = (*ranked, revised)
        else:
            final = (*ranked, revised, refuse(ranked[chosen], setting, self._parts).revising(chosen))
        return score_candidates(final, self._parts.combine), len(final) - 1
