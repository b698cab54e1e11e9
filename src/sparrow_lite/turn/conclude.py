"""The last stage: the chosen candidate and the whole record become the Reply."""

from collections.abc import Sequence

from sparrow_lite.reply import Candidate, Reply
from sparrow_lite.turn.gather import Gathered
from sparrow_lite.turn.parts import Parts


def conclude(
    candidates: Sequence[Candidate], chosen: int, gathered: Gathered, parts: Parts, *, seconds: float
) -> Reply:
    """Return the reply that shows the chosen candidate.

    Args:
        candidates: Every candidate with its score, revisions last.
        chosen: Index of the one to show.
        gathered: What the turn could cite.
        parts: What the turn was made with.
        seconds: Wall time of the turn.
    """
    shown = candidates[chosen]
    return Reply(
        text=shown.text,
        citations=shown.citations,
        evidence=gathered.evidence,
        abstained=shown.abstained,
        verdicts=shown.verdicts,
        search=gathered.record,
        model=parts.model.name,
        candidates=tuple(candidates),
        chosen=chosen,
        prompt_versions=parts.prompts.versions,
        seconds=seconds,
    )
